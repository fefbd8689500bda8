using Understudy.Lab;
using Understudy.Lab.Claims;
using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;
using Understudy.Studies.Specialization;
using Understudy.Studies.Specialization.Experiments;

namespace Understudy.UnitTests.Studies.Specialization;

public class MultiLayerTests
{
    private static readonly SpecializationStudy Study = new();
    private static readonly string[] Tiny = ["@smoke", "parts=[multi-layer]"];

    [Fact]
    public void Ticks_hold_every_evaluation_and_every_change_of_the_learning_rate()
    {
        var plan = new MultiLayerPlan(new SpecializationConfig());
        var (small, large) = (plan.Cells[0], plan.Cells[1]);

        Assert.Equal((200, 100), (small.Epochs, large.Epochs));
        Assert.Equal(40, plan.Ticks);
        Assert.Equal((0, 200, 100), (plan.Epoch(small, 0), plan.Epoch(small, 40), plan.Epoch(large, 40)));
        Assert.Equal([0, 40, 80, 120, 160, 200], Enumerable.Range(0, 41).Where(plan.IsEvaluated).Select(tick => plan.Epoch(small, tick)));
        // 15 and 62 whole batches of 64
        Assert.Equal((200 * 15, 100 * 62), (plan.Step(small, 40), plan.Step(large, 40)));
        Assert.All(Enumerable.Range(0, 40), tick => Assert.Equal(plan.Epoch(large, tick) < 20 ? 0.2 : 0.1, plan.Rate(tick)));
    }

    [Fact]
    public void Equal_compute_shares_out_the_samples_and_cells_with_the_same_steps_share_a_register()
    {
        var plan = Plan("multiLayer.data.samples=[5000,12500,20000]", "multiLayer.training.samplesSeen=20000000");

        Assert.Equal([4000, 1600, 1000], plan.Cells.Select(cell => cell.Epochs));
        Assert.Single(plan.Groups());
        Assert.Equal(2, new MultiLayerPlan(new SpecializationConfig()).Groups().Count());
    }

    [Fact]
    public void Few_epochs_make_few_ticks()
    {
        var plan = Plan("multiLayer.training.epochs=[3]", "multiLayer.measures.stages=7");

        Assert.Equal(3, plan.Ticks);
        Assert.Equal([0, 1, 2, 3], Enumerable.Range(0, 4).Select(tick => plan.Epoch(plan.Cells[0], tick)));
        Assert.All(Enumerable.Range(0, 4), tick => Assert.True(plan.IsEvaluated(tick)));
        Assert.Equal([0.2, 0.1, 0.1], Enumerable.Range(0, 3).Select(plan.Rate));
    }

    [Fact]
    public void A_run_records_every_layer_of_every_student()
    {
        var run = Run(2).Recorded();

        // 2 losses x 2 seeds x 2 layers; evaluations at 0, 1/5, 1/3, 2/3 and 1 are after epochs 0, 1, 2, 4, 6 of 6, and 0, 1, 2, 3 of 3
        var rows = run.Table<LayerRow>("multi-layer.evaluations");
        Assert.Equal(8 * (5 + 4), rows.Count);
        Assert.Equal(8 * (3 + 4), run.Table<LayerNodeRow>("multi-layer.nodes").Count);
        Assert.Equal(8 * (6 + 8), run.Table<LayerStudentRow>("multi-layer.students").Count);
        Assert.All(rows, row => Assert.Equal((row.TrainLoss is null, row.EnergyShare is null), (row.Epoch < row.Epochs, row.Epoch < row.Epochs)));
        Assert.All(rows, row => Assert.InRange(row.MeanBest, row.SmallestBest, 1));
        Assert.All(rows.GroupBy(row => (row.Cell, row.Epoch, row.Seed)), layers => Assert.Equal([1, 2], layers.Select(layer => layer.Layer)));
    }

