using Understudy.Lab.Claims;
using Understudy.Learning.Probing;
using Understudy.Studies.Judging;
using static System.FormattableString;
using static Understudy.Studies.Hessian.HessianClaims;

namespace Understudy.Studies.Hessian.Judging;

/// <summary>The verdicts on data and training: clusters, batches, blobs, the edge of stability (H2, H6, H6b, H10, D4).</summary>
internal static class TrainingVerdicts
{
    internal static IEnumerable<Verdict> All(Evidence evidence)
    {
        yield return Clusters(evidence.Outliers, evidence.Variants);
        yield return Sharper(evidence.Batches);
        yield return NegativeEnd(evidence.Batches);
        yield return Harder(evidence.Blobs);
        yield return Edge(evidence.Edge);
    }

    private static Verdict Clusters(Recorded<OutlierRow>? outliers, IReadOnlyList<(ClustersVariant Variant, Recorded<OutlierRow> Outliers)> variants)
    {
        if (outliers is null)
            return H2.NotRun("needs part clusters: run again with parts=[clusters]");
        var rows = outliers.All.ToArray();
        var (gap, ratio) = (Within(rows, row => row.Gap), Within(rows, row => row.Ratio));
        var (rule, within) = gap >= ratio ? ("gap", gap) : ("ratio", ratio);
        var share = Statistics.Proportion(within, rows.Length);
        var finding = Graded.Of(Invariant($"{rule} rule within ±1 of k in {within} of {rows.Length}:"), share, Bar.AtLeast(CountedShare), Bar.AtLeast(CountedShareHalf), outliers.Seeds.Count);
        var counts = string.Join("; ", rows.GroupBy(row => row.Classes).OrderBy(k => k.Key).Select(k => Invariant(
            $"k = {k.Key}: gap {string.Join(" ", k.Select(row => Text(row.Gap)))}, ratio {string.Join(" ", k.Select(row => Text(row.Ratio)))}, elbow {string.Join(" ", k.Select(row => Text(row.Elbow)))}{(k.Any(row => row.Threshold is not null) ? $", threshold {string.Join(" ", k.Select(row => Text(row.Threshold)))}" : "")}")));
        var below = rows.Count(row => row.Gap == row.Classes - 1 || row.Ratio == row.Classes - 1);
        return H2.Judge(finding.Outcome, Invariant($"{finding.Words}; {counts}; k − 1 by one of the two rules in {below}{string.Concat(variants.Select(Beside))}"), Scales.Clusters(outliers), share, finding.Seeds);
    }

    /// <summary>How many of some rows count k outliers, or one more or less.</summary>
    private static int Within(OutlierRow[] rows, Func<OutlierRow, int?> rule) => rows.Count(row => Math.Abs((rule(row) ?? int.MaxValue / 2) - row.Classes) <= 1);

    /// <summary>A variant in a few words; it takes no part in the outcome.</summary>
    private static string Beside((ClustersVariant Variant, Recorded<OutlierRow> Outliers) item)
    {
        var rows = item.Outliers.All.ToArray();
        var threshold = rows.Any(row => row.Threshold is not null) ? Invariant($", threshold {Within(rows, row => row.Threshold)}") : "";
        return Invariant($"; beside it {PartNames.Variant(item.Variant)[(PartNames.Clusters.Length + 1)..]}, within ±1 of k in {rows.Length}: gap {Within(rows, row => row.Gap)}, ratio {Within(rows, row => row.Ratio)}, elbow {Within(rows, row => row.Elbow)}{threshold}");
    }

    private static Verdict Sharper(Recorded<BatchRow>? batches)
    {
        if (Pairs(batches) is not { } pairs)
            return H6.NotRun("needs part batches: run again with parts=[batches]");
        double[] ratios = [.. pairs.Select(pair => pair.Large.Top.Take(9).Sum() / pair.Small.Top.Take(9).Sum())];
        var (share, loose) = ((double)ratios.Count(ratio => ratio >= LargeOverSmall) / ratios.Length, (double)ratios.Count(ratio => ratio >= LargeOverSmallLoose) / ratios.Length);
        var isMeasured = ratios.All(double.IsFinite) && pairs.All(pair => pair is { Large.Outliers: not null, Small.Outliers: not null });
        var outcome = ratios.Length < Bar.FewestSeeds || !isMeasured ? Outcome.Inconclusive : share >= 2.0 / 3 ? Outcome.Supported : loose >= 2.0 / 3 ? Outcome.Partly : Outcome.NotSupported;
        var estimate = Statistics.MeanInterval(ratios);
        var finding = new Finding(outcome, Invariant($"sum of the nine largest, large over small: {Finding.Text(estimate)}, at least {LargeOverSmall} in {100 * share:0} % of the seeds"), estimate, ratios.Length);
        var counts = pairs.All(pair => Math.Abs((pair.Large.Outliers ?? 0) - (pair.Small.Outliers ?? 0)) <= CountTolerance);
        finding = finding.AndOrPartly(counts, Invariant($"outliers by the elbow {string.Join(", ", pairs.Select(pair => $"{Text(pair.Large.Outliers)} and {Text(pair.Small.Outliers)}"))}"));
        var losses = Invariant($"losses {Finding.Text(pairs.Average(pair => pair.Large.Loss))} (large) and {Finding.Text(pairs.Average(pair => pair.Small.Loss))} (small)");
        return H6.Judge(finding.Outcome, $"{finding.Words}; {losses}", Scales.Batches(batches!), finding.Estimate, finding.Seeds);
    }

