using Understudy.Lab.Claims;
using Understudy.Studies.Judging;
using static Understudy.Studies.Specialization.SpecializationClaims;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>Verdicts on sample size and kind of data: S9, S10 and S11.</summary>
internal sealed class SamplesVerdicts(Evidence? evidence)
{
    internal const double Width = 2;
    private const string NeedsPart = "needs part samples: run again with parts=[samples]";

    internal IEnumerable<Verdict> All()
    {
        yield return Threshold();
        yield return BoundaryHelps();
        yield return BothMeet();
    }

    /// <summary>Mean best correlation by training samples for one over-realization and kind of data.</summary>
    internal static IReadOnlyList<Cell> Curve(Evidence evidence, double overRealization, double decay, TrainingSet set) =>
    [
        .. evidence.Cells.Where(cell => cell.OverRealization.Equals(overRealization) && cell.FanOutDecay.Equals(decay) && cell.Set == set)
            .OrderBy(cell => cell.Samples),
    ];

    /// <summary>The smallest N with mean best correlation at the threshold; infinite where none has it.</summary>
    internal static double SmallestSufficient(IReadOnlyList<double[]> seeds, IReadOnlyList<Cell> cells)
    {
        for (var i = 0; i < cells.Count; i++)
        {
            if (Finding.Mean(seeds, seed => seed[i]) >= SamplesThreshold)
                return cells[i].Samples;
        }

        return double.PositiveInfinity;
    }

    // the protocol's; a run without it has no cells to judge
    private const double Decay = 1;

    private Verdict Threshold()
    {
        if (evidence is null)
            return S9.NotRun(NeedsPart);
        var cells = Curve(evidence, Width, Decay, TrainingSet.Plain);
        if (cells.Count == 0 || cells[0].Samples > FewestSamples || cells[^1].Samples < MostSamples)
            return S9.NotRun("needs fanOutDecay 1, overRealization 2 and samples.data.samples from 250 or fewer to 500 or more in part samples");
        var seeds = evidence.Paired(cells, evidence.LastEpoch, row => row.MeanBest);
        var n95 = Statistics.Bootstrap(seeds, sample => SmallestSufficient(sample, cells));
        var words = "mean best by N: " + string.Join(", ", cells.Select((cell, i) => $"{cell.Samples}: {Finding.Text(Finding.Mean(seeds, seed => seed[i]))}"));
        var finding = Finding.All(
            [
                Finding.Of("smallest sufficient N", n95, Bar.AtLeast(FewestSamples), seeds.Count),
                Finding.Of("its upper bar:", n95, Bar.AtMost(MostSamples), seeds.Count),
            ]);
        var dimension = evidence.Config.Data is { Kind: not (InputKind.Gaussian or InputKind.Uniform), Dimension.Count: { } components } ? components : evidence.Config.Samples.Data.Dimension;
        var order = GeometryVerdicts.Counts(evidence, dimension, n95.Value);
        var smallest = evidence.Config.AsPublished
            ? "; smallest over epochs, as published: " + string.Join(", ", cells.Select(cell => $"{cell.Samples}: {Finding.Text(Statistics.Mean(SmallestOverEpochs(cell)))}")) : "";
        return S9.Judge(finding.Outcome, $"{finding.Words}; {words}{smallest}{order}", Scales.Samples(evidence), finding.Estimate, finding.Seeds);
    }

    /// <summary>The smallest mean best correlation after any epoch, seed by seed: what a published plot shows.</summary>
    private double[] SmallestOverEpochs(Cell cell) =>
    [
        .. Enumerable.Range(1, evidence!.LastEpoch).SelectMany(epoch => evidence.At(cell, epoch)).GroupBy(item => item.Key, item => item.Value.MeanBest).Select(seed => seed.Min()),
    ];

    private Verdict BoundaryHelps()
    {
        if (evidence is null)
            return S10.NotRun(NeedsPart);
        var gaussian = Curve(evidence, Width, Decay, TrainingSet.Plain).Where(cell => cell.Samples == SmallSet).ToArray();
        var boundary = Curve(evidence, Width, Decay, TrainingSet.Boundary).Where(cell => cell.Samples == SmallSet).ToArray();
        if (gaussian.Length == 0 || boundary.Length == 0)
            return S10.NotRun("needs fanOutDecay 1, overRealization 2, samples.data.sets=[plain,boundary] and 30 among samples.data.samples in part samples");
        var pairs = evidence.Paired([gaussian[0], boundary[0]], evidence.LastEpoch, row => row.MeanBest);
        var gain = Statistics.Bootstrap(pairs, sample => Finding.Mean(sample, pair => pair[1] - pair[0]));
        var words = $"mean best at N = 30: {Finding.Text(Finding.Mean(pairs, pair => pair[1]))} along boundaries, {Finding.Text(Finding.Mean(pairs, pair => pair[0]))} otherwise; difference";
        var finding = Finding.Of(words, gain, Bar.AtLeast(BoundaryGain), pairs.Count);
        return S10.Judge(finding.Outcome, finding.Words, Scales.Samples(evidence), finding.Estimate, finding.Seeds);
    }

    private Verdict BothMeet()
    {
        if (evidence is null)
            return S11.NotRun(NeedsPart);
        Cell[] cells =
        [
            .. Curve(evidence, Width, Decay, TrainingSet.Plain).Where(cell => cell.Samples >= MeetingSamples),
            .. Curve(evidence, Width, Decay, TrainingSet.Boundary).Where(cell => cell.Samples >= MeetingSamples),
        ];
        if (cells.Select(cell => cell.Set).Distinct().Count() < 2)
            return S11.NotRun("needs fanOutDecay 1, overRealization 2, samples.data.sets=[plain,boundary] and at least 510 among samples.data.samples in part samples");
        var finding = Finding.All([.. cells.Select(cell =>
        {
            double[] seeds = [.. evidence.At(cell, evidence.LastEpoch).Values.Select(row => row.MeanBest)];
            return Finding.Of($"N = {cell.Samples}, {(cell.Set == TrainingSet.Boundary ? "along boundaries" : "otherwise")}:", Statistics.Bootstrap(seeds, Statistics.Mean), Bar.AtLeast(Meeting), seeds.Length);
        })]);
        return S11.Judge(finding.Outcome, "mean best " + finding.Words, Scales.Samples(evidence), finding.Estimate, finding.Seeds);
    }
}
