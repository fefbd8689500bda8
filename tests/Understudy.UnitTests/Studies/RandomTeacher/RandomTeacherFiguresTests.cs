using Understudy.Lab.Figures;

namespace Understudy.UnitTests.Studies.RandomTeachers;

public class RandomTeacherFiguresTests
{
    // one seed has no deviation, and two runs of one protocol are drawn together
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_figure_is_made_of_finite_numbers(int seeds)
    {
        Figure[] figures = [.. MadeUp.Study.Draw([MadeUp.Run(seeds), MadeUp.Run(["seed=2"], seeds)])];

        Assert.Equal(
            ["probes", "gains", "training", "valley", "plane", "valley-training", "locality", "sizes", "transfer", "restart", "outputs", "architectures", "bottlenecks", "supervised", "connectivity", "tickets", "ladder", "ladder-table"],
            figures.Select(figure => figure.Name));
        Assert.All(figures, figure => Assert.All(figure.Panels, panel =>
        {
            Assert.Contains(panel.Layers, layer => Numbers(layer).Any());
            Assert.All(panel.Layers.SelectMany(Numbers), number => Assert.True(double.IsFinite(number), $"{figure.Name}, {panel.Title}"));
        }));
    }

    [Fact]
    public void What_was_not_run_is_not_drawn()
        => Assert.Empty(MadeUp.Study.Draw([MadeUp.Only(MadeUp.Run())]));

    private static IEnumerable<double> Numbers(Layer layer) => layer switch
    {
        LineLayer line => Numbers(line.Points),
        BandLayer band => [.. Numbers(band.Lower), .. Numbers(band.Upper)],
        PointLayer points => Numbers(points.Points),
        RuleLayer rule => [rule.Value],
        MatrixLayer matrix => [.. matrix.Values, matrix.Min, matrix.Max],
        _ => throw new ArgumentOutOfRangeException(nameof(layer), layer, "There is no such layer in this study."),
    };

    private static IEnumerable<double> Numbers(IEnumerable<XY> points) => points.SelectMany(point => new[] { point.X, point.Y });
}
