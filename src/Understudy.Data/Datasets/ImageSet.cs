namespace Understudy.Data.Datasets;

/// <summary>Which part of a data set.</summary>
public enum Split
{
    /// <summary>The pictures to learn from.</summary>
    Train,

    /// <summary>The pictures to judge by.</summary>
    Test,
}

/// <summary>Labelled pictures of one size, as bytes.</summary>
public sealed class ImageSet
{
    /// <summary>A set over the given arrays, which are not copied.</summary>
    /// <param name="height">Rows of a picture.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="channels">Values of a pixel.</param>
    /// <param name="images">The pictures [count, height, width, channels].</param>
    /// <param name="labels">The class of each picture, an index into the names.</param>
    /// <param name="classNames">The names of the classes.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together, or a label has no name.</exception>
    public ImageSet(int height, int width, int channels, byte[] images, byte[] labels, IReadOnlyList<string> classNames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classNames);
        Features = checked(height * width * channels);
        if (images.LongLength != (long)labels.Length * Features)
            throw new ArgumentException($"{labels.Length} pictures of {height} x {width} x {channels} do not have {images.LongLength} bytes.", nameof(images));
        if (Array.Exists(labels, label => label >= classNames.Count))
            throw new ArgumentException($"A label is above {classNames.Count - 1}.", nameof(labels));
        (Height, Width, Channels) = (height, width, channels);
        Images = images;
        Labels = labels;
        ClassNames = classNames;
    }

    /// <summary>The number of pictures.</summary>
    public int Count => Labels.Length;

    /// <summary>Rows of a picture.</summary>
    public int Height { get; }

    /// <summary>Pixels of a row.</summary>
    public int Width { get; }

    /// <summary>Values of a pixel.</summary>
    public int Channels { get; }

    /// <summary>Values of a picture: height x width x channels.</summary>
    public int Features { get; }

    /// <summary>The pictures [count, height, width, channels].</summary>
    public ReadOnlyMemory<byte> Images { get; }

    /// <summary>The class of each picture [count].</summary>
    public ReadOnlyMemory<byte> Labels { get; }

    /// <summary>The names of the classes.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>One picture [height, width, channels].</summary>
    public ReadOnlySpan<byte> Image(int index) => Images.Span.Slice(checked(index * Features), Features);

    /// <summary>Some pictures in the given order, copied; an index may come more than once.</summary>
    public ImageSet Select(ReadOnlySpan<int> indices)
    {
        var images = new byte[checked(indices.Length * Features)];
        var labels = new byte[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            Image(indices[i]).CopyTo(images.AsSpan(i * Features));
            labels[i] = Labels.Span[indices[i]];
        }

        return new ImageSet(Height, Width, Channels, images, labels, ClassNames);
    }

    /// <summary>The first pictures, copied.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    public ImageSet First(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        return new ImageSet(Height, Width, Channels, Images[..(count * Features)].ToArray(), Labels[..count].ToArray(), ClassNames);
    }
}
