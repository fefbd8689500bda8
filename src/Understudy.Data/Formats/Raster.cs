namespace Understudy.Data.Formats;

/// <summary>A picture of 8-bit samples.</summary>
/// <remarks>Immutable by convention: whoever makes one does not change the array afterwards.</remarks>
public sealed class Raster
{
    /// <summary>A picture over the given samples, which are not copied.</summary>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 grey, 2 grey and alpha, 3 red-green-blue, 4 with alpha.</param>
    /// <param name="samples">The samples [height, width, channels], top row first.</param>
    /// <exception cref="ArgumentException">The number of samples does not fit the size.</exception>
    public Raster(int width, int height, int channels, byte[] samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 4);
        ArgumentNullException.ThrowIfNull(samples);
        if (checked((long)width * height * channels) != samples.LongLength)
            throw new ArgumentException($"A picture of {width} x {height} x {channels} needs as many samples, not {samples.LongLength}.", nameof(samples));
        Width = width;
        Height = height;
        Channels = channels;
        Samples = samples;
    }

    /// <summary>Pixels per row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>1 grey, 2 grey and alpha, 3 red-green-blue, 4 with alpha.</summary>
    public int Channels { get; }

    /// <summary>The samples [height, width, channels], top row first; alpha is not premultiplied.</summary>
    public ReadOnlyMemory<byte> Samples { get; }

    /// <summary>One row [width, channels].</summary>
    public ReadOnlySpan<byte> Row(int y) => Samples.Span.Slice(checked(y * Width * Channels), Width * Channels);
}
