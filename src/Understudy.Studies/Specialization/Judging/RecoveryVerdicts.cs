using Understudy.Lab.Claims;
using Understudy.Studies.Judging;
using static Understudy.Studies.Specialization.SpecializationClaims;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>Verdicts on who recovers which nodes when: S1, S2, S3, S5 and S6.</summary>
internal sealed class RecoveryVerdicts(Evidence? evidence)
{
    private const double Weakest = 1;
    private const double Steep = 2;

    internal IEnumerable<Verdict> All()
    {
        yield return Judge(S1, Everywhere);
        yield return Judge(S2, MissedByExact);
        yield return Judge(S3, HelpedByWidth);
        yield return Judge(S5, LaterGain);
        yield return Judge(S6, Faster);
    }

    private bool IsQuick => Scales.IsQuick(evidence!.Config.TwoLayer);

    private int Last => evidence!.LastEpoch;

    private int Early => evidence!.EarlyEpoch;

    private Verdict Judge(Claim claim, Func<(Finding? Finding, string Missing)> find)
    {
        if (evidence is null)
            return claim.NotRun("needs part two-layer: run again with parts=[two-layer]");
        var (finding, missing) = find();
        return finding is null
            ? claim.NotRun(missing)
            : claim.Judge(finding.Outcome, finding.Words, Scales.TwoLayer(evidence), finding.Estimate, finding.Seeds);
    }

    private (Finding? Finding, string Missing) Everywhere()
    {
        var cells = Wide(Weakest);
        if (cells.Length == 0)
            return (null, Needs("fanOutDecay 1 and an overRealization of at least 2"));
        var bar = Bar.AtLeast(IsQuick ? RecoveredEverywhereQuick : RecoveredEverywhere);
        return (Finding.All([.. cells.Select(cell => Recovered(cell, Last, bar))]), "");
    }

    private (Finding? Finding, string Missing) MissedByExact()
    {
        if (Find(1, Weakest) is not { } exact || Find(2, Weakest) is not { } wide)
            return (null, Needs("fanOutDecay 1 and overRealization 1 and 2"));
        var pairs = evidence!.Paired([exact, wide], Last, row => row.Recovered);
        var gap = Statistics.Bootstrap(pairs, sample => Finding.Mean(sample, pair => pair[1] - pair[0]));
        if (IsQuick)
            return (Finding.Of("recovered fraction at p = 1, r = 2 minus r = 1:", gap, Bar.AtLeast(MissedByExactQuick), pairs.Count), "");
        if (evidence.Config.TwoLayer.Teacher.Nodes != Scales.PublishedNodes)
            return (null, $"the published bar is about nodes 16 to 19 of 20, and this run has {evidence.Config.TwoLayer.Teacher.Nodes}: run again with twoLayer.teacher.nodes=20");
        var seeds = RecoveryCurve.BySeed(evidence, exact, Last);
        var rate = Statistics.Bootstrap(seeds, sample => Finding.Mean(sample, nodes => nodes[16..].Average()));
        return (Finding.All(
            [
                Finding.Of("mean recovery rate of nodes 16-19, r = 1:", rate, Bar.AtLeast(WeakestRateLow), seeds.Count),
                Finding.Of("its upper bar:", rate, Bar.AtMost(WeakestRateHigh), seeds.Count),
                Finding.Of("r = 2 minus r = 1:", gap, Bar.AtLeast(0), pairs.Count),
            ]), "");
    }

    private (Finding? Finding, string Missing) HelpedByWidth()
    {
        if (IsQuick)
        {
            if (Find(1, Steep) is null || Find(10, Steep) is null)
                return (null, Needs("fanOutDecay 2 and overRealization 1 and 10"));
            var cells = At(Steep);
            var means = cells.Select(cell => evidence!.At(cell, Last).Values.Average(row => row.Recovered)).ToArray();
            return (Gain(Find(1, Steep)!.Value, Find(10, Steep)!.Value, Last, OverRealizationGainQuick)
                .And(Increases(means), "means by r: " + string.Join(", ", means.Select(Finding.Text))), "");
        }

        var published = evidence!.Cells.Where(cell => RecoveryCurve.Published(cell) is not null).ToArray();
        if (evidence.Config.TwoLayer.Teacher.Nodes != Scales.PublishedNodes || published.Length == 0)
            return (null, "the published crossings are those of 20 nodes: run again with twoLayer.teacher.nodes=20 and fanOutDecay of 0.5, 1, 1.5, 2 or 2.5");
        var ordered = published.Where(cell => cell.FanOutDecay is 2 or 2.5).GroupBy(cell => cell.FanOutDecay)
            .All(group => Increases([.. group.Select(cell => RecoveryCurve.Crossing(RecoveryCurve.BySeed(evidence, cell, Last)))]));
        return (Finding.Many([.. published.Select(Crossing)], (one, other) => one > other).And(ordered, ordered ? "ordered in r" : "not ordered in r at p = 2 or 2.5"), "");
    }

    /// <summary>How far the crossing lies from the published one; two curves that never cross agree.</summary>
    private Finding Crossing(Cell cell)
    {
        var seeds = RecoveryCurve.BySeed(evidence!, cell, Last);
        var published = RecoveryCurve.Published(cell)!.Value;
        var distance = Statistics.Bootstrap(seeds, sample => Distance(RecoveryCurve.Crossing(sample), published));
        return Finding.Of(FormattableString.Invariant($"p = {cell.FanOutDecay:0.##}, r = {cell.OverRealization:0.#}: off by"), distance, Bar.AtMost(CrossingTolerance), seeds.Count);
    }

