namespace Understudy.Learning.OnlineLearning;

/// <summary>A two-layer network without biases and with one output, φ(x) = Σ_k v_k g(w_k·x/√N); with v = 1 a soft committee machine.</summary>
public sealed class Committee
{
    /// <summary>A network of zero weights, with all v at 1.</summary>
    /// <param name="inputs">N.</param>
    /// <param name="nodes">Hidden nodes.</param>
    public Committee(int inputs, int nodes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        (Inputs, Nodes) = (inputs, nodes);
        Weights = new float[checked(nodes * inputs)];
        FanOut = new double[nodes];
        FanOut.AsSpan().Fill(1);
    }

    /// <summary>N.</summary>
    public int Inputs { get; }

    /// <summary>Hidden nodes.</summary>
    public int Nodes { get; }

    /// <summary>[nodes, inputs]: of order 1, since fields are divided by √N.</summary>
    public float[] Weights { get; }

    /// <summary>v, one per node.</summary>
    public double[] FanOut { get; }

    /// <summary>The incoming weights of a node.</summary>
    public Span<float> Weight(int node) => Weights.AsSpan(node * Inputs, Inputs);
}
