using Understudy.Lab.Claims;
using Understudy.Lab.Runs;
using Understudy.Studies.Judging;
using Understudy.Studies.Parts;
using static Understudy.Studies.Specialization.SpecializationClaims;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>The verdict on lucky nodes (S20).</summary>
internal static class LuckyVerdicts
{
    private const double Width = 2;

    internal static Verdict Ratio(IReadOnlyList<RunRecord> runs)
    {
        var rows = Last(runs).Where(item => item.Row.OverRealization.Equals(Width)).ToArray();
        if (rows.Length == 0)
        {
            return S20.NotRun(runs.Any(run => run.Tables.Contains(PartNames.Evaluations(PartNames.Lucky)))
                ? "needs overRealization 2 in part lucky, trained to its end"
                : "needs part lucky: run again with parts=[lucky]");
        }

        double[] ratios = [.. rows.Where(item => !item.Row.Diverged).Select(item => item.Row.Ratio)];
        var finding = Finding.Of("median ratio of fan-outs, others over lucky:", Statistics.Bootstrap(ratios, Statistics.Median), Bar.AtMost(LuckyRatio), ratios.Length);
        var diverged = rows.Length - ratios.Length;
        return S20.Judge(
            finding.Outcome, finding.Words + (diverged > 0 ? $"; {diverged} diverged left out" : ""), Scales.Lucky(rows[^1].Config, Pooled(runs)!.LeftOut), finding.Estimate, finding.Seeds);
    }

    /// <summary>The rows of the last epoch, one per seed, of all runs with the protocol of the last one.</summary>
    internal static IReadOnlyList<(SpecializationConfig Config, LuckyRow Row)> Last(IReadOnlyList<RunRecord> runs)
    {
        if (Pooled(runs) is not { } pooled)
            return [];
        return
        [
            .. from run in pooled.Runs
               let config = (SpecializationConfig)run.Config
               from row in run.Table<LuckyRow>(PartNames.Evaluations(PartNames.Lucky))
               where row.Epoch == config.Lucky.Training.Epochs
               group (config, row) by (run.Config.Seed, row.Seed, row.OverRealization) into seed
               select seed.First(),
        ];
    }

    private static PooledRuns<SpecializationConfig>? Pooled(IReadOnlyList<RunRecord> runs) => PooledRuns<SpecializationConfig>.Of(runs, PartNames.Evaluations(PartNames.Lucky), Protocol);

    private static SpecializationConfig Protocol(SpecializationConfig config) => Protocols.WithoutData(config) with
    {
        Precision = TrainingPrecision.F32,
        Lucky = config.Lucky with { Seeds = 0, OverRealization = [] },
    };
}
