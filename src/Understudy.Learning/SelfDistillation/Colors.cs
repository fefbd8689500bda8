namespace Understudy.Learning.SelfDistillation;

/// <summary>Changes of colors from 0 to 1, where they lie, in single precision.</summary>
internal static class Colors
{
    /// <summary>f·x.</summary>
    internal static void Brighten(Span<float> image, float factor)
    {
        for (var i = 0; i < image.Length; i++)
            image[i] = Held(factor * image[i]);
    }

    /// <summary>f·x + (1 − f)·(mean of the grey image).</summary>
    internal static void Contrast(Span<float> image, int channels, float factor)
    {
        var sum = 0.0;
        for (var i = 0; i < image.Length; i += channels)
            sum += channels == 3 ? Grey(image.Slice(i, 3)) : image[i];
        var mean = (float)(sum * channels / image.Length);
        for (var i = 0; i < image.Length; i++)
            image[i] = Mixed(image[i], mean, factor);
    }

    /// <summary>f·x + (1 − f)·grey, of three channels; with a factor of 0 the image is grey.</summary>
    internal static void Saturate(Span<float> image, float factor)
    {
        for (var i = 0; i < image.Length; i += 3)
        {
            var pixel = image.Slice(i, 3);
            var grey = Grey(pixel);
            for (var channel = 0; channel < 3; channel++)
                pixel[channel] = Mixed(pixel[channel], grey, factor);
        }
    }

    /// <summary>Turns hues by a share of the circle, of three channels; largest and smallest channel of a pixel stay.</summary>
    internal static void Turn(Span<float> image, float share)
    {
        for (var i = 0; i < image.Length; i += 3)
        {
            var pixel = image.Slice(i, 3);
            var (largest, smallest) = (Math.Max(pixel[0], Math.Max(pixel[1], pixel[2])), Math.Min(pixel[0], Math.Min(pixel[1], pixel[2])));
            var range = largest - smallest;
            if (!(range > 0))
                continue;
            // sixths of the circle: red at 0, green at 2, blue at 4
            var hue = (6 * share) + (largest == pixel[0] ? (pixel[1] - pixel[2]) / range : largest == pixel[1] ? 2 + ((pixel[2] - pixel[0]) / range) : 4 + ((pixel[0] - pixel[1]) / range));
            for (var channel = 0; channel < 3; channel++)
            {
                // how far a hue is from that of the channel, at most half of the circle
                var distance = Math.Abs(hue - (2 * channel)) % 6;
                distance = Math.Min(distance, 6 - distance);
                pixel[channel] = Held(smallest + (range * Math.Clamp(2 - distance, 0, 1)));
            }
        }
    }

    /// <summary>1 − x where x is ½ or more.</summary>
    internal static void Solarize(Span<float> image)
    {
        for (var i = 0; i < image.Length; i++)
            image[i] = image[i] >= 0.5f ? 1 - image[i] : image[i];
    }

    private static float Grey(ReadOnlySpan<float> pixel) => (0.299f * pixel[0]) + (0.587f * pixel[1]) + (0.114f * pixel[2]);

    private static float Mixed(float value, float other, float factor) => Held((factor * value) + ((1 - factor) * other));

    private static float Held(float value) => Math.Clamp(value, 0, 1);
}
