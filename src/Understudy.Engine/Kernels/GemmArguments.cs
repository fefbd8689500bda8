namespace Understudy.Engine.Kernels;

/// <summary>C = activation(alpha · A B + bias), or with <see cref="Accumulate"/> C = activation(C + alpha · A B + bias).</summary>
/// <remarks>
/// Row-major; leading dimensions and strides count elements. A is [M, K], or stored [K, M] with <see cref="TransposeA"/>;
/// B is [K, N], or stored [N, K] with <see cref="TransposeB"/>. C overlaps neither.
/// </remarks>
internal unsafe struct GemmArguments<S>
    where S : unmanaged
{
    internal int M, N, K;
    internal S* A;
    internal nint LeadingA;
    internal bool TransposeA;
    internal S* B;
    internal nint LeadingB;
    internal bool TransposeB;
    internal S* C;
    internal nint LeadingC;

    /// <summary>Adds to C instead of overwriting it.</summary>
    internal bool Accumulate;

    /// <summary>One factor, or null for 1. Each block of K is added as C = fma(alpha, block, C).</summary>
    internal S* Alpha;

    /// <summary>N values added after the last block, or null.</summary>
    internal S* Bias;
    internal Activation Activation;

    /// <summary>The slope of <see cref="Activation.Rectify"/> for negative arguments.</summary>
    internal S Slope;

    /// <summary>At least the number of elements that <c>Gemm.Workspace</c> returns; aligned to 64 bytes for speed.</summary>
    internal S* Workspace;
}
