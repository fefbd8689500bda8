using Understudy.Learning.Geometry;
using Understudy.Learning.Networks;
using Understudy.Learning.OnlineLearning;

namespace Understudy.Studies.Specialization;

/// <summary>The parameters of a network with one hidden layer, node by node: f(x) = Σ_k v_k ψ(w_k·x + b_k) + c.</summary>
/// <remarks>Double precision and plain loops: for construction, geometry and small reference computations, not for training.</remarks>
internal sealed class TwoLayerNetwork
{
    internal TwoLayerNetwork(int inputs, int nodes, int outputs, double slope)
        : this(inputs, nodes, outputs, NodeActivation.LeakyRelu(slope))
    {
    }

    internal TwoLayerNetwork(int inputs, int nodes, int outputs, NodeActivation activation)
    {
        (Inputs, Nodes, Outputs, Activation) = (inputs, nodes, outputs, activation);
        Weights = new double[checked(nodes * inputs)];
        Biases = new double[nodes];
        FanOuts = new double[checked(nodes * outputs)];
        OutputBiases = new double[outputs];
    }

    internal int Inputs { get; }

    internal int Nodes { get; }

    internal int Outputs { get; }

    /// <summary>ψ.</summary>
    internal NodeActivation Activation { get; }

    /// <summary>[nodes, inputs]: row k is w_k.</summary>
    internal double[] Weights { get; }

    /// <summary>[nodes].</summary>
    internal double[] Biases { get; }

    /// <summary>[nodes, outputs]: row k is the fan-out vector v_k.</summary>
    internal double[] FanOuts { get; }

    /// <summary>[outputs].</summary>
    internal double[] OutputBiases { get; }

    /// <summary>The trainable network of this shape.</summary>
    internal Mlp Shape() => Mlp.Of(Activation, Inputs, Nodes, Outputs);

    /// <summary>The same network for geometry; rectified.</summary>
    internal TwoLayerNodes ToNodes() => new(Inputs, Activation.Slope, Weights, Biases, FanOuts, OutputBiases);

    /// <summary>The mean over N(0, deviation² I) and over outputs of the squared difference from another network; null unless both are rectified and without biases.</summary>
    internal double? ExactLoss(TwoLayerNetwork other, double deviation)
        => HasExactLoss && other.HasExactLoss ? PopulationLoss.Rectified(Rectified(), other.Rectified(), deviation) / Outputs : null;

    private bool HasExactLoss => Activation == NodeActivation.Relu && Biases.All(bias => bias == 0) && OutputBiases.All(bias => bias == 0);

    private RectifiedNetwork Rectified() => new(Inputs, Outputs, Weights, FanOuts);

    internal Span<double> Weight(int node) => Weights.AsSpan(node * Inputs, Inputs);

    internal Span<double> FanOut(int node) => FanOuts.AsSpan(node * Outputs, Outputs);

    internal double WeightNorm(int node) => Norm(Weight(node));

    internal double FanOutNorm(int node) => Norm(FanOut(node));

    /// <summary>The norm of hidden weights and biases.</summary>
    internal double HiddenNorm => Math.Sqrt(Square(Weights) + Square(Biases));

    /// <summary>The norm of output weights and biases.</summary>
    internal double OutputNorm => Math.Sqrt(Square(FanOuts) + Square(OutputBiases));

    internal double[] FanOutNorms() => [.. Enumerable.Range(0, Nodes).Select(FanOutNorm)];

    /// <summary>The flat parameter vector of <see cref="Shape"/>, whose weights are [in, out].</summary>
    internal double[] ToFlat()
    {
        var slots = Shape().Layout.Slots;
        var flat = new double[Shape().Layout.Count];
        var weight = slots[0].Of(flat.AsSpan());
        for (var k = 0; k < Nodes; k++)
        {
            for (var i = 0; i < Inputs; i++)
                weight[(i * Nodes) + k] = Weights[(k * Inputs) + i];
        }

        Biases.CopyTo(slots[1].Of(flat.AsSpan()));
        FanOuts.CopyTo(slots[2].Of(flat.AsSpan()));
        OutputBiases.CopyTo(slots[3].Of(flat.AsSpan()));
        return flat;
    }

    /// <summary>Takes the parameters of a flat vector of <see cref="Shape"/>.</summary>
    internal TwoLayerNetwork WithFlat(ReadOnlySpan<double> flat)
    {
        var network = new TwoLayerNetwork(Inputs, Nodes, Outputs, Activation);
        var slots = Shape().Layout.Slots;
        var weight = slots[0].Of(flat);
        for (var k = 0; k < Nodes; k++)
        {
            for (var i = 0; i < Inputs; i++)
                network.Weights[(k * Inputs) + i] = weight[(i * Nodes) + k];
        }

        slots[1].Of(flat).CopyTo(network.Biases);
        slots[2].Of(flat).CopyTo(network.FanOuts);
        slots[3].Of(flat).CopyTo(network.OutputBiases);
        return network;
    }

    /// <summary>z_k = w_k·x + b_k, the bias added after the product.</summary>
    internal void PreActivations(ReadOnlySpan<double> x, Span<double> z)
    {
        for (var k = 0; k < Nodes; k++)
        {
            var sum = 0.0;
            for (var i = 0; i < x.Length; i++)
                sum += Weights[(k * Inputs) + i] * x[i];
            z[k] = sum + Biases[k];
        }
    }

    /// <summary>f = Σ_k v_k h_k + c from hidden activations.</summary>
    internal void OutputOf(ReadOnlySpan<double> hidden, Span<double> output)
    {
        output.Clear();
        for (var k = 0; k < Nodes; k++)
        {
            for (var c = 0; c < Outputs; c++)
                output[c] += hidden[k] * FanOuts[(k * Outputs) + c];
        }

        for (var c = 0; c < Outputs; c++)
            output[c] += OutputBiases[c];
    }

    private static double Norm(ReadOnlySpan<double> values) => Math.Sqrt(Square(values));

    private static double Square(ReadOnlySpan<double> values)
    {
        var square = 0.0;
        foreach (var value in values)
            square += value * value;
        return square;
    }
}
