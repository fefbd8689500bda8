namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>How many probes an estimate takes, and of which kind.</summary>
public sealed record ProbeOptions
{
    /// <summary>How the probes are drawn.</summary>
    public ProbeDistribution Distribution { get; init; } = ProbeDistribution.Rademacher;

    /// <summary>The largest number of probes; all of them are used unless <see cref="RelativeTolerance"/> is met before.</summary>
    public int Samples { get; init; } = 100;

    /// <summary>The half-width of the 95 % interval, as a share of the magnitude of the estimate, at which to stop; 0 uses every probe.</summary>
    /// <remarks>Looked at after 10 probes, then each time a quarter more, at least 10 more, have been taken.</remarks>
    public double RelativeTolerance { get; init; }

    /// <summary>The number of vectors that are multiplied at once; it changes the time and the memory, not the result.</summary>
    public int BlockSize { get; init; } = 16;

    /// <summary>The seed of the probes. Take the same one for two matrices whose difference matters, another one for an independent estimate.</summary>
    public ulong Seed { get; init; } = 1;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Samples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BlockSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(RelativeTolerance);
    }
}
