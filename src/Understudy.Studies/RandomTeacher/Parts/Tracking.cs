using Understudy.Data.Formats;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Distillation;
using Understudy.Learning.Losses;
using Understudy.Learning.Representations;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>Further tables of students while they are trained, from what a glance saw (random-teacher specification, sections 4, 5.13 and 10).</summary>
/// <param name="config">The settings.</param>
/// <param name="pictures">The images.</param>
/// <param name="run">Where rows go, and whose threads are used.</param>
internal sealed class Tracking(RandomTeacherConfig config, Pictures pictures, RunContext run)
{
    private const int TensorBins = 32;

    private const int FeatureBins = 64;

    /// <summary>The table of whole networks, encoders and heads.</summary>
    internal static string VectorTable(string part) => $"{part}.vectors";

    /// <summary>The table of tensors.</summary>
    internal static string TensorTable(string part) => $"{part}.tensors";

    /// <summary>The table of layers.</summary>
    internal static string ActivationTable(string part) => $"{part}.activations";

    /// <summary>The table of embeddings, bottlenecks and outputs.</summary>
    internal static string FeatureTable(string part) => $"{part}.features";

    /// <summary>The array of what is seen in the first images.</summary>
    internal static string Seen(string part) => $"{part}.seen";

    /// <summary>What it takes on one thread for one student.</summary>
    internal static double Seconds(TrackingConfig tracking, ProjectedEncoder network)
    {
        double If(TrackedNumbers table, double seconds) => tracking.Tables.Contains(table) ? seconds : 0;
        return If(TrackedNumbers.Vectors, CostModel.Gradient(network, Glance.GradientImages)) + If(TrackedNumbers.Activations, CostModel.Pass(network, Glance.Images))
            + If(TrackedNumbers.Features, 2 * CostModel.Pass(network, Glance.Images)) + (tracking.Images > 0 ? 4 * CostModel.Pass(network, tracking.Images) : 0);
    }

    /// <summary>Records a student of a glance.</summary>
    /// <param name="table">The word of its tables.</param>
    /// <param name="student">The student.</param>
    /// <param name="seen">What the glance saw.</param>
    /// <param name="isFirst">Whether it is the first glance of the training: a teacher that stays where it is sees the same ever after.</param>
    /// <param name="cancellation">Looked at between tables and between batches.</param>
    /// <returns>What student and teacher see in the first images, to be kept; empty where that is not wanted.</returns>
    internal IEnumerable<Tensor> Record(string table, Student student, Glimpse seen, bool isFirst, CancellationToken cancellation)
    {
        foreach (var wanted in config.Tracking.Tables.Order())
        {
            cancellation.ThrowIfCancellationRequested();
            switch (wanted)
            {
                case TrackedNumbers.Vectors: Vectors(table, student, seen, cancellation); break;
                case TrackedNumbers.Tensors: Tensors(table, student, seen); break;
                case TrackedNumbers.Activations: Activations(table, student, seen, cancellation); break;
                default: Features(table, student, seen, cancellation); break;
            }
        }

        return config.Tracking.Images > 0 ? [.. Kept(student, seen, isFirst, cancellation)] : [];
    }

    private void Vectors(string table, Student student, Glimpse seen, CancellationToken cancellation)
    {
        var (row, encoder, all) = (seen.Row, student.Network.Encoder.Layout.Count, seen.Parameters.Length);
        void Of(string share, Range range, double? variance)
        {
            ReadOnlySpan<double> own = seen.Parameters.AsSpan(range), teacher = seen.Teacher.AsSpan(range);
            run.Record(VectorTable(table), new VectorRow(
                row.Seed, row.Step, row.Condition, row.TrainingSteps, share, own.Length, Distances.Norm(own), Distances.Between(own, teacher), Distances.Cosine(own, teacher), Distances.Between(own, student.Start.AsSpan(range)),
                Distances.Norm(seen.Gradient.AsSpan(range)), variance));
        }

        Of("network", ..all, Variance(student, seen, cancellation));
        Of("encoder", ..encoder, null);
        Of("head", encoder..all, null);
    }

    /// <summary>tr Cov(∇KL) of single images.</summary>
    private double? Variance(Student student, Glimpse seen, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var (inputs, answers, count) = Glance.Examples(student.Network, pictures, seen.TeacherSeen);
        if (count < 2)
            return null;
        using var curvature = new NetworkCurvature(
            student.Network.InEvaluationMode(student.Statistics()), OutputLoss.Distillation(1), new ExampleSet(inputs, answers, count), seen.Parameters, new CurvatureOptions { Team = run.Team });
        var norm = Distances.Norm(seen.Gradient);
        return Math.Max(0, ExampleGradients.SquaredNorms(curvature).Sum() - (count * norm * norm)) / (count - 1);
    }

    private void Tensors(string table, Student student, Glimpse seen)
    {
        var row = seen.Row;
        foreach (var slot in student.Network.Layout.Slots)
        {
            ReadOnlySpan<double> own = slot.Of<double>(seen.Parameters), start = slot.Of<double>(student.Start);
            var root = Math.Sqrt(own.Length);
            run.Record(TensorTable(table), new TensorRow(
                row.Seed, row.Step, row.Condition, row.TrainingSteps, slot.Name, own.Length, Distances.Norm(own) / root, Distances.Norm(slot.Of<double>(seen.Gradient)) / root, Distances.Between(own, start) / root,
                HistogramCounts.Of(own, TensorBins)));
        }
    }

