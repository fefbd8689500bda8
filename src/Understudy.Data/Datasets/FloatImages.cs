namespace Understudy.Data.Datasets;

/// <summary>Labelled images of one size as numbers, channels last: what an encoder reads.</summary>
/// <remarks>Every change gives a new set; values are copied, labels are shared.</remarks>
public sealed class FloatImages
{
    // brightness of red, green and blue (ITU-R BT.601)
    private static readonly float[] Brightness = [0.299f, 0.587f, 0.114f];

    private readonly float[] _values;
    private readonly int[] _labels;

    /// <summary>Takes the arrays as they are, without a copy.</summary>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="channels">Numbers of a pixel.</param>
    /// <param name="values">[count, height, width, channels].</param>
    /// <param name="labels">[count], from 0 to <paramref name="classes"/> − 1.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together.</exception>
    public FloatImages(int height, int width, int channels, float[] values, int[] labels, int classes)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(labels);
        if (height < 1 || width < 1 || channels < 1 || values.LongLength != (long)labels.Length * height * width * channels)
            throw new ArgumentException($"{labels.Length} images of {height} x {width} x {channels} do not have {values.LongLength} numbers.", nameof(values));
        (Height, Width, Channels, _values, _labels, Classes) = (height, width, channels, values, labels, classes);
    }

    /// <summary>Rows of an image.</summary>
    public int Height { get; }

    /// <summary>Pixels of a row.</summary>
    public int Width { get; }

    /// <summary>Numbers of a pixel.</summary>
    public int Channels { get; }

    /// <summary>How many classes there are.</summary>
    public int Classes { get; }

    /// <summary>How many images there are.</summary>
    public int Count => _labels.Length;

    /// <summary>Numbers of an image.</summary>
    public int Features => Height * Width * Channels;

    /// <summary>[count, height, width, channels].</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>[count]: taken by probes as they are.</summary>
    public int[] Labels => _labels;

    /// <summary>The images of a set, their largest byte as 1.</summary>
    /// <param name="images">The set.</param>
    /// <param name="largest">The byte that becomes 1.</param>
    public static FloatImages Of(ImageSet images, int largest = byte.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(images);
        var values = new float[images.Images.Length];
        var bytes = images.Images.Span;
        for (var i = 0; i < values.Length; i++)
            values[i] = bytes[i] / (float)largest;
        var labels = new int[images.Count];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = images.Labels.Span[i];
        return new(images.Height, images.Width, images.Channels, values, labels, images.ClassNames.Count);
    }

    /// <summary>Images of another size: every pixel is the mean of what it covers, by area.</summary>
    /// <remarks>Half the size is the mean of 2 × 2 pixels; twice the size has every pixel 2 × 2 times.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1.</exception>
    public FloatImages Resized(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if ((height, width) == (Height, Width))
            return this;
        var (rows, columns) = (Covered(Height, height), Covered(Width, width));
        var result = new float[checked(Count * height * width * Channels)];
        for (var image = 0; image < Count; image++)
        {
            var source = _values.AsSpan(image * Features, Features);
            var target = result.AsSpan(image * height * width * Channels, height * width * Channels);
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                    Mean(source, rows[y], columns[x], target.Slice(((y * width) + x) * Channels, Channels));
            }
        }

        return new(height, width, Channels, result, _labels, Classes);
    }

    /// <summary>One channel: the brightness of red, green and blue, of other numbers of channels their mean.</summary>
    public FloatImages ToGray()
    {
        if (Channels == 1)
            return this;
        float[] shares = Channels == Brightness.Length ? Brightness : [.. Enumerable.Repeat(1f / Channels, Channels)];
        var result = new float[_values.Length / Channels];
        for (var pixel = 0; pixel < result.Length; pixel++)
        {
            for (var channel = 0; channel < Channels; channel++)
                result[pixel] += shares[channel] * _values[(pixel * Channels) + channel];
        }

        return new(Height, Width, 1, result, _labels, Classes);
    }

    /// <summary>Mean and standard deviation of every channel over all images and pixels.</summary>
    public (double[] Means, double[] Deviations) ChannelMoments()
    {
        var (means, squares) = (new double[Channels], new double[Channels]);
        for (var i = 0; i < _values.Length; i++)
            means[i % Channels] += _values[i];
        for (var channel = 0; channel < Channels; channel++)
            means[channel] /= _values.Length / Channels;
        for (var i = 0; i < _values.Length; i++)
        {
            var deviation = _values[i] - means[i % Channels];
            squares[i % Channels] += deviation * deviation;
        }

        return (means, [.. squares.Select(sum => Math.Sqrt(sum / (_values.Length / Channels)))]);
    }

    /// <summary>Every channel less a mean, over a deviation; a deviation of 0 counts as 1.</summary>
    /// <exception cref="ArgumentException">There are not as many as channels.</exception>
    public FloatImages Standardized(IReadOnlyList<double> means, IReadOnlyList<double> deviations)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(deviations);
        if (means.Count != Channels || deviations.Count != Channels)
            throw new ArgumentException($"There are {Channels} channels, but {means.Count} means and {deviations.Count} deviations.", nameof(means));
        var result = new float[_values.Length];
        for (var i = 0; i < result.Length; i++)
        {
            var channel = i % Channels;
            result[i] = (float)((_values[i] - means[channel]) / (deviations[channel] > 0 ? deviations[channel] : 1));
        }

        return new(Height, Width, Channels, result, _labels, Classes);
    }

    /// <summary>A part of it: <paramref name="count"/> images from <paramref name="first"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    public FloatImages Slice(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + (long)count, Count, nameof(count));
        return (first, count) == (0, Count) ? this : new(Height, Width, Channels, _values[(first * Features)..((first + count) * Features)], _labels[first..(first + count)], Classes);
    }

    private void Mean(ReadOnlySpan<float> source, (int Pixel, double Share)[] rows, (int Pixel, double Share)[] columns, Span<float> into)
    {
        for (var channel = 0; channel < Channels; channel++)
        {
            var sum = 0.0;
            foreach (var (row, height) in rows)
            {
                foreach (var (column, width) in columns)
                    sum += height * width * source[(((row * Width) + column) * Channels) + channel];
            }

            into[channel] = (float)sum;
        }
    }

    /// <summary>For each of <paramref name="to"/> pixels the old pixels it covers, with their shares.</summary>
    private static (int Pixel, double Share)[][] Covered(int from, int to)
    {
        var all = new (int, double)[to][];
        var extent = (double)from / to;
        for (var pixel = 0; pixel < to; pixel++)
        {
            var (start, end) = (pixel * extent, (pixel + 1) * extent);
            var first = (int)start;
            var shares = new List<(int, double)>();
            for (var old = first; old < Math.Min(from, (int)Math.Ceiling(end - 1e-9)); old++)
                shares.Add((old, (Math.Min(end, old + 1) - Math.Max(start, old)) / extent));
            all[pixel] = [.. shares];
        }

        return all;
    }
}
