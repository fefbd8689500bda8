using Understudy.Lab.Claims;
using Understudy.Lab.Runs;
using Understudy.Studies.Judging;
using static Understudy.Studies.Specialization.SpecializationClaims;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>The verdict on leaky activations (S24).</summary>
internal sealed class LeakyVerdicts(IReadOnlyList<(double Slope, Evidence Evidence)> slopes)
{
    /// <summary>What the runs recorded of each slope, in increasing order; a slope whose students all diverged has no cells.</summary>
    internal static IReadOnlyList<(double Slope, Evidence Evidence)> Slopes(IReadOnlyList<RunRecord> runs) =>
    [
        .. runs.SelectMany(run => ((SpecializationConfig)run.Config).Leaky.Slopes).Distinct().Order()
            .Select(slope => (Slope: slope, Evidence: Evidence.Of(runs, PartNames.LeakyAt(slope))))
            .Where(item => item.Evidence is not null).Select(item => (item.Slope, item.Evidence!)),
    ];

    internal Verdict Recovery()
    {
        if (slopes.Count == 0)
            return S24.NotRun("needs part leaky: run again with parts=[leaky]");
        var findings = new List<Finding>();
        foreach (var (slope, evidence) in slopes)
        {
            // as configured, so that a cell whose students all diverged counts as one without seeds
            foreach (var overRealization in evidence.Config.Leaky.Student.OverRealization.Where(r => r >= 2 && evidence.Config.Leaky.Teacher.FanOutDecay.Contains(1)))
            {
                var cell = new Cell(overRealization, 1, evidence.Config.Leaky.Data.Samples, TrainingSet.Plain);
                double[] seeds = [.. evidence.At(cell, evidence.LastEpoch).Values.Select(row => row.MeanBest)];
                var name = FormattableString.Invariant($"slope {slope}, r = {overRealization:0.##}:");
                findings.Add(Finding.Of(name, Statistics.Bootstrap(seeds, Statistics.Mean), Bar.AtLeast(LeakyBest), seeds.Length));
            }
        }

        if (findings.Count == 0)
            return S24.NotRun("needs fanOutDecay 1 and an overRealization of at least 2 in part leaky");
        var finding = Finding.All(findings);
        return S24.Judge(finding.Outcome, "mean best " + finding.Words, Scales.Leaky([.. slopes.Select(item => item.Evidence)]), finding.Estimate, finding.Seeds);
    }
}
