using Understudy.Lab.Claims;
using Understudy.Studies.Judging;
using static System.FormattableString;
using static Understudy.Studies.Hessian.HessianClaims;

namespace Understudy.Studies.Hessian.Judging;

/// <summary>The verdicts on spectra over widths (H1, H3, H4, H5, H8): whole ones, and for H3 also those of which the largest eigenvalues alone are known.</summary>
internal sealed class SpectrumVerdicts(Recorded<SpectrumRow>? spectra, Recorded<WideRow>? wide)
{
    private const string NeedsPart = "needs part widths: run again with parts=[widths]";

    internal IEnumerable<Verdict> All()
    {
        yield return Of(H1, NearZero, widths: 1);
        yield return OverWidths();
        yield return Of(H4, NegativeShare, widths: 2);
        yield return Of(H5, NegativeEnd, widths: 1);
        yield return Of(H8, GaussNewton, widths: 1);
    }

    /// <summary>One finding over the widths of every seed that has all of them.</summary>
    private Verdict Of(Claim claim, Func<IReadOnlyList<(SpectrumRow Start, SpectrumRow End)[]>, Finding> judge, int widths)
    {
        if (spectra is null)
            return claim.NotRun(NeedsPart);
        if (spectra.Config.Widths.Hidden.Count < widths)
            return claim.NotRun(Invariant($"needs at least {widths} numbers in widths.hidden"));
        var seeds = spectra.Seeds.Select(Pairs).ToArray();
        var finding = judge(seeds);
        return claim.Judge(finding.Outcome, finding.Words, Scales.Widths(spectra), finding.Estimate, finding.Seeds);
    }

    private Verdict OverWidths()
    {
        if (spectra is null)
            return H3.NotRun(NeedsPart);
        var part = spectra.Config.Widths;
        if (part.Hidden.Count + part.Wide.Count < 2)
            return H3.NotRun("needs at least 2 numbers in widths.hidden and widths.wide");
        var own = spectra.Seeds.Zip(spectra.Ids).Select(seed => (Id: seed.Second, Ends: Pairs(seed.First).Select(pair => (pair.End.Hidden, pair.End.Top))));
        var products = (wide is null ? [] : wide.Ids.Zip(wide.Seeds)).ToDictionary(seed => seed.First, seed => seed.Second.Where(row => row.Stage == TrainingStage.End).Select(row => (row.Hidden, row.Top)));
        (int Hidden, IReadOnlyList<double> Top)[][] ends =
        [
            .. from seed in own
               where part.Wide.Count == 0 || products.ContainsKey(seed.Id)
               select seed.Ends.Concat(products.GetValueOrDefault(seed.Id) ?? []).OrderBy(width => width.Hidden).ToArray(),
        ];
        if (ends.Length == 0)
            return H3.NotRun("no seed has been measured at all widths yet");
        var finding = Outliers(ends);
        return H3.Judge(finding.Outcome, finding.Words, Scales.Widths(spectra), finding.Estimate, finding.Seeds);
    }

    private static (SpectrumRow Start, SpectrumRow End)[] Pairs(SpectrumRow[] rows) =>
    [
        .. from start in rows
           where start.Stage == TrainingStage.Start
           from end in rows
           where end.Stage == TrainingStage.End && end.Hidden == start.Hidden
           orderby start.Hidden
           select (start, end),
    ];

    private static Finding NearZero(IReadOnlyList<(SpectrumRow Start, SpectrumRow End)[]> seeds)
    {
        var share = Statistics.MeanInterval([.. seeds.Select(seed => seed.Average(pair => pair.End.NearZero))]);
        var start = Statistics.Mean([.. seeds.Select(seed => seed.Average(pair => pair.Start.NearZero))]);
        var smallest = Statistics.Mean([.. seeds.Select(seed => seed.Average(pair => Math.Abs(pair.End.Bottom[0]) / Math.Abs(pair.Start.Bottom[0])))]);
        var finding = Finding.Of("share near 0 at the end", share, Bar.AtLeast(NearZeroShare), seeds.Count);
        var (gains, shrinks) = (share.Value >= start + NearZeroGain, smallest <= SmallestRatio);
        // the sentence has three sides: one may fail before the claim does
        var failing = (share.Value >= NearZeroShare ? 0 : 1) + (gains ? 0 : 1) + (shrinks ? 0 : 1);
        var outcome = finding.Outcome == Outcome.Inconclusive || failing == 0 ? finding.Outcome : failing == 1 ? Outcome.Partly : Outcome.NotSupported;
        return finding with { Outcome = outcome, Words = Invariant($"{finding.Words}; at the start {Finding.Text(start)}; |λ_min| end over start {Finding.Text(smallest)}") };
    }

