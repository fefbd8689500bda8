using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Lab.Figures;
using Understudy.Studies.Hessian.Judging;
using static System.FormattableString;

namespace Understudy.Studies.Hessian.Drawing;

/// <summary>Spectra over widths: eigenvalues by rank, scree plots, negative tails, the split of H, and its classes.</summary>
internal static class SpectrumFigures
{
    private const int Shown = 120;
    private const int RanksOfClasses = 12;

    /// <summary>The largest and the smallest eigenvalues of the first seed by rank share, before and after training.</summary>
    internal static Figure Ranks(Recorded<SpectrumRow> spectra) => new(
        "spectrum", "Eigenvalues of the Hessian, before and after training",
        "The eigenvalues of one seed at both ends of the spectrum: the 120 largest, and the smallest up to 120 behind the negative ones; those between are left out.",
        ByRank(spectra, _ => new Axis("eigenvalue λ")), Columns: 3);

    /// <summary>The same on an axis on which bulk, outliers and negative tail are all seen.</summary>
    internal static Figure SymmetricRanks(Recorded<SpectrumRow> spectra) => new(
        "spectrum-symlog", "The same eigenvalues, logarithmic on both sides of zero",
        "As above, with an axis that is linear up to 1e-6 of the largest eigenvalue and logarithmic beyond, for both signs: few outliers, a bulk over many decades, and negative eigenvalues that training leaves small.",
        ByRank(spectra, rows => new Axis("eigenvalue λ", LinearWithin: 1e-6 * rows.Max(row => row.Top[0]))), Columns: 3);

    private static Panel[] ByRank(Recorded<SpectrumRow> spectra, Func<IEnumerable<SpectrumRow>, Axis> axis) =>
    [
        .. Widths(spectra).Select(width => new Panel(
            Invariant($"n = {width.Key}, P = {width.First().Parameters:N0}"), new Axis("rank share from the smallest", Min: 0, Max: 1), axis(spectra.Seeds[0]),
            [
                .. width.OrderBy(row => row.Stage).SelectMany(row => new Layer[]
                {
                    new LineLayer(Name(row.Stage), [.. row.Bottom.Select((value, rank) => new XY((rank + 0.5) / row.Parameters, value))], Role(row.Stage), Dashed: row.Stage == TrainingStage.Start),
                    new LineLayer(Name(row.Stage), [.. row.Top.Select((value, rank) => new XY(1 - ((rank + 0.5) / row.Parameters), value)).Reverse()], Role(row.Stage), Dashed: row.Stage == TrainingStage.Start),
                }),
            ])),
    ];

    /// <summary>The largest eigenvalues after training, on a logarithmic axis, with what lies between the seeds.</summary>
    internal static Figure Outliers(Recorded<SpectrumRow> spectra, Recorded<WideRow>? wide) => new(
        "outliers", "The largest eigenvalues after training, over widths",
        Invariant($"Medians over {spectra.Seeds.Count} seed(s), bands from the smallest to the largest seed. The dashed line stands at the number of classes."),
        [
            new Panel("", new Axis("rank j from the largest", Min: 1, Max: Shown), new Axis("eigenvalue λ_j", Logarithmic: true),
            [
                .. spectra.All.Where(row => row.Stage == TrainingStage.End).Select(row => (row.Hidden, row.Top))
                    .Concat((wide?.All ?? []).Where(row => row.Stage == TrainingStage.End).Select(row => (row.Hidden, row.Top)))
                    .GroupBy(row => row.Hidden).OrderBy(width => width.Key).SelectMany(width => Curves(Invariant($"n = {width.Key}"), [.. width.Select(row => row.Top)])),
                new RuleLayer("dashed: classes", Examples.Classes, Vertical: true),
            ]),
        ]);

