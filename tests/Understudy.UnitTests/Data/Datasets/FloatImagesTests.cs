using Understudy.Data.Datasets;

namespace Understudy.UnitTests.Data.Datasets;

public sealed class FloatImagesTests
{
    [Fact]
    public void Half_the_size_is_the_mean_of_four_pixels()
    {
        var images = Drawn(3, 6, 4, 2);

        var half = images.Resized(3, 2);

        Assert.Equal((3, 2, 2, 3, 5), (half.Height, half.Width, half.Channels, half.Count, half.Classes));
        Assert.Equal(images.Labels, half.Labels);
        AssertPixels(half, (n, y, x, c) => (Pixel(images, n, 2 * y, 2 * x, c) + Pixel(images, n, 2 * y, (2 * x) + 1, c) + Pixel(images, n, (2 * y) + 1, 2 * x, c) + Pixel(images, n, (2 * y) + 1, (2 * x) + 1, c)) / 4);
    }

    [Theory]
    [InlineData(28, 16)]
    [InlineData(5, 3)]
    [InlineData(3, 7)]
    [InlineData(7, 1)]
    [InlineData(1, 4)]
    public void Every_pixel_is_the_mean_of_what_it_covers(int from, int to)
    {
        var images = Drawn(2, from, 3, 1);

        var resized = images.Resized(to, 3);

        // with old rows repeated by the new number, every new row covers whole ones, as many as there are old rows
        AssertPixels(resized, (n, y, x, c) => Enumerable.Range(y * from, from).Average(fine => Pixel(images, n, fine / to, x, c)));
    }

    [Theory]
    [InlineData(28, 28, 16, 16)]
    [InlineData(9, 7, 4, 11)]
    public void Resizing_keeps_the_mean_of_an_image(int height, int width, int newHeight, int newWidth)
    {
        var images = Drawn(1, height, width, 1);

        // pixels in single precision
        Assert.Equal(images.Values.ToArray().Average(), images.Resized(newHeight, newWidth).Values.ToArray().Average(), 1e-6);
    }

    [Fact]
    public void A_multiple_of_the_size_repeats_pixels_and_the_same_size_changes_nothing()
    {
        var images = Drawn(2, 3, 2, 3);

        var larger = images.Resized(6, 6);

        AssertPixels(larger, (n, y, x, c) => Pixel(images, n, y / 2, x / 3, c));
        Assert.Same(images, images.Resized(3, 2));
    }

    [Fact]
    public void Gray_is_the_brightness_of_three_channels_and_the_mean_of_others()
    {
        FloatImages color = Drawn(2, 2, 3, 3), pair = Drawn(2, 2, 3, 2), gray = Drawn(2, 2, 3, 1);

        AssertPixels(color.ToGray(), (n, y, x, _) => (0.299 * Pixel(color, n, y, x, 0)) + (0.587 * Pixel(color, n, y, x, 1)) + (0.114 * Pixel(color, n, y, x, 2)));
        AssertPixels(pair.ToGray(), (n, y, x, _) => (Pixel(pair, n, y, x, 0) + Pixel(pair, n, y, x, 1)) / 2);
        Assert.Same(gray, gray.ToGray());
    }

    [Fact]
    public void Moments_are_those_of_every_channel_over_images_and_pixels()
    {
        var images = Drawn(7, 4, 3, 2);

        var (means, deviations) = images.ChannelMoments();

        for (var channel = 0; channel < 2; channel++)
        {
            double[] values = [.. images.Values.ToArray().Where((_, at) => at % 2 == channel).Select(value => (double)value)];
            Assert.Equal(values.Average(), means[channel], 1e-14);
            Assert.Equal(Math.Sqrt(values.Average(value => (value - values.Average()) * (value - values.Average()))), deviations[channel], 1e-14);
        }
    }

    [Fact]
    public void Moments_of_numbers_far_from_0_do_not_cancel()
    {
        var images = new FloatImages(1, 2, 1, [1e6f, 1e6f + 1, 1e6f, 1e6f + 1], [0, 0], 1);

        Assert.Equal(0.5, images.ChannelMoments().Deviations[0]);
    }

