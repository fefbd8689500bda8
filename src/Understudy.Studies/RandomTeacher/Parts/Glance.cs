using Understudy.Engine.Graphs;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks;
using Understudy.Learning.Representations;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>How far a student is from its teacher and what its embedding's rank is, on a few training images: cheap enough for many moments of a training.</summary>
/// <param name="pictures">The images.</param>
/// <param name="run">Whose threads are used.</param>
internal sealed class Glance(Pictures pictures, RunContext run)
{
    /// <summary>Images that are looked at.</summary>
    internal const int Images = 500;

    private readonly Dictionary<(Teachers, int), double[]> _answers = [];

    /// <summary>A student as it is now; the row lacks step and condition.</summary>
    internal TrainingRow Of(Student student, CancellationToken cancellation)
    {
        var network = student.Network;
        if (!_answers.TryGetValue((student.Teachers, student.Seed), out var teacher))
            _answers[(student.Teachers, student.Seed)] = teacher = See(student.Teachers.Evaluated(student.Seed), student.Teacher, cancellation);
        var parameters = student.Parameters();
        DivergedException.ThrowIf(parameters, student);
        var seen = See(network.InEvaluationMode(student.Statistics()), parameters, cancellation);
        var (width, embedding) = (network.Encoder.Outputs + network.Outputs, network.Encoder.Outputs);
        var rows = seen.Length / width;
        var (divergence, cosine, features) = (0.0, 0.0, new double[rows * embedding]);
        for (var row = 0; row < rows; row++)
        {
            var own = seen.AsSpan(row * width, width);
            var other = teacher.AsSpan(row * width, width);
            own[..embedding].CopyTo(features.AsSpan(row * embedding));
            divergence += OutputDivergence.Of(other[embedding..], own[embedding..]) / rows;
            cosine += OutputDivergence.Cosine(other[embedding..], own[embedding..]) / rows;
        }

        return new TrainingRow(
            student.Seed, 0, student.Condition.Name, 0, divergence, cosine, student.Plan.LastStep(student.Replica).GradientNorm, Distances.Between(parameters, student.Start),
            EmbeddingSpectrum.Of(features, embedding, run.Team, cancellation).EffectiveRank);
    }

    private double[] See(ProjectedEncoder network, double[] parameters, CancellationToken cancellation)
        => NetworkOutputs.Of(new Seen(network), pictures.Train.Slice(0, Math.Min(Images, pictures.Train.Count)).Values, parameters, Teachers.Passes(run), cancellation);

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