    /// <summary>The 120 largest eigenvalues after training, with the number each rule counts.</summary>
    internal static Figure Scree(Recorded<SpectrumRow> spectra) => new(
        "scree", "What the rules count as outliers",
        "The largest eigenvalues after training, one line per seed, and where the rules cut those of the first seed: behind the largest gap, behind the largest ratio, and at the elbow of the logarithms. Grey: the number of classes.",
        [
            .. Widths(spectra).Select(width =>
            {
                var count = OutlierCount.Of(width.First(row => row.Stage == TrainingStage.End).Top.ToArray());
                return new Panel(
                    Invariant($"n = {width.Key}: gap {Text(count.Gap)}, ratio {Text(count.Ratio)}, elbow {Text(count.Elbow)}"), new Axis("rank j from the largest", Logarithmic: true, Min: 0.9, Max: Shown), new Axis("eigenvalue λ_j", Logarithmic: true),
                    [
                        .. spectra.All.Where(row => row.Stage == TrainingStage.End && row.Hidden == width.Key).Select(row => new LineLayer("a seed", Ranked(row.Top), SeriesRole.Student, Markers: true, Opacity: 0.6)),
                        // side by side where rules agree
                        .. Cut("gap", count.Gap, 0.97), .. Cut("ratio", count.Ratio, 1), .. Cut("elbow", count.Elbow, 1.03),
                        new RuleLayer("dashed: classes", Examples.Classes, Vertical: true),
                    ]);
            }),
        ], Columns: 2);

    /// <summary>A rule between two ranks, moved a little.</summary>
    private static IEnumerable<Layer> Cut(string name, OutlierRule rule, double move)
        => rule.Count is { } count ? [new RuleLayer(name, (count + 0.5) * move, Vertical: true, SeriesRole.Alternative)] : [];

    private static string Text(OutlierRule rule) => rule.Count is { } count ? Invariant($"{count}") : "–";

    /// <summary>The negative end against the share of parameters, with the bound of one hidden layer.</summary>
    internal static Figure NegativeTail(Recorded<SpectrumRow> spectra) => new(
        "negative-tail", "The negative end after training, over widths",
        "Smallest eigenvalues of one seed against their share of all parameters. Dashed: n(C − 1)/P, above which a network of one hidden ReLU layer has no negative eigenvalue whatever its data.",
        [
            .. Widths(spectra).Select(width =>
            {
                var row = width.First(one => one.Stage == TrainingStage.End);
                return new Panel(Invariant($"n = {width.Key}"), new Axis("rank share", Min: 0), new Axis("eigenvalue λ", Max: 0),
                [
                    new LineLayer("after training", [.. row.Bottom.Where(value => value < 0).Select((value, rank) => new XY((rank + 0.5) / row.Parameters, value))], SeriesRole.Student),
                    new RuleLayer("dashed: n(C − 1)/P", (double)width.Key * (Examples.Classes - 1) / row.Parameters, Vertical: true),
                ]);
            }),
        ], Columns: 3);

    /// <summary>H and its two parts on one axis.</summary>
    internal static Figure Split(Recorded<SpectrumRow> spectra, Recorded<SpectrumShapeRow>? shapes) => new(
        "split", "The Hessian and its two parts after training",
        "The largest eigenvalues of H = G + R, of its Gauss-Newton part G and of R, the network's own curvature, of one seed. The spectrum of R is symmetric with one hidden ReLU layer, so its smallest eigenvalues are the mirror images.",
        [
            .. Widths(spectra).Select(width =>
            {
                var row = width.First(one => one.Stage == TrainingStage.End);
                var residual = shapes?.Seeds[0].FirstOrDefault(shape => shape.Hidden == width.Key && shape.Stage == TrainingStage.End)?.ResidualTop ?? [];
                return new Panel(Invariant($"n = {width.Key}: ‖R‖/‖H‖ = {row.ResidualNorm / row.Norm:0.000}"), new Axis("rank from the largest", Min: 0), new Axis("eigenvalue", Logarithmic: true),
                [
                    new PointLayer("H", Ranked(row.Top.Take(row.GaussNewtonTop.Count)), SeriesRole.Student, Size: 45),
                    new PointLayer("G", Ranked(row.GaussNewtonTop), SeriesRole.Teacher, Size: 14, Opacity: 1),
                    // beyond its rank there is rounding alone
                    new PointLayer("R", Ranked(residual.TakeWhile(value => value > 1e-10 * row.Top[0])), Size: 20, Opacity: 1),
                ]);
            }),
        ], Columns: 3);

