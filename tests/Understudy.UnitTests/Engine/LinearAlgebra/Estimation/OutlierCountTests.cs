using Understudy.Engine.LinearAlgebra.Estimation;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Estimation;

public sealed class OutlierCountTests
{
    [Fact]
    public void Every_rule_finds_outliers_that_stand_apart()
    {
        double[] values = [10, 9, 8, 7, .. Enumerable.Range(0, 100).Select(i => Math.Exp(-0.02 * i) * (0.1 + (0.001 * Math.Sin(5 * i))))];

        var count = OutlierCount.Of([.. values.OrderDescending()], 1);

        Assert.Equal(4, count.Gap.Count);
        Assert.Equal(4, count.Ratio.Count);
        Assert.Equal(4, count.Threshold.Count);
        Assert.Equal(4, count.Elbow.Count);
        Assert.InRange(count.Gap.Score, 6, 7);
        Assert.InRange(count.Ratio.Score, 60, 75);
        Assert.True(count.Elbow.Score > 50);
        Assert.Equal(103, count.Positions);
    }

    [Fact]
    public void The_rules_differ_where_one_outlier_towers_over_the_others()
    {
        double[] values = [100, 5, 4, 3, .. Enumerable.Range(0, 60).Select(i => 0.01 * Math.Exp(-0.05 * i))];

        var count = OutlierCount.Of(values);

        Assert.Equal(1, count.Gap.Count);
        Assert.Equal(4, count.Ratio.Count);
        Assert.Equal(4, count.Elbow.Count);
        Assert.Equal(OutlierRule.None, count.Threshold);
    }

    [Fact]
    public void The_edge_of_the_rank_is_not_an_outlier()
    {
        double[] values = [8, 7, 1, 0.9, 0.8, 1e-12, 1e-13, 0, -1e-14, -0.2];

        var count = OutlierCount.Of(values);

        Assert.Equal(4, count.Positions);
        Assert.Equal(2, count.Gap.Count);
        Assert.Equal(2, count.Ratio.Count);
    }

    [Fact]
    public void The_digits_of_the_reference_have_an_elbow_at_a_class_less_than_there_are()
    {
        var values = ReferenceSpectrum.Read("mlp-relu-ce-trained").EigenvaluesDescending;

        var count = OutlierCount.Of(values, 0.05);

        Assert.Equal(120, count.Positions);
        Assert.Equal((9, 9, 18), (count.Elbow.Count, count.Ratio.Count, count.Threshold.Count));
    }

    [Fact]
    public void Without_positions_there_is_no_count()
    {
        foreach (double[] values in new double[][] { [], [3], [0, 0, 0], [-1, -2], [5, 0, 0] })
        {
            var count = OutlierCount.Of(values);

            Assert.Equal((0, OutlierRule.None, OutlierRule.None, OutlierRule.None), (count.Positions, count.Gap, count.Ratio, count.Elbow));
        }

        Assert.Equal(1, OutlierCount.Of([5, 0, 0], 1).Threshold.Count);
    }

    [Fact]
    public void Scaling_the_spectrum_changes_no_count()
    {
        double[] values = ReferenceSpectrum.Read("conv-tanh-ce").EigenvaluesDescending;

        var small = OutlierCount.Of(values);
        var large = OutlierCount.Of([.. values.Select(v => 1024 * v)]);

        Assert.Equal((small.Gap, small.Ratio), (large.Gap, large.Ratio));
        Assert.Equal(small.Elbow.Count, large.Elbow.Count);
        Assert.Equal(small.Elbow.Score, large.Elbow.Score, 1e-9 * small.Elbow.Score);
    }

    [Fact]
    public void Ascending_values_are_refused() => Assert.Throws<ArgumentException>(() => OutlierCount.Of([1, 2, 3]));

    [Fact]
    public void Signs_are_counted_relative_to_the_largest_magnitude()
    {
        var signs = SignCount.Of([-1000, 3, 1e-6, -1e-8, 0, 1e-3]);

        Assert.Equal((3, 1, 2), (signs.Positive, signs.Negative, signs.Zero));
        Assert.Equal(1e-7, signs.Threshold, 1e-20);
        Assert.Equal(new SignCount(0, 0, 2, 0), SignCount.Of([0.0, 0]));
    }
}
