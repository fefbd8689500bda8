using Understudy.Learning.Geometry;

namespace Understudy.Learning.Landscape;

/// <summary>Vectors of parameters.</summary>
internal static class Vectors
{
    /// <summary>(1 − t) A + t B: at 0 and 1 exactly A and B.</summary>
    internal static void Between(ReadOnlySpan<double> start, ReadOnlySpan<double> end, double t, Span<double> into)
    {
        for (var i = 0; i < into.Length; i++)
            into[i] = ((1 - t) * start[i]) + (t * end[i]);
    }

    /// <summary>A − B.</summary>
    internal static double[] Difference(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var difference = left.ToArray();
        Dense.Add(-1, right, difference);
        return difference;
    }

    internal static double Distance(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
            sum += (left[i] - right[i]) * (left[i] - right[i]);
        return Math.Sqrt(sum);
    }

    internal static double Norm(ReadOnlySpan<double> vector) => Dense.Norm(vector);

    internal static void Scale(double factor, Span<double> vector)
    {
        foreach (ref var value in vector)
            value *= factor;
    }
}
