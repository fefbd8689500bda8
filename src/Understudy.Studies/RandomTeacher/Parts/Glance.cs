using Understudy.Engine.Graphs;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Distillation;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Representations;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>How far a student is from its teacher and what its embedding's rank is, on a few training images: cheap enough for many moments of a training.</summary>
/// <param name="training">How networks are computed.</param>
/// <param name="pictures">The images.</param>
/// <param name="run">Whose threads are used.</param>
internal sealed class Glance(DistilledConfig training, Pictures pictures, RunContext run)
{
    /// <summary>Images that are looked at.</summary>
    internal const int Images = 500;

    /// <summary>Images that the gradient is taken over, in double precision.</summary>
    internal const int GradientImages = 100;

    // so that threads share the images
    private const int GradientRows = 25;

    private readonly Dictionary<(Teachers, int), double[]> _answers = [];

    /// <summary>A student as it is now; the row lacks its steps.</summary>
    internal Glimpse Of(Student student, CancellationToken cancellation)
    {
        var network = student.Network;
        var moved = student.Moved?.Invoke();
        var teacher = moved is { } now ? See(now.Network, now.Parameters, cancellation) : Answers(student, cancellation);
        var parameters = student.Parameters();
        DivergedException.ThrowIf(parameters, student);
        var seen = See(network.InEvaluationMode(student.Statistics()), parameters, cancellation);
        var (width, embedding) = (network.Encoder.Outputs + network.Outputs, network.Encoder.Outputs);
        var rows = seen.Length / width;
        var (divergence, cosine, teacherEntropy, entropy, agreement) = (0.0, 0.0, 0.0, 0.0, 0);
        for (var image = 0; image < rows; image++)
        {
            var own = seen.AsSpan(image * width, width);
            var other = teacher.AsSpan(image * width, width);
            divergence += OutputDivergence.Of(other[embedding..], own[embedding..]) / rows;
            cosine += OutputDivergence.Cosine(other[embedding..], own[embedding..]) / rows;
            teacherEntropy += OutputDivergence.Entropy(other[embedding..]) / rows;
            entropy += OutputDivergence.Entropy(own[embedding..]) / rows;
            agreement += Place(other[embedding..]) == Place(own[embedding..]) ? 1 : 0;
        }

        var gradient = Gradient(student, parameters, teacher, cancellation);
        var row = new TrainingRow(
            student.Seed, 0, student.Condition.Name, 0, divergence, cosine, student.Plan.LastStep(student.Replica).GradientNorm, Distances.Between(parameters, student.Start),
            Rank(seen, network, cancellation), teacherEntropy, entropy, 100.0 * agreement / rows, Distances.Norm(parameters), Distances.Norm(network.EncoderPart(parameters)),
            Distances.Norm(parameters.AsSpan(network.Encoder.Layout.Count)), Distances.Cosine(Distances.Difference(parameters, student.Start), student.Start),
            Distances.Cosine(gradient, Distances.Difference(moved?.Parameters ?? student.Teacher, parameters)));
        return new Glimpse(row, parameters, moved?.Parameters ?? student.Teacher, gradient, seen, teacher);
    }

    /// <summary>∇KL by a student's parameters in evaluation mode, over the first images.</summary>
    private double[] Gradient(Student student, double[] parameters, double[] teacher, CancellationToken cancellation)
    {
        var (inputs, answers, count) = Examples(student.Network, pictures, teacher);
        var evaluation = new EvaluationNetwork(student.Network.ToLayers());
        using var evaluator = new LossEvaluator(evaluation, OutputLoss.Distillation(1), new ExampleSet(inputs, answers, count), run.Team, GradientRows);
        var gradient = new double[evaluator.Size];
        evaluator.Gradient(evaluation.Point(parameters, student.Statistics()), gradient, cancellation);
        // statistics stand behind the parameters
        return gradient[..parameters.Length];
    }

    /// <summary>The images that gradients are taken over, with what the teacher answers.</summary>
    /// <param name="network">Its shape.</param>
    /// <param name="pictures">The images.</param>
    /// <param name="teacher">Embeddings and outputs of the teacher side by side.</param>
    internal static (double[] Inputs, double[] Answers, int Count) Examples(ProjectedEncoder network, Pictures pictures, double[] teacher)
    {
        var count = Math.Min(GradientImages, pictures.Train.Count);
        var (inputs, answers) = (new double[count * network.Inputs], new double[count * network.Outputs]);
        for (var i = 0; i < inputs.Length; i++)
            inputs[i] = pictures.Train.Values[i];
        var width = network.Encoder.Outputs + network.Outputs;
        for (var row = 0; row < count; row++)
            teacher.AsSpan((row * width) + network.Encoder.Outputs, network.Outputs).CopyTo(answers.AsSpan(row * network.Outputs));
        return (inputs, answers, count);
    }

    /// <summary>The place of the largest number, the first of equals.</summary>
    private static int Place(ReadOnlySpan<double> values)
    {
        var place = 0;
        for (var i = 1; i < values.Length; i++)
            place = values[i] > values[place] ? i : place;
        return place;
    }

    /// <summary>Whether a student's embedding has far fewer directions than its teacher's on the same images; null where it has not.</summary>
    internal Collapse? CollapseOf(Student student, double rank, CancellationToken cancellation) => Collapse.Of(
        rank, Rank(Answers(student, cancellation), student.Network, cancellation), Moved(student, cancellation) is { } now ? Rank(now, student.Network, cancellation) : null);

    private double Rank(double[] seen, ProjectedEncoder network, CancellationToken cancellation)
    {
        var (width, embedding) = (network.Encoder.Outputs + network.Outputs, network.Encoder.Outputs);
        var features = new double[seen.Length / width * embedding];
        for (var row = 0; row < seen.Length / width; row++)
            seen.AsSpan(row * width, embedding).CopyTo(features.AsSpan(row * embedding));
        return EmbeddingSpectrum.Of(features, embedding, run.Team, cancellation).EffectiveRank;
    }

    /// <summary>What the teacher answers where it began.</summary>
    private double[] Answers(Student student, CancellationToken cancellation)
    {
        if (!_answers.TryGetValue((student.Teachers, student.Seed), out var teacher))
            _answers[(student.Teachers, student.Seed)] = teacher = See(student.Teachers.Evaluated(student.Seed), student.Teacher, cancellation);
        return teacher;
    }

    /// <summary>What a teacher that moves answers where it is; null of one that stays.</summary>
    private double[]? Moved(Student student, CancellationToken cancellation) => student.Moved?.Invoke() is { } now ? See(now.Network, now.Parameters, cancellation) : null;

    private double[] See(ProjectedEncoder network, double[] parameters, CancellationToken cancellation)
        => NetworkOutputs.Of(new Seen(network), pictures.Train.Slice(0, Math.Min(Images, pictures.Train.Count)).Values, parameters, Teachers.Passes(training, run), cancellation);

    /// <summary>Embedding and outputs side by side.</summary>
    private sealed class Seen(ProjectedEncoder network) : INetwork
    {
        public ParameterLayout Layout => network.Layout;

        public int Inputs => network.Inputs;

        public int Outputs => network.Encoder.Outputs + network.Outputs;

        public Sym Output(Sym input, IReadOnlyList<Sym> parameters)
        {
            var (embedding, outputs) = network.EmbeddingAndOutput(input, parameters);
            return Ops.Concat(1, embedding, outputs);
        }
    }
}
