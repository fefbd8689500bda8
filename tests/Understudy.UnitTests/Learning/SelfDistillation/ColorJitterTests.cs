using Understudy.Engine.Random;
using Understudy.Learning.SelfDistillation;

namespace Understudy.UnitTests.Learning.SelfDistillation;

public sealed class ColorJitterTests
{
    private static readonly RandomSequence Random = new(1, "colors");

    private static readonly ColorJitter Nothing = new() { Probability = 0, Gray = 0, Solarize = 0 };

    [Fact]
    public void Changes_without_strength_leave_the_image_as_it_is()
    {
        var none = new ColorJitter { Brightness = 0, Contrast = 0, Saturation = 0, Hue = 0, Probability = 1, Gray = 0, Solarize = 0 };
        var image = Drawn();

        Assert.Equal(image, Changed(Nothing, image, 0));
        // hue and grey are computed back with rounding of single precision
        Assert.All(image.Zip(Changed(none, image, 0)), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void A_turn_of_a_third_sends_red_to_green_green_to_blue_and_blue_to_red()
    {
        var image = Drawn();
        var turned = image.ToArray();

        Colors.Turn(turned, 1f / 3);

        for (var i = 0; i < image.Length; i += 3)
        {
            Assert.Equal(image[i], turned[i + 1], 1e-6);
            Assert.Equal(image[i + 1], turned[i + 2], 1e-6);
            Assert.Equal(image[i + 2], turned[i], 1e-6);
        }
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(-0.3)]
    [InlineData(0.5)]
    public void A_turn_and_back_is_the_image_and_keeps_the_largest_and_the_smallest_channel(double share)
    {
        var image = Drawn();
        var turned = image.ToArray();

        Colors.Turn(turned, (float)share);

        for (var i = 0; i < image.Length; i += 3)
        {
            Assert.Equal(image[i..(i + 3)].Max(), turned[i..(i + 3)].Max(), 1e-6);
            Assert.Equal(image[i..(i + 3)].Min(), turned[i..(i + 3)].Min(), 1e-6);
        }

        Colors.Turn(turned, (float)-share);
        Assert.All(image.Zip(turned), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void Grey_has_three_equal_channels_which_saturation_and_hue_leave()
    {
        var grey = Changed(Nothing with { Gray = 1 }, Drawn(), 0);

        for (var i = 0; i < grey.Length; i += 3)
        {
            Assert.Equal((0.299 * Drawn()[i]) + (0.587 * Drawn()[i + 1]) + (0.114 * Drawn()[i + 2]), grey[i], 1e-6);
            Assert.Equal(grey[i], grey[i + 1]);
            Assert.Equal(grey[i], grey[i + 2]);
        }

        var again = grey.ToArray();
        Colors.Saturate(again, 1.2f);
        Colors.Turn(again, 0.1f);
        Assert.All(grey.Zip(again), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void Contrast_of_none_is_the_mean_of_the_grey_image()
    {
        var image = Drawn();
        var flat = image.ToArray();

        Colors.Contrast(flat, 3, 0);

        var mean = Enumerable.Range(0, image.Length / 3).Average(i => (0.299 * image[3 * i]) + (0.587 * image[(3 * i) + 1]) + (0.114 * image[(3 * i) + 2]));
        Assert.All(flat, value => Assert.Equal(mean, value, 1e-6));
    }

    [Fact]
    public void Solarized_colors_are_at_most_a_half()
        => Assert.All(Drawn().Zip(Changed(Nothing with { Solarize = 1 }, Drawn(), 0)), pair => Assert.Equal(Math.Min(pair.First, 1 - pair.First), pair.Second, 1e-7));

    [Fact]
    public void Colors_stay_between_0_and_1_and_standardized_images_are_changed_as_their_colors()
    {
        var strong = new ColorJitter { Brightness = 2, Contrast = 2, Saturation = 2, Hue = 0.5, Probability = 1 };
        double[] means = [0.4, 0.5, 0.6], deviations = [0.2, 0.25, 0.3];
        var standardized = Drawn();
        for (var i = 0; i < standardized.Length; i++)
            standardized[i] = (float)((standardized[i] - means[i % 3]) / deviations[i % 3]);
        for (var row = 0; row < 50; row++)
        {
            var plain = Changed(strong, Drawn(), row);
            var scaled = Changed(strong with { Means = means, Deviations = deviations }, standardized, row);

            Assert.All(plain, value => Assert.InRange(value, 0, 1));
            // strong factors magnify rounding before it is held
            for (var i = 0; i < plain.Length; i++)
                Assert.Equal(plain[i], (scaled[i] * deviations[i % 3]) + means[i % 3], 1e-4);
        }
    }

    [Fact]
    public void Probabilities_are_those_asked_for()
    {
        int Count(ColorJitter jitter) => Enumerable.Range(0, 500).Count(row => !Changed(jitter, Drawn(), row).SequenceEqual(Drawn()));

        // 5 standard deviations
        Assert.InRange(Count(Nothing with { Probability = 0.8 }), 355, 445);
        Assert.InRange(Count(Nothing with { Gray = 0.2 }), 55, 145);
        Assert.InRange(Count(Nothing with { Solarize = 0.2 }), 55, 145);
    }

    [Theory]
    [InlineData(0.4, 0.6, 1.4)]
    [InlineData(1.5, 0, 2.5)]
    public void Factors_fill_the_range_of_their_strength(double strength, double low, double high)
    {
        // dark enough that nothing is held at 1, and even enough that nothing is held at 0
        float[] image = [.. Drawn().Select(value => 0.25f + (0.1f * (value - 0.5f)))];
        double Grey(float[] of, int pixel) => (0.299 * of[pixel]) + (0.587 * of[pixel + 1]) + (0.114 * of[pixel + 2]);
        var none = new ColorJitter { Brightness = 0, Contrast = 0, Saturation = 0, Hue = 0, Probability = 1, Gray = 0, Solarize = 0 };
        Assert.All(
            new (ColorJitter Jitter, Func<float[], double> Measured)[]
            {
                (none with { Brightness = strength }, of => Grey(of, 0)),
                (none with { Contrast = strength }, of => Grey(of, 0) - Grey(of, 3)),
                (none with { Saturation = strength }, of => of[0] - of[1]),
            },
            change =>
            {
                double[] factors = [.. Enumerable.Range(0, 400).Select(row => change.Measured(Changed(change.Jitter, image, row)) / change.Measured(image))];

                // differences of a hundredth are rounded by some 1e-7
                Assert.All(factors, factor => Assert.InRange(factor, low - 1e-4, high + 1e-4));
                // the ends of 400 uniform numbers are further inside than a fortieth once in ten thousand times
                Assert.InRange(factors.Min(), low - 1e-4, low + ((high - low) / 40));
                Assert.InRange(factors.Max(), high - ((high - low) / 40), high + 1e-4);
            });
    }

    [Fact]
    public void Hues_turn_by_their_strength_to_both_sides()
    {
        var jitter = new ColorJitter { Brightness = 0, Contrast = 0, Saturation = 0, Hue = 0.1, Probability = 1, Gray = 0, Solarize = 0 };
        // red: turned by less than a sixth, green tells how far to one side, blue to the other
        double[] turns = [.. Enumerable.Range(0, 400).Select(row => Changed(jitter, [0.8f, 0, 0], row)).Select(turned => (turned[1] - turned[2]) / 0.8 / 6)];

        Assert.All(turns, turn => Assert.InRange(turn, -0.1 - 1e-6, 0.1 + 1e-6));
        Assert.InRange(turns.Min(), -0.1 - 1e-6, -0.095);
        Assert.InRange(turns.Max(), 0.095, 0.1 + 1e-6);
    }

    [Fact]
    public void Changes_come_in_all_orders_alike()
    {
        const int rows = 1200;
        var strong = new ColorJitter { Brightness = 1.5, Contrast = 1.5, Saturation = 1.5, Hue = 0.5, Probability = 1, Gray = 0, Solarize = 0 };
        int[][] orders = [.. Orders([], [0, 1, 2, 3])];
        var (counts, unclear) = (new int[24], 0);
        for (var row = 0; row < rows; row++)
        {
            var changed = Changed(strong, Drawn(), row);
            float Uniform(int change, double from, double to) => (float)(from + ((to - from) * Random.Word(0, (8 * row) + 2 + change) / (1L << 32)));
            int[] matching = [.. Enumerable.Range(0, 24).Where(order => InOrder(orders[order]).SequenceEqual(changed))];
            Assert.NotEmpty(matching);
            if (matching.Length == 1)
                counts[matching[0]]++;
            else
                unclear++;

            float[] InOrder(int[] order)
            {
                var image = Drawn();
                foreach (var change in order)
                {
                    if (change == 0)
                        Colors.Brighten(image, Uniform(0, 0, 2.5));
                    else if (change == 1)
                        Colors.Contrast(image, 3, Uniform(1, 0, 2.5));
                    else if (change == 2)
                        Colors.Saturate(image, Uniform(2, 0, 2.5));
                    else
                        Colors.Turn(image, Uniform(3, -0.5, 0.5));
                }

                return image;
            }
        }

        // two changes may come to the same in both orders, as brightness and contrast do where nothing is held
        Assert.InRange(unclear, 0, rows / 2);
        // a share of at least half of 50, and at most 5 standard deviations above 50
        Assert.All(counts, count => Assert.InRange(count, 5, 85));
    }

    [Fact]
    public void One_channel_is_changed_in_brightness_contrast_and_solarization_alone()
    {
        var jitter = new ColorJitter { Brightness = 0, Contrast = 0, Saturation = 1, Hue = 0.5, Probability = 1, Gray = 1, Solarize = 0 };
        float[] image = [0.1f, 0.7f, 0.3f, 0.9f], changed = [.. image];

        jitter.Apply(changed, 1, Random, 0, 0);

        Assert.All(image.Zip(changed), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    private static IEnumerable<int[]> Orders(int[] taken, int[] left)
        => left.Length == 0 ? [taken] : left.SelectMany(next => Orders([.. taken, next], [.. left.Where(other => other != next)]));

    private static float[] Changed(ColorJitter jitter, float[] image, int row)
    {
        float[] changed = [.. image];
        jitter.Apply(changed, 3, Random, 0, 8 * row);
        return changed;
    }

    /// <summary>Pixels of six kinds of order among their channels.</summary>
    private static float[] Drawn() => [0.1f, 0.5f, 0.9f, 0.9f, 0.2f, 0.6f, 0.4f, 0.8f, 0.3f, 0.7f, 0.6f, 0.1f, 0.2f, 0.1f, 0.8f, 0.3f, 0.95f, 0.45f];
}
