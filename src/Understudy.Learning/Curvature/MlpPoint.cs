using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>A fully connected network at a point of its parameters, with a loss on examples: what exact curvature is taken of.</summary>
/// <remarks>The loss is L(θ) = (1/N) Σ ℓ(f(x_i), y_i), without weight decay.</remarks>
public sealed class MlpPoint
{
    /// <summary>The examples of a chunk, however many numbers one takes.</summary>
    internal const int LeastRows = 16;

    private readonly double[] _parameters;

    /// <summary>Takes a copy of the parameters.</summary>
    /// <param name="network">f.</param>
    /// <param name="loss">ℓ.</param>
    /// <param name="examples">(x_i, y_i).</param>
    /// <param name="parameters">θ, in the order of the network's layout.</param>
    /// <exception cref="ArgumentException">Network, loss, examples and parameters do not fit together.</exception>
    public MlpPoint(Mlp network, OutputLoss loss, ExampleSet examples, ReadOnlySpan<double> parameters)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(examples);
        examples.Check(network, loss);
        if (parameters.Length != network.Layout.Count)
            throw new ArgumentException($"The network has {network.Layout.Count} parameters, but was given {parameters.Length}.", nameof(parameters));
        (Network, Loss, Examples, _parameters) = (network, loss, examples, parameters.ToArray());
    }

    /// <summary>f.</summary>
    public Mlp Network { get; }

    /// <summary>ℓ.</summary>
    public OutputLoss Loss { get; }

    /// <summary>The examples.</summary>
    public ExampleSet Examples { get; }

    /// <summary>P, the number of parameters.</summary>
    public int Size => _parameters.Length;

    /// <summary>θ, in the order of the network's layout.</summary>
    public ReadOnlySpan<double> Parameters => _parameters;

    /// <summary>C, also the number of columns of B in A = B Bᵀ.</summary>
    internal int RootColumns => Network.Outputs;

    /// <summary>W_l, [n_l, n_l+1].</summary>
    internal ReadOnlySpan<double> Weight(int layer) => Network.Layout.Slots[2 * layer].Of<double>(_parameters);

    /// <summary>b_l, [n_l+1].</summary>
    internal ReadOnlySpan<double> Bias(int layer) => Network.Layout.Slots[(2 * layer) + 1].Of<double>(_parameters);

    /// <summary>The same network with other examples.</summary>
    internal MlpPoint On(ExampleSet examples) => new(Network, Loss, examples, _parameters);

    /// <summary>Chunks of at most 1,024 examples for which so many numbers per example fit into 64 MiB, but not fewer than <see cref="LeastRows"/>.</summary>
    internal IEnumerable<(int First, int Rows)> Chunks(long numbersPerExample)
    {
        var rows = (int)Math.Clamp((1L << 23) / numbersPerExample / 64 * 64, LeastRows, 1024);
        for (var first = 0; first < Examples.Count; first += rows)
            yield return (first, Math.Min(rows, Examples.Count - first));
    }
}
