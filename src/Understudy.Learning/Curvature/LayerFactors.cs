namespace Understudy.Learning.Curvature;

/// <summary>The two factors whose Kronecker product A ⊗ B stands for the diagonal block of one fully connected or convolutional layer.</summary>
/// <remarks>
/// Entry [(i', j'), (i, j)] of the block is A[i', i] B[j', j], with (i, j) the weight from input i to node j; i = n is the bias. The inputs of a convolution are those of a patch, rows,
/// columns and channels of the kernel in the order of its weights, and its nodes are the filters.
/// </remarks>
public sealed class LayerFactors
{
    private readonly double[] _ofInputs;
    private readonly double[] _ofNodes;

    internal LayerFactors(int offset, int inputs, int nodes, double[] ofInputs, double[] ofNodes)
        => (Offset, Inputs, Nodes, _ofInputs, _ofNodes) = (offset, inputs, nodes, ofInputs, ofNodes);

    /// <summary>Where the layer's weights start in the flat parameter vector; its biases are right behind them.</summary>
    public int Offset { get; }

    /// <summary>n + 1, inputs of the layer and the one of its bias; n without a bias.</summary>
    public int Inputs { get; }

    /// <summary>m, nodes or filters of the layer.</summary>
    public int Nodes { get; }

    /// <summary>A = (1/N) Σ h̄ h̄ᵀ with h̄ = (h, 1) the layer's input, [n + 1, n + 1]; of a convolution as <see cref="KroneckerOptions.Setting"/> says.</summary>
    public ReadOnlySpan<double> OfInputs => _ofInputs;

    /// <summary>B = (1/N) Σ_i Σ_c δ_ic δ_icᵀ with δ_ic the derivative by the layer's pre-activations that column c of the output's root sends back, or the only one that the residual does; [m, m].</summary>
    public ReadOnlySpan<double> OfNodes => _ofNodes;
}
