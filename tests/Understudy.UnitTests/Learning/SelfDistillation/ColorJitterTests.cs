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

    [Fact]
    public void One_channel_is_changed_in_brightness_contrast_and_solarization_alone()
    {
        var jitter = new ColorJitter { Brightness = 0, Contrast = 0, Saturation = 1, Hue = 0.5, Probability = 1, Gray = 1, Solarize = 0 };
        float[] image = [0.1f, 0.7f, 0.3f, 0.9f], changed = [.. image];

        jitter.Apply(changed, 1, Random, 0, 0);

        Assert.All(image.Zip(changed), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    private static float[] Changed(ColorJitter jitter, float[] image, int row)
    {
        float[] changed = [.. image];
        jitter.Apply(changed, 3, Random, 0, 8 * row);
        return changed;
    }

    /// <summary>Pixels of six kinds of order among their channels.</summary>
    private static float[] Drawn() => [0.1f, 0.5f, 0.9f, 0.9f, 0.2f, 0.6f, 0.4f, 0.8f, 0.3f, 0.7f, 0.6f, 0.1f, 0.2f, 0.1f, 0.8f, 0.3f, 0.95f, 0.45f];
}
