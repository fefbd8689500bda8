using Understudy.Lab.Figures;
using Understudy.Studies.Specialization;

namespace Understudy.UnitTests.Studies.Specialization;

public class PhaseTests
{
    private static readonly SpecializationStudy Study = new();
    private static readonly string[] Small = ["@smoke", "parts=[phase]", "phase.measures.levels=[0.3,0.9]", "phase.training.epochs=8", "phase.training.learningRate=0.05"];

    [Theory]
    [InlineData(31)]
    [InlineData(121)]
    [InlineData(333)]
    [InlineData(1900)]
    public void A_step_is_found_within_the_resolution_by_few_measurements(int step)
    {
        var search = Search(size => size < step ? 0 : 1);

        var crossing = search.At(0.5);
        Assert.Equal(CrossingKind.Between, crossing.Kind);
        Assert.InRange(step, crossing.Low!.Value + 1, crossing.High!.Value);
        // rounded sizes may end a hair above the ratio
        Assert.InRange((double)crossing.High.Value / crossing.Low.Value, 1, 1.2);
        // four sizes, and three halvings of a gap of 4 to its eighth root; a grid has 25
        Assert.InRange(search.Values.Count, 4, 8);
    }

    [Fact]
    public void A_straight_line_over_the_logarithm_is_crossed_where_it_is()
    {
        var search = Search(size => Math.Log(size / 30.0) / Math.Log(64));

        Assert.Equal(240, search.At(0.5).Threshold!.Value, 1e-9);
        Assert.Equal(30 * Math.Pow(64, 0.95), search.At(0.95).Threshold!.Value, 1e-6);
    }

    [Fact]
    public void What_lies_outside_the_range_is_told_and_costs_nothing()
    {
        var (never, always) = (Search(_ => 0.4), Search(_ => 1));

        Assert.Equal(new Crossing(CrossingKind.NotBelowLargest, 1920, null, null), never.At(0.5));
        Assert.Equal(new Crossing(CrossingKind.NotAboveSmallest, null, 30, null), always.At(0.5));
        Assert.Equal([4, 4], ((CrossingSearch[])[never, always]).Select(search => search.Values.Count));
    }

    [Fact]
    public void A_size_of_which_nothing_is_known_is_not_sufficient()
    {
        var search = new CrossingSearch([], [0.5], 1.2, size => size);
        search.Add(10, double.NaN);
        search.Add(40, 0.8);

        Assert.Equal(20, search.At(0.5).Threshold!.Value, 1e-12);
        Assert.Equal([20], search.Next());
    }

    [Fact]
    public void A_level_that_is_met_exactly_lies_at_its_size()
    {
        var search = new CrossingSearch([10, 20], [0.5], 3, size => size);
        search.Add(10, 0.2);
        search.Add(20, 0.5);

        Assert.Equal(20, search.At(0.5).Threshold!.Value, 1e-12);
        Assert.Empty(search.Next());
    }

    [Theory]
    [InlineData(1.2, 3, 25)]
    [InlineData(4.0, 0, 4)]
    [InlineData(1.9, 2, 13)]
    public void A_grid_of_the_same_resolution_has_the_sizes_that_halving_would_give(double resolution, int halvings, int sizes)
    {
        var part = new PhaseConfig { Measures = new PhaseMeasuresConfig { Resolution = resolution } };

        Assert.Equal((halvings, sizes), (part.MostHalvings, part.GridSizes));
    }

    [Fact]
    public void Every_round_trains_what_the_thresholds_need_and_the_last_records_them()
    {
        var run = Run(Small).Recorded();
        var rows = run.Table<PhaseRow>("phase.evaluations").ToArray();
        var thresholds = run.Table<PhaseThresholdRow>("phase.thresholds").ToArray();

        Assert.Equal(2 * 2, thresholds.Length);
        Assert.Equal([8, 32, 128], rows.Where(row => row.Round == 1).Select(row => row.Samples).Distinct().Order());
        Assert.True(rows.Max(row => row.Round) > 1);
        Assert.All(rows, row => Assert.Equal(800L * row.Round, row.Step));
        foreach (var threshold in thresholds)
        {
            var measured = rows.Where(row => row.Column == threshold.Column).ToArray();
            Assert.Equal(measured.Length, threshold.Runs);
            Assert.Equal(2 * (1 + (2 << 2)), threshold.GridRuns);
            double Share(int samples) => measured.Where(row => row.Samples == samples).Average(row => row.Recovered);
            if (threshold.Low is { } low)
                Assert.True(Share(low) < threshold.Level);
            if (threshold.High is { } high)
                Assert.True(Share(high) >= threshold.Level);
            if (threshold.Kind == CrossingKind.Between)
                Assert.InRange(threshold.Threshold!.Value, threshold.Low!.Value, threshold.High!.Value);
        }
    }