    // before training the cells of a seed differ in nothing: the comparison over N and losses is paired
    [Fact]
    public void Cells_of_one_seed_share_teacher_student_and_data()
    {
        var rows = Run(1).Recorded().Table<LayerRow>("multi-layer.evaluations").Where(row => row.Epoch == 0);

        Assert.All(rows.GroupBy(row => (row.Seed, row.Layer)), cells => Assert.Single(cells.Select(cell => cell.MeanBest).Distinct()));
    }

    [Fact]
    public void Training_lowers_the_loss_on_the_training_set_and_threads_change_nothing()
    {
        var (one, three) = (Rows(Run(1, "multiLayer.training.epochs=[60]")), Rows(Run(3, "multiLayer.training.epochs=[60]")));

        Assert.Equal(one.Select(row => row.ToString()), three.Select(row => row.ToString()));
        foreach (var student in one.GroupBy(row => (row.Cell, row.Seed)))
            Assert.True(student.Last().TrainLoss < 0.8 * student.First().Loss, $"{student.Key}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_cancelled_run_goes_on_to_the_same_rows(long tick)
        => Assert.Equal(Run(2).Text(), MemoryRun.Of(Study, Tiny, stopAt: (_, done) => done == tick).Text());

    [Fact]
    public void A_diverged_student_is_reported_as_diverged()
    {
        var rows = Run(1, "multiLayer.training.learningRates=[1e6,1e6]", "multiLayer.training.losses=[mse]", "multiLayer.training.epochs=[20]").Recorded();

        Assert.All(rows.Table<LayerRow>("multi-layer.evaluations").Where(row => row.Epoch == row.Epochs), row => Assert.True(row.Diverged && double.IsNaN(row.MeanBest)));
        Assert.Empty(rows.Table<LayerStudentRow>("multi-layer.students"));
        Assert.StartsWith("needs 2 among multiLayer.networks.overRealization", Verdict("S12", rows).Measured, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.95, 0.7, 4, Outcome.Supported)]
    [InlineData(0.95, 0.9, 4, Outcome.NotSupported)]
    [InlineData(0.95, 0.7, 2, Outcome.Inconclusive)]
    [InlineData(0.99, 0.96, 4, Outcome.NotRun)]
    [InlineData(0.5, 0.96, 4, Outcome.NotSupported)]
    public void The_lead_of_the_lowest_layer_is_judged_where_the_upper_ones_have_not_specialized(double lowest, double upper, int seeds, Outcome expected)
        => Assert.Equal(expected, Verdict("S12", Record(seeds, (_, layer) => layer == 1 ? lowest : upper)).Outcome);

    [Fact]
    public void One_sample_size_at_which_the_lead_is_small_decides()
        => Assert.Equal(Outcome.NotSupported, Verdict("S12", Record(4, (cell, layer) => layer == 1 ? 0.9 : cell.Samples == 1000 ? 0.6 : 0.85)).Outcome);

    [Theory]
    [InlineData(0.999, Outcome.Supported)]
    [InlineData(0.6, Outcome.NotSupported)]
    public void Sharp_specialization_is_judged_at_the_published_scale_only(double upper, Outcome expected)
    {
        string[] published = ["multiLayer.networks.hidden=[50,75,100,125]", "multiLayer.data.samples=[12500,20000]", "multiLayer.training.samplesSeen=20000000"];

        Assert.Equal(expected, Verdict("S13", Record(4, (cell, layer) => layer == 1 || cell.Samples == 20_000 ? upper : 0.5, published)).Outcome);
        // specialized at both sizes is no change
        Assert.Equal(Outcome.NotSupported, Verdict("S13", Record(4, (_, _) => upper, published)).Outcome);
        Assert.Equal(Outcome.NotRun, Verdict("S13", Record(4, (_, _) => upper, [published[0], "multiLayer.data.samples=[20000]", published[2]])).Outcome);
        Assert.Equal(Outcome.NotRun, Verdict("S13", Record(4, (_, _) => upper, [published[0], published[1], "multiLayer.training.samplesSeen=100000000"])).Outcome);
        Assert.Equal(Outcome.NotRun, Verdict("S13", Record(4, (_, _) => upper, published[1..])).Outcome);
        Assert.Equal(Outcome.NotRun, Verdict("S13", Record(4, (_, _) => upper, published[..2])).Outcome);
    }

    [Theory]
    [InlineData(0.5, Outcome.Supported)]
    [InlineData(0.7, Outcome.NotSupported)]
    public void Cross_entropy_is_compared_layer_by_layer_and_equality_is_no_lag(double entropy, Outcome expected)
    {
        var run = Record(4, (cell, _) => cell.Objective == DistillationLoss.CrossEntropy ? entropy : 0.7, "multiLayer.training.losses=[mse,cross-entropy]");

        Assert.Equal(expected, Verdict("S14", run).Outcome);
        Assert.Equal(Outcome.NotRun, Verdict("S14", Record(4, (_, _) => 0.7)).Outcome);
    }

    [Theory]
    [InlineData(0.8, Outcome.Supported, Outcome.Supported)]
    [InlineData(0.95, Outcome.Supported, Outcome.NotSupported)]
    public void Wide_students_are_judged_by_influence_and_against_wider_ones(double widest, Outcome s15, Outcome s21)
    {
        var run = Record(4, (cell, _) => cell.OverRealization > 10 ? widest : 0.9, "multiLayer.networks.overRealization=[10,50]");

        Assert.Equal((s15, s21), (Verdict("S15", run).Outcome, Verdict("S21", run).Outcome));
        Assert.Equal(Outcome.NotRun, Verdict("S15", Record(4, (_, _) => 0.7)).Outcome);
        Assert.Equal(Outcome.NotRun, Verdict("S21", Record(4, (_, _) => 0.7, "multiLayer.networks.overRealization=[10]")).Outcome);
    }

    [Fact]
    public void Runs_of_one_protocol_are_pooled_and_others_left_out()
    {
        double Value(LayerCell cell, int layer) => layer == 1 ? 0.95 : 0.7;
        var verdict = Study.Judge([Record(4, Value, "multiLayer.training.batch=32"), Record(4, Value, "seed=2"), Record(4, Value), Record(4, Value)]).Single(item => item.Claim.Id == "S12");

        Assert.Equal(8, verdict.Seeds);
        Assert.Contains("1 run of another protocol left out", verdict.Scale, StringComparison.Ordinal);
    }

    [Fact]
    public void Contradictions_are_told_in_sentences()
    {
        var config = new SpecializationConfig
        {
            MultiLayer = new MultiLayerConfig
            {
                Networks = new MultiLayerNetworksConfig { OverRealization = [0.5], Outputs = 1 },
                Data = new MultiLayerSamplesConfig { Samples = [50, 4000] },
                Training = new MultiLayerTrainingConfig { Epochs = [1, 2, 3], RateStarts = [0.2, 0.1], Losses = [DistillationLoss.CrossEntropy] },
                Measures = new MultiLayerMeasuresConfig { Evaluation = 100, Jacobians = 100, During = 101 },
            },
        };

        Assert.Equal(
            [
                "multiLayer.measures.during (101) must not exceed multiLayer.measures.evaluation (100).",
                "multiLayer.networks.outputs (1) must be at least 2 for cross-entropy.",
                "multiLayer.networks.overRealization must hold at least one number, each at least 1.",
                "multiLayer.data.samples must each be at least multiLayer.training.batch (64): batches are drawn without replacement.",
                "multiLayer.training.epochs must hold one number, or one for each of the 2 of multiLayer.data.samples.",
                "multiLayer.training.rateStarts must begin with 0 and increase, each below 1.",
            ],
            config.Problems());
    }

    [Fact]
    public void Hidden_widths_of_the_weight_grid_and_of_memory_are_refused()
    {
        Assert.Equal(
            ["multiLayer.networks asks for 15 nodes over 1, more than the weight grid has distinct rows; use fewer nodes, or more in the layer below."],
            Problems(new MultiLayerNetworksConfig { Hidden = [1, 15] }));
        Assert.Equal(["multiLayer.networks.hidden must hold at least one width, each at least 1."], Problems(new MultiLayerNetworksConfig { Hidden = [] }));
        Assert.Matches(@"^multiLayer asks for students of [\d.]+E\+8 parameters, more than 10,000,000: lower multiLayer\.networks", Assert.Single(Problems(new MultiLayerNetworksConfig { OverRealization = [500] })));
        Assert.Empty(Problems(new MultiLayerNetworksConfig { OverRealization = [50] }));
        Assert.Empty(Problems(new MultiLayerNetworksConfig { Hidden = [50, 75, 100, 125], OverRealization = [10] }));
    }

    [Theory]
    [InlineData("multiLayer.training.epochs=[400]")]
    [InlineData("multiLayer.data.samples=[4000,8000]")]
    [InlineData("multiLayer.networks.hidden=[50,75,100,125]")]
    [InlineData("seeds=16")]
    public void More_work_takes_longer(string setting)
        => Assert.True(Estimate("parts=[multi-layer]", setting) > Estimate("parts=[multi-layer]"));

    [Fact]
    public void Progress_tells_the_loss_and_the_lowest_layer()
    {
        var told = Run(1).Told.Where(values => values.Count > 0).ToArray();

        Assert.NotEmpty(told);
        Assert.All(told, values => Assert.Equal(["loss", "lowest layer"], values.Select(value => value.Name)));
    }

    private static TimeSpan Estimate(params string[] settings) => ((IEstimatesRuns)Study).Estimate(ConfigReader.Read(Study, settings), 1).Time;

    private static string[] Problems(MultiLayerNetworksConfig networks) => [.. new SpecializationConfig { MultiLayer = new MultiLayerConfig { Networks = networks } }.Problems()];

    private static MultiLayerPlan Plan(params string[] settings) => new((SpecializationConfig)ConfigReader.Read(Study, settings));

    private static MemoryRun Run(int threads, params string[] settings) => MemoryRun.Of(Study, [.. Tiny, .. settings], threads);

    private static IReadOnlyList<LayerRow> Rows(MemoryRun run) => [.. run.Recorded().Table<LayerRow>("multi-layer.evaluations").Select(row => row with { Covered = [] })];

    /// <summary>A record in which the mean best correlation of every layer of every seed is what is given, but for a spread of 0.002 over seeds.</summary>
    private static MemoryRecord Record(int seeds, Func<LayerCell, int, double> best, params string[] settings)
    {
        var config = (SpecializationConfig)ConfigReader.Read(Study, [.. settings]);
        object[] rows =
        [
            .. from cell in new MultiLayerPlan(config).Cells
               from seed in Enumerable.Range(0, seeds)
               from layer in Enumerable.Range(1, config.MultiLayer.Networks.Hidden.Count)
               select new LayerRow(
                   seed, 100, cell.Epochs, cell.OverRealization, cell.Objective, cell.Samples, cell.Epochs, layer, false, 0.1, 0.1, 0.5,
                   best(cell, layer) - (0.001 * (seed % 3)), 0.1, 0.5, [1, 1, 1, 1, 1, 1], 0.7, 0, 0),
        ];
        return new MemoryRecord(config, new Dictionary<string, List<object>> { ["multi-layer.evaluations"] = [.. rows] }, new Dictionary<(string, long), IReadOnlyList<Understudy.Data.Formats.Tensor>>());
    }

    private static Verdict Verdict(string id, RunRecord run) => Study.Judge([run]).Single(verdict => verdict.Claim.Id == id);
}
