using Understudy.Engine.Threading;

namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>The budget of an estimate that first finds the range where most of a matrix lies.</summary>
public sealed record SketchOptions
{
    /// <summary>The largest number of products with the matrix. With as many as the matrix has rows the answer is exact, and n are used.</summary>
    public int Products { get; init; } = 60;

    /// <summary>How the probes are drawn; null takes what suits the method: the sphere for traces, signs for diagonals.</summary>
    /// <remarks>Probes on the sphere are put back on the sphere of the complement of the range, which lowers the variance.</remarks>
    public ProbeDistribution? Distribution { get; init; }

    /// <summary>The number of vectors that are multiplied at once; it changes the time, not the result.</summary>
    public int BlockSize { get; init; } = 16;

    /// <summary>The seed of the probes.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads for the dense products around those of the matrix; null for the caller's alone.</summary>
    public Team? Team { get; init; }

    internal void Check(int least)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Products, least);
        ArgumentOutOfRangeException.ThrowIfLessThan(BlockSize, 1);
    }
}
