using Understudy.Engine.Random;

namespace Understudy.Lab.Claims;

/// <summary>Estimates with their 95 % intervals.</summary>
public static class Statistics
{
    private const double Normal975 = 1.959963984540054;

    /// <summary>Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom.</summary>
    private static readonly double[] StudentT =
    [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
        2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ];

    /// <summary>The mean; not a number for no values.</summary>
    public static double Mean(IReadOnlyList<double> values) => values.Count == 0 ? double.NaN : values.Sum() / values.Count;

    /// <summary>The median, for an even count the mean of the two in the middle; not a number for no values.</summary>
    public static double Median(IReadOnlyList<double> values) => Quantile(values, 0.5);

    /// <summary>The quantile at p between 0 and 1, interpolated linearly between neighbours; not a number for no values.</summary>
    public static double Quantile(IReadOnlyList<double> values, double p)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(p, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(p, 1);
        if (values.Count == 0)
            return double.NaN;
        double[] sorted = [.. values.Order()];
        return QuantileOfSorted(sorted, p);
    }

    /// <summary>The standard deviation of a sample, divided by n − 1; 0 for fewer than two values.</summary>
    public static double Deviation(IReadOnlyList<double> values)
    {
        if (values.Count < 2)
            return 0;
        var mean = Mean(values);
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }

    /// <summary>A proportion with its Wilson interval, which stays within 0 and 1 and has a width at 0 and at all.</summary>
    /// <remarks>Wilson 1927; for no trials the estimate is not a number and the interval is 0 to 1.</remarks>
    public static Estimate Proportion(int successes, int trials)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        if (trials == 0)
            return new Estimate(double.NaN, 0, 1);
        const double Z2 = Normal975 * Normal975;
        var (n, p) = ((double)trials, (double)successes / trials);
        var centre = (p + Z2 / (2 * n)) / (1 + Z2 / n);
        var half = Normal975 / (1 + Z2 / n) * Math.Sqrt(p * (1 - p) / n + Z2 / (4 * n * n));
        return new Estimate(p, successes == 0 ? 0 : centre - half, successes == trials ? 1 : centre + half);
    }

    /// <summary>The mean with Student's t interval; of one value the interval is unbounded.</summary>
    public static Estimate MeanInterval(IReadOnlyList<double> values)
    {
        var mean = Mean(values);
        if (values.Count < 2)
            return new Estimate(mean, double.NegativeInfinity, double.PositiveInfinity);
        var half = StudentQuantile(values.Count - 1) * Deviation(values) / Math.Sqrt(values.Count);
        return new Estimate(mean, mean - half, mean + half);
    }

    /// <summary>A statistic over seeds with its percentile bootstrap interval; of one seed the interval is unbounded.</summary>
    /// <remarks>Efron 1979. Resamples draw whole seeds with replacement; the same values and seed give the same interval.</remarks>
    /// <param name="values">One value per seed, or everything that was measured for it.</param>
    /// <param name="statistic">What is estimated, such as <see cref="Median"/>.</param>
    /// <param name="resamples">How many resamples.</param>
    /// <param name="seed">The seed of the resampling.</param>
    public static Estimate Bootstrap<T>(IReadOnlyList<T> values, Func<IReadOnlyList<T>, double> statistic, int resamples = 2000, long seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        var estimate = statistic(values);
        if (values.Count < 2)
            return new Estimate(estimate, double.NegativeInfinity, double.PositiveInfinity);
        var random = new RandomSequence((ulong)seed, "statistics/bootstrap");
        var (sample, found) = (new T[values.Count], new double[resamples]);
        var drawn = new int[values.Count];
        for (var r = 0; r < resamples; r++)
        {
            random.FillIndices(r, values.Count, drawn);
            for (var i = 0; i < sample.Length; i++)
                sample[i] = values[drawn[i]];
            found[r] = statistic(sample);
        }
        Array.Sort(found);
        return new Estimate(estimate, QuantileOfSorted(found, 0.025), QuantileOfSorted(found, 0.975));
    }

    private static double QuantileOfSorted(double[] sorted, double p)
    {
        var at = p * (sorted.Length - 1);
        var below = (int)Math.Floor(at);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] == sorted[above] ? sorted[below] : sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /// <summary>Beyond the table the expansion of Cornish and Fisher, which is right to five digits from 31 degrees on.</summary>
    private static double StudentQuantile(int degrees)
    {
        if (degrees <= StudentT.Length)
            return StudentT[degrees - 1];
        var (z, n) = (Normal975, (double)degrees);
        var z3 = z * z * z;
        return z + (z3 + z) / (4 * n) + (5 * z3 * z * z + 16 * z3 + 3 * z) / (96 * n * n);
    }
}
