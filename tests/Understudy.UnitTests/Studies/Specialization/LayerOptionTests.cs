using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Lab.Configuration;
using Understudy.Learning.Networks;
using Understudy.Learning.Probing;
using Understudy.Learning.Training;
using Understudy.Studies.Specialization;
using Understudy.Studies.Specialization.Experiments;

namespace Understudy.UnitTests.Studies.Specialization;

public class LayerOptionTests
{
    private const int Rows = 201;

    private static readonly SpecializationStudy Study = new();
    private static readonly string[] Tiny = ["@smoke", "parts=[multi-layer]"];
    private static readonly Mlp Network = Mlp.Relu(5, 6, 7, 9);
    private static readonly Mlp Wide = Mlp.Relu(5, 12, 14, 9);

    [Fact]
    public void A_student_near_its_teacher_without_noise_is_its_teacher()
    {
        var settings = new MultiLayerNetworksConfig { Initialization = LayerInitialization.NearTeacher, Perturbation = 0 };
        var teacher = Teacher(settings);
        using var probe = new LayerProbe(Network, Wide, DistillationLoss.Mse);

        var measured = probe.Measure(teacher, Student(settings, teacher), Inputs());

        Assert.InRange(measured.Loss, 0, 1e-9);
        Assert.All(measured.Correlations, rho => Assert.All(Enumerable.Range(0, rho.TeacherNodes), j => Assert.Equal(1, rho[j, j], 1e-6)));
    }

    [Fact]
    public void Students_take_the_teachers_directions_or_signs_and_the_lengths_of_random_ones()
    {
        var teacher = Teacher(new MultiLayerNetworksConfig());
        var random = Student(new MultiLayerNetworksConfig(), teacher);
        var direction = Student(new MultiLayerNetworksConfig { Initialization = LayerInitialization.TeacherDirection }, teacher);
        var signs = Student(new MultiLayerNetworksConfig { Initialization = LayerInitialization.TeacherSigns }, teacher);
        for (var layer = 0; layer < Network.Layers; layer++)
        {
            for (var node = 0; node < Wide.Widths[layer + 1]; node++)
            {
                var (drawn, own, signed) = (Row(Wide, random, layer, node), Row(Wide, direction, layer, node), Row(Wide, signs, layer, node));
                if (node >= Network.Widths[layer + 1])
                {
                    Assert.Equal(drawn, own);
                    Assert.Equal(drawn, signed);
                    continue;
                }

                var other = Padded(Row(Network, teacher, layer, node), drawn.Length);
                Assert.Equal(Dot(drawn, drawn), Dot(own, own), 1e-12);
                Assert.Equal(1, Dot(own, other) / Math.Sqrt(Dot(own, own) * Dot(other, other)), 1e-12);
                Assert.Equal(drawn.Select(Math.Abs), signed.Select(Math.Abs));
                Assert.All(signed.Zip(other), pair => Assert.True(pair.Second == 0 || pair.First * pair.Second >= 0));
            }
        }
    }

    // columns scaled by (1 + i)^-p, then rows by their norm: ratios of entries of a row and of a column come apart
    [Fact]
    public void Fan_out_decay_divides_what_layers_above_the_first_read_from_late_nodes()
    {
        var (plain, decayed) = (Teacher(Drawn(0, 0)), Teacher(Drawn(2, 0)));

        Assert.Equal(Row(Network, plain, 0, 3), Row(Network, decayed, 0, 3));
        for (var layer = 1; layer < Network.Layers; layer++)
        {
            var (before, after) = (Row(Network, plain, layer, 1), Row(Network, decayed, layer, 1));
            double[] ratios = [.. before.Zip(after).SkipLast(1).Select((pair, i) => pair.First == 0 ? double.NaN : pair.Second / pair.First * Math.Pow(1 + i, 2)).Where(double.IsFinite)];
            Assert.All(ratios, ratio => Assert.Equal(ratios[0], ratio, 1e-9));
            Assert.Equal(1, Dot(after[..^1], after[..^1]), 1e-3);
        }
    }

    [Fact]
    public void Weak_nodes_are_read_at_a_third_and_the_copy_without_them_does_not_read_them()
    {
        var (plain, weakened) = (Teacher(Drawn(0, 0)), Teacher(Drawn(0, 0.5)));
        var copy = LayeredNetworks.WithoutWeak(Network, 0.5, weakened);
        for (var layer = 1; layer < Network.Layers; layer++)
        {
            var inputs = Network.Widths[layer];
            for (var node = 0; node < Network.Widths[layer + 1]; node++)
            {
                var (before, after, without) = (Row(Network, plain, layer, node), Row(Network, weakened, layer, node), Row(Network, copy, layer, node));
                Assert.All(without[(inputs - (inputs / 2))..^1], weight => Assert.Equal(0, weight));
                Assert.Equal(after[..(inputs - (inputs / 2))], without[..(inputs - (inputs / 2))]);
                var strong = Array.FindIndex(before, weight => weight != 0);
                var weak = Array.FindLastIndex(before, inputs - 1, weight => weight != 0);
                if (strong < inputs - (inputs / 2) && weak >= inputs - (inputs / 2))
                    Assert.Equal(3, before[weak] / before[strong] / (after[weak] / after[strong]), 1e-9);
            }
        }
    }

