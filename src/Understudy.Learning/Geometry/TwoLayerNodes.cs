using Understudy.Learning.Networks;

namespace Understudy.Learning.Geometry;

/// <summary>A network with one hidden layer, node by node: f(x) = Σ_k v_k ψ(w_k·x + b_k) + c, in double precision.</summary>
/// <remarks>ψ(z) = max(z, slope·z). What geometry needs of a network; training happens elsewhere.</remarks>
public sealed class TwoLayerNodes
{
    private readonly double[] _weights;
    private readonly double[] _biases;
    private readonly double[] _fanOuts;
    private readonly double[] _outputBiases;
    private readonly double[] _weightNorms;
    private readonly double[] _fanOutNorms;

    /// <summary>Copies the parameters of a network; nodes and outputs follow from their lengths, and there may be no node.</summary>
    /// <param name="inputs">Input dimension d.</param>
    /// <param name="slope">Slope of the activation for negative arguments, 0 for ReLU.</param>
    /// <param name="weights">[nodes, inputs]: row k is w_k.</param>
    /// <param name="biases">[nodes].</param>
    /// <param name="fanOuts">[nodes, outputs]: row k is v_k.</param>
    /// <param name="outputBiases">[outputs].</param>
    /// <exception cref="ArgumentException">The lengths do not fit together.</exception>
    public TwoLayerNodes(
        int inputs, double slope, ReadOnlySpan<double> weights, ReadOnlySpan<double> biases, ReadOnlySpan<double> fanOuts, ReadOnlySpan<double> outputBiases)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        if (weights.Length != biases.Length * inputs || fanOuts.Length != biases.Length * outputBiases.Length)
            throw new ArgumentException($"{weights.Length} weights, {biases.Length} biases, {fanOuts.Length} fan-outs and {outputBiases.Length} output biases do not make a network.");
        (Slope, Inputs, Nodes, Outputs) = (slope, inputs, biases.Length, outputBiases.Length);
        (_weights, _biases, _fanOuts, _outputBiases) = (weights.ToArray(), biases.ToArray(), fanOuts.ToArray(), outputBiases.ToArray());
        (_weightNorms, _fanOutNorms) = (new double[Nodes], new double[Nodes]);
        for (var k = 0; k < Nodes; k++)
        {
            _weightNorms[k] = Dense.Norm(Weight(k));
            _fanOutNorms[k] = Dense.Norm(FanOut(k));
        }
    }

    /// <summary>Slope of the activation for negative arguments.</summary>
    public double Slope { get; }

    /// <summary>Input dimension d.</summary>
    public int Inputs { get; }

    /// <summary>The number of hidden nodes.</summary>
    public int Nodes { get; }

    /// <summary>The number of outputs C.</summary>
    public int Outputs { get; }

    /// <summary>Output biases c, [outputs].</summary>
    public ReadOnlySpan<double> OutputBiases => _outputBiases;

    /// <summary>Takes the parameters of a network with one hidden layer apart into its nodes.</summary>
    /// <param name="network">A network of three widths, rectified.</param>
    /// <param name="flat">Its parameters in the order of <see cref="Mlp.Layout"/>.</param>
    public static TwoLayerNodes Of(Mlp network, ReadOnlySpan<double> flat)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (network.Layers != 2)
            throw new ArgumentException($"The network has {network.Layers} layers of weights, not two.", nameof(network));
        if (!network.Activation.IsPiecewiseLinear)
            throw new ArgumentException($"Nodes of {network.Activation.Kind} have no boundaries.", nameof(network));
        var (d, n) = (network.Widths[0], network.Widths[1]);
        var slots = network.Layout.Slots;
        var columns = slots[0].Of(flat);
        var rows = new double[n * d];
        for (var k = 0; k < n; k++)
        {
            for (var i = 0; i < d; i++)
                rows[(k * d) + i] = columns[(i * n) + k];
        }

        return new TwoLayerNodes(d, network.Activation.Slope, rows, slots[1].Of(flat), slots[2].Of(flat), slots[3].Of(flat));
    }

    /// <summary>w_k, [inputs].</summary>
    public ReadOnlySpan<double> Weight(int node) => _weights.AsSpan(node * Inputs, Inputs);

    /// <summary>v_k, [outputs].</summary>
    public ReadOnlySpan<double> FanOut(int node) => _fanOuts.AsSpan(node * Outputs, Outputs);

    /// <summary>b_k.</summary>
    public double Bias(int node) => _biases[node];

    /// <summary>‖w_k‖.</summary>
    public double WeightNorm(int node) => _weightNorms[node];

    /// <summary>‖v_k‖.</summary>
    public double FanOutNorm(int node) => _fanOutNorms[node];

    /// <summary>z_k = w_k·x + b_k.</summary>
    public double PreActivation(int node, ReadOnlySpan<double> x) => Dense.Dot(Weight(node), x) + _biases[node];

    /// <summary>ψ(z).</summary>
    public double Activation(double z) => z > 0 ? z : Slope * z;

    /// <summary>f(x), [outputs].</summary>
    public void Output(ReadOnlySpan<double> x, Span<double> output)
    {
        _outputBiases.CopyTo(output);
        for (var k = 0; k < Nodes; k++)
            Dense.Add(Activation(PreActivation(k, x)), FanOut(k), output);
    }

    /// <summary>Adds sign·Σ_k v_k ψ(z_k) for given pre-activations.</summary>
    internal void AddHidden(double sign, ReadOnlySpan<double> z, Span<double> output)
    {
        for (var k = 0; k < Nodes; k++)
        {
            var h = Activation(z[k]);
            if (h != 0)
                Dense.Add(sign * h, FanOut(k), output);
        }
    }
}
