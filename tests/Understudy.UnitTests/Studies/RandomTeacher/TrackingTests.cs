using Understudy.Data.Formats;
using Understudy.Engine.Threading;
using Understudy.Lab.Configuration;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Representations;
using Understudy.Studies.RandomTeacher;
using Understudy.Studies.RandomTeacher.FollowUps;
using Understudy.Studies.RandomTeacher.Parts;

namespace Understudy.UnitTests.Studies.RandomTeachers;

/// <summary>Tables of students while they are trained, against each other, against what is kept beside them, and against passes of their own.</summary>
public sealed class TrackingTests(SmokeRuns runs)
{
    private static readonly RandomTeacherStudy Study = new();

    // a glance sees all of the 80 training images
    private static readonly string[] Tracked =
        ["@smoke", "seeds=1", "parts=[distillation]", "distillation.controls=false", "tracking.tables=[vectors,tensors,activations,features]", "tracking.images=80"];

    private static readonly Lazy<MemoryRun> Whole = new(() => MemoryRun.Of(Study, Tracked));

    [Fact]
    public void Vectors_and_tensors_add_up_and_agree_with_the_training()
    {
        var run = Whole.Value.Recorded();
        var (vectors, tensors, training) = (run.Table<VectorRow>("distillation.vectors"), run.Table<TensorRow>("distillation.tensors"), run.Table<TrainingRow>("distillation.training"));

        Assert.Equal(3 * training.Count, vectors.Count);
        Assert.All(training, row =>
        {
            bool IsOne(int step, string condition) => step == row.TrainingSteps && condition == row.Condition;
            VectorRow Of(string share) => vectors.Single(one => IsOne(one.TrainingSteps, one.Condition) && one.Share == share);
            var own = tensors.Where(one => IsOne(one.TrainingSteps, one.Condition)).ToArray();
            var (network, encoder, head) = (Of("network"), Of("encoder"), Of("head"));
            Assert.Equal((row.Norm, row.EncoderNorm, row.HeadNorm, row.Distance), (network.Norm, encoder.Norm, head.Norm, network.Moved));
            Assert.Equal(Math.Pow(network.GradientNorm, 2), Math.Pow(encoder.GradientNorm, 2) + Math.Pow(head.GradientNorm, 2), 1e-12 * Math.Pow(network.GradientNorm, 2));
            Assert.Equal((network.Count, encoder.Count), (own.Sum(one => one.Count), own.Where(one => one.Tensor.StartsWith("encoder.", StringComparison.Ordinal)).Sum(one => one.Count)));
            void AddsUp(double norm, Func<TensorRow, double> of) => Assert.Equal(norm * norm, own.Sum(one => one.Count * of(one) * of(one)), 1e-10 * norm * norm);
            AddsUp(network.Norm, one => one.Rms);
            AddsUp(network.GradientNorm, one => one.GradientRms);
            AddsUp(network.Moved, one => one.MovedRms);
            Assert.All(own, one => Assert.Equal((one.Count, 32), (one.Histogram.Counts.Sum(), one.Histogram.Counts.Count)));
            Assert.All(own, one => Assert.InRange(one.Rms, 0, Math.Max(Math.Abs(one.Histogram.Low), Math.Abs(one.Histogram.High)) * (1 + 1e-12)));
            Assert.True(network.GradientVariance > 0);
            Assert.Null(encoder.GradientVariance);
        });
        var probes = run.Table<ProbeRow>("distillation.probes");
        Assert.All(probes.Where(row => row.Subject == Subject.Student), row =>
            Assert.Equal(row.Distance, vectors.Single(one => one.TrainingSteps == row.TrainingSteps && one.Condition == row.Condition && one.Share == "network").TeacherDistance));
    }