    [Fact]
    public void Uniform_teachers_have_normalised_nodes_off_the_grid()
    {
        var teacher = Teacher(new MultiLayerNetworksConfig { TeacherWeights = LayerWeights.Uniform, TuneBiases = false, TuneOutputs = false });
        var row = Row(Network, teacher, 1, 2);

        Assert.Equal(1, Dot(row[..^1], row[..^1]), 1e-3);
        Assert.Equal(row.Length - 1, row[..^1].Select(weight => Math.Round(Math.Abs(weight), 9)).Distinct().Count());
    }

    [Fact]
    public void Gradient_norms_are_those_of_finite_differences()
    {
        var network = Mlp.LeakyRelu(0.1, 3, 4, 2);
        var (flat, inputs, targets) = (new double[network.Layout.Count], new float[12], new float[8]);
        new RandomSequence(1, "test/flat").FillNormal(0, flat);
        new RandomSequence(1, "test/inputs").FillNormal(0, inputs);
        using var gradients = BatchGradients.Compile(network, TrainingLoss.MeanSquared, 4);

        var norms = gradients.Measure(flat, inputs, targets);

        for (var slot = 0; slot < norms.Length; slot++)
        {
            var square = 0.0;
            for (var i = 0; i < network.Layout.Slots[slot].Shape.Count; i++)
            {
                const double Step = 1e-3;
                var (up, down) = (flat.ToArray(), flat.ToArray());
                up[network.Layout.Slots[slot].Offset + i] += Step;
                down[network.Layout.Slots[slot].Offset + i] -= Step;
                var slope = (Loss(up) - Loss(down)) / (2 * Step);
                square += slope * slope;
            }

            Assert.Equal(Math.Sqrt(square), norms[slot].Mean, 2e-3 * Math.Sqrt(square));
            // of one batch
            Assert.Equal((norms[slot].Mean, norms[slot].Mean), (norms[slot].RootMeanSquare, norms[slot].Largest));
        }

        double Loss(double[] parameters) => LayeredNetworks.Outputs(network, parameters, inputs).Average(value => (double)value * value);
    }

    [Fact]
    public void Agreement_within_more_ranks_is_no_less_and_a_chance_level_stands_beside_every_layer()
    {
        var run = Run(Tiny).Recorded();
        var rows = run.Table<LayerRow>("multi-layer.evaluations");

        Assert.All(rows, row => Assert.Equal(row.Agreement, row.AgreementWithin![0]));
        Assert.All(rows, row => Assert.Equal(row.AgreementWithin!.Order(), row.AgreementWithin));
        Assert.All(rows, row => Assert.Equal(5, row.AgreementWithin!.Count));
        Assert.All(rows.GroupBy(row => (row.Seed, row.Layer)), layer => Assert.InRange(Assert.Single(layer.Select(row => row.ChanceBest).Distinct())!.Value, layer.First(row => row.Epoch == 0).MeanBest, 1));
        // hidden layers and outputs
        Assert.Equal(rows.Count / 2 * 3, run.Table<LayerGradientRow>("multi-layer.gradients").Count);
        Assert.All(run.Table<LayerGradientRow>("multi-layer.gradients"), row => Assert.True(row.Weights <= row.WeightsRms && row.WeightsRms <= row.WeightsLargest && row.Biases > 0));
        // 6 outputs: all of them
        Assert.All(run.Table<LayerClassRow>("multi-layer.classes").GroupBy(row => row.Seed), classes => Assert.Equal(1, classes.Sum(row => row.Share), 1e-12));
        Assert.Equal([1, 2, 3, 4, 5, 6], run.Table<LayerClassRow>("multi-layer.classes").Where(row => row.Seed == 1).Select(row => row.Rank));
    }

