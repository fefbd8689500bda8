namespace Understudy.Engine.Kernels;

/// <summary>The product of <see cref="GemmArguments{S}"/> for one register of replicas: every entry is a register.</summary>
/// <remarks>
/// Strides count elements of S, so that rows of a dense [M, N] operand are N · Width apart. An operand marked shared holds
/// one scalar per entry, the same for all replicas, and its strides count those. A transpose is a swap of strides.
/// </remarks>
internal unsafe struct LaneGemmArguments<S>
    where S : unmanaged
{
    internal int M, N, K;

    /// <summary>A[i, k] is at A + i · RowA + k · ColumnA.</summary>
    internal S* A;
    internal nint RowA, ColumnA;
    internal bool SharedA;

    /// <summary>B[k, j] is at B + k · RowB + j · ColumnB.</summary>
    internal S* B;
    internal nint RowB, ColumnB;
    internal bool SharedB;

    /// <summary>At least the number of elements that <c>LaneGemm.Workspace</c> returns.</summary>
    internal S* Workspace;
    internal S* C;
    internal nint RowC, ColumnC;
    internal bool Accumulate;

    /// <summary>One register of factors, one per replica; null for 1.</summary>
    internal S* Alpha;

    /// <summary>N entries, <see cref="ColumnBias"/> apart, added after the last block; null for none.</summary>
    internal S* Bias;
    internal nint ColumnBias;
    internal bool SharedBias;
    internal Activation Activation;
    internal S Slope;
}
