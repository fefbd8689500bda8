using Understudy.Lab.Claims;
using Understudy.Studies.Judging;
using static System.FormattableString;
using static Understudy.Studies.RandomTeacher.RandomTeacherClaims;

namespace Understudy.Studies.RandomTeacher.Judging;

/// <summary>The verdicts on numbers of images, other data, encoders, heads and restarts (C7, C12 to C16).</summary>
internal static class SweepVerdicts
{
    private const string WithoutFeatureNorm = "-/lb/-/wn/l/-";
    private const string WithoutWeightNorm = "-/lb/fn/-/l/-";

    internal static IEnumerable<Verdict> All(Evidence evidence)
    {
        yield return Sizes(evidence.Sizes);
        yield return Transfer(evidence.Transfer);
        yield return Architectures(evidence.Architectures);
        yield return Outputs(evidence.Outputs);
        yield return Bottlenecks(evidence.Bottlenecks);
        yield return Restart(evidence.Restart, evidence.Again);
    }

    private static Verdict Sizes(Probed? sizes)
    {
        if (sizes is null || sizes.Config.Sizes.Images.Count < FewestSizes)
            return C7.NotRun($"needs part sizes with at least {FewestSizes} numbers of images: run again with parts=[sizes]");
        var images = sizes.Config.Sizes.Images;
        var slopes = sizes.Seeds.Select(seed => Slope(images, [.. images.Select(count => sizes.Student(seed, Invariant($"{count}"), row => row.LinStd))])).OfType<double>().ToArray();
        var finding = Scales.IsPaper(sizes.Config) ? Findings.Within("points per decade", slopes, 1.7, 3.7) : Findings.Positive("points per decade", slopes);
        var levels = string.Join(", ", images.Select(count => Invariant($"{count:N0}: {sizes.Mean(Invariant($"{count}"), row => row.LinStd):0.00}")));
        return Judged(C7, finding, $"{finding.Words}; standardized by images {levels}", sizes, "sizes");
    }

    private static Verdict Transfer(Probed? transfer)
    {
        if (transfer is null)
            return C12.NotRun("needs part transfer: run again with parts=[transfer] data.gray=true");
        var set = transfer.Config.Transfer.Set;
        IReadOnlyList<double> Gains(Func<ProbeRow, double> probe) => transfer.Gains(PartNames.Images, probe, set);
        var finding = Findings.Both(Findings.Positive("ridge", Gains(row => row.Ridge)), Findings.Positive("neighbours", Gains(row => row.Knn)));
        return Judged(C12, finding, Invariant($"student less teacher on {set}: {finding.Words}; standardized {Statistics.Mean(Gains(row => row.LinStd)):+0.00;−0.00}"), transfer, "transfer");
    }

    private static Verdict Architectures(Probed? architectures)
    {
        if (architectures is null)
            return C13.NotRun("needs part architectures: run again with parts=[architectures]");
        var gains = architectures.Config.Architectures.Encoders.Select(encoder => (Encoder: encoder, Gain: Statistics.MeanInterval(architectures.Gains(encoder, row => row.Ridge)))).ToArray();
        var judged = gains.Where(item => !item.Encoder.StartsWith("mlp", StringComparison.Ordinal)).ToArray();
        var (better, seeds) = (judged.Count(item => item.Gain.Value > 0), architectures.Seeds.Count);
        var share = Statistics.Proportion(better, judged.Length);
        var outcome = seeds < Bar.FewestSeeds || judged.Length == 0 ? Outcome.Inconclusive : share.Value >= ArchitectureShare ? Outcome.Supported : Outcome.NotSupported;
        var words = string.Join("; ", gains.Select(item => Invariant($"{item.Encoder} {item.Gain.Value:+0.00;−0.00} [{item.Gain.Low:+0.00;−0.00}, {item.Gain.High:+0.00;−0.00}]")));
        return Judged(C13, new Finding(outcome, words, share, seeds), Invariant($"{better} of {judged.Length} encoders that are not fully connected gain; ridge: {words}"), architectures, "architectures");
    }

