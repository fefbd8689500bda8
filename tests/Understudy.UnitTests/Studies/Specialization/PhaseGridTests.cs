using Understudy.Lab.Figures;
using Understudy.Studies.Specialization;

namespace Understudy.UnitTests.Studies.Specialization;

public class PhaseGridTests
{
    private static readonly SpecializationStudy Study = new();
    private static readonly string[] Small =
    [
        "@smoke", "parts=[phase]", "phase.data.samples=[8,128]", "phase.grids.samples=128", "phase.grids.learningRates=[0.02,0.05,1000]", "phase.grids.scales=[0.005,0.1]",
        "phase.grids.slopes=[0,0.5]",
    ];

    [Fact]
    public void The_contour_of_a_plane_is_a_straight_line_through_every_square_it_meets()
    {
        // value = column + 2·row over 4 columns and 3 rows
        double[] values = [.. Enumerable.Range(0, 12).Select(i => (double)((i % 4) + (2 * (i / 4))))];

        var points = Contour.Of(values, 3, 4, 2.5).Where(point => !double.IsNaN(point.X)).ToArray();

        Assert.All(points, point => Assert.Equal(2.5, point.X + (2 * point.Y), 1e-12));
        // the line goes from (2.5, 0) to (0, 1.25) through four squares
        Assert.Equal(2 * 4, points.Length);
        Assert.Contains(new XY(2.5, 0), points);
        Assert.Contains(new XY(0, 1.25), points);
    }

    [Fact]
    public void There_is_no_contour_where_nothing_crosses_or_is_known()
    {
        Assert.Empty(Contour.Of([0, 0.1, 0.2, 0.3], 2, 2, 0.5));
        Assert.Empty(Contour.Of([0, 1, double.NaN, 1], 2, 2, 0.5));
    }

    [Fact]
    public void A_saddle_has_two_pieces_that_do_not_cross()
    {
        var points = Contour.Of([1, 0, 0, 1], 2, 2, 0.5);

        Assert.Equal(6, points.Count);
        Assert.Equal([true, true], new[] { 2, 5 }.Select(gap => double.IsNaN(points[gap].X)));
    }

    [Fact]
    public void Every_cell_of_the_grids_is_trained_and_drawn_and_cells_that_diverge_are_told()
    {
        var run = Run(Small).Recorded();
        var rows = run.Table<PhaseGridRow>("phase-grids.evaluations");

        // 3 rates x 2 scales, and 2 slopes x 2 widths, with 2 seeds
        Assert.Equal((12, 8), (rows.Count(row => row.Grid == PhaseGrid.RateScale), rows.Count(row => row.Grid == PhaseGrid.SlopeWidth)));
        Assert.All(rows, row => Assert.Equal(row.LearningRate > 100, row.Diverged));
        Assert.Equal(["phase-rate-scale", "phase-slope-width"], Study.Draw([run]).Select(figure => figure.Name).Where(name => name is not ("phase-diagram" or "sufficient-samples")));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(300)]
    public void Cancelled_grids_go_on_to_the_same_rows(long step)
        => Assert.Equal(Run(Small).Text(), MemoryRun.Of(Study, Small, stopAt: (part, done) => part == "phase-grids" && done == step).Text());

    [Fact]
    public void A_cell_of_a_grid_is_that_of_the_search_with_the_same_settings()
    {
        var run = Run(Small).Recorded();
        var search = run.Table<PhaseRow>("phase.evaluations").Where(row => row.Samples == 128).ToDictionary(row => (row.OverRealization, row.Seed), row => row.Loss);
        var grid = run.Table<PhaseGridRow>("phase-grids.evaluations").Where(row => row.Slope == 0 && row.LearningRate == 0.02 && row.Scale == 0.005).ToArray();

        // the slope grid has both widths, the other r = 2 again
        Assert.Equal(2 * (2 + 1), grid.Length);
        Assert.All(grid, row => Assert.Equal(search[(row.OverRealization, row.Seed)], row.Loss));
    }

    [Fact]
    public void Settings_that_do_not_fit_are_told_in_sentences()
        => Assert.Equal(
            [
                "phase.grids.samples (0) must be at least 1.",
                "phase.grids.fanOutDecay (-1) must not be negative.",
                "phase.grids.overRealization (0) must be at least 1.",
                "phase.grids.learningRates and phase.grids.scales need each other: give both or neither.",
                "phase.grids.learningRates and phase.grids.scales must hold positive numbers, none twice.",
                "phase.grids.slopes must hold numbers of at least 0 and below 1, none twice.",
            ],
            new SpecializationConfig
            {
                Phase = new PhaseConfig { Grids = new PhaseGridsConfig { Samples = 0, FanOutDecay = -1, OverRealization = 0, LearningRates = [0.1, 0.1], Slopes = [1] } },
            }.Problems());

    private static MemoryRun Run(string[] settings) => MemoryRun.Of(Study, settings);
}
