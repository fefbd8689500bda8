namespace Understudy.Learning.Geometry;

/// <summary>min over a ≥ 0 of aᵀGa − 2bᵀa, by exact minimisation along one coordinate after the other.</summary>
/// <remarks>
/// Every sweep costs O(n²) and lowers the value; G need not have full rank, as where nodes are duplicates. Sequential coordinate-wise algorithm of
/// Franc, Hlaváč and Navara, "Sequential coordinate-wise algorithm for the non-negative least squares problem", CAIP 2005.
/// </remarks>
public static class NonNegativeLeastSquares
{
    private const int MostSweeps = 500;
    private const double Tolerance = 1e-9;

    /// <summary>The minimum, or what 500 sweeps come to.</summary>
    /// <param name="gram">G, [n, n], symmetric and positive semidefinite; coordinates with G_kk = 0 stay 0.</param>
    /// <param name="target">b, [n].</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static double[] Solve(ReadOnlySpan<double> gram, ReadOnlySpan<double> target)
    {
        var n = target.Length;
        if (gram.Length != n * n)
            throw new ArgumentException($"A Gram matrix of {gram.Length} numbers does not fit {n} coordinates.", nameof(gram));
        var (a, slope) = (new double[n], target.ToArray());
        for (var sweep = 0; sweep < MostSweeps; sweep++)
        {
            var largest = 0.0;
            for (var k = 0; k < n; k++)
            {
                var curvature = gram[(k * n) + k];
                if (!(curvature > 0))
                    continue;
                // slope is b − Ga
                var next = Math.Max(0, a[k] + (slope[k] / curvature));
                var change = next - a[k];
                if (change == 0)
                    continue;
                a[k] = next;
                Dense.Add(-change, gram.Slice(k * n, n), slope);
                largest = Math.Max(largest, Math.Abs(change) / Math.Max(Math.Abs(next), Tolerance));
            }

            if (largest < Tolerance)
                break;
        }

        return a;
    }
}
