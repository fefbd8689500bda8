using Understudy.Data.Formats;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>Everything that was measured of the students of one width on their training sets, as arrays over replicas; a diverged student has NaN.</summary>
internal static class MatrixTensors
{
    internal static IEnumerable<Tensor> Of(StudentGroup group)
    {
        var name = FormattableString.Invariant($"r{group.OverRealization}");
        var (teacher, student) = (group.Replicas[0].Teacher, group.Replicas[0].Initial);
        var (d, m, n, outputs) = (student.Inputs, teacher.Nodes, student.Nodes, student.Outputs);
        yield return Stack(group, $"{name}.gradient.hidden.weight", training => training.Moments.HiddenWeight, n, d);
        yield return Stack(group, $"{name}.gradient.hidden.bias", training => training.Moments.HiddenBias, n);
        yield return Stack(group, $"{name}.gradient.output.weight", training => training.Moments.OutputWeight, n, outputs);
        yield return Stack(group, $"{name}.gradient.output.bias", training => training.Moments.OutputBias, outputs);
        yield return Stack(group, $"{name}.gradient.hidden.square", training => training.Moments.HiddenSquare, n);
        yield return Stack(group, $"{name}.gradient.output.square", training => training.Moments.OutputSquare, outputs);
        yield return Stack(group, $"{name}.correlations", training => training.Correlations.Values.ToArray(), m, n);
        yield return Stack(group, $"{name}.observation", training => [.. from j in Enumerable.Range(0, m) from k in Enumerable.Range(0, n) select (double)training.Observation.Count(j, k)], m, n);
        yield return Stack(group, $"{name}.cross", training => training.Moments.Cross, m, n);
        yield return Stack(group, $"{name}.gram", training => training.Moments.Gram, n, n);
    }

    private static Tensor Stack(StudentGroup group, string name, Func<TrainMeasurement, double[]> values, params int[] extents)
    {
        var size = extents.Aggregate(1, (product, extent) => product * extent);
        var all = new float[checked(group.Replicas.Count * size)];
        all.AsSpan().Fill(float.NaN);
        for (var i = 0; i < group.Replicas.Count; i++)
        {
            if (group.Replicas[i] is not { IsDiverged: false, Training: { } training })
                continue;
            var own = values(training);
            for (var at = 0; at < size; at++)
                all[(i * size) + at] = (float)own[at];
        }

        return Tensor.Of(name, all, [group.Replicas.Count, .. extents]);
    }
}
