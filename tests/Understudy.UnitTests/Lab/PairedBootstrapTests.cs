using Understudy.Lab.Claims;

namespace Understudy.UnitTests.Lab;

public sealed class PairedBootstrapTests
{
    [Fact]
    public void Of_one_seed_the_interval_is_that_of_the_difference_of_proportions()
    {
        // 300 images where only the first is right, 200 where only the second is, 1,500 where both or none
        sbyte[] differences = [.. Enumerable.Repeat((sbyte)1, 300), .. Enumerable.Repeat((sbyte)-1, 200), .. new sbyte[1500]];

        var interval = PairedBootstrap.Difference([differences]);

        var half = 1.96 * Math.Sqrt((0.25 - (0.05 * 0.05)) / 2000);
        Assert.Equal(0.05, interval.Value, 1e-15);
        // quantiles of 10,000 resamples have a standard error of 0.027 deviations, 1.4 % of the half width
        Assert.Equal(0.05 - half, interval.Low, 0.06 * half);
        Assert.Equal(0.05 + half, interval.High, 0.06 * half);
    }

    [Fact]
    public void Seeds_that_agree_on_every_image_do_not_make_it_narrower()
    {
        sbyte[] differences = [.. Enumerable.Range(0, 400).Select(i => (sbyte)((i % 4) - 1 > 1 ? 0 : (i % 4) - 1))];

        Assert.Equal(PairedBootstrap.Difference([differences], 1000), PairedBootstrap.Difference([differences, differences, differences], 1000));
    }

    [Fact]
    public void Seeds_that_differ_make_it_wider()
    {
        sbyte[] Share(int right) => [.. Enumerable.Range(0, 400).Select(i => (sbyte)(i * 7 % 400 < right ? 1 : 0))];
        double Width(params sbyte[][] seeds) => PairedBootstrap.Difference(seeds, 2000) is var interval ? interval.High - interval.Low : 0;

        Assert.True(Width(Share(40), Share(80), Share(120)) > 1.5 * Width(Share(80), Share(80), Share(80)));
    }

    [Fact]
    public void The_other_way_round_is_the_interval_turned_over()
    {
        sbyte[] differences = [.. Enumerable.Range(0, 101).Select(i => (sbyte)((i * i % 3) - 1))];
        sbyte[] turned = [.. differences.Select(difference => (sbyte)-difference)];

        var (there, back) = (PairedBootstrap.Difference([differences], 999), PairedBootstrap.Difference([turned], 999));

        Assert.Equal((there.Value, there.Low), (-back.Value, -back.High), (first, second) => Math.Abs(first.Item1 - second.Item1) + Math.Abs(first.Item2 - second.Item2) < 1e-12);
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        Assert.Throws<ArgumentException>(() => PairedBootstrap.Difference([]));
        Assert.Throws<ArgumentException>(() => PairedBootstrap.Difference([[1, 0], [1]]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PairedBootstrap.Difference([[1]], resamples: 0));
    }
}