    private double Distance(double crossing, double published)
    {
        // a curve that never falls below a half crosses behind the last node
        var end = evidence!.Config.TwoLayer.Teacher.Nodes;
        return Math.Abs(Math.Min(crossing, end) - Math.Min(published, end));
    }

    private (Finding? Finding, string Missing) LaterGain()
    {
        var cells = IsQuick ? Wide(Steep) : [.. evidence!.Cells.Where(cell => cell.FanOutDecay >= 1)];
        if (cells.Length == 0)
            return (null, Needs(IsQuick ? "fanOutDecay 2 and an overRealization of at least 2" : "a fanOutDecay of at least 1"));
        if (cells.Any(cell => evidence!.At(cell, Early).Count == 0 || evidence.Nodes(cell, Early).Count == 0) || Early >= Last)
            return (null, Needs($"an early epoch before the end, and twoLayer.measures.earlyEpoch is {Early}"));
        return (IsQuick ? Finding.All([.. cells.Select(Growth)]) : Finding.Many([.. cells.Select(EarlyOverLateCrossing)], (one, other) => one > other), "");
    }

    private Finding Growth(Cell cell)
    {
        var (early, late) = (evidence!.At(cell, Early), evidence.At(cell, Last));
        double[] growth = [.. late.Where(item => early.ContainsKey(item.Key)).Select(item => item.Value.Recovered - early[item.Key].Recovered)];
        return Finding.Of($"p = 2, r = {cell.OverRealization:0.#}: growth", Statistics.Bootstrap(growth, Statistics.Mean), Bar.AtLeast(LaterGainQuick), growth.Length);
    }

    private Finding EarlyOverLateCrossing(Cell cell)
    {
        var (early, late) = (RecoveryCurve.BySeed(evidence!, cell, Early), RecoveryCurve.BySeed(evidence!, cell, Last));
        (double[] Early, double[] Late)[] seeds = [.. early.Zip(late)];
        var ratio = Statistics.Bootstrap(seeds, sample =>
        {
            var (before, after) = (RecoveryCurve.Crossing([.. sample.Select(seed => seed.Early)]), RecoveryCurve.Crossing([.. sample.Select(seed => seed.Late)]));
            return double.IsInfinity(before) ? 1 : before / after;
        });
        return Finding.Of($"p = {cell.FanOutDecay:0.#}, r = {cell.OverRealization:0.#}: early over late crossing", ratio, Bar.AtMost(EarlyOverLate), seeds.Length);
    }

    private (Finding? Finding, string Missing) Faster()
    {
        var decay = IsQuick ? Steep : Weakest;
        if (Find(1, decay) is not { } exact || Find(10, decay) is not { } wide)
            return (null, Needs($"fanOutDecay {decay:0} and overRealization 1 and 10"));
        if (evidence!.At(exact, Early).Count == 0 || evidence.Nodes(exact, Early).Count == 0)
            return (null, Needs($"rows of the early epoch, and twoLayer.measures.earlyEpoch is {Early}"));
        if (IsQuick)
            return (Gain(exact, wide, Early, FasterQuick), "");
        var (one, ten) = (RecoveryCurve.BySeed(evidence, exact, Early), RecoveryCurve.BySeed(evidence, wide, Early));
        (double[] One, double[] Ten)[] seeds = [.. one.Zip(ten)];
        var later = Statistics.Bootstrap(seeds, sample => Later([.. sample.Select(seed => seed.One)], [.. sample.Select(seed => seed.Ten)]));
        double[] crossings = [.. At(decay).Select(cell => RecoveryCurve.Crossing(RecoveryCurve.BySeed(evidence, cell, Early)))];
        return (Finding.Of("crossing index of r = 10 minus r = 1:", later, Bar.AtLeast(FasterCrossing), seeds.Length)
            .And(Increases(crossings), "crossings by r: " + string.Join(", ", crossings.Select(Finding.Text))), "");
    }

    private double Later(IReadOnlyList<double[]> one, IReadOnlyList<double[]> ten)
    {
        var end = evidence!.Config.TwoLayer.Teacher.Nodes;
        return Math.Min(RecoveryCurve.Crossing(ten), end) - Math.Min(RecoveryCurve.Crossing(one), end);
    }

    private Finding Gain(Cell from, Cell to, int epoch, double bar)
    {
        var pairs = evidence!.Paired([from, to], epoch, row => row.Recovered);
        var gain = Statistics.Bootstrap(pairs, sample => Finding.Mean(sample, pair => pair[1] - pair[0]));
        return Finding.Of($"recovered fraction at p = 2, r = {to.OverRealization:0.#} minus r = {from.OverRealization:0.#}:", gain, Bar.AtLeast(bar), pairs.Count);
    }

    private Finding Recovered(Cell cell, int epoch, Bar bar)
    {
        double[] seeds = [.. evidence!.At(cell, epoch).Values.Select(row => row.Recovered)];
        return Finding.Of($"r = {cell.OverRealization:0.#}: recovered", Statistics.Bootstrap(seeds, Statistics.Mean), bar, seeds.Length);
    }

    private Cell[] At(double decay) => [.. evidence!.Cells.Where(cell => cell.FanOutDecay.Equals(decay))];

    private Cell[] Wide(double decay) => [.. At(decay).Where(cell => cell.OverRealization >= 2)];

    private Cell? Find(double overRealization, double decay)
        => At(decay).Where(cell => cell.OverRealization.Equals(overRealization)).Select(cell => (Cell?)cell).FirstOrDefault();

    private static bool Increases(IReadOnlyList<double> values) => values.Zip(values.Skip(1)).All(pair => pair.First < pair.Second);

    private static string Needs(string what) => $"needs {what} in part two-layer";
}