    [Fact]
    public void A_cell_is_the_same_in_whichever_round_it_is_trained()
    {
        var adaptive = Run(Small).Recorded().Table<PhaseRow>("phase.evaluations").ToArray();
        var samples = string.Join(",", adaptive.Select(row => row.Samples).Distinct().Order());

        var grid = Run([.. Small, $"phase.data.samples=[{samples}]", "phase.measures.resolution=50"]).Recorded().Table<PhaseRow>("phase.evaluations")
            .ToDictionary(row => (row.Column, row.Samples, row.Seed));

        Assert.All(adaptive, row => Assert.Equal((row.Loss, row.Recovered), (grid[(row.Column, row.Samples, row.Seed)].Loss, grid[(row.Column, row.Samples, row.Seed)].Recovered)));
    }

    [Theory]
    [InlineData(800)]
    [InlineData(1600)]
    public void A_part_cancelled_between_rounds_goes_on_to_the_same_rows(long step)
        => Assert.Equal(Run(Small).Text(), MemoryRun.Of(Study, Small, stopAt: (_, done) => done == step).Text());

    [Fact]
    public void Every_kind_of_training_set_is_a_column_of_its_own()
    {
        var run = Run([.. Small, "phase.data.sets=[plain,teacher-aware]"]).Recorded();
        var figures = Study.Draw([run]).ToArray();

        Assert.Equal(2 * 2 * 2, run.Table<PhaseThresholdRow>("phase.thresholds").Count);
        Assert.Equal(["phase-diagram", "sufficient-samples"], figures.Select(figure => figure.Name));
        Assert.Equal(["p = 1", "p = 1, teacher-aware augmentation"], figures[0].Panels.Select(panel => panel.Title));
        Assert.All(figures[0].Panels, panel => Assert.All(panel.Layers.OfType<MatrixLayer>().Single().Values, value => Assert.InRange(value, 0, 1)));
    }

    [Fact]
    public void Sizes_are_those_of_whole_triples_and_crosses_and_are_searched_as_such()
    {
        var run = Run([.. Small, "phase.data.sets=[plain,boundary,teacher-aware,teacher-agnostic]"]).Recorded();
        var rows = run.Table<PhaseRow>("phase.evaluations");

        Assert.All(rows, row => Assert.Equal(row.Points, row.Samples));
        // 13 points each at d = 6
        Assert.All(rows.Where(row => row.Set == TrainingSet.TeacherAgnostic), row => Assert.Equal(0, row.Samples % 13));
        Assert.All(
            run.Table<PhaseThresholdRow>("phase.thresholds").Where(row => row.Threshold is not null),
            row => Assert.InRange(row.Threshold!.Value, row.Low!.Value, row.High!.Value));
    }

    [Fact]
    public void Students_that_all_diverge_leave_a_figure_without_shares()
        => Assert.All(
            Study.Draw([Run([.. Small, "phase.training.learningRate=100000"]).Recorded()]).Single(figure => figure.Name == "phase-diagram").Panels,
            panel => Assert.All(panel.Layers.OfType<MatrixLayer>().Single().Values, value => Assert.True(double.IsNaN(value))));

    [Fact]
    public void Sets_that_round_to_one_size_are_drawn()
        => Assert.Contains(Study.Draw([Run([.. Small, "phase.data.samples=[8,12]", "phase.data.sets=[teacher-agnostic]"]).Recorded()]), figure => figure.Name == "phase-diagram");

    [Fact]
    public void Settings_that_do_not_fit_are_told_in_sentences()
        => Assert.Equal(
            [
                "phase.data.samples must hold at least two sizes: thresholds lie between them.",
                "phase.measures.levels must hold at least one number, each above 0 and at most 1, none twice.",
                "phase.measures.resolution (1) must be at least 1.01 and below 100.",
            ],
            new SpecializationConfig
            {
                Phase = new PhaseConfig
                {
                    Data = new SampleSizesConfig { Samples = [30] },
                    Measures = new PhaseMeasuresConfig { Levels = [0.5, 0.5], Resolution = 1 },
                },
            }.Problems());

    private static CrossingSearch Search(Func<int, double> value)
    {
        var search = new CrossingSearch([30, 120, 480, 1920], [0.5], 1.2, size => size);
        while (search.Next() is { Count: > 0 } sizes)
        {
            foreach (var size in sizes)
                search.Add(size, value(size));
        }

        return search;
    }

    private static MemoryRun Run(string[] settings) => MemoryRun.Of(Study, settings);
}
