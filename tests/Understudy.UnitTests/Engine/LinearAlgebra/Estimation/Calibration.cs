using Understudy.Engine.LinearAlgebra.Estimation;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Estimation;

/// <summary>Whether estimates are as far from the truth as their standard errors say.</summary>
internal static class Calibration
{
    private const int Seeds = 100;

    /// <summary>
    /// Of normal z-scores the mean magnitude is 0.80 with a standard deviation of 0.06 over 100 seeds, and one in 1.7 million is beyond 5; a few
    /// samples behind each error widen both a little.
    /// </summary>
    internal static void Holds(double truth, Func<ulong, SampledValue> estimate)
    {
        double sum = 0;
        double largest = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var value = estimate(seed);
            double z = Math.Abs(value.Value - truth) / value.StandardError;
            sum += z;
            largest = Math.Max(largest, z);
        }

        Assert.InRange(sum / Seeds, 0.6, 1.0);
        Assert.InRange(largest, 0, 5);
    }

    /// <summary>Whether an average over independent runs agrees with the truth within 4.5 of its own standard errors.</summary>
    internal static void IsUnbiased(double truth, Func<ulong, double> estimate, int runs = Seeds)
    {
        var values = new double[runs];
        for (int run = 0; run < runs; run++)
            values[run] = estimate((ulong)run + 1);
        var mean = SampledValue.MeanOf(values);
        Assert.InRange((mean.Value - truth) / mean.StandardError, -4.5, 4.5);
    }
}
