using Understudy.Lab.Figures;

namespace Understudy.UnitTests.Lab;

/// <summary>Figures with every kind of layer, and awkward ones.</summary>
internal static class FigureCases
{
    private static readonly double[] Awkward = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -1, 1e-300, 1e300, double.MaxValue];

    internal static Figure Lines(bool logarithmic = false) => new("loss", "Loss & <spread>", "It falls, \"mostly\".", [new Panel("", new Axis("step"), new Axis("loss", logarithmic),
    [
        new BandLayer("student", Curve(0.5), Curve(1.5), SeriesRole.Student),
        new LineLayer("student", Curve(1), SeriesRole.Student),
        new LineLayer("teacher", Curve(0.1), SeriesRole.Teacher),
        new LineLayer("other", Curve(2), Markers: true),
        new RuleLayer("published", 0.5),
        new RuleLayer("drop", 50, Vertical: true),
    ])]);

    internal static Figure Matrix(int rows = 3, int columns = 5) => new("matrix", "Cosines", "One cell each.", [new Panel("", new Axis("student", Categories: Labels(columns)), new Axis("teacher", Categories: Labels(rows)),
        [new MatrixLayer("cosine", rows, columns, [.. Enumerable.Range(0, rows * columns).Select(i => i % 7 == 6 ? double.NaN : i / 10.0)], 0, 1)])]);

    internal static Figure Labelled() => Matrix() with { Name = "labelled", Panels = [Matrix().Panels[0] with { Layers = [.. Matrix().Panels[0].Layers.Cast<MatrixLayer>().Select(layer => layer with { IsLabelled = true })] }] };

    internal static Figure Moving(int frames = 3) => Figure.Moving("walk", "A walk", "It goes <on>.", [.. Enumerable.Range(0, frames).Select(i => new Frame($"step {i}", Points(i + 2).Panels))]);

    internal static Figure Histogram() => new("bars", "Eigenvalues", "Few are large.", [new Panel("", new Axis("eigenvalue", Logarithmic: true), new Axis("count"),
        [new BarLayer("bulk", [1e-3, 1e-2, 1e-1, 1], [100, 10, 1])])]);

    /// <summary>Numbers of both signs over many decades.</summary>
    internal static Figure BothSigns() => new("both-signs", "Eigenvalues of both signs", "A few are large.", [new Panel("", new Axis("rank"), new Axis("eigenvalue", LinearWithin: 1e-4),
        [new LineLayer("spectrum", [new XY(0, -0.01), new XY(1, -0.0001), new XY(2, 0), new XY(3, 0.0001), new XY(4, 10)])])]);

    internal static Figure Points(int count) => new("points", "Many points", "A cloud.", [new Panel("", new Axis("x"), new Axis("y"),
        [new PointLayer("cloud", [.. Enumerable.Range(0, count).Select(i => new XY(i, i * 7919 % 1000))])])]);

    internal static Figure Multiples() => new("multiples", "Four panels", "All alike.", [.. Enumerable.Range(0, 4).Select(i => Lines().Panels[0] with { Title = $"r = {i}" })], Columns: 2);

    /// <summary>Empty, constant, enormous and missing numbers in every layer, on both kinds of axis.</summary>
    internal static IEnumerable<Figure> AwkwardOnes()
    {
        foreach (var (logarithmic, unit) in new (bool, double?)[] { (false, null), (true, null), (false, 1e-3), (false, 1e200), (false, -1) })
        {
            var axis = new Axis("an axis with a title that is much longer than any panel could ever be wide, whatever one does about it", logarithmic, LinearWithin: unit);
            XY[] points = [.. Awkward.SelectMany(x => Awkward.Select(y => new XY(x, y)))];
            yield return Of(axis, new LineLayer("all", points, Markers: true), new PointLayer("all", points), new BandLayer("band", points, points));
            yield return Of(axis, new LineLayer("none", []), new PointLayer("", []), new BandLayer("", [], []), new BarLayer("", [], []));
            yield return Of(axis, new LineLayer("one", [new XY(3, 3)]), new RuleLayer("nowhere", double.NaN), new RuleLayer("", -1, Vertical: true));
            yield return Of(axis, new BarLayer("bars", [.. Awkward.Order(), 1e301], Awkward));
        }
        yield return new Figure("empty", "", "", []);
        yield return Labelled();
        yield return Matrix(1, 1);
        yield return Matrix(200, 3);
        yield return Matrix(2, 300);
    }

    private static Figure Of(Axis axis, params Layer[] layers) => new("awkward", "Awkward", "Nothing to see.", [new Panel("a\u0001b", axis, axis, layers)]);

    private static XY[] Curve(double scale) => [.. Enumerable.Range(0, 101).Select(i => new XY(i, scale * Math.Exp(-i / 20.0)))];

    private static string[] Labels(int count) => [.. Enumerable.Range(1, count).Select(i => $"node {i}")];
}