    private static Verdict Outputs(Probed? outputs)
    {
        if (outputs is null)
            return C14.NotRun("needs part outputs: run again with parts=[outputs]");
        var (all, k) = (outputs.Config.Outputs.Outputs, outputs.Config.Network.Bottleneck);
        var (many, few, most) = (all.Where(m => m >= 4 * k).ToArray(), all.Where(m => 8 * m <= k).OrderDescending().Take(1).ToArray(), all.Where(m => m >= 2 * k).ToArray());
        if (many.Length == 0 || few.Length == 0)
            return C14.NotRun($"needs outputs.outputs of at least {4 * k} and of at most {k / 8}");
        double? Mean(SeedId seed, int[] counts) => counts.Select(m => outputs.Student(seed, Invariant($"{m}"), row => row.Ridge)).Aggregate((double?)0, (sum, value) => sum + (value / counts.Length));
        var spread = most.Max(m => outputs.Mean(Invariant($"{m}"), row => row.Ridge)) - most.Min(m => outputs.Mean(Invariant($"{m}"), row => row.Ridge));
        var finding = Findings.Gain("many less few outputs:", outputs.Differences(seed => Mean(seed, many), seed => Mean(seed, few)), OutputsJump)
            .And(spread <= OutputsSpread, Invariant($"spread from 2k on {spread:0.00}"));
        var levels = string.Join(", ", all.Select(m => Invariant($"{m}: {outputs.Mean(Invariant($"{m}"), row => row.Ridge):0.00}")));
        return Judged(C14, finding, Invariant($"{finding.Words}; ridge by outputs (k = {k}) {levels}"), outputs, "outputs");
    }

    private static Verdict Bottlenecks(Probed? bottlenecks)
    {
        string[] needed = [WithoutFeatureNorm, WithoutWeightNorm];
        if (bottlenecks is null || needed.Except(bottlenecks.Config.Bottlenecks.Shapes).Any())
            return C15.NotRun($"needs part bottlenecks with {string.Join(", ", needed)}: run again with parts=[bottlenecks]");
        // less lost without weight norm is more kept
        var finding = Findings.Positive(
            "lost without feature norm less lost without weight norm:",
            bottlenecks.Differences(seed => bottlenecks.Student(seed, WithoutWeightNorm, row => row.Ridge), seed => bottlenecks.Student(seed, WithoutFeatureNorm, row => row.Ridge)));
        var levels = string.Join(", ", bottlenecks.Config.Bottlenecks.Shapes.Select(shape => Invariant($"{shape} {bottlenecks.Mean(shape, row => row.Ridge):0.00}")));
        return Judged(C15, finding, $"{finding.Words}; ridge {levels}", bottlenecks, "bottlenecks");
    }

    private static Verdict Restart(Probed? first, Probed? again)
    {
        if (first is null || again is null)
            return C16.NotRun("needs part restart: run again with parts=[restart]");
        var gains = first.Differences(seed => again.Student(seed, PartNames.Images, row => row.Ridge), seed => first.Student(seed, PartNames.Images, row => row.Ridge));
        double[] ways = [.. first.Seeds.Select(seed => again.Student(seed, PartNames.Images, row => row.Distance) / first.Student(seed, PartNames.Images, row => row.Distance)).OfType<double>()];
        var finding = Finding.All([Findings.Within("ridge, second round less first:", gains, -RestartGain, RestartGain), Findings.AtMost("second way over first:", ways, RestartDistance)]);
        return Judged(C16, finding, finding.Words, first, "restart");
    }

    private static Verdict Judged(Claim claim, Finding finding, string words, Probed probed, string section)
        => claim.Judge(finding.Outcome, words, Scales.Of(probed.Config, finding.Seeds, probed.LeftOut, section), finding.Estimate, finding.Seeds);

    /// <summary>The slope of a line by least squares over the decimal logarithm of the images; null where a number is missing.</summary>
    private static double? Slope(IReadOnlyList<int> images, IReadOnlyList<double?> values)
    {
        if (values.Any(value => value is null))
            return null;
        var (x, y) = (images.Select(count => Math.Log10(count)).ToArray(), values.OfType<double>().ToArray());
        var (middle, level) = (x.Average(), y.Average());
        return x.Zip(y, (at, value) => (at - middle) * (value - level)).Sum() / x.Sum(at => (at - middle) * (at - middle));
    }
}
