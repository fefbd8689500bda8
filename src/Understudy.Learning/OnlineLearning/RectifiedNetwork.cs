namespace Understudy.Learning.OnlineLearning;

/// <summary>The weights of a rectified network f(x) = V max(W x, 0) without biases, where they stand.</summary>
public readonly ref struct RectifiedNetwork
{
    private readonly ReadOnlySpan<double> _weights;
    private readonly ReadOnlySpan<double> _fanOuts;

    /// <summary>A view of weights.</summary>
    /// <param name="inputs">d.</param>
    /// <param name="outputs">C.</param>
    /// <param name="weights">W, [n, d].</param>
    /// <param name="fanOuts">V transposed, [n, C]: one row per node.</param>
    /// <exception cref="ArgumentException">The spans do not hold the same number of nodes.</exception>
    public RectifiedNetwork(int inputs, int outputs, ReadOnlySpan<double> weights, ReadOnlySpan<double> fanOuts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        Nodes = weights.Length / inputs;
        if (weights.Length != (long)Nodes * inputs || fanOuts.Length != (long)Nodes * outputs)
            throw new ArgumentException($"{weights.Length} weights of {inputs} inputs and {fanOuts.Length} of {outputs} outputs are not those of the same nodes.", nameof(fanOuts));
        (Inputs, Outputs) = (inputs, outputs);
        _weights = weights;
        _fanOuts = fanOuts;
    }

    /// <summary>d.</summary>
    public int Inputs { get; }

    /// <summary>C.</summary>
    public int Outputs { get; }

    /// <summary>n, hidden nodes.</summary>
    public int Nodes { get; }

    /// <summary>Incoming weights of a node, [d].</summary>
    public ReadOnlySpan<double> Weight(int node) => _weights.Slice(node * Inputs, Inputs);

    /// <summary>Outgoing weights of a node, [C].</summary>
    public ReadOnlySpan<double> FanOut(int node) => _fanOuts.Slice(node * Outputs, Outputs);
}
