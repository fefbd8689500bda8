using Understudy.Lab.Claims;
using Understudy.Lab.Runs;
using Understudy.Studies.Specialization;

namespace Understudy.UnitTests.Studies.Specialization;

public class JudgeTests
{
    private static readonly SpecializationStudy Study = new();

    [Theory]
    [InlineData(1.0, 1.0, 8, Outcome.Supported)]
    [InlineData(1.0, 0.9, 8, Outcome.Partly)]
    [InlineData(0.9, 0.9, 8, Outcome.NotSupported)]
    [InlineData(1.0, 1.0, 2, Outcome.Inconclusive)]
    public void Recovery_of_all_nodes_is_judged_by_its_interval_over_seeds(double most, double some, int seeds, Outcome expected)
    {
        // of eight seeds three have the smaller value: the mean passes 0.95, the interval does not
        var run = TwoLayer(seeds, (row, seed) => row with { Recovered = row.OverRealization >= 2 ? (seed < 3 ? some : most) : 0.7 });

        var verdict = Verdict("S1", run);

        Assert.Equal(expected, verdict.Outcome);
        Assert.Equal(seeds, verdict.Seeds);
        Assert.NotEmpty(verdict.Scale);
    }

    [Fact]
    public void Every_claim_of_the_quick_bars_can_be_supported()
    {
        var run = TwoLayer(8, Good);
        var outcomes = Study.Judge([run]).ToDictionary(verdict => verdict.Claim.Id, verdict => verdict.Outcome);
        Assert.All(["S1", "S2", "S3", "S5", "S6", "S7", "S19"], id => Assert.Equal((id, Outcome.Supported), (id, outcomes[id])));
    }

    [Fact]
    public void Every_claim_of_the_quick_bars_can_fail()
    {
        var run = TwoLayer(8, (row, seed) => Good(row, seed) with { Recovered = 0.5, EnergyShare = 0.5, Loss = 1e-3 / row.OverRealization });
        var outcomes = Study.Judge([run]).ToDictionary(verdict => verdict.Claim.Id, verdict => verdict.Outcome);
        Assert.All(["S1", "S2", "S3", "S5", "S6", "S7", "S19"], id => Assert.Equal((id, Outcome.NotSupported), (id, outcomes[id])));
    }

    [Fact]
    public void An_order_of_means_that_is_broken_fails_the_claim_whatever_the_gain()
    {
        var run = TwoLayer(8, (row, seed) => Good(row, seed) is var good && row.OverRealization == 5 ? good with { Recovered = 0.1 } : good);

        Assert.Equal(Outcome.NotSupported, Verdict("S3", run).Outcome);
    }

    [Fact]
    public void Diverged_students_are_left_out_and_counted()
    {
        var run = TwoLayer(8, (row, seed) => Good(row, seed) with { Diverged = seed == 7 });

        var verdict = Verdict("S1", run);

        Assert.Equal((Outcome.Supported, 7), (verdict.Outcome, verdict.Seeds));
        Assert.Contains("diverged students left out", verdict.Scale, StringComparison.Ordinal);
    }

    [Fact]
    public void Published_bars_govern_at_the_published_scale()
    {
        var config = new SpecializationConfig();
        var published = config with
        {
            TwoLayer = config.TwoLayer with
            {
                Teacher = config.TwoLayer.Teacher with { Nodes = 20 },
                Training = config.TwoLayer.Training with { Epochs = 100 },
            },
        };
        var run = TwoLayer(8, (row, seed) => Good(row, seed) with { Recovered = 0.96 }, published);

        // 0.96 passes the quick bar and not the published one
        Assert.Equal(Outcome.NotSupported, Verdict("S1", run).Outcome);
    }

    [Fact]
    public void Recovery_curves_cross_where_they_fall_through_a_half()
    {
        var config = new SpecializationConfig();
        config = config with
        {
            TwoLayer = config.TwoLayer with
            {
                Teacher = config.TwoLayer.Teacher with { Nodes = 20, FanOutDecay = [1, 2] },
                Training = config.TwoLayer.Training with { Epochs = 100 },
            },
        };
        // the published crossings: p = 2 at 7.6 9.7 13.9 14.9 late and 3.0 3.6 4.4 4.4 early; p = 1 at 17.4 and never, early 7.9 10.5 13.6 15.4
        int Recovered(NodeRow row) => (row.FanOutDecay, row.Epoch, row.OverRealization) switch
        {
            (2, 100, 1) => 8,
            (2, 100, 2) => 10,
            (2, 100, 5) => 14,
            (2, 100, _) => 15,
            (2, _, 1) => 3,
            (2, _, 2) => 4,
            (2, _, _) => 5,
            (1, 100, 1) => 17,
            (1, 100, _) => 20,
            (_, _, 1) => 8,
            (_, _, 2) => 10,
            (_, _, 5) => 13,
            _ => 15,
        };
        var run = TwoLayer(8, Good, config, row => row with { Recovered = row.Node < Recovered(row) });

        var outcomes = Study.Judge([run]).ToDictionary(verdict => verdict.Claim.Id, verdict => verdict.Outcome);
        Assert.All(["S3", "S5", "S6"], id => Assert.Equal((id, Outcome.Supported), (id, outcomes[id])));
    }

