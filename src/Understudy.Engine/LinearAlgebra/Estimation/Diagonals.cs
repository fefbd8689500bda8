namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>Diagonals of matrices that are known by their products.</summary>
public static class Diagonals
{
    /// <summary>Every element by a product with a unit vector.</summary>
    /// <remarks>Costs n products; worth it where n is small or a budget of products reaches it.</remarks>
    public static DiagonalEstimate Exact(ISymmetricOperator matrix, int blockSize = 16, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        int n = matrix.Size;
        var values = new double[n];
        var units = new double[checked(Math.Min(blockSize, n) * n)];
        var products = new double[units.Length];
        for (int first = 0; first < n; first += blockSize)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(blockSize, n - first);
            units.AsSpan().Clear();
            for (int i = 0; i < count; i++)
                units[(i * n) + first + i] = 1;
            matrix.Apply(units.AsSpan(0, count * n), products.AsSpan(0, count * n));
            for (int i = 0; i < count; i++)
                values[first + i] = products[(i * n) + first + i];
        }

        return new DiagonalEstimate(values, new double[n], 0, n, 0);
    }

    /// <summary>Σ v∘Av / Σ v∘v over random vectors v, element by element.</summary>
    /// <remarks>
    /// Bekas, Kokiopoulou and Saad 2007. With signs the variance of one sample of element i is Σ A_ij² over j ≠ i. Uses all samples; the
    /// tolerance of the options is not looked at. Costs a product per probe and six vectors of memory beside two blocks.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">No samples, or empty blocks.</exception>
    public static DiagonalEstimate Hutchinson(ISymmetricOperator matrix, ProbeOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        options = (options ?? new ProbeOptions()) with { RelativeTolerance = 0 };
        int n = matrix.Size;
        // samples are counted from the first one, so that equal ones leave an error of zero
        var (origin, values) = (new double[n], new double[n]);
        var (weights, squares, mixed, quartic) = (new double[n], new double[n], new double[n], new double[n]);
        bool isFirst = true;
        var samples = ProbeSamples.Collect(matrix, options, 1, false, (v, av, _, _) =>
        {
            for (int i = 0; i < v.Length; i++)
            {
                double w = v[i] * v[i];
                if (isFirst)
                    origin[i] = v[i] * av[i];
                double x = (v[i] * av[i]) - (origin[i] * w);
                values[i] += x;
                weights[i] += w;
                squares[i] += x * x;
                mixed[i] += x * w;
                quartic[i] += w * w;
            }

            isFirst = false;
        }, cancellation);

        // of the ratio, by the residuals x - d w
        double correction = samples.Count > 1 ? samples.Count / (samples.Count - 1.0) : double.PositiveInfinity;
        for (int i = 0; i < n; i++)
        {
            double d = values[i] / weights[i];
            double residual = squares[i] - (2 * d * mixed[i]) + (d * d * quartic[i]);
            squares[i] = samples.Count > 1 ? Math.Sqrt(Math.Max(0, residual) * correction) / weights[i] : double.PositiveInfinity;
            values[i] = origin[i] + d;
        }

        return new DiagonalEstimate(values, squares, samples.Count, samples.Products, options.Seed);
    }

    internal static TraceEstimate ExactTrace(ISymmetricOperator matrix, SketchOptions options, CancellationToken cancellation)
    {
        double trace = 0;
        foreach (double value in Exact(matrix, options.BlockSize, cancellation).Values)
            trace += value;
        return new TraceEstimate(TraceMethod.Exact, SampledValue.Exact(trace), matrix.Size, options.Seed);
    }
}