    [Fact]
    public void The_variance_of_the_gradient_is_that_of_the_gradients_of_single_images()
    {
        string[] settings = [.. Tracked, "distillation.noise=false", "distillation.far=false", "tracking.tables=[vectors]", "tracking.images=0"];
        var directory = RunDirectory.CreateAt(runs.NewPath(), Study, ConfigReader.Read(Study, settings), settings);
        Assert.Equal(RunStatus.Completed, SmokeRuns.Go(Study, directory));
        using var team = new Team(1);
        var run = FinishedRun.Open(directory, null, team, set => throw new InvalidOperationException(set));
        var (student, teacher, statistics) = (run.Parameters("images", 0), run.Parameters("teacher", 0), run.Statistics("images", 0));
        var (pictures, network) = (run.Pictures, run.Network.InEvaluationMode(statistics));
        var inputs = Array.ConvertAll(pictures.Train.Values.ToArray(), value => (double)value);
        var answers = NetworkOutputs.Of(run.Network.InEvaluationMode(), inputs, teacher, cancellation: TestContext.Current.CancellationToken);
        double[] Gradient(int image)
        {
            var gradient = new double[student.Length];
            using var evaluator = new LossEvaluator(network, OutputLoss.Distillation(1), new ExampleSet(inputs[(image * run.Network.Inputs)..((image + 1) * run.Network.Inputs)], answers[(image * run.Network.Outputs)..((image + 1) * run.Network.Outputs)], 1));
            evaluator.Gradient(student, gradient, TestContext.Current.CancellationToken);
            return gradient;
        }

        double[][] gradients = [.. Enumerable.Range(0, 80).Select(Gradient)];

        var row = RecordedRun.Open(Study, directory).Table<VectorRow>("distillation.vectors").Single(row => row.TrainingSteps == 8 && row.Share == "network");
        double[] mean = [.. Enumerable.Range(0, student.Length).Select(i => gradients.Average(gradient => gradient[i]))];
        // the teacher answers in single precision in the run
        Assert.Equal(1, gradients.Sum(gradient => Math.Pow(Distances.Between(gradient, mean), 2)) / 79 / row.GradientVariance!.Value, 1e-4);
        Assert.Equal(1, Distances.Norm(mean) / row.GradientNorm, 1e-4);
    }

    [Fact]
    public void Features_and_activations_are_those_of_what_is_kept_of_the_images()
    {
        var (run, saved) = (Whole.Value.Recorded(), Whole.Value.Saved.Where(item => item.Key.Name == "distillation.seen").ToArray());
        var (features, activations, training) = (run.Table<FeatureRow>("distillation.features"), run.Table<ActivationRow>("distillation.activations"), run.Table<TrainingRow>("distillation.training"));

        Assert.Equal(features.Select(row => row.Step).Distinct(), saved.Select(item => item.Key.Step));
        // a teacher that stays where it is is kept once
        Assert.Equal([.. Enumerable.Repeat(false, 1), .. Enumerable.Repeat(true, saved.Length - 1)], saved.Select(item => !item.Value.Any(tensor => tensor.Name.Contains("teacher", StringComparison.Ordinal))));
        var teachers = saved[0].Value.ToDictionary(tensor => tensor.Name);
        Assert.All(features, row =>
        {
            var own = saved.Single(item => item.Key.Step == row.Step).Value.ToDictionary(tensor => tensor.Name);
            double[] Of(IReadOnlyDictionary<string, Tensor> of, string what) => StudentTensors.Of(of[$"{row.Condition}.{row.Seed}.{what}"]);
            void IsAbout(string what, string layer, ComparedFeatures compared)
            {
                var (values, width) = (Of(own, what), own[$"{row.Condition}.{row.Seed}.{what}"].Shape[1]);
                var found = FeatureComparison.Of(values, Of(teachers, $"teacher.{what}"), width);
                // computed and kept in single precision
                Assert.Equal(found.Distance, compared.Distance, 1e-5 * (1 + found.Distance));
                Assert.Equal(found.RootMeanSquare, compared.RootMeanSquare, 1e-5);
                Assert.Equal(found.Cosine, compared.Cosine, 1e-5);
                var scale = activations.Single(one => one.TrainingSteps == row.TrainingSteps && one.Condition == row.Condition && one.Layer == layer);
                Assert.Equal(1, Math.Sqrt(values.Average(value => value * value)) / scale.Rms, 1e-5);
            }

            IsAbout("embedding", "embedding", row.Embedding);
            IsAbout("bottleneck", "bottleneck", row.Bottleneck);
            IsAbout("outputs", "outputs", row.Outputs);
            var (embedding, seen) = (Of(own, "embedding"), training.Single(one => one.TrainingSteps == row.TrainingSteps && one.Condition == row.Condition));
            Assert.Equal(row.Means.Count, row.Deviations.Count);
            Assert.Equal(FeatureStatistics.Of(embedding, row.Means.Count).MeanDistance, row.MeanDistance, 1e-5 * row.MeanDistance);
            Assert.Equal(EmbeddingSpectrum.Of(embedding, row.Means.Count, cancellation: TestContext.Current.CancellationToken).EffectiveRank, seen.EffectiveRank, 1e-3);
            Assert.InRange(row.Components95, 1, row.Components99);
            Assert.InRange(row.Components999, row.Components99, row.Means.Count);
            Assert.Equal((embedding.Length, 64), (row.Histogram.Counts.Sum(), row.Histogram.Counts.Count));
            Assert.Equal(seen.Cosine, row.Outputs.Cosine, 1e-9);
        });
        Assert.Equal(1, activations.First(row => row.Layer == "images").Rms, 0.2);
    }

