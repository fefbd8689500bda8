using Understudy.Lab.Claims;
using Understudy.Studies.Judging;
using static System.FormattableString;
using static Understudy.Studies.Specialization.SpecializationClaims;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>Verdicts on several hidden layers: S12 to S15 and S21.</summary>
internal sealed class MultiLayerVerdicts(MultiLayerEvidence? evidence)
{
    private const double Width = 2;
    private const double LShapeWidth = 10;
    private const double ExcessiveWidth = 50;
    private const long PublishedSamplesSeen = 20_000_000;
    private const string NeedsPart = "needs part multi-layer: run again with parts=[multi-layer]";

    private static readonly int[] PublishedHidden = [50, 75, 100, 125];
    private static readonly int[] SweptHidden = [10, 15, 20, 25];

    internal IEnumerable<Verdict> All()
    {
        yield return LowestFirst();
        yield return Sharp();
        yield return CrossEntropyLags();
        yield return LShape();
        yield return TooWide();
    }

    private Verdict LowestFirst()
    {
        if (evidence is null)
            return S12.NotRun(NeedsPart);
        if (evidence.Layers < 2)
            return S12.NotRun("needs two or more of multiLayer.networks.hidden");
        // a cell says nothing about the order once layer 1 and an upper one are through; an upper one alone refutes the claim
        LayerCell[] cells = [.. Cells(Width).Where(cell => !(Best(evidence.End(cell), 0) >= UpperLayersSpecialized && Upper(evidence.End(cell)).Any(best => best >= UpperLayersSpecialized)))];
        if (cells.Length == 0)
        {
            return S12.NotRun(Cells(Width).Any()
                ? "needs fewer of multiLayer.data.samples: layer 1 and an upper layer have specialized at every N"
                : "needs 2 among multiLayer.networks.overRealization and mse among multiLayer.training.losses, trained to the end");
        }

        return Judge(S12, Finding.All([.. cells.Select(cell =>
        {
            var seeds = evidence.End(cell);
            var lead = Statistics.Bootstrap(seeds, sample => Finding.Mean(sample, layers => layers[0].MeanBest - layers[1..].Max(layer => layer.MeanBest)));
            return Finding.Of(Invariant($"N = {cell.Samples}: mean best by layer {Means(seeds)}; layer 1 before the best other by"), lead, Bar.AtLeast(LowestLayerLead), seeds.Count);
        })]));
    }

    private Verdict Sharp()
    {
        if (evidence is null)
            return S13.NotRun(NeedsPart);
        const string Needs = "needs multiLayer.networks.hidden=[50,75,100,125] multiLayer.data.samples=[5000,12500,20000] multiLayer.training.samplesSeen=20000000 in part multi-layer, r = 2 and mse";
        // equal compute, to the epoch
        LayerCell[] cells = [.. Cells(Width).Where(cell => Math.Abs(((long)cell.Samples * cell.Epochs) - PublishedSamplesSeen) <= cell.Samples)];
        LayerCell[] enough = [.. cells.Where(cell => cell.Samples is >= FewestSharpSamples and <= MostSharpSamples)];
        LayerCell[] few = [.. cells.Where(cell => cell.Samples is >= FewestBlurredSamples and <= MostBlurredSamples)];
        if (!evidence.Config.MultiLayer.Networks.Hidden.SequenceEqual(PublishedHidden) || enough.Length == 0 || few.Length == 0)
            return S13.NotRun(Needs);
        var finding = Weakest(enough[^1], layer => $"N = {enough[^1].Samples}, layer {layer}:", UpperLayersSpecialized);
        var others = string.Concat(cells.Where(cell => cell != enough[^1]).Select(cell => Invariant($"; N = {cell.Samples}: {Means(evidence.End(cell))}")));
        var blurred = Upper(evidence.End(few[^1])).All(best => best < UpperLayersSpecialized);
        finding = finding.And(blurred, Invariant($"at N = {few[^1].Samples} {(blurred ? "no" : "an")} upper layer has reached {UpperLayersSpecialized}"));
        return Judge(S13, finding with { Words = "mean best " + finding.Words + others });
    }

    private Verdict CrossEntropyLags()
    {
        if (evidence is null)
            return S14.NotRun(NeedsPart);
        (LayerCell Mse, LayerCell Entropy)[] pairs =
        [
            .. from cell in Cells(Width)
               let other = cell with { Objective = DistillationLoss.CrossEntropy }
               where evidence.Cells.Contains(other)
               select (cell, other),
        ];
        if (pairs.Length == 0 || evidence.Layers < 2)
            return S14.NotRun("needs multiLayer.training.losses=[mse,cross-entropy] in part multi-layer, r = 2 and two or more hidden layers");
        var (mse, entropy) = pairs[^1];
        var words = Invariant($"N = {mse.Samples}, mean best by layer: mse {Means(evidence.End(mse))}, cross-entropy {Means(evidence.End(entropy))}");
        return Judge(S14, Lower(mse, entropy, words, "mse above cross-entropy"));
    }

