using Understudy.Data.Formats;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Lab;
using Understudy.Lab.Claims;
using Understudy.Lab.Configuration;
using Understudy.Studies.Specialization;

namespace Understudy.UnitTests.Studies.Specialization;

public class StudentOptionTests
{
    private static readonly SpecializationStudy Study = new();

    private static readonly string[] Small =
        ["@smoke", "parts=[two-layer]", "twoLayer.teacher.fanOutDecay=[1]", "twoLayer.student.overRealization=[2]", "twoLayer.data.samples=40"];

    [Fact]
    public void A_frozen_top_layer_and_absent_biases_keep_their_values()
    {
        var (first, last) = Weights(Run("twoLayer.student.freeze=top-layer", "twoLayer.student.biases=false"));

        Assert.Equal(first["r2.output.weight"].Floats.ToArray(), last["r2.output.weight"].Floats.ToArray());
        Assert.All(last["r2.hidden.bias"].Floats.ToArray(), bias => Assert.Equal(0, bias));
        Assert.NotEqual(first["r2.hidden.weight"].Floats.ToArray(), last["r2.hidden.weight"].Floats.ToArray());
    }

    [Fact]
    public void Frozen_features_keep_their_values()
    {
        var (first, last) = Weights(Run("twoLayer.student.freeze=features"));

        Assert.Equal(first["r2.hidden.weight"].Floats.ToArray(), last["r2.hidden.weight"].Floats.ToArray());
        Assert.NotEqual(first["r2.output.weight"].Floats.ToArray(), last["r2.output.weight"].Floats.ToArray());
    }

    [Fact]
    public void Normalized_rows_have_norm_one()
    {
        var weights = Weights(Run("twoLayer.student.normalizeRows=true")).Last["r2.hidden.weight"].Floats.ToArray();

        Assert.All(weights.Chunk(10), row => Assert.Equal(1, row.Sum(value => value * value), 1e-5));
    }

    [Fact]
    public void Without_biases_the_loss_over_all_inputs_is_known_and_near_the_sampled_one()
    {
        var rows = Run("twoLayer.teacher.bias=0", "twoLayer.student.biases=false", "twoLayer.measures.evaluation=4000").Recorded().Table<EvaluationRow>("two-layer.evaluations").ToArray();

        Assert.All(rows, row => Assert.InRange(row.Loss / row.PopulationLoss!.Value, 0.9, 1.1));
        Assert.All(Run().Recorded().Table<EvaluationRow>("two-layer.evaluations"), row => Assert.Null(row.PopulationLoss));
    }

    [Fact]
    public void A_rate_halved_late_enough_is_constant()
    {
        double[] Losses(params string[] settings) => [.. Run(settings).Recorded().Table<EvaluationRow>("two-layer.evaluations").Select(row => row.Loss)];

        Assert.Equal(Losses(), Losses("twoLayer.training.halveEvery=4"));
        Assert.NotEqual(Losses(), Losses("twoLayer.training.halveEvery=2"));
    }

    [Fact]
    public void Linear_students_are_trained_and_not_measured_along_boundaries()
    {
        var run = Run("twoLayer.student.slope=1");

        Assert.DoesNotContain("two-layer.certificates", run.Rows.Keys);
        Assert.All(run.Recorded().Table<EvaluationRow>("two-layer.evaluations"), row => Assert.False(row.Diverged));
    }

    [Fact]
    public void Curvature_counts_every_eigenvalue_and_every_node_that_needs_none()
    {
        var run = Run("twoLayer.measures.curvature=20");

        var rows = run.Recorded().Table<CurvatureRow>("two-layer.curvature");
        Assert.Equal(2, rows.Count);
        Assert.All(rows, row =>
        {
            // 10 inputs, 8 nodes, 6 outputs
            Assert.Equal((142, 20), (row.Parameters, row.Examples));
            Assert.InRange(row.Zeros, 1, row.NearZero);
            Assert.InRange(row.Duplicates + row.Unspecialized, 0, 8);
            Assert.True(row.Largest > 0 && row.Negative + row.Zeros < row.Parameters);
        });
        Assert.DoesNotContain("two-layer.curvature", Run().Rows.Keys);
    }

