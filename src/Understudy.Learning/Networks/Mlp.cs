using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks;

/// <summary>A fully connected network with one activation for all hidden nodes and a linear last layer.</summary>
/// <remarks>
/// Layer l maps a_l [batch, n_l] to z_l = a_l W_l + b_l with W_l [n_l, n_l+1] and b_l [n_l+1]; a_l+1 = ψ(z_l) for all
/// but the last layer. Parameters in order: <c>layer.0.weight</c>, <c>layer.0.bias</c>, <c>layer.1.weight</c>, …
/// </remarks>
public sealed class Mlp : INetwork
{
    private readonly int[] _widths;

    private Mlp(NodeActivation activation, ReadOnlySpan<int> widths)
    {
        if (widths.Length < 2)
            throw new ArgumentException("A network needs at least an input and an output width.", nameof(widths));
        foreach (var width in widths)
            ArgumentOutOfRangeException.ThrowIfLessThan(width, 1, nameof(widths));
        _widths = widths.ToArray();
        Activation = activation;
        var parameters = new List<(string, Shape)>();
        for (var layer = 0; layer < Layers; layer++)
        {
            parameters.Add(($"layer.{layer}.weight", new Shape(_widths[layer], _widths[layer + 1])));
            parameters.Add(($"layer.{layer}.bias", new Shape(_widths[layer + 1])));
        }

        Layout = new ParameterLayout(parameters);
    }

    /// <summary>The widths from input to output: d, n_1, …, C.</summary>
    public IReadOnlyList<int> Widths => _widths;

    /// <summary>ψ of the hidden nodes.</summary>
    public NodeActivation Activation { get; }

    /// <summary>The number of weight matrices.</summary>
    public int Layers => _widths.Length - 1;

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <inheritdoc/>
    public int Inputs => _widths[0];

    /// <inheritdoc/>
    public int Outputs => _widths[^1];

    /// <summary>A network with ReLU hidden layers.</summary>
    public static Mlp Relu(params ReadOnlySpan<int> widths) => new(NodeActivation.Relu, widths);

    /// <summary>A network with leaky ReLU hidden layers.</summary>
    public static Mlp LeakyRelu(double slope, params ReadOnlySpan<int> widths) => new(NodeActivation.LeakyRelu(slope), widths);

    /// <summary>A network with hidden layers of any activation.</summary>
    public static Mlp Of(NodeActivation activation, params ReadOnlySpan<int> widths) => new(activation, widths);

    /// <summary>Symbolic parameters in the order of <see cref="Layout"/>.</summary>
    public Sym[] Parameters() => Layout.ToInputs();

    /// <summary>The pre-activations z_0 … z_last of an input [batch, d]; the last one is the output.</summary>
    /// <param name="input">[batch, d].</param>
    /// <param name="parameters">In the order of <see cref="Layout"/>.</param>
    /// <param name="factors">What the activations of each hidden layer are multiplied by, [batch, n_l], such as masks of dropout; null for nothing.</param>
    public Sym[] PreActivations(Sym input, IReadOnlyList<Sym> parameters, IReadOnlyList<Sym>? factors = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var layers = new Sym[Layers];
        for (var layer = 0; layer < Layers; layer++)
        {
            layers[layer] = Ops.MatMul(input, parameters[2 * layer]) + parameters[(2 * layer) + 1];
            if (layer == Layers - 1)
                break;
            input = Activation.Of(layers[layer]);
            if (factors is not null)
                input *= factors[layer];
        }

        return layers;
    }

    /// <inheritdoc/>
    public Sym Output(Sym input, IReadOnlyList<Sym> parameters) => PreActivations(input, parameters)[^1];

    /// <summary>The output [batch, C] that follows from the pre-activations [batch, n] of a layer.</summary>
    internal Sym OutputFrom(int layer, Sym preActivations, IReadOnlyList<Sym> parameters)
    {
        for (layer++; layer < Layers; layer++)
            preActivations = Ops.MatMul(Activation.Of(preActivations), parameters[2 * layer]) + parameters[(2 * layer) + 1];
        return preActivations;
    }
}
