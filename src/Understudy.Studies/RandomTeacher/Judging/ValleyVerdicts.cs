using Understudy.Lab.Claims;
using Understudy.Studies.Judging;
using static System.FormattableString;
using static Understudy.Studies.RandomTeacher.RandomTeacherClaims;

namespace Understudy.Studies.RandomTeacher.Judging;

/// <summary>The verdicts on the loss between teacher and student (C9, C10, C11).</summary>
internal static class ValleyVerdicts
{
    private const double Near = 0.25;

    internal static IEnumerable<Verdict> All(Evidence evidence)
    {
        if (evidence.Segments is not { } segments)
        {
            foreach (var claim in new[] { C9, C10, C11 })
                yield return claim.NotRun("needs part valley: run again with parts=[valley]");
            yield break;
        }

        SegmentRow[] rows = [.. segments.Rows];
        Verdict Judged(Claim claim, Finding finding, string words) => claim.Judge(finding.Outcome, words, Scales.Of(segments.Config, segments.Seeds.Count, segments.LeftOut, "valley"), finding.Estimate, finding.Seeds);
        var (valley, barrier) = (Asymmetric(rows), Barrier(rows));
        yield return Judged(C9, valley, $"KL by position: {valley.Words}; means {Profile(rows)}");
        yield return Judged(C10, barrier, barrier.Words);
        var probes = Findings.Gain("ridge at t = 1 less t = −1:", [.. rows.Select(row => row.RidgeAhead - row.RidgeBehind)], GentleSide);
        yield return Judged(C11, probes, Invariant($"{probes.Words} ({Finding.Mean(rows, row => row.RidgeBehind):0.00} to {Finding.Mean(rows, row => row.RidgeAhead):0.00})"));
    }

    private static Finding Asymmetric(IReadOnlyList<SegmentRow> rows)
    {
        double[] ratios = [.. rows.Select(row => row.At(-Near) / row.At(Near))];
        double[] random = [.. rows.Select(row => row.AtRandom(-Near) / row.AtRandom(Near))];
        double[] steep = [.. rows.Select(row => row.At(-Near) / ((row.AtRandom(-Near) + row.AtRandom(Near)) / 2))];
        return Finding.All(
        [
            AtLeast("behind over ahead", ratios, Asymmetry),
            Each("at random", random, value => value is >= 1 / RandomAsymmetry and <= RandomAsymmetry, "within [0.5, 2]"),
            AtLeast("behind over random", steep, SteepSide),
        ]);
    }

    private static Finding Barrier(IReadOnlyList<SegmentRow> rows)
    {
        double[] ratios = [.. rows.Select(row => Between(row) / row.Divergences[^1])];
        double[] moved = [.. rows.Select(row => row.Distance / row.TeacherNorm)];
        return Finding.All([AtLeast("largest KL on the way over its end", ratios, BarrierRatio), AtLeast("way over norm of the teacher", moved, MovedShare)]);
    }

    /// <summary>The largest KL between teacher and student, both included.</summary>
    private static double Between(SegmentRow row) => row.Positions.Zip(row.Divergences).Where(point => point.First is >= 0 and <= 1).Max(point => point.Second);

    /// <summary>Ratios over seeds by their median, as one seed far from a bar says nothing of the others.</summary>
    private static Finding AtLeast(string name, double[] seeds, double bar)
    {
        var finding = Finding.Of(name, Statistics.Bootstrap(seeds, Statistics.Median), Bar.AtLeast(bar), seeds.Length);
        return finding with { Words = Invariant($"{finding.Words} (seeds {string.Join(", ", seeds.Select(Finding.Text))})") };
    }

    private static Finding Each(string name, double[] seeds, Func<double, bool> isRight, string words)
    {
        var estimate = Statistics.Bootstrap(seeds, Statistics.Median);
        var outcome = seeds.Length < Bar.FewestSeeds ? Outcome.Inconclusive : seeds.All(isRight) ? Outcome.Supported : isRight(estimate.Value) ? Outcome.Partly : Outcome.NotSupported;
        return new Finding(outcome, Invariant($"{name} {Finding.Text(estimate)}, {seeds.Count(isRight)} of {seeds.Length} {words}"), estimate, seeds.Length);
    }

    private static string Profile(SegmentRow[] rows) => string.Join(", ", rows[0].Positions.Select((position, i) => (position, i)).Where(item => item.position is -1 or -0.25 or 0.01 or 0.25 or 1)
        .Select(item => Invariant($"{item.position}: {Finding.Text(Finding.Mean(rows, row => row.Divergences[item.i]))}")));
}
