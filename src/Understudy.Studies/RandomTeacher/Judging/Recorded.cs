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

    /// <summary>Null where no run holds a whole seed of the table.</summary>
    /// <param name="runs">All there are.</param>
    /// <param name="table">The table.</param>
    /// <param name="part">Its part.</param>
    /// <param name="seed">The seed of a row.</param>
    /// <param name="rows">The rows of a seed that was measured to its end; others are left out.</param>
    internal static Recorded<TRow>? Of(IReadOnlyList<RunRecord> runs, string table, RandomTeacherPart part, Func<TRow, int> seed, Func<RandomTeacherConfig, int> rows)
    {
        TRow[][] Finished(RunRecord run)
            => [.. run.Table<TRow>(table).GroupBy(seed).Select(own => own.ToArray()).Where(own => own.Length == rows((RandomTeacherConfig)run.Config))];
        // a run that was stopped says nothing of the protocol either
        var whole = runs.Where(run => run.Tables.Contains(table) && Finished(run).Length > 0).ToArray();
        if (PooledRuns<RandomTeacherConfig>.Of(whole, table, config => Probed.Protocol(config, own => Sections.Of(own, part))) is not { } pooled)
            return null;
        var seeds = new SortedDictionary<SeedId, TRow[]>();
        // a seed that two runs share is that of the last
        foreach (var run in pooled.Runs)
        {
            foreach (var own in Finished(run))
                seeds[new SeedId(run.Config.Seed, seed(own[0]))] = own;
        }

        return new Recorded<TRow>(pooled.Config, [.. seeds.Values], pooled.LeftOut);
    }
}
