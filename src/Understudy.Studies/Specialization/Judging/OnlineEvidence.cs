using Understudy.Lab.Runs;
using Understudy.Studies.Specialization.Parts;

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
        var holding = runs.Where(run => run.Tables.Contains(OnlinePart.Evaluations)).ToArray();
        if (holding.Length == 0)
            return null;
        var config = (SpecializationConfig)holding[^1].Config;
        RunRecord[] agreeing = [.. holding.Where(run => Protocol((SpecializationConfig)run.Config) == Protocol(config))];
        return new OnlineEvidence(
            config,
            BySeed<OnlineRow>(agreeing, OnlinePart.Evaluations, row => row.Seed, row => row.Time),
            BySeed<OnlineEquationsRow>(agreeing, OnlinePart.EquationsTable, row => row.Seed, row => row.Time));
    }

    private static OnlineConfig Protocol(SpecializationConfig config)
        => config.Online with { Seeds = 0, EquationsDuration = 0, NoiseFloor = new NoiseFloorConfig { ExtraNodes = [] } };

    private static IReadOnlyList<TRow[]> BySeed<TRow>(IEnumerable<RunRecord> runs, string table, Func<TRow, int> seed, Func<TRow, double> time)
        where TRow : notnull
        =>
        [
            .. from run in runs
               from row in run.Table<TRow>(table)
               group row by (run.Config.Seed, Seed: seed(row)) into rows
               orderby rows.Key
               select rows.DistinctBy(time).OrderBy(time).ToArray(),
        ];
}
