using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>A seed of one of several pooled runs; a seed that two runs share is counted once.</summary>
internal readonly record struct SeedId(long Run, int Seed) : IComparable<SeedId>
{
    /// <inheritdoc/>
    public int CompareTo(SeedId other) => (Run, Seed).CompareTo((other.Run, other.Seed));
}

/// <summary>The runs that hold a table and whose protocol agrees with the last of them: everything but seeds and grids.</summary>
/// <param name="Config">The configuration of the last run.</param>
/// <param name="Runs">Those that agree, in order.</param>
/// <param name="LeftOut">How many hold the table with another protocol.</param>
internal sealed record PooledRuns(SpecializationConfig Config, IReadOnlyList<RunRecord> Runs, int LeftOut)
{
    /// <summary>Null where no run holds the table.</summary>
    /// <param name="runs">All there are.</param>
    /// <param name="table">The table.</param>
    /// <param name="protocol">From a configuration to one in which everything that need not agree has a value of its own.</param>
    internal static PooledRuns? Of(IReadOnlyList<RunRecord> runs, string table, Func<SpecializationConfig, SpecializationConfig> protocol)
    {
        var holding = runs.Where(run => run.Tables.Contains(table)).ToArray();
        if (holding.Length == 0)
            return null;
        var last = (SpecializationConfig)holding[^1].Config;
        var hash = ConfigJson.Hash(protocol(last));
        RunRecord[] agreeing = [.. holding.Where(run => ConfigJson.Hash(protocol((SpecializationConfig)run.Config)) == hash)];
        return new PooledRuns(last, agreeing, holding.Length - agreeing.Length);
    }

    /// <summary>What all parts share, with the sections of the parts at their defaults.</summary>
    internal static SpecializationConfig Shared(SpecializationConfig config) => config with
    {
        Seed = 0,
        Seeds = null,
        Parts = [],
        TwoLayer = RecoveryConfig.Quick,
        Dynamics = RecoveryConfig.Individual,
        Samples = new SamplesConfig(),
        Leaky = new LeakyConfig(),
        Optimizers = new OptimizersConfig(),
        Lucky = new LuckyConfig(),
        Boundaries = new BoundariesConfig(),
        MultiLayer = new MultiLayerConfig(),
        Online = new OnlineConfig(),
        Phase = new PhaseConfig(),
    };

    /// <summary>The same for a part whose inputs are always Gaussian.</summary>
    internal static SpecializationConfig WithoutData(SpecializationConfig config) => Shared(config) with { Data = new InputsConfig() };
}
