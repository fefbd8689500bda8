using Understudy.Lab.Claims;
using Understudy.Studies.Judging;
using static System.FormattableString;
using static Understudy.Studies.Specialization.SpecializationClaims;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>Verdicts on convolutional teachers trained on images: S16 to S18.</summary>
internal sealed class ImagesVerdicts(ImagesEvidence? evidence)
{
    private const string NeedsPart = "needs part images: run again with parts=[images]";
    private const string NeedsPhotographs = "needs images.data.set=cifar10";
    private const string NeedsWidths = "needs 1 and 2 among images.students.ofUnpruned, trained to the end";

    private static readonly ImageCell Exact = new(TeacherChannels.Unpruned, 1);
    private static readonly ImageCell Twice = new(TeacherChannels.Unpruned, 2);

    internal IEnumerable<Verdict> All()
    {
        yield return EveryLayer();
        yield return Accuracy();
        yield return PrunedChannels();
    }

    private Verdict EveryLayer()
    {
        if (MissingWidths(S16) is { } missing)
            return missing;
        // a difference of exactly 0 is no order
        var (pairs, bar) = (evidence!.Paired(Exact, Twice), Bar.AtLeast(evidence.IsSmaller ? double.Epsilon : WiderLayerGain));
        var finding = Finding.All([.. Enumerable.Range(0, evidence.Layers).Select(layer => Finding.Of(
            Invariant($"layer {layer + 1} r = 2 above r = 1 by"),
            Statistics.Bootstrap(pairs, sample => Finding.Mean(sample, pair => pair.Second[layer].MeanBest - pair.First[layer].MeanBest)), bar, pairs.Count))]);
        return Judge(S16, finding with { Words = $"mean best by layer: r = 1 {Means(Exact)}, r = 2 {Means(Twice)}; {finding.Words}" });
    }

    private Verdict Accuracy()
    {
        if (MissingWidths(S17) is { } missing)
            return missing;
        var pairs = evidence!.Paired(Exact, Twice);
        var finding = Finding.Of(
            "r = 2 above r = 1 by", Statistics.Bootstrap(pairs, sample => Finding.Mean(sample, pair => pair.Second[0].Accuracy - pair.First[0].Accuracy)), Bar.AtLeast(double.Epsilon), pairs.Count);
        var teachers = Finding.Text(Statistics.Mean(evidence.TeacherAccuracies(TeacherChannels.Unpruned)));
        return Judge(S17, finding with { Words = $"test accuracy, mean and largest: r = 1 {Accuracies(Exact)}, r = 2 {Accuracies(Twice)}, teachers {teachers}; {finding.Words}" });
    }

    private Verdict PrunedChannels()
    {
        if (Missing() is { } missing)
            return S18.NotRun(missing);
        if (evidence!.Cells.LastOrDefault(cell => cell.Teacher == TeacherChannels.Pruned) is not { OverRealization: > 0 } widest)
            return S18.NotRun("needs images.students.ofPruned, trained to the end");
        var seeds = evidence.End(widest);
        if (!evidence.IsPublishedPruning)
            return S18.NotRun(Invariant($"needs the published network, images.teacher.channels=[64,64,64,64] and images.data.pooling=1, pruned by [0.3,0.5,0.5,0.7], and students of 100 epochs; here, r = {widest.OverRealization}, medians by layer {Means(widest, layer => layer.MedianBest)}"));
        var finding = Finding.All([.. Enumerable.Range(0, evidence.Layers).Select(layer => Finding.Of(
            Invariant($"layer {layer + 1}"), Statistics.Bootstrap(seeds, sample => Finding.Mean(sample, layers => layers[layer].MedianBest)), Bar.AtLeast(ChannelFound), seeds.Count))]);
        var smallest = Means(widest, layer => layer.SmallestBest);
        return Judge(S18, finding with { Words = Invariant($"r = {widest.OverRealization}, median best correlation: {finding.Words}; smallest by layer {smallest}") });
    }

    private string? Missing() => evidence is null ? NeedsPart : evidence.IsOfPhotographs ? null : NeedsPhotographs;

    /// <summary>The verdict without both widths; null where they are there.</summary>
    private Verdict? MissingWidths(Claim claim)
    {
        if (Missing() is { } missing)
            return claim.NotRun(missing);
        if (evidence!.Cells.Contains(Exact) && evidence.Cells.Contains(Twice))
            return null;
        var diverged = new[] { Exact, Twice }.Sum(evidence.DivergedOf);
        return diverged == 0
            ? claim.NotRun(NeedsWidths)
            : claim.Judge(Outcome.Inconclusive, Invariant($"every student of r = 1 or of r = 2 diverged, {diverged} in all: lower images.students.training.learningRates"), Scales.Images(evidence));
    }

    private Verdict Judge(Claim claim, Finding finding)
        => claim.Judge(finding.Outcome, finding.Words, Scales.Images(evidence!), finding.Estimate, finding.Seeds);

    private string Means(ImageCell cell, Func<ChannelLayerRow, double>? value = null)
        => string.Join(" ", Enumerable.Range(0, evidence!.Layers).Select(layer => Finding.Text(Finding.Mean(evidence.End(cell), layers => (value ?? (row => row.MeanBest))(layers[layer])))));

    private string Accuracies(ImageCell cell)
    {
        var seeds = evidence!.End(cell);
        return $"{Finding.Text(Finding.Mean(seeds, layers => layers[0].Accuracy))} {Finding.Text(seeds.Max(layers => layers[0].Accuracy))}";
    }
}
