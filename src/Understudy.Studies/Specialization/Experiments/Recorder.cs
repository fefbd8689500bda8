using Understudy.Data.Formats;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Lab.Runs;
using Understudy.Learning.Probing;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>Turns what was measured into rows and arrays.</summary>
internal sealed class Recorder(ExperimentPlan plan, SeedSets sets, RunContext run)
{
    private const double NearZero = 1e-3;

    private readonly GeometryRecorder _geometry = new(plan, run);

    /// <summary>Records every replica at the end of an epoch.</summary>
    internal void Record(StudentGroup group, int epoch)
    {
        var step = Step(epoch);
        foreach (var replica in group.Replicas)
        {
            if (replica.IsDiverged || replica.Evaluation is not { } measured)
            {
                run.Record($"{plan.Part}.evaluations", Diverged(replica, epoch));
                continue;
            }

            var statistics = SpecializationStatistics.Of(measured.Correlations, sets.Evaluation(replica.Seed, replica.Cell).Crossed);
            var student = replica.Student();
            var alignments = new Alignments(replica.Teacher, student, sets.Radius);
            replica.Follow(statistics, step);
            run.Record($"{plan.Part}.evaluations", Evaluation(replica, epoch, measured, statistics, student, alignments));
            if (replica.Training is not { } training)
                continue;
            RecordNodes(replica, epoch, statistics, training, alignments);
            if (epoch == plan.Training.Epochs && plan.RecordsStudents)
                RecordStudents(replica, measured, statistics, training, student, alignments);
            if (epoch < plan.Training.Epochs)
                continue;
            _geometry.Record(replica, step);
            RecordCurvature(replica, measured, statistics, alignments);
        }
    }

    /// <summary>Saves correlation matrices and weights of all groups, where the plan asks for them.</summary>
    internal void Save(IReadOnlyList<StudentGroup> groups, int epoch)
    {
        if (plan.SavesCorrelations(epoch))
            run.Save($"{plan.Part}.correlations", Step(epoch), [.. groups.Select(Correlations)]);
        if (plan.SavesMatrices && (epoch == plan.Training.Epochs || epoch == plan.EarlyEpoch))
            run.Save($"{plan.Part}.matrices", Step(epoch), [.. groups.SelectMany(MatrixTensors.Of)]);
        if (plan.SavesWeights(epoch))
            run.Save($"{plan.Part}.weights", Step(epoch), [.. TeacherWeights(groups[0]), .. groups.SelectMany(StudentWeights)]);
    }

    private int Step(int epoch) => checked(epoch * plan.Training.EpochSteps);

    private EvaluationRow Evaluation(
        Replica replica, int epoch, Measurement measured, SpecializationStatistics statistics, TwoLayerNetwork student, Alignments alignments)
    {
        var fanOut = student.FanOutNorms();
        var alive = Enumerable.Range(0, student.Nodes).Where(k => !measured.IsDead(k)).ToArray();
        var gradient = replica.Training?.Gradient;
        var cell = replica.Cell;
        return new EvaluationRow(
            replica.Seed, Step(epoch), epoch, cell.OverRealization, cell.FanOutDecay, cell.Samples, cell.Set, Diverged: false,
            measured.Loss, measured.Loss / sets.Evaluation(replica.Seed, cell).Variance, replica.Training?.Loss,
            replica.Training?.Moments.HiddenNorm, replica.Training?.Moments.OutputNorm, student.HiddenNorm, student.OutputNorm, replica.Movement,
            gradient?.Largest, gradient?.Highest999, gradient?.Highest99, gradient?.Median, gradient?.RootMeanSquare,
            statistics.MeanBest, statistics.SmallestBest, statistics.RecoveredFraction, statistics.Covered(), statistics.EnergyShare(fanOut),
            RankCorrelation.Spearman([.. alive.Select(k => statistics.Usefulness[k])], [.. alive.Select(k => fanOut[k])]),
            measured.Dead, measured.AlwaysOn,
            Enumerable.Range(0, replica.Teacher.Nodes).Count(j => IsReversed(j, statistics, alignments)), statistics.Unobserved, sets.Training(replica.Seed, cell).Count,
            sets.IsGaussian ? replica.Teacher.ExactLoss(student, sets.Deviation) : null);
    }

    private EvaluationRow Diverged(Replica replica, int epoch) => new(
        replica.Seed, Step(epoch), epoch, replica.Cell.OverRealization, replica.Cell.FanOutDecay, replica.Cell.Samples, replica.Cell.Set,
        Diverged: true, double.NaN, double.NaN, null, null, null, double.NaN, double.NaN, null, null, null, null, null, null, double.NaN, double.NaN, double.NaN, [], double.NaN, double.NaN,
        0, 0, 0, 0, sets.Training(replica.Seed, replica.Cell).Count);

    private void RecordNodes(Replica replica, int epoch, SpecializationStatistics statistics, TrainMeasurement training, Alignments alignments)
    {
        var cell = replica.Cell;
        for (var j = 0; j < replica.Teacher.Nodes; j++)
        {
            var (winner, closest) = (statistics.ArgBest[j], alignments.Closest(j));
            run.Record($"{plan.Part}.nodes", new NodeRow(
                replica.Seed, Step(epoch), epoch, cell.OverRealization, cell.FanOutDecay, cell.Samples, cell.Set,
                j, replica.Teacher.FanOutNorm(j), statistics.Best[j], winner, statistics.Best[j] > SpecializationStatistics.Recovery,
                replica.SpecializedAt[j] < 0 ? null : replica.SpecializedAt[j], replica.FirstAt[j] < 0 ? null : replica.FirstAt[j],
                RankCorrelation.Percentile(replica.InitialCorrelations!.OfTeacher(j), winner),
                alignments[j, winner].OrientedSine, closest.UnorientedSine, closest.OffsetError, IsReversed(j, statistics, alignments),
                training.Observation.Best(j), statistics.IsObserved(j)));
        }
    }