    private void Activations(string table, Student student, Glimpse seen, CancellationToken cancellation)
    {
        var (row, network) = (seen.Row, student.Network.InEvaluationMode(student.Statistics()));
        // all layers, as wide as they are
        var places = ProbedLayers.Of(student.Network, new LayersConfig { Width = int.MaxValue, Widest = int.MaxValue, Every = true });
        var scales = LayerScales.Of(network.ToLayers(), [.. places.Select(item => item.Place)], First(Glance.Images), seen.Parameters, Teachers.Passes(config.Training, run), cancellation);
        foreach (var (i, (place, name)) in places.Index())
            run.Record(ActivationTable(table), new ActivationRow(row.Seed, row.Step, row.Condition, row.TrainingSteps, place.Index, name, scales[i]));
    }

    private void Features(string table, Student student, Glimpse seen, CancellationToken cancellation)
    {
        var (row, network) = (seen.Row, student.Network);
        var (width, outputs) = (network.Encoder.Outputs, network.Outputs);
        var (embedding, teacherEmbedding) = (Columns(seen.Seen, 0, width, outputs), Columns(seen.TeacherSeen, 0, width, outputs));
        var statistics = FeatureStatistics.Of(embedding, width);
        var spectrum = EmbeddingSpectrum.Of(embedding, width, run.Team, cancellation);
        var (bottleneck, teacherBottleneck) = Bottlenecks(student, seen, Glance.Images, cancellation);
        run.Record(FeatureTable(table), new FeatureRow(
            row.Seed, row.Step, row.Condition, row.TrainingSteps, statistics.Means.ToArray(), statistics.Deviations.ToArray(), statistics.Dead, spectrum.Rank, spectrum.PrincipalComponents(0.95),
            spectrum.PrincipalComponents(0.99), spectrum.PrincipalComponents(0.999), statistics.MeanCorrelation, statistics.MeanDistance, HistogramCounts.Of(embedding, FeatureBins),
            Compared(embedding, teacherEmbedding, width), Compared(bottleneck, teacherBottleneck, network.Bottleneck),
            Compared(Columns(seen.Seen, width, outputs, width), Columns(seen.TeacherSeen, width, outputs, width), outputs)));
    }

    /// <summary>What student and teacher see in the first images, as tensors.</summary>
    private IEnumerable<Tensor> Kept(Student student, Glimpse seen, bool isFirst, CancellationToken cancellation)
    {
        var (network, count, name) = (student.Network, Math.Min(config.Tracking.Images, pictures.Train.Count), $"{student.Condition.Name}.{student.Seed}");
        var passes = Teachers.Passes(config.Training, run);
        Tensor Of(string what, ReadOnlySpan<double> values, int width) => StudentTensors.Tensor($"{name}.{what}", values.ToArray(), student.Plan.Precision, values.Length / width, width);
        IEnumerable<Tensor> All(string who, ProjectedEncoder evaluated, double[] parameters, double[] bottlenecks)
        {
            // more images than a glance has are seen here alone
            yield return Of($"{who}embedding", NetworkOutputs.Of(evaluated.Encoder, First(count), evaluated.EncoderPart(parameters), passes, cancellation), network.Encoder.Outputs);
            yield return Of($"{who}bottleneck", bottlenecks, network.Bottleneck);
            yield return Of($"{who}outputs", NetworkOutputs.Of(evaluated, First(count), parameters, passes, cancellation), network.Outputs);
        }

        var (own, teachers) = Bottlenecks(student, seen, count, cancellation);
        var all = All("", network.InEvaluationMode(student.Statistics()), seen.Parameters, own);
        return isFirst || student.Moved is not null ? all.Concat(All("teacher.", TeacherOf(student), seen.Teacher, teachers)) : all;
    }

    private (double[] Own, double[] Teachers) Bottlenecks(Student student, Glimpse seen, int images, CancellationToken cancellation)
    {
        double[] Of(ProjectedEncoder evaluated, double[] parameters)
            => NetworkOutputs.Of(evaluated.ToBottleneck(), First(images), parameters.AsSpan(0, parameters.Length - evaluated.TailCount), Teachers.Passes(config.Training, run), cancellation);
        return (Of(student.Network.InEvaluationMode(student.Statistics()), seen.Parameters), Of(TeacherOf(student), seen.Teacher));
    }

    private static ProjectedEncoder TeacherOf(Student student) => student.Moved?.Invoke().Network ?? student.Teachers.Evaluated(student.Seed);

    private ReadOnlySpan<float> First(int images) => pictures.Train.Slice(0, Math.Min(images, pictures.Train.Count)).Values;

    private static ComparedFeatures Compared(double[] own, double[] teachers, int width)
    {
        var found = FeatureComparison.Of(own, teachers, width);
        return new ComparedFeatures(found.Distance, found.RootMeanSquare, found.Cosine);
    }

    /// <summary>Some columns of rows that have others beside them.</summary>
    private static double[] Columns(double[] rows, int first, int count, int others)
    {
        var (all, columns) = (rows.Length / (count + others), new double[rows.Length / (count + others) * count]);
        for (var row = 0; row < all; row++)
            rows.AsSpan((row * (count + others)) + first, count).CopyTo(columns.AsSpan(row * count));
        return columns;
    }
}
