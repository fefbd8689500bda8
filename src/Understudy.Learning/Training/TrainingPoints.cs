using Understudy.Data.Formats;

namespace Understudy.Learning.Training;

/// <summary>Points of replicas as tensors.</summary>
internal static class TrainingPoints
{
    /// <summary><c>prefix.parameters</c> [R, P] and <c>prefix.carried</c> [R, K].</summary>
    internal static IReadOnlyList<Tensor> Tensors(IReadOnlyList<TrainingPoint> points, string prefix) =>
    [
        Tensor.Of($"{prefix}.parameters", points.SelectMany(point => point.Parameters).ToArray(), points.Count, points[0].Parameters.Length),
        Tensor.Of($"{prefix}.carried", points.SelectMany(point => point.Carried).ToArray(), points.Count, points[0].Carried.Length),
    ];

    /// <summary>The points again.</summary>
    /// <exception cref="ArgumentException">A tensor is missing or has another shape.</exception>
    internal static TrainingPoint[] Read(IReadOnlyDictionary<string, Tensor> tensors, string prefix, int count, int parameters, int carried, long step)
    {
        var (all, states) = (Doubles(tensors, $"{prefix}.parameters", count, parameters).ToArray(), Doubles(tensors, $"{prefix}.carried", count, carried).ToArray());
        return [.. Enumerable.Range(0, count).Select(i => new TrainingPoint(all[(i * parameters)..((i + 1) * parameters)], states[(i * carried)..((i + 1) * carried)], step))];
    }

    /// <summary>The numbers of a tensor of a known shape.</summary>
    /// <exception cref="ArgumentException">It is missing, or has another shape or type.</exception>
    internal static ReadOnlySpan<double> Doubles(IReadOnlyDictionary<string, Tensor> tensors, string name, params ReadOnlySpan<int> shape)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return Found(tensors, name, shape).Doubles;
    }

    /// <summary>A tensor of a known shape.</summary>
    /// <exception cref="ArgumentException">It is missing, or has another shape.</exception>
    internal static Tensor Found(IReadOnlyDictionary<string, Tensor> tensors, string name, params ReadOnlySpan<int> shape)
    {
        if (!tensors.TryGetValue(name, out var tensor))
            throw new ArgumentException($"There is no tensor {name}.", nameof(tensors));
        if (!tensor.Shape.SequenceEqual(shape.ToArray()))
            throw new ArgumentException($"The tensor {name} is [{string.Join(", ", tensor.Shape)}], but [{string.Join(", ", shape.ToArray())}] is needed.", nameof(tensors));
        return tensor;
    }
}