    private static Verdict NegativeEnd(Recorded<BatchRow>? batches)
    {
        if (Pairs(batches) is not { } pairs)
            return H6B.NotRun("needs part batches: run again with parts=[batches]");
        double[] ratios = [.. pairs.Select(pair => Math.Abs(pair.Small.Bottom[0] / pair.Large.Bottom[0]))];
        var finding = Graded.Mean("|λ_min|, small over large:", ratios, Bar.AtLeast(SmallOverLarge), Bar.AtLeast(1));
        return H6B.Judge(finding.Outcome, finding.Words, Scales.Batches(batches!), finding.Estimate, finding.Seeds);
    }

    /// <summary>Small and large batches of every seed that has both; null where there is none.</summary>
    private static (BatchRow Small, BatchRow Large)[]? Pairs(Recorded<BatchRow>? batches)
    {
        if (batches is null)
            return null;
        return [.. batches.Seeds.Select(seed => (seed.MinBy(row => row.Batch)!, seed.MaxBy(row => row.Batch)!))];
    }

    private static Verdict Harder(Recorded<BlobRow>? blobs)
    {
        if (blobs is null)
            return H10.NotRun("needs part blobs: run again with parts=[blobs]");
        var seeds = blobs.Seeds.Select(seed => seed.OrderBy(row => row.Deviation).ToArray()).ToArray();
        double[] ranks = [.. seeds.Select(seed => RankCorrelation.Spearman([.. seed.Select(row => row.Deviation)], [.. seed.Select(row => row.Top[0])]))];
        double[] ratios = [.. seeds.Select(seed => seed[^1].Top[0] / seed[0].Top[0])];
        var smallest = ratios.Min();
        var finding = Graded.Mean("rank correlation of λ₁ with the deviation", ranks, Bar.AtLeast(HarderRank), Bar.AtLeast(HarderRankLoose))
            .AndOrPartly(smallest >= HarderRatio, Invariant($"last over first at least {Finding.Text(smallest)}"));
        var largest = string.Join(", ", seeds[0].Select((row, i) => Invariant($"{row.Deviation}: {Finding.Text(Statistics.Mean([.. seeds.Select(seed => seed[i].Top[0])]))}")));
        return H10.Judge(finding.Outcome, $"{finding.Words}; mean λ₁ by deviation {largest}", Scales.Blobs(blobs), finding.Estimate, finding.Seeds);
    }

    private static Verdict Edge(Recorded<EdgeRow>? edge)
    {
        if (edge is null)
            return D4.NotRun("needs part edge: run again with parts=[edge]");
        var judged = edge.All.Where(row => row.Sharpness[0] < 1).ToArray();
        if (judged.Length == 0)
            return D4.NotRun("needs smaller edge.learningRates: λ₁ is above 2/η before training, so nothing can rise to it");
        var crossed = judged.Where(IsFollowed).ToArray();
        if (crossed.Length == 0)
        {
            var (highest, flat) = (judged.Max(row => row.Sharpness.Max()), judged.Min(row => row.GradientNorms[^1]));
            return D4.Judge(Outcome.Inconclusive, Invariant($"none of {judged.Length} reached 2/η with {MomentsAfter} measurements to go; largest λ₁·η/2 {highest:0.000}, smallest gradient norm at an end {flat:0.0e-0}: where that is not small, more of edge.steps would tell, else larger edge.learningRates"), Scales.Edge(edge));
        }

        var seeds = edge.Seeds.Select(seed => seed.Where(row => row.Sharpness[0] < 1 && IsFollowed(row)).ToArray()).Where(seed => seed.Length > 0).ToArray();
        double[] means = [.. seeds.Select(seed => Statistics.Mean([.. seed.Select(After)]))];
        var estimate = Statistics.MeanInterval(means);
        var outcome = means.Length < Bar.FewestSeeds ? Outcome.Inconclusive
            : Inside(estimate.Low, EdgeLow, EdgeHigh) && Inside(estimate.High, EdgeLow, EdgeHigh) ? Outcome.Supported
            : Inside(estimate.Value, EdgeLowLoose, EdgeHighLoose) ? Outcome.Partly : Outcome.NotSupported;
        var rates = string.Join(", ", crossed.GroupBy(row => row.LearningRate).Select(rate => Invariant($"η = {rate.Key}: first reached at step {string.Join(", ", rate.Select(row => row.Crossing))}")));
        var (never, late, above) = (judged.Count(row => row.Crossing is null), judged.Count(row => row.Crossing is not null && !IsFollowed(row)), edge.All.Count() - judged.Length);
        // who did not reach it did not end there
        if (never + late > 0 && outcome == Outcome.Supported)
            outcome = Outcome.Partly;
        var words = (never > 0 ? Invariant($"; {never} did not reach it") : "") + (late > 0 ? Invariant($"; {late} reached it with fewer than {MomentsAfter} measurements to go, left out") : "")
            + (above > 0 ? Invariant($"; {above} above it before training, left out") : "");
        return D4.Judge(outcome, Invariant($"mean of λ₁·η/2 from then on {Finding.Text(estimate)}; {rates}{words}"), Scales.Edge(edge), estimate, means.Length);
    }

    /// <summary>Whether enough measurements follow the first crossing, which is itself at or above the edge.</summary>
    private static bool IsFollowed(EdgeRow row) => row.Crossing is { } crossing && row.TrainingSteps.Count(step => step > crossing) >= MomentsAfter;

    /// <summary>The mean of λ₁·η/2 after the first time it reached 1.</summary>
    private static double After(EdgeRow row) => row.TrainingSteps.Zip(row.Sharpness).Where(moment => moment.First > row.Crossing).Average(moment => moment.Second);

    private static bool Inside(double value, double low, double high) => value >= low && value <= high;

    private static string Text(int? count) => count is { } number ? Invariant($"{number}") : "–";
}
