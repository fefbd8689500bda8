using Understudy.Lab.Figures;
using Understudy.Studies.Hessian.Judging;
using static System.FormattableString;

namespace Understudy.Studies.Hessian.Drawing;

/// <summary>Spectra over widths: eigenvalues by rank, scree plots, negative tails, the split of H, and its classes.</summary>
internal static class SpectrumFigures
{
    private const int Shown = 60;

    /// <summary>The largest and the smallest eigenvalues of the first seed by rank share, before and after training.</summary>
    internal static Figure Ranks(Recorded<SpectrumRow> spectra) => new(
        "spectrum", "Eigenvalues of the Hessian, before and after training",
        "The eigenvalues of one seed at both ends of the spectrum: the 120 largest, and the smallest up to 120 behind the negative ones; those between are left out.",
        [
            .. Widths(spectra).Select(width => new Panel(
                Invariant($"n = {width.Key}, P = {width.First().Parameters:N0}"), new Axis("rank share from the smallest", Min: 0, Max: 1), new Axis("eigenvalue λ"),
                [
                    .. width.OrderBy(row => row.Stage).SelectMany(row => new Layer[]
                    {
                        new LineLayer(Name(row.Stage), [.. row.Bottom.Select((value, rank) => new XY((rank + 0.5) / row.Parameters, value))], Role(row.Stage), Dashed: row.Stage == TrainingStage.Start),
                        new LineLayer(Name(row.Stage), [.. row.Top.Select((value, rank) => new XY(1 - ((rank + 0.5) / row.Parameters), value)).Reverse()], Role(row.Stage), Dashed: row.Stage == TrainingStage.Start),
                    }),
                ])),
        ], Columns: 3);

    /// <summary>The largest eigenvalues after training, on a logarithmic axis, with what lies between the seeds.</summary>
    internal static Figure Scree(Recorded<SpectrumRow> spectra) => new(
        "outliers", "The largest eigenvalues after training, over widths",
        Invariant($"Medians over {spectra.Seeds.Count} seed(s), bands from the smallest to the largest seed. The dashed line stands at the number of classes."),
        [
            new Panel("", new Axis("rank j from the largest", Min: 1, Max: Shown), new Axis("eigenvalue λ_j", Logarithmic: true),
            [
                .. spectra.All.Where(row => row.Stage == TrainingStage.End).GroupBy(row => row.Hidden).OrderBy(width => width.Key).SelectMany(width => Curves(Invariant($"n = {width.Key}"), [.. width.Select(row => row.Top)])),
                new RuleLayer("dashed: classes", Examples.Classes, Vertical: true),
            ]),
        ]);

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

    /// <summary>H and its Gauss-Newton part on one axis.</summary>
    internal static Figure Split(Recorded<SpectrumRow> spectra) => new(
        "split", "The Hessian and its Gauss-Newton part after training",
        "The largest eigenvalues of H and of G of one seed. H = G + R: what the marks differ by is the network's own curvature R.",
        [
            .. Widths(spectra).Select(width =>
            {
                var row = width.First(one => one.Stage == TrainingStage.End);
                return new Panel(Invariant($"n = {width.Key}: ‖R‖/‖H‖ = {row.ResidualNorm / row.Norm:0.000}"), new Axis("rank from the largest", Min: 0), new Axis("eigenvalue", Logarithmic: true),
                [
                    new PointLayer("H", Ranked(row.Top.Take(row.GaussNewtonTop.Count)), SeriesRole.Student, Size: 45),
                    new PointLayer("G", Ranked(row.GaussNewtonTop), SeriesRole.Teacher, Size: 14, Opacity: 1),
                ]);
            }),
        ], Columns: 3);

    /// <summary>What of the outliers the means of classes explain.</summary>
    internal static Figure Classes(Recorded<ClassStructureRow> classes) => new(
        "classes", "Outliers and the means of classes",
        "The largest eigenvalues of G after training, of its part of class means, and of both parts of means (classes and cross-classes), one seed.",
        [
            .. classes.Seeds[0].Select(row => new Panel(Invariant($"n = {row.Hidden}, overlap of the top spaces {row.Overlap:0.000}"), new Axis("rank from the largest", Min: 0), new Axis("eigenvalue", Logarithmic: true),
            [
                new PointLayer("G", Ranked(row.GaussNewton), SeriesRole.Teacher, Size: 45),
                new PointLayer("class and cross-class means", Ranked(row.ClassAndCross), SeriesRole.Student, Size: 20, Opacity: 1),
                new PointLayer("class means", Ranked(row.Class), Size: 20, Opacity: 1),
            ])),
        ], Columns: 3);

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
