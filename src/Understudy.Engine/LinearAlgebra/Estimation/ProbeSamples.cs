namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>Turns a probe and its products into numbers, one per statistic.</summary>
/// <param name="probe">v.</param>
/// <param name="product">A v.</param>
/// <param name="second">A A v, or nothing where one product per probe is enough.</param>
/// <param name="statistics">Takes the numbers.</param>
internal delegate void ProbeMeasure(ReadOnlySpan<double> probe, ReadOnlySpan<double> product, ReadOnlySpan<double> second, Span<double> statistics);

/// <summary>The numbers that independent probes gave, statistic after statistic.</summary>
internal sealed class ProbeSamples
{
    internal const int LeastSamples = 10;

    private readonly double[][] _values;

    private ProbeSamples(int statistics, int capacity)
    {
        _values = new double[statistics][];
        for (int i = 0; i < statistics; i++)
            _values[i] = new double[capacity];
    }

    internal int Count { get; private set; }

    internal int Products { get; private set; }

    internal bool IsConverged { get; private set; }

    internal SampledValue Mean(int statistic) => SampledValue.MeanOf(_values[statistic].AsSpan(0, Count));

    /// <summary>Draws probes until the first statistic meets the tolerance or the budget is spent.</summary>
    /// <remarks>Where to look at the tolerance is fixed, and no block reaches beyond it: the size of blocks changes neither the result nor the products.</remarks>
    internal static ProbeSamples Collect(
        ISymmetricOperator matrix, ProbeOptions options, int statistics, bool isTwice, ProbeMeasure measure, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        options.Check();
        int n = matrix.Size;
        int block = Math.Min(options.BlockSize, options.Samples);
        var probes = new Probes(options.Distribution, options.Seed, n);
        var vectors = new double[checked(block * n)];
        var products = new double[vectors.Length];
        var seconds = isTwice ? new double[vectors.Length] : [];
        var row = new double[statistics];
        var samples = new ProbeSamples(statistics, options.Samples);
        for (int look = LeastSamples; !samples.IsConverged && samples.Count < options.Samples; look += Math.Max(LeastSamples, look / 4))
        {
            int end = Math.Min(look, options.Samples);
            while (samples.Count < end)
            {
                cancellation.ThrowIfCancellationRequested();
                int count = Math.Min(block, end - samples.Count);
                probes.Fill(samples.Count, vectors.AsSpan(0, count * n));
                matrix.Apply(vectors.AsSpan(0, count * n), products.AsSpan(0, count * n));
                if (isTwice)
                    matrix.Apply(products.AsSpan(0, count * n), seconds.AsSpan(0, count * n));
                for (int i = 0; i < count; i++)
                {
                    measure(vectors.AsSpan(i * n, n), products.AsSpan(i * n, n), isTwice ? seconds.AsSpan(i * n, n) : default, row);
                    samples.Add(row);
                }

                samples.Products += isTwice ? 2 * count : count;
            }

            samples.IsConverged = options.RelativeTolerance > 0 && samples.Count >= LeastSamples && samples.Meets(options.RelativeTolerance);
        }

        samples.IsConverged |= options.RelativeTolerance == 0;
        return samples;
    }

    private bool Meets(double tolerance)
    {
        var mean = Mean(0);
        return mean.HalfWidth <= tolerance * Math.Abs(mean.Value);
    }

    private void Add(double[] row)
    {
        for (int i = 0; i < row.Length; i++)
            _values[i][Count] = row[i];
        Count++;
    }
}