    [Theory]
    [InlineData(false, Outcome.Supported)]
    [InlineData(true, Outcome.NotSupported)]
    public void The_order_of_learning_is_judged_seed_by_seed(bool reversed, Outcome expected)
    {
        var config = new SpecializationConfig();
        var run = Memory(config, "dynamics", config.Dynamics, 5, Good,
            row => row with { SpecializedAt = 100 * (reversed ? 5 - row.Node : row.Node + 1) }, [0, 40]);

        Assert.Equal(expected, Verdict("S4", run).Outcome);
    }

    [Theory]
    [InlineData(0.97, 0.9, Outcome.Supported, Outcome.Supported, Outcome.Supported)]
    [InlineData(0.5, 0.3, Outcome.NotSupported, Outcome.NotSupported, Outcome.NotSupported)]
    public void Sample_sizes_are_judged_by_mean_best_correlations(double enough, double boundary, Outcome s9, Outcome s10, Outcome s11)
    {
        var config = new SpecializationConfig();
        var rows = new List<object>();
        foreach (var samples in config.Samples.Data.Samples)
        {
            for (var seed = 0; seed < 4; seed++)
            {
                rows.Add(Row(seed, 20, 2, 1, samples, TrainingSet.Plain) with { MeanBest = samples >= 330 ? enough : 0.2 });
                rows.Add(Row(seed, 20, 2, 1, samples, TrainingSet.Boundary) with { MeanBest = samples >= 510 ? enough : boundary });
            }
        }

        var run = Record(config, ("samples.evaluations", rows));

        Assert.Equal((s9, s10, s11), (Verdict("S9", run).Outcome, Verdict("S10", run).Outcome, Verdict("S11", run).Outcome));
    }

    [Theory]
    [InlineData(0.01, Outcome.Supported)]
    [InlineData(0.2, Outcome.NotSupported)]
    public void Lucky_nodes_are_judged_by_the_ratio_of_fan_outs(double ratio, Outcome expected)
    {
        var rows = Enumerable.Range(0, 8).Select(seed => (object)new LuckyRow(seed, 5000, 10, 2, false, 1e-5, 1, ratio, ratio, 1, [1, ratio]));

        Assert.Equal(expected, Verdict("S20", Record(new SpecializationConfig(), ("lucky.evaluations", [.. rows]))).Outcome);
    }

    [Theory]
    [InlineData(0.99, 0.99, Outcome.Supported)]
    [InlineData(0.99, 0.5, Outcome.NotSupported)]
    [InlineData(0.5, 0.99, Outcome.NotSupported)]
    public void Leaky_students_are_judged_at_every_slope(double first, double second, Outcome expected)
    {
        var config = new SpecializationConfig { Leaky = new LeakyConfig { Slopes = [0.1, 0.5], Student = new StudentConfig { OverRealization = [1, 2] } } };
        List<object> Rows(double best) => [.. Enumerable.Range(0, 8).SelectMany(seed => (object[])[Row(seed, 20, 1, 1, 5000, TrainingSet.Plain) with { MeanBest = 0.8 }, Row(seed, 20, 2, 1, 5000, TrainingSet.Plain) with { MeanBest = best }])];

        var verdict = Verdict("S24", Record(config, ("leaky-0-1.evaluations", Rows(first)), ("leaky-0-5.evaluations", Rows(second))));

        Assert.Equal((expected, 8), (verdict.Outcome, verdict.Seeds));
        Assert.Contains("slope 0.5, r = 2:", verdict.Measured, StringComparison.Ordinal);
    }

    [Fact]
    public void A_slope_whose_students_all_diverged_does_not_leave_the_claim_to_the_others()
    {
        List<object> Rows(bool diverged) => [.. Enumerable.Range(0, 8).Select(seed => (object)(Row(seed, 20, 2, 1, 5000, TrainingSet.Plain) with { MeanBest = 1, Diverged = diverged }))];
        var config = new SpecializationConfig { Leaky = new LeakyConfig { Slopes = [0.1, 0.5], Student = new StudentConfig { OverRealization = [2] } } };

        var verdict = Verdict("S24", Record(config, ("leaky-0-1.evaluations", Rows(false)), ("leaky-0-5.evaluations", Rows(true))));

        Assert.NotEqual(Outcome.Supported, verdict.Outcome);
        Assert.Contains("8 diverged students left out", verdict.Scale, StringComparison.Ordinal);
    }