    [Fact]
    public void Curvature_that_is_cancelled_is_taken_when_the_run_goes_on()
    {
        string[] settings = [.. Small, "twoLayer.measures.curvature=20"];
        using var team = new Team(2);
        using var stop = new CancellationTokenSource();
        var (whole, config) = (MemoryRun.Of(Study, settings), ConfigReader.Read(Study, settings));
        var (run, last, times) = (new MemoryRun(config, team), 0L, 0);
        run.Checkpointed = (_, step) =>
        {
            // two checkpoints of one step: the second stands before the measurements at the end
            times = step == last ? times + 1 : 1;
            last = step;
            if (times == 2)
                stop.Cancel();
        };

        Assert.Throws<OperationCanceledException>(() => ((IStudy)Study).Run(config, run, stop.Token));
        Assert.DoesNotContain("two-layer.curvature", run.Rows.Keys);
        ((IStudy)Study).Run(config, run, TestContext.Current.CancellationToken);

        Assert.Equal(whole.Text(), run.Text());
    }

    [Theory]
    [InlineData("tanh")]
    [InlineData("gelu")]
    [InlineData("erf")]
    public void Smooth_students_are_controls_that_are_trained_and_not_measured_along_boundaries(string activation)
    {
        var run = Run($"twoLayer.student.activation={activation}", "twoLayer.training.learningRate=0.1");

        Assert.DoesNotContain("two-layer.certificates", run.Rows.Keys);
        var rows = run.Recorded().Table<EvaluationRow>("two-layer.evaluations").ToArray();
        Assert.All(rows, row => Assert.False(row.Diverged));
        Assert.True(rows.Last().Loss < rows.First().Loss);
        Assert.All(Study.Judge([run.Recorded()]).Where(verdict => verdict.Claim.Id is "S8"), verdict => Assert.Equal(Outcome.NotRun, verdict.Outcome));
    }

    [Fact]
    public void A_full_batch_does_not_depend_on_the_batch_size_set()
        => Assert.Equal(
            Run("twoLayer.training.fullBatch=true", "twoLayer.training.batch=3").Recorded().Table<EvaluationRow>("two-layer.evaluations").Select(row => row.Loss),
            Run("twoLayer.training.fullBatch=true").Recorded().Table<EvaluationRow>("two-layer.evaluations").Select(row => row.Loss));

    [Fact]
    public void Matrices_are_saved_where_training_sets_are_measured_and_movement_is_recorded()
    {
        var run = Run("twoLayer.measures.matrices=true");

        var saved = run.Saved.Where(item => item.Key.Name == "two-layer.matrices").ToArray();
        Assert.Equal([200L, 400], saved.Select(item => item.Key.Step));
        var tensors = saved[^1].Value.ToDictionary(tensor => tensor.Name);
        Assert.Equal([2, 8, 8], tensors["r2.gram"].Shape);
        Assert.All(tensors.Values, tensor => Assert.All(tensor.Floats.ToArray(), value => Assert.True(float.IsFinite(value))));
        // E[h hᵀ] is symmetric
        var gram = tensors["r2.gram"].Floats.ToArray();
        for (var k = 0; k < 8; k++)
            Assert.Equal(gram[k], gram[8 * k], 1e-6);
        Assert.All(run.Recorded().Table<EvaluationRow>("two-layer.evaluations"), row => Assert.Equal(row.Epoch == 0, row.Movement is null));
        Assert.DoesNotContain(Run().Saved.Keys, key => key.Name == "two-layer.matrices");
    }

