using Understudy.Engine;
using Understudy.Engine.Random;

namespace Understudy.Learning.SelfDistillation;

/// <summary>Gaussian blur of a view, with a probability and a random width: for images of 64 pixels and more.</summary>
/// <remarks>
/// The kernel exp(−r² / 2σ²) is cut off at 3σ and adds up to 1; beyond the edge the outermost pixels repeat. Rows and columns are convolved one after the other. The defaults are DINO's (Caron et al. 2021) for its two large
/// views, with σ in pixels; small views have a probability of ½ there.
/// </remarks>
public sealed record GaussianBlur
{
    /// <summary>Words of random numbers that a blur takes.</summary>
    internal const int Words = 2;

    private const double MostDeviation = 10;

    // deviations within which a kernel is not cut off
    private const double Reach = 3;

    /// <summary>Numbers of a line that need no array.</summary>
    private const int ShortLine = 1024;

    /// <summary>The probability of the first view of an image, of the second and so on; the last one is that of all further ones.</summary>
    public IReadOnlyList<double> Probabilities { get; init; } = [1, 0.1];

    /// <summary>The smallest σ, in pixels, above 0.</summary>
    public double SmallestDeviation { get; init; } = 0.1;

    /// <summary>The largest σ, at most 10.</summary>
    public double LargestDeviation { get; init; } = 2;

    /// <summary>Blurs a view where it lies, or leaves it as it is.</summary>
    /// <param name="view">[h·w·c].</param>
    /// <param name="shape">[h, w, c].</param>
    /// <param name="number">Which of the views of an image it is, counted from 0.</param>
    /// <param name="random">The random numbers.</param>
    /// <param name="step">Their step.</param>
    /// <param name="first">The first of two words.</param>
    internal void Apply(Span<float> view, Shape shape, int number, RandomSequence random, long step, int first)
    {
        double Uniform(int word) => random.Word(step, first + word) * (1.0 / (1L << 32));
        if (Uniform(0) < Probabilities[Math.Min(number, Probabilities.Count - 1)])
            Convolve(view, shape, SmallestDeviation + ((LargestDeviation - SmallestDeviation) * Uniform(1)));
    }

    /// <exception cref="ArgumentException">A number is outside of its range.</exception>
    internal void Check()
    {
        if (Probabilities.Count == 0 || Probabilities.Any(probability => !(probability is >= 0 and <= 1)))
            throw new ArgumentException($"Probabilities of a blur ({string.Join(", ", Probabilities)}) must lie between 0 and 1, at least one.");
        if (!(SmallestDeviation > 0 && SmallestDeviation <= LargestDeviation && LargestDeviation <= MostDeviation))
            throw new ArgumentException($"The deviations of a blur ({SmallestDeviation} and {LargestDeviation}) must be above 0 and at most {MostDeviation}, the smallest first.");
    }

    private static void Convolve(Span<float> view, Shape shape, double deviation)
    {
        var (height, width, channels) = (shape[0], shape[1], shape[2]);
        var radius = (int)Math.Ceiling(Reach * deviation);
        Span<float> kernel = stackalloc float[radius + 1];
        Fill(kernel, deviation);
        var longest = Math.Max(height, width) + (2 * radius);
        var line = longest <= ShortLine ? stackalloc float[longest] : new float[longest];
        for (var channel = 0; channel < channels; channel++)
        {
            for (var y = 0; y < height; y++)
                Convolve(view[((y * width * channels) + channel)..], channels, width, kernel, line);
            for (var x = 0; x < width; x++)
                Convolve(view[((x * channels) + channel)..], width * channels, height, kernel, line);
        }
    }

    /// <summary>Half of a kernel, from its middle on; the whole adds up to 1.</summary>
    private static void Fill(Span<float> kernel, double deviation)
    {
        double Weight(int distance) => ScalarFunctions.Exp(-distance * distance / (2 * deviation * deviation));
        var sum = 1.0;
        for (var distance = 1; distance < kernel.Length; distance++)
            sum += 2 * Weight(distance);
        for (var distance = 0; distance < kernel.Length; distance++)
            kernel[distance] = (float)(Weight(distance) / sum);
    }

    /// <summary>One line of pixels of one channel.</summary>
    private static void Convolve(Span<float> from, int stride, int extent, ReadOnlySpan<float> kernel, Span<float> line)
    {
        var radius = kernel.Length - 1;
        for (var i = 0; i < extent + (2 * radius); i++)
            line[i] = from[Math.Clamp(i - radius, 0, extent - 1) * stride];
        for (var i = 0; i < extent; i++)
        {
            var sum = kernel[0] * line[i + radius];
            for (var distance = 1; distance <= radius; distance++)
                sum += kernel[distance] * (line[i + radius - distance] + line[i + radius + distance]);
            from[i * stride] = sum;
        }
    }
}
