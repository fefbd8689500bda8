using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Learning.SelfDistillation;

namespace Understudy.UnitTests.Learning.SelfDistillation;

public sealed class GaussianBlurTests
{
    private static readonly RandomSequence Random = new(1, "blur");

    /// <summary>Where the widest kernels reach beyond both edges, and an image longer than what lies on the stack.</summary>
    [Theory]
    [InlineData(0.1, 6, 5, 3)]
    [InlineData(0.7, 6, 5, 3)]
    [InlineData(1.3, 9, 4, 1)]
    [InlineData(2, 7, 11, 3)]
    [InlineData(2, 2, 1100, 1)]
    public void A_blur_is_the_convolution_in_two_dimensions(double deviation, int height, int width, int channels)
    {
        var (shape, image) = (new Shape(height, width, channels), new Draw(1).NormalSingle(height * width * channels));

        var seen = Blurred(Always(deviation), shape, image);

        var reach = (int)Math.Ceiling(3 * deviation);
        var weights = new double[(2 * reach) + 1, (2 * reach) + 1];
        for (var i = -reach; i <= reach; i++)
        {
            for (var j = -reach; j <= reach; j++)
                weights[i + reach, j + reach] = Math.Exp(-((i * i) + (j * j)) / (2 * deviation * deviation));
        }

        var total = weights.Cast<double>().Sum();
        for (var at = 0; at < image.Length; at++)
        {
            var (y, x, channel, sum) = (at / channels / width, at / channels % width, at % channels, 0.0);
            for (var i = -reach; i <= reach; i++)
            {
                for (var j = -reach; j <= reach; j++)
                    sum += weights[i + reach, j + reach] * image[(((Math.Clamp(y + i, 0, height - 1) * width) + Math.Clamp(x + j, 0, width - 1)) * channels) + channel];
            }

            // two sums of at most 13 normal numbers in single precision, with weights that add up to 1
            Assert.Equal(sum / total, seen[at], 2 * 13 * 4 * 6e-8);
        }
    }

    [Fact]
    public void Constant_images_stay_what_they_are()
    {
        var shape = new Shape(6, 5, 3);
        for (var row = 0; row < 20; row++)
        {
            var seen = Blurred(new GaussianBlur(), shape, [.. Enumerable.Range(0, shape.Count).Select(at => at % 3 - 0.7f)], row: row);

            // weights in single precision
            Assert.All(seen.Index(), item => Assert.Equal((item.Index % 3) - 0.7, item.Item, 2e-6));
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0.1)]
    [InlineData(2, 0.1)]
    public void Views_are_blurred_as_often_as_is_said(int number, double probability)
    {
        const int rows = 2000;
        float[] image = [1, 0, 0, 0, 0, 1, 0, 0, 0];
        var always = new GaussianBlur { SmallestDeviation = 1 };

        var blurred = Enumerable.Range(0, rows).Count(row => !Blurred(always, new Shape(3, 3, 1), image, row, number).SequenceEqual(image));

        Assert.Equal(rows * probability, blurred, 5 * Math.Sqrt(rows * probability * (1 - probability)));
    }

    /// <summary>The middle of a blurred point falls with the width of the blur.</summary>
    [Fact]
    public void Widths_are_uniform_between_the_smallest_and_the_largest()
    {
        const int rows = 1000;
        var (shape, image) = (new Shape(21, 21, 1), new float[21 * 21]);
        image[(10 * 21) + 10] = 1;
        float Middle(GaussianBlur blur, int row = 0) => Blurred(blur, shape, image, row)[(10 * 21) + 10];

        float[] drawn = [.. Enumerable.Range(0, rows).Select(row => Middle(new GaussianBlur(), row))];

        Assert.All(drawn, middle => Assert.InRange(middle, Middle(Always(2)), Middle(Always(0.1))));
        foreach (var share in new[] { 0.25, 0.5, 0.75 })
            Assert.Equal(rows * share, drawn.Count(middle => middle > Middle(Always(0.1 + (1.9 * share)))), 5 * Math.Sqrt(rows * share * (1 - share)));
    }

    [Fact]
    public void A_view_is_blurred_before_it_is_solarized()
    {
        var (shape, image) = (new Shape(6, 5, 3), new float[90]);
        for (var at = 0; at < image.Length; at++)
            image[at] = ((37 * at % 90) + 1) / 100f;
        var jitter = new ColorJitter { Probability = 0, Gray = 0, Solarize = 1 };

        var seen = new float[90];
        new RandomView { Image = shape, Blur = Always(1), Color = jitter }.Write(image, seen, Random, 0, 0);

        var blurred = Blurred(Always(1), shape, image);
        Assert.Equal(blurred.Select(value => value >= 0.5f ? 1 - value : value), seen);
        Assert.Contains(blurred, value => value >= 0.5f);
        Assert.Contains(blurred, value => value < 0.5f);
    }

    private static GaussianBlur Always(double deviation) => new() { Probabilities = [1], SmallestDeviation = deviation, LargestDeviation = deviation };

    private static float[] Blurred(GaussianBlur blur, Shape shape, float[] image, int row = 0, int number = 0)
    {
        var seen = new float[image.Length];
        new RandomView { Image = shape, Blur = blur }.Write(image, seen, Random, 0, row, number);
        return seen;
    }
}