    private Verdict LShape()
    {
        if (evidence is null)
            return S15.NotRun(NeedsPart);
        LayerCell[] cells = [.. Cells(LShapeWidth)];
        if (cells.Length == 0)
            return S15.NotRun("needs 10 among multiLayer.networks.overRealization in part multi-layer, and mse; published with multiLayer.networks.hidden=[50,75,100,125] and N = 200000");
        var seeds = evidence.End(cells[^1]);
        var share = Statistics.Bootstrap(seeds, sample => Finding.Mean(sample, layers => layers[0].EnergyShare ?? double.NaN));
        var finding = Finding.Of(Invariant($"N = {cells[^1].Samples}, share of influence in specialized nodes, layer 1:"), share, Bar.AtLeast(InfluenceShare), seeds.Count);
        var others = string.Join(" ", Enumerable.Range(1, evidence.Layers - 1).Select(layer => Finding.Text(Finding.Mean(seeds, layers => layers[layer].EnergyShare ?? double.NaN))));
        return Judge(S15, others.Length > 0 ? finding with { Words = $"{finding.Words}; upper layers {others}" } : finding);
    }

    private Verdict TooWide()
    {
        if (evidence is null)
            return S21.NotRun(NeedsPart);
        (LayerCell Ten, LayerCell Fifty)[] pairs =
        [
            .. from cell in Cells(LShapeWidth)
               let other = cell with { OverRealization = ExcessiveWidth }
               where evidence.Cells.Contains(other)
               select (cell, other),
        ];
        if (pairs.Length == 0 || !evidence.Config.MultiLayer.Networks.Hidden.SequenceEqual(SweptHidden))
            return S21.NotRun("needs multiLayer.networks.hidden=[10,15,20,25] and 10 and 50 among multiLayer.networks.overRealization in part multi-layer, and mse; published with N = 100000 and 100 epochs");
        var (ten, fifty) = pairs[^1];
        var words = Invariant($"N = {ten.Samples}, mean best by layer: r = 10 {Means(evidence.End(ten))}, r = 50 {Means(evidence.End(fifty))}");
        return Judge(S21, Lower(ten, fifty, words, "r = 10 above r = 50"));
    }

    /// <summary>Cells of a width trained on the squared error, by N.</summary>
    private IEnumerable<LayerCell> Cells(double overRealization)
        => evidence!.Cells.Where(cell => cell.OverRealization.Equals(overRealization) && cell.Objective == DistillationLoss.Mse);

    /// <summary>Every upper layer of a cell against a bar.</summary>
    private Finding Weakest(LayerCell cell, Func<int, string> name, double bar)
    {
        var seeds = evidence!.End(cell);
        return Finding.All([.. Enumerable.Range(1, evidence.Layers - 1).Select(layer => Finding.Of(
            name(layer + 1), Statistics.Bootstrap(seeds, sample => Finding.Mean(sample, layers => layers[layer].MeanBest)), Bar.AtLeast(bar), seeds.Count))]);
    }

    /// <summary>Every upper layer lower in the second cell than in the first, seed by seed.</summary>
    private Finding Lower(LayerCell first, LayerCell second, string words, string difference)
    {
        var pairs = evidence!.Paired(first, second);
        var finding = Finding.All([.. Enumerable.Range(1, evidence.Layers - 1).Select(layer => Finding.Of(
            Invariant($"layer {layer + 1} {difference} by"),
            Statistics.Bootstrap(pairs, sample => Finding.Mean(sample, pair => pair.First[layer].MeanBest - pair.Second[layer].MeanBest)),
            // a difference of exactly 0 is not lower
            Bar.AtLeast(double.Epsilon), pairs.Count))]);
        return finding with { Words = $"{words}; {finding.Words}" };
    }

    private Verdict Judge(Claim claim, Finding finding)
        => claim.Judge(finding.Outcome, finding.Words, Scales.MultiLayer(evidence!, Published(claim)), finding.Estimate, finding.Seeds);

    private static string Published(Claim claim) => claim.Id switch
    {
        "S13" => "the author's notebooks: hidden 50-75-100-125, 20 million samples seen at every N, learning rate 0.2, then 0.1, one run.",
        "S15" => "the author's notebooks: hidden 50-75-100-125, N = 200,000, 100 epochs, one run, other settings not recorded.",
        "S21" => "published: hidden 10-15-20-25, N = 100,000, 40 to 100 epochs, learning rate 0.05, 32 runs.",
        _ => "the paper: hidden 50-75-100-125, N = 5,000 to 500,000, 200 epochs, learning rate 0.2, then 0.1 after 20 epochs, 10 seeds.",
    };

    private static IEnumerable<double> Upper(IReadOnlyList<LayerRow[]> seeds) => Enumerable.Range(1, seeds[0].Length - 1).Select(layer => Best(seeds, layer));

    private static double Best(IReadOnlyList<LayerRow[]> seeds, int layer) => Finding.Mean(seeds, layers => layers[layer].MeanBest);

    /// <summary>0.926 0.692 0.665 0.669.</summary>
    private static string Means(IReadOnlyList<LayerRow[]> seeds)
        => seeds.Count == 0 ? "none" : string.Join(" ", Enumerable.Range(0, seeds[0].Length).Select(layer => Finding.Text(Finding.Mean(seeds, layers => layers[layer].MeanBest))));
}