    private static Finding Outliers((int Hidden, IReadOnlyList<double> Top)[][] seeds)
    {
        if (seeds.Any(seed => seed.Any(width => !(width.Top[4] > 0))))
            return new Finding(Outcome.Inconclusive, "fewer than five positive eigenvalues", new Estimate(double.NaN, double.NaN, double.NaN), seeds.Length);
        var ratios = Enumerable.Range(0, 5).Select(rank => (double[])[.. seeds.Select(seed => seed.Max(width => width.Top[rank]) / seed.Min(width => width.Top[rank]))]).ToArray();
        var worst = ratios.Index().MaxBy(item => Statistics.Mean(item.Item));
        var finding = Graded.Mean(Invariant($"largest over smallest of λ{worst.Index + 1}, the worst of λ1 to λ5:"), worst.Item, Bar.AtMost(WidthRatio), Bar.AtMost(WidthRatioLoose));
        int Count(IReadOnlyList<double> top) => top.Count(value => value > 0.1 * top[0]);
        var spread = seeds.Max(seed => seed.Max(width => Count(width.Top)) - seed.Min(width => Count(width.Top)));
        var counts = string.Join(", ", seeds[0].Select(width => Count(width.Top)));
        return finding.AndOrPartly(spread <= CountTolerance, Invariant($"values above 0.1·λ1 differ by at most {spread} over widths ({counts} for the first seed)"));
    }

    private Finding NegativeShare(IReadOnlyList<(SpectrumRow Start, SpectrumRow End)[]> seeds)
    {
        double Share(SpectrumRow row) => (double)row.Negative / row.Parameters;
        double[] spreads = [.. seeds.Select(seed => (seed.Max(pair => Share(pair.End)) - seed.Min(pair => Share(pair.End))) / seed.Average(pair => Share(pair.End)))];
        var finding = Graded.Mean("spread of n₋/P over widths, relative:", spreads, Bar.AtMost(NegativeSpread), Bar.AtMost(NegativeSpreadLoose));
        var shares = string.Join(", ", seeds[0].Select((pair, i) => Invariant(
            $"n = {pair.End.Hidden}: {100 * Statistics.Mean([.. seeds.Select(seed => Share(seed[i].End))]):0.00} % (bound {100.0 * pair.End.Hidden * (Examples.Classes - 1) / pair.End.Parameters:0.00} %)")));
        // of these the bound alone is known
        var bounds = wide is null ? "" : string.Concat(wide.Seeds[0].Where(row => row.Stage == TrainingStage.End).OrderBy(row => row.Hidden).Select(row => Invariant(
            $"; n = {row.Hidden}: at most {100.0 * row.MostNegative / row.Parameters:0.00} %, not counted")));
        return finding with { Words = $"{finding.Words}; {shares}{bounds}" };
    }

    private static Finding NegativeEnd(IReadOnlyList<(SpectrumRow Start, SpectrumRow End)[]> seeds)
    {
        double[] ratios = [.. seeds.Select(seed => seed.Max(pair => -pair.End.Bottom[0] / pair.End.Top[0]))];
        var negative = seeds.All(seed => seed.All(pair => pair.End.Negative > 0));
        return Graded.Mean("|λ_min|/λ₁, largest over widths:", ratios, Bar.AtMost(NegativeRatio), Bar.AtMost(NegativeRatioLoose))
            .And(negative, negative ? "negative eigenvalues remain" : "a network without negative eigenvalues");
    }

    private static Finding GaussNewton(IReadOnlyList<(SpectrumRow Start, SpectrumRow End)[]> seeds)
    {
        double Share(SpectrumRow row) => row.ResidualNorm / row.Norm;
        double[] end = [.. seeds.Select(seed => seed.Average(pair => Share(pair.End)))];
        var start = Statistics.Mean([.. seeds.Select(seed => seed.Average(pair => Share(pair.Start)))]);
        double[] differences = [.. seeds.Select(seed => seed.Max(pair => pair.End.Top.Zip(pair.End.GaussNewtonTop).Take(Examples.Classes).Max(values => Math.Abs(values.First - values.Second) / values.First)))];
        var below = Statistics.Mean(end) < start;
        Finding Grade(string name, double[] values) => Graded.Mean(name, values, Bar.AtMost(ResidualShare), Bar.AtMost(ResidualShareLoose));
        return Finding.All(
        [
            Grade("‖H − G‖/‖H‖ at the end", end).And(below, Invariant($"at the start {Finding.Text(start)}")),
            Grade(Invariant($"largest relative difference of the {Examples.Classes} largest eigenvalues"), differences),
        ]);
    }
}
