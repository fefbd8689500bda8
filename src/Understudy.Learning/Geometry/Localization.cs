namespace Understudy.Learning.Geometry;

/// <summary>How far a boundary can turn from another that it meets within a short distance at many points; specification section 2.3.</summary>
/// <remarks>
/// If a hyperplane passes within c of each of T points of another one, the sine of the angle between them is at most c·√T/σ, σ the
/// smallest singular value of the centred points within that other hyperplane.
/// </remarks>
public static class Localization
{
    private const int Halvings = 14;

    /// <summary>The bound c·√T/σ, or 1 where the points do not span the hyperplane.</summary>
    /// <param name="points">[T, d], on the hyperplane.</param>
    /// <param name="normal">Unit normal of the hyperplane, [d].</param>
    /// <param name="distance">c.</param>
    public static double SineBound(ReadOnlySpan<double> points, ReadOnlySpan<double> normal, double distance)
    {
        var d = normal.Length;
        var count = points.Length / d;
        if (count < d)
            return 1;
        var gram = CenteredGram(points, d);
        // the normal is no direction of the hyperplane: give it more than any other can have
        var trace = 0.0;
        for (var u = 0; u < d; u++)
            trace += gram[(u * d) + u];
        for (var u = 0; u < d; u++)
            Dense.Add(trace * normal[u], normal, gram.AsSpan(u * d, d));
        var smallest = SmallestEigenvalue(gram, d);
        return smallest > 0 ? Math.Min(1, distance * Math.Sqrt(count / smallest)) : 1;
    }

    /// <summary>A lower bound of the smallest eigenvalue of a positive semidefinite matrix [size, size], close from below.</summary>
    /// <remarks>Bisection: A − λI has a Cholesky factor exactly while λ is below every eigenvalue. Never too large but for rounding.</remarks>
    public static double SmallestEigenvalue(ReadOnlySpan<double> matrix, int size)
    {
        var high = double.PositiveInfinity;
        for (var u = 0; u < size; u++)
            high = Math.Min(high, matrix[(u * size) + u]);
        var (low, factor) = (0.0, new double[size * size]);
        for (var i = 0; i < Halvings && high > low; i++)
        {
            var middle = (low + high) / 2;
            if (IsPositive(matrix, middle, factor, size))
                low = middle;
            else
                high = middle;
        }

        return low;
    }

    private static double[] CenteredGram(ReadOnlySpan<double> points, int d)
    {
        var count = points.Length / d;
        var (mean, gram, row) = (new double[d], new double[d * d], new double[d]);
        for (var i = 0; i < count; i++)
            Dense.Add(1.0 / count, points.Slice(i * d, d), mean);
        for (var i = 0; i < count; i++)
        {
            points.Slice(i * d, d).CopyTo(row);
            Dense.Add(-1, mean, row);
            for (var u = 0; u < d; u++)
                Dense.Add(row[u], row, gram.AsSpan(u * d, d));
        }

        return gram;
    }

    private static bool IsPositive(ReadOnlySpan<double> matrix, double shift, double[] factor, int size)
    {
        for (var u = 0; u < size; u++)
        {
            var row = factor.AsSpan(u * size, size);
            for (var v = 0; v < u; v++)
                row[v] = (matrix[(u * size) + v] - Dense.Dot(row[..v], factor.AsSpan(v * size, v))) / factor[(v * size) + v];
            var pivot = matrix[(u * size) + u] - shift - Dense.Dot(row[..u], row[..u]);
            if (!(pivot > 0))
                return false;
            row[u] = Math.Sqrt(pivot);
        }

        return true;
    }
}
