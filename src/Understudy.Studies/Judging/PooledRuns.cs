using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;

namespace Understudy.Studies.Judging;

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
internal sealed record PooledRuns<TConfig>(TConfig Config, IReadOnlyList<RunRecord> Runs, int LeftOut)
    where TConfig : StudyConfig
{
    /// <summary>Null where no run holds the table.</summary>
    /// <param name="runs">All there are.</param>
    /// <param name="table">The table.</param>
    /// <param name="protocol">From a configuration to one in which everything that need not agree has a value of its own.</param>
    internal static PooledRuns<TConfig>? Of(IReadOnlyList<RunRecord> runs, string table, Func<TConfig, TConfig> protocol)
    {
        var holding = runs.Where(run => run.Tables.Contains(table)).ToArray();
        if (holding.Length == 0)
            return null;
        var last = (TConfig)holding[^1].Config;
        var hash = ConfigJson.Hash(protocol(last));
        RunRecord[] agreeing = [.. holding.Where(run => ConfigJson.Hash(protocol((TConfig)run.Config)) == hash)];
        return new PooledRuns<TConfig>(last, agreeing, holding.Length - agreeing.Length);
    }
}
