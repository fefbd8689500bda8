using Understudy.Lab.Runs;
using Understudy.Studies.Specialization.Experiments;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>What the runs of one protocol recorded of part online, by seed.</summary>
/// <param name="Config">The configuration of the last of them.</param>
/// <param name="Seeds">The evaluations of each seed in order of time.</param>
/// <param name="Alone">The equations of each seed after its simulation, in the same order of seeds.</param>
internal sealed record OnlineEvidence(SpecializationConfig Config, IReadOnlyList<OnlineRow[]> Seeds, IReadOnlyList<OnlineEquationsRow[]> Alone)
{
    /// <summary>Runs whose settings but seeds, noise floor and what the equations do alone agree with the last run that holds the part; null where no run does.</summary>
    internal static OnlineEvidence? Of(IReadOnlyList<RunRecord> runs)
    {
        if (PooledRuns.Of(runs, OnlineExperiment.Evaluations, Protocol) is not { } pooled)
            return null;
        return new OnlineEvidence(
            pooled.Config,
            BySeed<OnlineRow>(pooled.Runs, OnlineExperiment.Evaluations, row => row.Seed, row => row.Time),
            BySeed<OnlineEquationsRow>(pooled.Runs, OnlineExperiment.EquationsTable, row => row.Seed, row => row.Time));
    }

    private static SpecializationConfig Protocol(SpecializationConfig config) => PooledRuns.WithoutData(config) with
    {
        Slope = 0,
        Precision = TrainingPrecision.F32,
        Online = config.Online with { Seeds = 0, EquationsDuration = 0, NoiseFloor = new NoiseFloorConfig { ExtraNodes = [] } },
    };

    private static IReadOnlyList<TRow[]> BySeed<TRow>(IEnumerable<RunRecord> runs, string table, Func<TRow, int> seed, Func<TRow, double> time)
        where TRow : notnull
        =>
        [
            .. from run in runs
               from row in run.Table<TRow>(table)
               group row by new SeedId(run.Config.Seed, seed(row)) into rows
               orderby rows.Key
               select rows.DistinctBy(time).OrderBy(time).ToArray(),
        ];
}