    [Theory]
    [InlineData("networks.teacherWeights=uniform")]
    [InlineData("networks.fanOutDecay=1")]
    [InlineData("networks.tuneBiases=false")]
    [InlineData("networks.tuneOutputs=false")]
    [InlineData("networks.initialization=near-teacher")]
    [InlineData("networks.initialization=teacher-direction")]
    [InlineData("networks.initialization=teacher-signs")]
    [InlineData("networks.weakFraction=0.4")]
    [InlineData("data.labelNoise=0.5")]
    [InlineData("data.kind=uniform")]
    [InlineData("data.regenerate=true")]
    [InlineData("training.optimizer=momentum")]
    [InlineData("training.optimizer=adam")]
    [InlineData("training.weightDecay=0.01")]
    [InlineData("training.dropout=0.2")]
    [InlineData("training.jacobianPenalty=0.01")]
    [InlineData("training.adversary.radius=1")]
    [InlineData("training.adversary.radius=1", "multiLayer.training.adversary.norm=euclidean")]
    [InlineData("training.suppression=10")]
    public void Every_option_changes_the_students_and_a_cancelled_run_goes_on_to_the_same_rows(string setting, params string[] others)
    {
        string[] settings = [.. Tiny, $"multiLayer.{setting}", .. others];
        var whole = Text(Run(settings));

        Assert.Equal(whole, Text(Run(settings, stopAt: 2)));
        Assert.NotEqual(Text(Run(Tiny)), whole);
    }

    [Theory]
    [InlineData("momentum")]
    [InlineData("adam")]
    public void A_checkpoint_in_the_middle_of_a_tick_holds_the_state_of_its_beginning(string optimizer)
    {
        using var team = new Team(1);
        var config = (SpecializationConfig)ConfigReader.Read(Study, [.. Tiny, $"multiLayer.training.optimizer={optimizer}"]);
        var (run, plan) = (new MemoryRun(config, team), new MultiLayerPlan(config));
        LayerSeed[] seeds = [.. Enumerable.Range(0, plan.Seeds).Select(seed => new LayerSeed(plan, config.MultiLayer, null, run, seed))];
        using var students = new LayerStudents(plan, plan.Groups().First(), seeds, config, run);
        students.Prepare(0).Plan.Run(0, 1, team);
        students.TakeParameters();
        var before = students.ToTensors(0).Select(tensor => tensor.Doubles.ToArray()).ToArray();

        students.Prepare(0).Plan.Run(1, 1, team);

        Assert.Equal(2, before.Length);
        Assert.Equal(before, students.ToTensors(0).Select(tensor => tensor.Doubles.ToArray()));
    }

    [Fact]
    public void Weak_nodes_have_losses_and_correlations_of_their_own()
    {
        var run = Run([.. Tiny, "multiLayer.networks.weakFraction=0.4", "multiLayer.training.losses=[mse]"]).Recorded();
        var rows = run.Table<LayerRow>("multi-layer.evaluations");

        Assert.Equal(["layers-samples", "layers-epochs", "layers-weak", "layers-l-shape"], Study.Draw([run]).Select(figure => figure.Name));
        Assert.All(rows, row => Assert.True(row.StrongLoss > 0 && row.StrongLoss != row.Loss && row.WeakBest is not null));
        Assert.All(Run(Tiny).Recorded().Table<LayerRow>("multi-layer.evaluations"), row => Assert.Equal((null, null), (row.StrongLoss, row.WeakBest)));
    }

    // the set is as good as new for who has never seen it
    [Fact]
    public void With_new_samples_every_epoch_training_and_evaluation_losses_agree()
    {
        string[] settings = [.. Tiny, "multiLayer.data.samples=[80]", "multiLayer.training.epochs=[400]", "multiLayer.training.losses=[mse]", "multiLayer.measures.evaluation=2000"];
        var (kept, renewed) = (Gap(settings), Gap([.. settings, "multiLayer.data.regenerate=true"]));

        Assert.True(renewed < 1.3, $"{renewed}");
        Assert.True(kept > 1.1 * renewed, $"{kept} against {renewed}");

        static double Gap(string[] settings)
        {
            var rows = Run(settings).Recorded().Table<LayerRow>("multi-layer.evaluations").Where(row => row.Epoch == row.Epochs);
            return rows.Average(row => row.Loss / row.TrainLoss!.Value);
        }
    }

    [Fact]
    public void Suppression_divides_what_losing_nodes_read_and_spares_winners()
    {
        using var team = new Team(1);
        var config = (SpecializationConfig)ConfigReader.Read(Study, [.. Tiny, "multiLayer.training.optimizer=momentum"]);
        var (run, plan) = (new MemoryRun(config, team), new MultiLayerPlan(config));
        LayerSeed[] seeds = [.. Enumerable.Range(0, plan.Seeds).Select(seed => new LayerSeed(plan, config.MultiLayer, null, run, seed))];
        using var students = new LayerStudents(plan, plan.Groups().First(), seeds, config, run);
        using var probe = new LayerProbe(plan.Teacher, students.Network, DistillationLoss.Mse);
        SpecializationStatistics[] layers =
        [
            .. probe.Measure(seeds[0].Teacher, students.Parameters[0], seeds[0].Evaluation).Correlations.Select(rho => SpecializationStatistics.Of(rho)),
        ];
        double[] before = [.. students.Parameters[0]];

        students.Suppress(0, 10, layers);
        students.TakeParameters();

        for (var layer = 0; layer < layers.Length; layer++)
        {
            var winners = layers[layer].ArgBest.ToArray();
            Assert.InRange(winners.Distinct().Count(), 1, students.Network.Widths[layer + 1] - 1);
            for (var k = 0; k < students.Network.Widths[layer + 1]; k++)
            {
                Assert.All(
                    Row(students.Network, before, layer, k).Zip(Row(students.Network, students.Parameters[0], layer, k)),
                    pair => Assert.Equal(winners.Contains(k) ? pair.First : pair.First / 10, pair.Second, 1e-7));
            }
        }
    }