    /// <summary>What of the outliers the means of classes explain.</summary>
    internal static Figure Classes(Recorded<ClassStructureRow> classes) => new(
        "classes", "Outliers and the means of classes",
        "The largest eigenvalues of G after training, of its two parts of means (classes and cross-classes), and of its part of class means alone, one seed; right: the share of each part in the trace of G.",
        [
            .. classes.Seeds[0].SelectMany(row => new[]
            {
                new Panel(Invariant($"n = {row.Hidden}, overlap of the top spaces {row.Overlap:0.000}"), new Axis("rank from the largest", Min: 0.4, Max: RanksOfClasses + 0.6), new Axis("eigenvalue", Min: 0),
                [
                    Bars("G", row.GaussNewton, -0.4, SeriesRole.Teacher), Bars("class and cross-class means", row.ClassAndCross, -0.13, SeriesRole.Student), Bars("class means", row.Class, 0.14, SeriesRole.Alternative),
                ]),
                new Panel(Invariant($"n = {row.Hidden}: shares of tr G"), new Axis("part of G", Categories: ["class", "cross-class", "within", "same"]), new Axis("share", Min: 0, Max: 1), [Shares(row)]),
            }),
        ], Columns: 2);

    /// <summary>A third of the room of each rank.</summary>
    private static BarLayer Bars(string name, IEnumerable<double> values, double from, SeriesRole role)
    {
        var (edges, heights) = (new List<double>(), new List<double>());
        foreach (var (rank, value) in values.Take(RanksOfClasses).Index())
        {
            if (rank > 0)
                heights.Add(0);
            edges.AddRange([rank + 1 + from, rank + 1 + from + 0.26]);
            heights.Add(Math.Max(0, value));
        }

        return new BarLayer(name, edges, heights, role);
    }

    private static BarLayer Shares(ClassStructureRow row)
    {
        double[] traces = [row.TraceClass, row.TraceCross, row.TraceWithin, row.TraceSame];
        double[] edges = [.. traces.SelectMany((_, part) => new[] { part - 0.35, part + 0.35 })];
        return new BarLayer("", edges, [.. Enumerable.Range(0, edges.Length - 1).Select(bar => bar % 2 == 0 ? traces[bar / 2] / traces.Sum() : 0)], SeriesRole.Teacher);
    }

    /// <summary>Positive values by rank from 1.</summary>
    internal static XY[] Ranked(IEnumerable<double> values) => [.. values.Select((value, rank) => new XY(rank + 1, value)).Where(point => point.Y > 0)];

    /// <summary>The median of curves of descending values, and the band they fill.</summary>
    internal static IEnumerable<Layer> Curves(string name, IReadOnlyList<IReadOnlyList<double>> curves)
    {
        var length = Math.Min(Shown, curves.Min(curve => curve.TakeWhile(value => value > 0).Count()));
        XY[] At(double p) => [.. Enumerable.Range(0, length).Select(rank => new XY(rank + 1, Lab.Claims.Statistics.Quantile([.. curves.Select(curve => curve[rank])], p)))];
        if (curves.Count > 1)
            yield return new BandLayer(name, At(0), At(1));
        yield return new LineLayer(name, At(0.5), Markers: true);
    }

    private static IEnumerable<IGrouping<int, SpectrumRow>> Widths(Recorded<SpectrumRow> spectra)
        => spectra.Seeds[0].GroupBy(row => row.Hidden).Where(width => width.Any(row => row.Stage == TrainingStage.End)).OrderBy(width => width.Key);

    private static string Name(TrainingStage stage) => stage == TrainingStage.Start ? "before training" : "after training";

    private static SeriesRole Role(TrainingStage stage) => stage == TrainingStage.Start ? SeriesRole.Reference : SeriesRole.Student;
}
