using Understudy.Lab.Runs;
using Understudy.Studies.Judging;

namespace Understudy.Studies.RandomTeacher.Judging;

/// <summary>What the runs of one protocol recorded in a table, seed by seed.</summary>
/// <param name="Config">The configuration of the last of them.</param>
/// <param name="Seeds">The rows of each seed, in the order they were recorded.</param>
/// <param name="LeftOut">Runs that hold the table with another protocol.</param>
internal sealed record Recorded<TRow>(RandomTeacherConfig Config, IReadOnlyList<TRow[]> Seeds, int LeftOut)
    where TRow : notnull
{
    /// <summary>All rows.</summary>
    internal IReadOnlyList<TRow> Rows => [.. Seeds.SelectMany(seed => seed)];

    /// <summary>Null where no run holds the table.</summary>
    internal static Recorded<TRow>? Of(IReadOnlyList<RunRecord> runs, string table, RandomTeacherPart part, Func<TRow, int> seed)
    {
        if (PooledRuns<RandomTeacherConfig>.Of(runs, table, config => Probed.Protocol(config, own => Sections.Of(own, part))) is not { } pooled)
            return null;
        // a seed that two runs share is that of the last
        var bySeed = from item in pooled.Runs.Index()
                     from row in item.Item.Table<TRow>(table)
                     group (item.Index, Row: row) by new SeedId(item.Item.Config.Seed, seed(row)) into own
                     orderby own.Key
                     select own.Where(item => item.Index == own.Max(other => other.Index)).Select(item => item.Row).ToArray();
        TRow[][] seeds = [.. bySeed];
        return seeds.Length == 0 ? null : new Recorded<TRow>(pooled.Config, seeds, pooled.LeftOut);
    }
}
