using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Threading;

namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>How many probes look at a spectrum, and how closely.</summary>
public sealed record QuadratureOptions
{
    /// <summary>The number of random start vectors; their spread gives the band. From 10⁵ rows on a single one tells almost as much.</summary>
    public int Probes { get; init; } = 10;

    /// <summary>Lanczos steps per probe. The resolution is about the range divided by this in the middle, and much finer at the ends.</summary>
    public int Steps { get; init; } = 80;

    /// <summary>How the start vectors are drawn; their length does not matter.</summary>
    public ProbeDistribution Distribution { get; init; } = ProbeDistribution.Sphere;

    /// <summary>
    /// Whether earlier vectors are removed again from every new one. Without, a probe costs its products alone and no memory; the density stays good, but
    /// converged nodes come in several copies that share their weight, and the bounds of <see cref="SpectralMeasure.ShareUpTo"/> are not strict any more.
    /// </summary>
    public Reorthogonalization Reorthogonalization { get; init; }

    /// <summary>The number of probes that advance together; it changes the time and the memory of probes · steps · n numbers, not the result.</summary>
    public int BlockSize { get; init; } = 10;

    /// <summary>
    /// Where it is cancelled, keeps the blocks of probes that are finished or, where none is, the first block with the steps it has made, from two on, instead of throwing.
    /// </summary>
    public bool KeepsFinished { get; init; }

    /// <summary>The seed of the start vectors.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads for the work beside the products; null for the caller's alone.</summary>
    public Team? Team { get; init; }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Probes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BlockSize, 1);
    }
}