    [Fact]
    public void Standardized_by_its_moments_every_channel_has_mean_0_and_deviation_1()
    {
        var images = Drawn(9, 4, 3, 2);
        var (means, deviations) = images.ChannelMoments();

        var (centers, spreads) = images.Standardized(means, deviations).ChannelMoments();

        // pixels in single precision
        Assert.All(centers, center => Assert.Equal(0, center, 1e-6));
        Assert.All(spreads, spread => Assert.Equal(1, spread, 1e-6));
    }

    [Fact]
    public void A_deviation_of_0_counts_as_1()
    {
        var images = new FloatImages(1, 1, 2, [1, 5, 3, 5], [0, 0], 1);

        Assert.Equal([-2f, 1, 2, 1], images.Standardized([2, 4], [0.5, 0]).Values.ToArray());
    }

    [Fact]
    public void A_slice_has_its_images_and_labels()
    {
        var images = Drawn(6, 2, 2, 2);

        var slice = images.Slice(2, 3);

        Assert.Equal(images.Values[(2 * 8)..(5 * 8)].ToArray(), slice.Values.ToArray());
        Assert.Equal(images.Labels[2..5], slice.Labels);
        Assert.Same(images, images.Slice(0, 6));
        Assert.Equal(0, images.Slice(6, 0).Count);
    }

    [Fact]
    public void Bytes_become_parts_of_the_largest()
    {
        var set = new ImageSet(1, 2, 1, [0, 16, 8, 4], [2, 0], ["a", "b", "c"]);

        var images = FloatImages.Of(set, largest: 16);

        Assert.Equal([0f, 1, 0.5f, 0.25f], images.Values.ToArray());
        Assert.Equal([2, 0], images.Labels);
        Assert.Equal((1, 2, 1, 3, 2), (images.Height, images.Width, images.Channels, images.Classes, images.Features));
        Assert.Equal([16 / 255f, 4 / 255f], FloatImages.Of(set).Values.ToArray().Where((_, at) => at % 2 == 1));
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        var images = Drawn(2, 2, 3, 2);

        Assert.Contains("2 images of 2 x 2 x 1 do not have 7 numbers", Message<ArgumentException>(() => new FloatImages(2, 2, 1, new float[7], [0, 0], 1)), StringComparison.Ordinal);
        Assert.Contains("0 x 2 x 1", Message<ArgumentException>(() => new FloatImages(0, 2, 1, [], [], 1)), StringComparison.Ordinal);
        Assert.Contains("There are 2 channels, but 3 means and 2 deviations", Message<ArgumentException>(() => images.Standardized(new double[3], new double[2])), StringComparison.Ordinal);
        Assert.Contains("height", Message<ArgumentOutOfRangeException>(() => images.Resized(0, 2)), StringComparison.Ordinal);
        Assert.Contains("width", Message<ArgumentOutOfRangeException>(() => images.Resized(2, -1)), StringComparison.Ordinal);
        Assert.Contains("count", Message<ArgumentOutOfRangeException>(() => images.Slice(1, 2)), StringComparison.Ordinal);
        Assert.Contains("count", Message<ArgumentOutOfRangeException>(() => images.Slice(1, int.MaxValue)), StringComparison.Ordinal);
        Assert.Contains("first", Message<ArgumentOutOfRangeException>(() => images.Slice(-1, 1)), StringComparison.Ordinal);
        Assert.Throws<OverflowException>(() => images.Resized(1 << 15, 1 << 15));
    }

    private static string Message<T>(Func<FloatImages> wrong)
        where T : Exception
        => Assert.Throws<T>(wrong).Message;

    private static FloatImages Drawn(int count, int height, int width, int channels)
        => new(height, width, channels, new Draw(count).NormalSingle(count * height * width * channels), [.. Enumerable.Range(0, count).Select(i => i % 5)], 5);

    private static double Pixel(FloatImages images, int n, int y, int x, int c) => images.Values[(((((n * images.Height) + y) * images.Width) + x) * images.Channels) + c];

    private static void AssertPixels(FloatImages images, Func<int, int, int, int, double> expected)
    {
        for (var at = 0; at < images.Values.Length; at++)
        {
            var (pixel, c) = Math.DivRem(at, images.Channels);
            // rounding to single precision
            Assert.Equal(expected(pixel / (images.Height * images.Width), pixel / images.Width % images.Height, pixel % images.Width, c), images.Values[at], 1e-6);
        }
    }
}