    [Fact]
    public void A_teacher_from_a_file_and_a_slope_are_told()
    {
        var config = new SpecializationConfig { Slope = 0.5 };
        config = config with { TwoLayer = config.TwoLayer with { Teacher = config.TwoLayer.Teacher with { File = "teacher.safetensors" } } };

        var scale = Verdict("S1", TwoLayer(8, Good, config)).Scale;

        Assert.Contains("a teacher from a file that all seeds share", scale, StringComparison.Ordinal);
        Assert.Contains("slope 0.5 where the paper has 0", scale, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_that_were_not_run_are_named()
    {
        var verdicts = Study.Judge([Record(new SpecializationConfig())]).ToArray();

        Assert.Equal(Study.Card.Claims, verdicts.Select(verdict => verdict.Claim));
        Assert.All(verdicts, verdict => Assert.Equal(Outcome.NotRun, verdict.Outcome));
        Assert.Equal("needs part samples: run again with parts=[samples]", Verdict("S9", Record(new SpecializationConfig())).Measured);
    }

    [Fact]
    public void Runs_of_one_protocol_are_pooled_and_others_left_out()
    {
        var config = new SpecializationConfig();
        var other = config with { TwoLayer = config.TwoLayer with { Data = config.TwoLayer.Data with { Samples = 100 } } };
        RunRecord[] runs = [TwoLayer(8, Good, other), TwoLayer(4, Good, config with { Seed = 2 }), TwoLayer(4, Good, config), TwoLayer(4, Good, config)];

        var verdict = Study.Judge(runs).Single(item => item.Claim.Id == "S1");

        Assert.Equal(8, verdict.Seeds);
        Assert.Contains("1 run of another protocol left out", verdict.Scale, StringComparison.Ordinal);
    }

    /// <summary>Numbers that pass every quick bar with a little spread over seeds.</summary>
    private static EvaluationRow Good(EvaluationRow row, int seed)
    {
        var recovered = (row.FanOutDecay, row.OverRealization) switch
        {
            (2, 1) => 0.4,
            (2, 2) => 0.6,
            (2, 5) => 0.8,
            (2, _) => 0.95,
            (1, 1) => 0.8,
            _ => 1,
        };
        return row with
        {
            Recovered = row.Epoch < 10 ? recovered / 2 : recovered,
            Loss = 1e-12 * Math.Pow(100, row.OverRealization) * (1 + (0.1 * seed)),
            EnergyShare = 0.99,
            Spearman = 0.8,
        };
    }

    [Fact]
    public void A_scale_names_the_settings_that_are_not_the_protocol_s()
    {
        var config = new SpecializationConfig
        {
            AsPublished = true,
            TwoLayer = RecoveryConfig.Quick with { Student = RecoveryConfig.Quick.Student with { Freeze = FrozenLayer.Features }, Training = RecoveryConfig.Quick.Training with { WeightDecay = 0.01 } },
        };

        Assert.Contains(", with asPublished = true, twoLayer.student.freeze = \"features\", twoLayer.training.weightDecay = 0.01; the paper: ", Verdict("S1", TwoLayer(8, (row, _) => row, config)).Scale, StringComparison.Ordinal);
        Assert.DoesNotContain(", with ", Verdict("S1", TwoLayer(8, (row, _) => row)).Scale, StringComparison.Ordinal);
    }

    private static MemoryRecord TwoLayer(
        int seeds, Func<EvaluationRow, int, EvaluationRow> change, SpecializationConfig? config = null, Func<NodeRow, NodeRow>? node = null)
    {
        config ??= new SpecializationConfig();
        config = config with { Seeds = seeds };
        return Memory(config, "two-layer", config.TwoLayer, config.TwoLayer.Teacher.Nodes, change, node ?? (row => row), [5, config.TwoLayer.Training.Epochs]);
    }

    private static MemoryRecord Memory(
        SpecializationConfig config, string part, RecoveryConfig own, int nodes, Func<EvaluationRow, int, EvaluationRow> change, Func<NodeRow, NodeRow> node, int[] epochs)
    {
        var (evaluations, nodeRows) = (new List<object>(), new List<object>());
        foreach (var epoch in epochs)
        {
            foreach (var r in own.Student.OverRealization)
            {
                foreach (var p in own.Teacher.FanOutDecay)
                {
                    for (var seed = 0; seed < (config.Seeds ?? own.Seeds); seed++)
                    {
                        evaluations.Add(change(Row(seed, epoch, r, p, own.Data.Samples, TrainingSet.Plain), seed));
                        for (var j = 0; j < nodes; j++)
                            nodeRows.Add(node(new NodeRow(seed, epoch, epoch, r, p, own.Data.Samples, TrainingSet.Plain, j, 1, 0.99, j, true, 100, 100, 0, 0, 0, 0, false, 0.2, true)));
                    }
                }
            }
        }

        return Record(config, ($"{part}.evaluations", evaluations), ($"{part}.nodes", nodeRows));
    }

    private static EvaluationRow Row(int seed, int epoch, double r, double p, int samples, TrainingSet set) => new(
        seed, epoch, epoch, r, p, samples, set, false, 1e-6, 1e-6, null, null, null, 1, 1, null, null, null, null, null, null, 1, 1, 1, [5, 5, 5, 5, 5, 5], 1, 0.8, 0, 0, 0, 0, samples);

    private static MemoryRecord Record(SpecializationConfig config, params (string Table, List<object> Rows)[] tables)
        => new(config, tables.ToDictionary(item => item.Table, item => item.Rows), new Dictionary<(string, long), IReadOnlyList<Understudy.Data.Formats.Tensor>>());

    private static Verdict Verdict(string id, RunRecord run) => Study.Judge([run]).Single(verdict => verdict.Claim.Id == id);
}