    private void RecordStudents(
        Replica replica, Measurement measured, SpecializationStatistics statistics, TrainMeasurement training, TwoLayerNetwork student, Alignments alignments)
    {
        var onTraining = SpecializationStatistics.Of(training.Correlations);
        var cell = replica.Cell;
        for (var k = 0; k < student.Nodes; k++)
        {
            var fanOut = student.FanOutNorm(k);
            run.Record($"{plan.Part}.students", new StudentRow(
                replica.Seed, Step(plan.Training.Epochs), cell.OverRealization, cell.FanOutDecay, cell.Samples, cell.Set,
                k, statistics.Usefulness[k], onTraining.Usefulness[k], statistics.BestTeacher[k], fanOut, fanOut * student.WeightNorm(k),
                Role(k, measured, statistics, alignments), replica.Geometry?.FanOutBounds[k]));
        }
    }

    /// <summary>The spectrum of a student beside the roles of its nodes, where it was taken.</summary>
    private void RecordCurvature(Replica replica, Measurement measured, SpecializationStatistics statistics, Alignments alignments)
    {
        if (replica.Spectrum is not { } values)
            return;
        var (cell, counts) = (replica.Cell, SignCount.Of(values));
        StudentRole[] roles = [.. Enumerable.Range(0, replica.Initial.Nodes).Select(k => Role(k, measured, statistics, alignments))];
        run.Record($"{plan.Part}.curvature", new CurvatureRow(
            replica.Seed, Step(plan.Training.Epochs), cell.OverRealization, cell.FanOutDecay, cell.Samples, cell.Set,
            Math.Min(plan.Curvature, sets.Training(replica.Seed, cell).Count), values.Length, values[^1], counts.Negative, counts.Zero,
            values.Count(value => Math.Abs(value) <= NearZero * values[^1]),
            roles.Count(role => role == StudentRole.Duplicate), roles.Count(role => role is not (StudentRole.Duplicate or StudentRole.Specialized))));
    }

    internal static StudentRole Role(int student, Measurement measured, SpecializationStatistics statistics, Alignments alignments)
    {
        if (measured.IsDead(student))
            return StudentRole.Dead;
        if (statistics.Usefulness[student] > SpecializationStatistics.Recovery)
            return statistics.ArgBest[statistics.BestTeacher[student]] == student ? StudentRole.Specialized : StudentRole.Duplicate;
        return alignments.IsReversedStudent[student] ? StudentRole.Reversed : StudentRole.Unspecialized;
    }

    private static bool IsReversed(int teacher, SpecializationStatistics statistics, Alignments alignments)
        => alignments.IsReversed[teacher] && !(statistics.Best[teacher] > SpecializationStatistics.Recovery);

    private static string Name(StudentGroup group) => FormattableString.Invariant($"r{group.OverRealization}");

    private static Tensor Correlations(StudentGroup group)
    {
        var (first, count) = (group.Replicas[0], group.Replicas.Count);
        var size = first.Teacher.Nodes * first.Initial.Nodes;
        var values = new float[count * size];
        for (var i = 0; i < count; i++)
        {
            for (var at = 0; at < size; at++)
                values[(i * size) + at] = group.Replicas[i].Evaluation is { } measured ? (float)measured.Correlations.Values[at] : float.NaN;
        }

        return Tensor.Of(Name(group), values, count, first.Teacher.Nodes, first.Initial.Nodes);
    }

    /// <summary>Teachers of the first cell by seed: [seeds, m, d], and so on.</summary>
    private static IEnumerable<Tensor> TeacherWeights(StudentGroup group)
        => Weights("teacher", [.. group.Replicas.Where(replica => replica.Cell == group.Replicas[0].Cell).Select(replica => replica.Teacher)]);

    private static IEnumerable<Tensor> StudentWeights(StudentGroup group)
        => Weights(Name(group), [.. group.Replicas.Select(replica => replica.Student())]);

    /// <summary>Hidden weights [networks, nodes, inputs] and biases, output weights [networks, outputs, nodes] and biases.</summary>
    private static IEnumerable<Tensor> Weights(string name, IReadOnlyList<TwoLayerNetwork> networks)
    {
        var shape = networks[0];
        var output = new List<float>(networks.Count * shape.FanOuts.Length);
        foreach (var network in networks)
        {
            for (var c = 0; c < shape.Outputs; c++)
            {
                for (var k = 0; k < shape.Nodes; k++)
                    output.Add((float)network.FanOut(k)[c]);
            }
        }

        yield return Tensor.Of($"{name}.hidden.weight", Floats(networks, network => network.Weights), networks.Count, shape.Nodes, shape.Inputs);
        yield return Tensor.Of($"{name}.hidden.bias", Floats(networks, network => network.Biases), networks.Count, shape.Nodes);
        yield return Tensor.Of($"{name}.output.weight", output.ToArray(), networks.Count, shape.Outputs, shape.Nodes);
        yield return Tensor.Of($"{name}.output.bias", Floats(networks, network => network.OutputBiases), networks.Count, shape.Outputs);
    }

    private static float[] Floats(IEnumerable<TwoLayerNetwork> networks, Func<TwoLayerNetwork, double[]> part)
        => [.. networks.SelectMany(part).Select(value => (float)value)];
}
