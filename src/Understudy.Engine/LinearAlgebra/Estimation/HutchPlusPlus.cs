namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>The trace of a matrix most of which lies in a small range: exact inside, a mean over probes beside it.</summary>
/// <remarks>
/// Meyer, Musco, Musco and Woodruff 2021. A third of the products finds the range, a third acts on it, and the last third estimates the
/// rest and its error. <see cref="XTrace"/> makes more of the same products; this has samples that are independent given the range.
/// </remarks>
public static class HutchPlusPlus
{
    /// <summary>tr A.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 6 products, or empty blocks.</exception>
    public static TraceEstimate Trace(ISymmetricOperator matrix, SketchOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        options ??= new SketchOptions();
        options.Check(6);
        if (options.Products >= matrix.Size)
            return Diagonals.ExactTrace(matrix, options, cancellation);

        int n = matrix.Size;
        int third = options.Products / 3;
        var distribution = options.Distribution ?? ProbeDistribution.Sphere;
        var sketch = Sketch.Of(matrix, third, distribution, options, cancellation);
        var rest = new double[checked((options.Products - (2 * third)) * n)];
        new Probes(distribution, options.Seed, n).Fill(third, rest);
        for (int start = 0; start < rest.Length; start += n)
        {
            sketch.Range.Leave(rest, start);
            if (distribution == ProbeDistribution.Sphere)
                Probes.Rescale(rest.AsSpan(start, n), n - sketch.Range.Rank);
        }

        var products = Sketch.Multiply(matrix, rest, options.BlockSize, cancellation);
        var samples = new double[rest.Length / n];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = RowAlgebra.Dot(rest.AsSpan(i * n, n), products.AsSpan(i * n, n));
        var estimate = SampledValue.MeanOf(samples).Plus(sketch.TraceInRange);
        return new TraceEstimate(TraceMethod.HutchPlusPlus, estimate, third + sketch.Range.Rank + samples.Length, options.Seed);
    }
}