    [Fact]
    public void Nothing_is_tracked_unless_asked_and_what_is_asked_changes_nothing_else()
    {
        var (plain, tracked) = (MemoryRun.Of(Study, [.. Tracked, "tracking.tables=[]", "tracking.images=0"]), Whole.Value);
        string[] own = ["distillation.vectors", "distillation.tensors", "distillation.activations", "distillation.features"];

        Assert.Equal(own, tracked.Rows.Keys.Except(plain.Rows.Keys));
        Assert.All(plain.Rows, table => Assert.Equal(table.Value, tracked.Rows[table.Key]));
        Assert.Equal(plain.Saved.Keys, tracked.Saved.Keys.Where(key => key.Name != "distillation.seen"));
    }

    [Fact]
    public void Teachers_that_move_are_kept_whenever_their_students_are()
    {
        var run = MemoryRun.Of(Study, ["@smoke", "seeds=1", "parts=[ladder]", "ladder.mirror=false", "training.steps=4", "tracking.tables=[features,vectors]", "tracking.images=8"]);

        var moving = run.Saved.Where(item => item.Key.Name == "ladder.seen").Select(item => item.Value.Count(tensor => tensor.Name.StartsWith("dino.0.teacher.", StringComparison.Ordinal))).ToArray();
        Assert.Equal([3, 3, 3], moving);
        Assert.All(run.Saved.Where(item => item.Key.Name == "ladder.seen").Skip(1), item => Assert.DoesNotContain(item.Value, tensor => tensor.Name.StartsWith("random-teacher.0.teacher.", StringComparison.Ordinal)));
        Assert.All(run.Recorded().Table<FeatureRow>("ladder.features"), row => Assert.InRange(row.Outputs.Cosine, -1, 1));
    }

    [Fact]
    public void Every_panel_of_the_figure_is_made_of_finite_numbers()
    {
        var figure = Study.Draw([Whole.Value.Recorded()]).Single(one => one.Name == "tracking");

        Assert.Equal(["scales of layers", "gradient and its noise", "embeddings"], figure.Panels.Select(panel => panel.Title));
        Assert.All(figure.Panels.SelectMany(panel => panel.Layers).Cast<LineLayer>(), line =>
        {
            Assert.True(line.Points.Count > 1, line.Series);
            Assert.All(line.Points, point => Assert.True(double.IsFinite(point.X) && point.Y > 0 && double.IsFinite(point.Y)));
        });
    }

    [Fact]
    public void Histograms_count_every_number_once()
    {
        var counts = HistogramCounts.Of([0, 1, 2, 3.9, 4, 4], 4);
        var same = HistogramCounts.Of([7, 7], 3);

        Assert.Equal((0.0, 4.0), (counts.Low, counts.High));
        Assert.Equal([1, 1, 1, 3], counts.Counts);
        Assert.Equal([2, 0, 0], same.Counts);
    }
}
