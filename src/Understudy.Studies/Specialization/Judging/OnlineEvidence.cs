using Understudy.Lab.Runs;
using Understudy.Studies.Judging;
using Understudy.Studies.Parts;
using Understudy.Studies.Specialization.Experiments;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>What the runs of one protocol recorded of part online, by seed.</summary>
/// <param name="Config">The configuration of the last of them.</param>
/// <param name="Seeds">The evaluations of each seed in order of time.</param>
/// <param name="Alone">The equations of each seed after its simulation, in the same order of seeds; empty where they stopped being finite before.</param>
/// <param name="LeftOut">Runs of the part with another protocol.</param>
internal sealed record OnlineEvidence(SpecializationConfig Config, IReadOnlyList<OnlineRow[]> Seeds, IReadOnlyList<OnlineEquationsRow[]> Alone, int LeftOut)
{
    /// <summary>Runs whose settings but seeds, noise floor and what the equations do alone agree with the last run that holds the part; null where no run does.</summary>
    internal static OnlineEvidence? Of(IReadOnlyList<RunRecord> runs)
    {
        if (PooledRuns<SpecializationConfig>.Of(runs, OnlineExperiment.Evaluations, Protocol) is not { } pooled)
            return null;
        var seeds = BySeed<OnlineRow>(pooled.Runs, OnlineExperiment.Evaluations, row => row.Seed, row => row.Time);
        var alone = BySeed<OnlineEquationsRow>(pooled.Runs, OnlineExperiment.EquationsTable, row => row.Seed, row => row.Time);
        return new OnlineEvidence(pooled.Config, [.. seeds.Values], [.. seeds.Keys.Select(seed => alone.GetValueOrDefault(seed, []))], pooled.LeftOut);
    }

    private static SpecializationConfig Protocol(SpecializationConfig config) => Protocols.WithoutData(config) with
    {
        Slope = 0,
        AsPublished = false,
        Precision = TrainingPrecision.F32,
        Online = config.Online with { Seeds = 0, EquationsDuration = 0, NoiseFloor = new NoiseFloorConfig { ExtraNodes = [] } },
    };

    private static SortedDictionary<SeedId, TRow[]> BySeed<TRow>(IEnumerable<RunRecord> runs, string table, Func<TRow, int> seed, Func<TRow, double> time)
        where TRow : notnull
        => new((
            from run in runs
            from row in run.Table<TRow>(table)
            group row by new SeedId(run.Config.Seed, seed(row))).ToDictionary(rows => rows.Key, rows => rows.DistinctBy(time).OrderBy(time).ToArray()));
}
