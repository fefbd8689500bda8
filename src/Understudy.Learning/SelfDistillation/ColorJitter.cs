using Understudy.Engine.Random;

namespace Understudy.Learning.SelfDistillation;

/// <summary>Random changes of an image's colors: brightness, contrast, saturation and hue in a random order, then grey, then solarization, each with a probability of its own.</summary>
/// <remarks>
/// <para>Colors are numbers from 0 to 1 and are held there after each change. A factor f of strength s is uniform on [max(0, 1 − s), 1 + s]: brightness f·x, contrast f·x + (1 − f)·(mean of the grey image), saturation
/// f·x + (1 − f)·grey of the pixel. Hue turns by a share of the circle, uniform on [−s, s]. Grey is 0.299 R + 0.587 G + 0.114 B. Solarization takes x ≥ ½ to 1 − x. An image of one channel is grey: saturation, hue and grey
/// leave it as it is.</para>
/// <para>The defaults are DINO's (Caron et al. 2021), which solarizes one of its two large views; here all are.</para>
/// </remarks>
public sealed record ColorJitter
{
    /// <summary>Strength of the change of brightness.</summary>
    public double Brightness { get; init; } = 0.4;

    /// <summary>Strength of the change of contrast.</summary>
    public double Contrast { get; init; } = 0.4;

    /// <summary>Strength of the change of saturation.</summary>
    public double Saturation { get; init; } = 0.2;

    /// <summary>Largest turn of the hue, as a share of the circle, at most ½.</summary>
    public double Hue { get; init; } = 0.1;

    /// <summary>The probability of these four.</summary>
    public double Probability { get; init; } = 0.8;

    /// <summary>The probability that an image loses its colors.</summary>
    public double Gray { get; init; } = 0.2;

    /// <summary>The probability that an image is solarized.</summary>
    public double Solarize { get; init; } = 0.2;

    /// <summary>What was taken off every channel of standardized images; null for images of colors from 0 to 1.</summary>
    public IReadOnlyList<double>? Means { get; init; }

    /// <summary>What every channel was divided by then; null for images of colors from 0 to 1.</summary>
    public IReadOnlyList<double>? Deviations { get; init; }

    /// <summary>Changes an image where it lies.</summary>
    /// <param name="image">[h·w·c].</param>
    /// <param name="channels">c, 1 or 3.</param>
    /// <param name="random">The random numbers.</param>
    /// <param name="step">Their step.</param>
    /// <param name="first">The first of eight words.</param>
    internal void Apply(Span<float> image, int channels, RandomSequence random, long step, int first)
    {
        Jitter(image, channels, random, step, first);
        Finish(image, channels, random, step, first);
    }

    /// <summary>The changes before the solarization; leaves colors from 0 to 1.</summary>
    internal void Jitter(Span<float> image, int channels, RandomSequence random, long step, int first)
    {
        double Uniform(int word) => random.Word(step, first + word) * (1.0 / (1L << 32));
        Scale(image, channels, isBack: false);
        if (Uniform(0) < Probability)
        {
            // the order is a number with the digits of a permutation of four
            var order = (int)(24 * Uniform(1));
            Span<int> left = [0, 1, 2, 3];
            for (var (remaining, orders) = (4, 6); remaining > 0; remaining--)
            {
                var place = order / orders;
                order %= orders;
                orders /= Math.Max(1, remaining - 1);
                Change(image, channels, left[place], Uniform(2 + left[place]));
                left[(place + 1)..remaining].CopyTo(left[place..]);
            }
        }

        if (channels == 3 && Uniform(6) < Gray)
            Colors.Saturate(image, 0);
    }

    /// <summary>The solarization of what <see cref="Jitter"/> left, and the way back to standardized numbers.</summary>
    internal void Finish(Span<float> image, int channels, RandomSequence random, long step, int first)
    {
        if (random.Word(step, first + 7) * (1.0 / (1L << 32)) < Solarize)
            Colors.Solarize(image);
        Scale(image, channels, isBack: true);
    }

    /// <exception cref="ArgumentException">A number is outside of its range, or moments are not those of so many channels.</exception>
    internal void Check(int channels)
    {
        if (channels is not (1 or 3))
            throw new ArgumentException($"Colors have one channel or three, not {channels}.");
        if (!(Brightness >= 0 && Contrast >= 0 && Saturation >= 0 && Hue is >= 0 and <= 0.5))
            throw new ArgumentException($"Strengths of colors ({Brightness}, {Contrast}, {Saturation}, {Hue}) must not be negative, that of the hue at most 0.5.");
        if (!(Probability is >= 0 and <= 1 && Gray is >= 0 and <= 1 && Solarize is >= 0 and <= 1))
            throw new ArgumentException($"Probabilities of colors ({Probability}, {Gray}, {Solarize}) must lie between 0 and 1.");
        if (Means?.Count != Deviations?.Count || (Means is not null && Means.Count != channels))
            throw new ArgumentException($"There are {Means?.Count ?? 0} means and {Deviations?.Count ?? 0} deviations, but an image has {channels} channels.");
    }

    private void Change(Span<float> image, int channels, int what, double uniform)
    {
        float Factor(double strength)
        {
            var low = Math.Max(0, 1 - strength);
            return (float)(low + ((1 + strength - low) * uniform));
        }

        if (what == 0)
            Colors.Brighten(image, Factor(Brightness));
        else if (what == 1)
            Colors.Contrast(image, channels, Factor(Contrast));
        else if (what == 2 && channels == 3)
            Colors.Saturate(image, Factor(Saturation));
        else if (what == 3 && channels == 3)
            Colors.Turn(image, (float)(Hue * ((2 * uniform) - 1)));
    }

    /// <summary>To colors from 0 to 1, or back to standardized numbers.</summary>
    private void Scale(Span<float> image, int channels, bool isBack)
    {
        if (Means is null || Deviations is null)
            return;
        for (var channel = 0; channel < channels; channel++)
        {
            var (mean, deviation) = ((float)Means[channel], (float)Deviations[channel]);
            for (var i = channel; i < image.Length; i += channels)
                image[i] = isBack ? (image[i] - mean) / deviation : (image[i] * deviation) + mean;
        }
    }
}
