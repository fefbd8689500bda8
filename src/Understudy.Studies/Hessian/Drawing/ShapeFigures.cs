using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Studies.Hessian.Judging;
using Understudy.Studies.Hessian.Parts;
using static System.FormattableString;

namespace Understudy.Studies.Hessian.Drawing;

/// <summary>The shape of spectra, the blocks of the network they come from, and sharpness.</summary>
internal static class ShapeFigures
{
    private const string Before = "before training";
    private const string After = "after training";

    /// <summary>The density of the bulk before and after training, with a stem for every outlier.</summary>
    internal static Figure Density(Recorded<SpectrumShapeRow> shapes, Recorded<SpectrumRow> spectra) => new(
        "density", "The density of eigenvalues, before and after training",
        "Share of all eigenvalues of one seed per unit of asinh(λ/λ₀), smoothed: training gathers the bulk at zero. Stems: the outliers after training, each as high as one eigenvalue alone would be.",
        [
            .. Pairs(shapes).Select(pair =>
            {
                var row = spectra.Seeds[0].First(one => one.Hidden == pair.End.Hidden && one.Stage == TrainingStage.End);
                var alone = 1 / (row.Parameters * pair.End.Sigma * Math.Sqrt(2 * Math.PI));
                var floor = 0.02 * alone;
                return new Panel(
                    Invariant($"n = {pair.End.Hidden}: {pair.End.Outliers} outliers, λ₀ = {pair.End.Unit:0.0e0}, σ = {pair.End.Sigma:0.00}"), new Axis("eigenvalue λ", LinearWithin: pair.End.Unit), new Axis("density", Logarithmic: true, Min: floor),
                    [
                        new LineLayer(Before, Curve(pair.Start, floor), SeriesRole.Reference, Dashed: true),
                        new LineLayer(After, Curve(pair.End, floor), SeriesRole.Student),
                        .. row.Top.Take(pair.End.Outliers).Select(value => new LineLayer("outliers", [new XY(value, floor), new XY(value, alone)])),
                    ]);
            }),
        ], Columns: 2);

    /// <summary>Where traces and norms come from, tensor by tensor.</summary>
    internal static Figure Blocks(Recorded<SpectrumShapeRow> shapes) => new(
        "blocks", "Which layers the curvature is in",
        "Left: the share of each tensor in the traces of G and of S, the second moment of the gradients, before and after training; with ReLU nodes tr H is tr G, tensor by tensor. Right: Frobenius norms of the blocks of H after training, over that of H: beside the diagonal layers are coupled. One seed.",
        [
            .. Pairs(shapes).SelectMany(pair =>
            {
                string[] tensors = [.. WidthMeasurement.Network(shapes.Config.Widths, pair.End.Hidden).Layout.Slots.Select(slot => slot.Name.Replace("layer.", "", StringComparison.Ordinal))];
                (string Name, IReadOnlyList<double> Values)[] traces =
                [
                    ("G before", pair.Start.GaussNewtonTraces), ("G after", pair.End.GaussNewtonTraces), ("S before", pair.Start.SecondMomentTraces), ("S after", pair.End.SecondMomentTraces),
                ];
                double[] shares = [.. tensors.SelectMany((_, row) => traces.Select(trace => trace.Values[row] / trace.Values.Sum()))];
                var norm = Math.Sqrt(pair.End.BlockNorms.Sum(value => value * value));
                return new[]
                {
                    new Panel(Invariant($"n = {pair.End.Hidden}: tr G {pair.End.GaussNewtonTraces.Sum():0.00}, tr S {pair.End.SecondMomentTraces.Sum():0.00}"), new Axis("trace of", Categories: [.. traces.Select(trace => trace.Name)]), new Axis("tensor", Categories: tensors),
                        [new MatrixLayer("share of the trace", tensors.Length, traces.Length, shares, 0, 1, IsLabelled: true)]),
                    new Panel(Invariant($"n = {pair.End.Hidden}: ‖H‖ = {norm:0.00}"), new Axis("tensor", Categories: tensors), new Axis("tensor", Categories: tensors),
                        [new MatrixLayer("share of the norm", tensors.Length, tensors.Length, [.. pair.End.BlockNorms.Select(value => value / norm)], 0, 1, IsLabelled: true)]),
                };
            }),
        ], Columns: 2);

    /// <summary>Measures of sharpness, and by what factor a change of parameters that changes no output changes each.</summary>
    internal static Figure Sharpness(Recorded<SharpnessRow> sharpness)
    {
        var rows = sharpness.All.ToArray();
        double Median(Func<SharpnessRow, double> value) => Statistics.Median([.. rows.Select(value)]);
        XY[] Marks(Func<SharpnessRow, int, double> value) => [.. rows.SelectMany(row => SharpnessMeasures.Names.Select((_, measure) => new XY(value(row, measure), measure)))];
        return new Figure(
            "sharpness", "Measures of sharpness, and what they are worth",
            Invariant($"After training, n = {rows[0].Hidden}, and where the hidden layer is read {rows[0].Factor} times and its outputs as much less, which changes no output; one mark per seed, beside the right panel medians. What is not at 1 is no property of the function."),
            [
                new Panel("after rescaling / before", new Axis("factor", Logarithmic: true), new Axis("measure", Categories: SharpnessMeasures.Names),
                [
                    new RuleLayer("dashed: unchanged", 1, Vertical: true),
                    new PointLayer("factor", Marks((row, measure) => row.After[measure] / row.Before[measure]), SeriesRole.Teacher, Size: 45),
                ]),
                new Panel("before → after rescaling", new Axis("value", Logarithmic: true), new Axis("median", Categories: [.. SharpnessMeasures.Names.Select((_, i) => $"{Short(Median(row => row.Before[i]))} → {Short(Median(row => row.After[i]))}")]),
                [
                    new PointLayer("before", Marks((row, measure) => row.Before[measure]), SeriesRole.Student, Size: 70),
                    new PointLayer("after", Marks((row, measure) => row.After[measure]), Size: 25, Opacity: 1),
                ]),
            ], Columns: 2);
    }

    private static string Short(double value) => Math.Abs(value) is >= 0.01 and < 1000 ? Invariant($"{value:G3}") : Invariant($"{value:0.#e0}");

    private static XY[] Curve(SpectrumShapeRow shape, double floor)
    {
        var axis = SpectralAxis.Asinh(shape.Unit);
        var step = (shape.Last - shape.First) / (shape.Density.Count - 1);
        return [.. shape.Density.Select((value, i) => new XY(axis.Eigenvalue(shape.First + (i * step)), Math.Max(value, floor)))];
    }

    private static IEnumerable<(SpectrumShapeRow Start, SpectrumShapeRow End)> Pairs(Recorded<SpectrumShapeRow> shapes)
        => from width in shapes.Seeds[0].GroupBy(row => row.Hidden)
           orderby width.Key
           let start = width.FirstOrDefault(row => row.Stage == TrainingStage.Start)
           let end = width.FirstOrDefault(row => row.Stage == TrainingStage.End)
           where start is not null && end is not null
           select (start, end);
}
