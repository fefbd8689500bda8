using Understudy.Lab.Runs;
using Understudy.Studies.Specialization.Parts;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>What the runs of one protocol recorded of part online, by seed.</summary>
/// <param name="Config">The configuration of the last of them.</param>
/// <param name="Seeds">The evaluations of each seed in order of time.</param>
internal sealed record OnlineEvidence(SpecializationConfig Config, IReadOnlyList<OnlineRow[]> Seeds)
{
    /// <summary>Runs whose settings but seeds and noise floor agree with the last run that holds the part; null where no run does.</summary>
    internal static OnlineEvidence? Of(IReadOnlyList<RunRecord> runs)
    {
        var holding = runs.Where(run => run.Tables.Contains(OnlinePart.Evaluations)).ToArray();
        if (holding.Length == 0)
            return null;
        var config = (SpecializationConfig)holding[^1].Config;
        var floor = config.Online.NoiseFloor;
        return new OnlineEvidence(
            config,
            [
                .. from run in holding
                   let own = ((SpecializationConfig)run.Config).Online
                   where own with { Seeds = 0, NoiseFloor = floor } == config.Online with { Seeds = 0 }
                   from row in run.Table<OnlineRow>(OnlinePart.Evaluations)
                   group row by (run.Config.Seed, row.Seed) into seed
                   orderby seed.Key
                   select seed.DistinctBy(row => row.Step).OrderBy(row => row.Step).ToArray(),
            ]);
    }
}