    [Fact]
    public void Contradictions_are_told_in_sentences()
    {
        var part = new MultiLayerConfig
        {
            Networks = new MultiLayerNetworksConfig { FanOutDecay = -1, WeakFraction = 0.01, Perturbation = double.NaN },
            Data = new MultiLayerSamplesConfig { Kind = InputKind.Uniform, Regenerate = true, LabelNoise = 1 },
            Training = new MultiLayerTrainingConfig { Momentum = 1, WeightDecay = -0.1, Dropout = 1, JacobianPenalty = double.NaN, Adversary = new AdversaryConfig { Radius = 1, Steps = 0 }, Suppression = 0.5 },
        };

        Assert.Equal(
            [
                "multiLayer.networks.fanOutDecay (-1) must not be negative.",
                "multiLayer.networks.perturbation (NaN) must not be negative.",
                "multiLayer.training.weightDecay (-0.1) must not be negative.",
                "multiLayer.training.jacobianPenalty (NaN) must not be negative.",
                "multiLayer.training.momentum (1) must be at least 0 and below 1.",
                "multiLayer.training.dropout (1) must be at least 0 and below 1.",
                "multiLayer.training.adversary.steps (0) must lie between 1 and 100.",
                "multiLayer.data.labelNoise must be 0 with multiLayer.training.adversary: perturbed inputs have the teacher's own labels.",
                "multiLayer.training.suppression (0.5) must be at least 1, which is none.",
                "multiLayer.networks.weakFraction (0.01) is less than one node of every hidden layer.",
                "multiLayer.data.regenerate needs multiLayer.data.kind=gaussian.",
                "multiLayer.data.labelNoise must be 0 with multiLayer.data.regenerate: new samples have the teacher's own labels.",
            ],
            MultiLayerProblems.Of(part));
        Assert.Equal(
            ["multiLayer.data.kind must be gaussian or uniform: this part has no images."],
            MultiLayerProblems.Of(new MultiLayerConfig { Data = new MultiLayerSamplesConfig { Kind = InputKind.Mnist } }));
    }

    private static MultiLayerNetworksConfig Drawn(double decay, double weak) => new() { FanOutDecay = decay, WeakFraction = weak, TuneBiases = false, TuneOutputs = false };

    private static double[] Teacher(MultiLayerNetworksConfig settings) => LayeredNetworks.Teacher(
        Network, settings, Inputs(), layer => new RandomSequence(1, $"test/teacher/{layer}"), layer => new RandomSequence(1, $"test/bias/{layer}"));

    private static double[] Student(MultiLayerNetworksConfig settings, double[] teacher) => LayerStarts.Student(
        settings, Wide, Network, teacher, layer => new RandomSequence(1, $"test/student/{layer}"), layer => new RandomSequence(1, $"test/noise/{layer}"));

    /// <summary>Incoming weights of a node, its bias last.</summary>
    private static double[] Row(Mlp network, double[] flat, int layer, int node)
    {
        var (weight, width) = (network.Layout.Slots[2 * layer].Of<double>(flat).ToArray(), network.Widths[layer + 1]);
        return [.. Enumerable.Range(0, network.Widths[layer]).Select(i => weight[(i * width) + node]), network.Layout.Slots[(2 * layer) + 1].Of<double>(flat)[node]];
    }

    private static double[] Padded(double[] row, int length) => [.. row[..^1], .. new double[length - row.Length], row[^1]];

    private static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();

    private static float[] Inputs()
    {
        var values = new double[Rows * 5];
        new RandomSequence(1, "test/inputs").FillNormal(0, values);
        return [.. values.Select(value => (float)(10 * value))];
    }

    private static IEnumerable<string> Text(MemoryRun run)
        => run.Recorded().Table<LayerRow>("multi-layer.evaluations").Select(row => $"{row with { Covered = [], AgreementWithin = null }}");

    private static MemoryRun Run(string[] settings, long? stopAt = null) => MemoryRun.Of(Study, settings, stopAt: stopAt is { } tick ? (_, done) => done == tick : null);
}