    [Theory]
    [InlineData(StudentStart.Adversarial, -1)]
    [InlineData(StudentStart.Helpful, 1)]
    public void Students_point_away_from_the_last_teacher_node_or_towards_it(StudentStart start, int sign)
    {
        double[] teacher = [1, -2, 0.5, 0];

        var student = InitialStudent.Draw(new TwoLayerNetwork(4, 30, 2, 0), new StudentConfig { Initialization = start }, teacher, new RandomSequence(1, "student", 0));

        for (var k = 0; k < student.Nodes; k++)
            Assert.Equal(sign, Math.Sign(student.Weight(k).ToArray().Zip(teacher, (w, t) => w * t).Sum()));
    }

    [Fact]
    public void Noise_is_added_to_labels_alone()
    {
        var teacher = RandomTeacher.Draw(new TwoLayerNetwork(3, 2, 50, 0), 1, new RandomSequence(1, "hidden", 0), new RandomSequence(1, "output", 0));
        var inputs = new float[3 * 100];
        new RandomSequence(1, "inputs", 0).FillNormal(0, inputs);
        var clean = LabelledSamples.Of(teacher, inputs);

        var noisy = clean.WithNoise(0.5, new RandomSequence(1, "noise", 0));

        double[] noise = [.. noisy.Targets.Zip(clean.Targets, (a, b) => (double)a - b)];
        Assert.Equal(0.5, Statistics.Deviation(noise), 0.02);
        Assert.Equal(0, Statistics.Mean(noise), 0.03);
        Assert.Same(clean.Inputs, noisy.Inputs);
        Assert.Equal(clean.Variance, noisy.Variance);
    }

    [Theory]
    [InlineData("twoLayer.student.slope=1.5", "twoLayer.student.slope (1.5) must lie between 0 and 1, or be null.")]
    [InlineData("boundaries.student.activation=tanh", "boundaries.student.activation must be rectified: other nodes have no boundaries.")]
    [InlineData("twoLayer.student.activation=tanh twoLayer.student.slope=0.1", "twoLayer.student.slope must be null with twoLayer.student.activation: only rectified nodes have a slope.")]
    [InlineData("leaky.student.activation=gelu", "leaky.student.slope must be null and leaky.student.activation rectified: leaky.slopes are those of teacher and student.")]
    [InlineData("twoLayer.measures.curvature=-1", "twoLayer.measures.curvature (-1) must not be negative.")]
    [InlineData("twoLayer.measures.curvature=5 twoLayer.data.dimension=3000", "twoLayer.measures.curvature takes all eigenvalues of students of up to")]
    [InlineData("twoLayer.teacher.outputNoise=-1", "twoLayer.teacher.outputNoise (-1) must not be negative.")]
    [InlineData("twoLayer.training.momentum=1", "twoLayer.training.momentum (1) must be at least 0 and below 1.")]
    [InlineData("twoLayer.training.halveEvery=0", "twoLayer.training.halveEvery (0) must be at least 1, or null.")]
    [InlineData("samples.training.fullBatch=true", "samples.training.fullBatch needs one training set: a single number in samples.data.samples and a single kind in samples.data.sets.")]
    [InlineData("samples.data.sets=[plain,plain]", "samples.data.sets must hold at least one kind of training set, each once.")]
    [InlineData("optimizers.learningRates=[0.1]", "optimizers.learningRates must hold one positive number for each of the 3 optimizers.rules.")]
    public void Settings_that_cannot_be_are_told(string setting, string sentence)
        => Assert.Contains(sentence, Assert.Throws<ConfigException>(() => ConfigReader.Read(Study, ["@smoke", .. setting.Split(' ')])).Message, StringComparison.Ordinal);

    private static MemoryRun Run(params string[] settings) => MemoryRun.Of(Study, [.. Small, .. settings]);

    private static (Dictionary<string, Tensor> First, Dictionary<string, Tensor> Last) Weights(MemoryRun run)
    {
        var saved = run.Saved.Where(item => item.Key.Name == "two-layer.weights").Select(item => item.Value.ToDictionary(tensor => tensor.Name)).ToArray();
        return (saved[0], saved[^1]);
    }
}
