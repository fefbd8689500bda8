using Understudy.Lab.Claims;

namespace Understudy.UnitTests.Lab;

public class StatisticsTests
{
    [Fact]
    public void Wilson_interval_of_a_known_case()
    {
        // Newcombe 1998, table I, method 3: 81 of 263
        var estimate = Statistics.Proportion(81, 263);

        Assert.Equal(81.0 / 263, estimate.Value, 12);
        Assert.Equal(0.2553, estimate.Low, 4);
        Assert.Equal(0.3662, estimate.High, 4);
    }

    [Theory]
    [InlineData(0, 29, 0, 0.1170)]
    [InlineData(29, 29, 0.8830, 1)]
    public void Wilson_interval_at_the_ends(int successes, int trials, double low, double high)
    {
        var estimate = Statistics.Proportion(successes, trials);

        Assert.Equal((low, high), (Math.Round(estimate.Low, 4), Math.Round(estimate.High, 4)));
    }

    [Fact]
    public void Mean_interval_uses_students_t()
    {
        var estimate = Statistics.MeanInterval([1, 2, 3, 4]);

        // t(3) = 3.182, deviation sqrt(5/3)
        Assert.Equal(2.5, estimate.Value);
        Assert.Equal(3.182 * Math.Sqrt(5.0 / 3) / 2, estimate.High - 2.5, 12);
        Assert.Equal(estimate.High - 2.5, 2.5 - estimate.Low, 12);
    }

    [Fact]
    public void Students_quantile_joins_smoothly_beyond_the_table()
    {
        double HalfWidth(int n) => Statistics.MeanInterval([.. Enumerable.Range(0, n).Select(i => i % 2 == 0 ? 0.0 : 1)]) is var e ? (e.High - e.Value) * Math.Sqrt(n) / Statistics.Deviation([.. Enumerable.Range(0, n).Select(i => i % 2 == 0 ? 0.0 : 1)]) : 0;

        Assert.Equal(2.0395, HalfWidth(32), 3);
        Assert.Equal(1.9840, HalfWidth(101), 3);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 2.5)]
    [InlineData(1, 4)]
    [InlineData(0.25, 1.75)]
    public void Quantiles_are_interpolated(double p, double expected) => Assert.Equal(expected, Statistics.Quantile([4, 2, 1, 3], p));

    [Fact]
    public void Nothing_is_not_a_number()
    {
        Assert.True(double.IsNaN(Statistics.Mean([])));
        Assert.True(double.IsNaN(Statistics.Median([])));
        Assert.True(double.IsNaN(Statistics.Proportion(0, 0).Value));
    }

    [Fact]
    public void Bootstrap_covers_the_mean_and_repeats_exactly()
    {
        double[] values = [.. Enumerable.Range(0, 50).Select(i => (double)i)];

        var (first, second) = (Statistics.Bootstrap(values, Statistics.Mean), Statistics.Bootstrap(values, Statistics.Mean));

        Assert.Equal(first, second);
        Assert.Equal(24.5, first.Value);
        // the normal interval is 24.5 ± 1.96 · 14.4 / √50; 2,000 resamples wander by a few per cent of its width
        Assert.Equal(24.5 - 4.0, first.Low, 0.4);
        Assert.Equal(24.5 + 4.0, first.High, 0.4);
    }

    [Fact]
    public void One_seed_has_no_interval() => Assert.Equal(new Estimate(3, double.NegativeInfinity, double.PositiveInfinity), Statistics.Bootstrap([3.0], Statistics.Median));

    [Theory]
    [InlineData(0.97, 0.96, 0.99, 32, Outcome.Supported)]
    [InlineData(0.97, 0.95, 0.99, 32, Outcome.Supported)]
    [InlineData(0.97, 0.93, 0.99, 32, Outcome.Partly)]
    [InlineData(0.94, 0.90, 0.99, 32, Outcome.NotSupported)]
    [InlineData(0.99, 0.98, 1.00, 2, Outcome.Inconclusive)]
    [InlineData(double.NaN, 0, 1, 32, Outcome.Inconclusive)]
    public void A_bar_to_reach(double value, double low, double high, int seeds, Outcome outcome)
        => Assert.Equal(outcome, Bar.AtLeast(0.95).Judge(new Estimate(value, low, high), seeds));

    [Theory]
    [InlineData(0.01, 0.00, 0.02, Outcome.Supported)]
    [InlineData(0.04, 0.03, 0.06, Outcome.Partly)]
    [InlineData(0.06, 0.04, 0.07, Outcome.NotSupported)]
    public void A_bar_not_to_exceed(double value, double low, double high, Outcome outcome)
        => Assert.Equal(outcome, Bar.AtMost(0.05).Judge(new Estimate(value, low, high), seeds: 3));
}
