using Understudy.Engine.Random;

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
    /// <summary>The most classes that a label of one byte can tell apart.</summary>
    public const int MostClasses = byte.MaxValue + 1;

    private readonly byte[] _images;

    /// <summary>A set over the given arrays, which are not copied.</summary>
    /// <param name="height">Rows of a picture.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="channels">Values of a pixel.</param>
    /// <param name="images">The pictures [count, height, width, channels].</param>
    /// <param name="labels">The class of each picture, an index into the names.</param>
    /// <param name="classNames">The names of the classes, at most <see cref="MostClasses"/>.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together, a label has no name, or there are too many names.</exception>
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
        if (classNames.Count > MostClasses)
            throw new ArgumentException($"There are {classNames.Count} classes, but a label tells at most {MostClasses} apart.", nameof(classNames));
        if (Array.Exists(labels, label => label >= classNames.Count))
            throw new ArgumentException($"A label is above {classNames.Count - 1}.", nameof(labels));
        (Height, Width, Channels) = (height, width, channels);
        Images = _images = images;
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

    /// <summary>A drawn part in which every class keeps its share: pictures in their order, copied.</summary>
    /// <remarks>A class gets its share of <paramref name="count"/> rounded down; what is left goes to the largest remainders, of equal ones to the first class. A class's draws are those of the step with its number.</remarks>
    /// <param name="count">How many pictures.</param>
    /// <param name="random">Decides which.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer, or the count is negative.</exception>
    public ImageSet Stratified(int count, RandomSequence random)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        return Select(StratifiedChoice.Of(Labels.Span, ClassNames.Count, count, random));
    }

    /// <summary>The same pictures, a share of whose labels is replaced by another class, each as likely as any.</summary>
    /// <remarks>Exactly the rounded share of the labels is wrong afterwards (symmetric noise). Step 0 decides which, step 1 what they become; a larger share replaces those of a smaller one and more. Pictures are shared, not copied.</remarks>
    /// <param name="share">From 0 to 1.</param>
    /// <param name="random">Decides which labels, and what they become.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another share.</exception>
    /// <exception cref="InvalidOperationException">There is no other class.</exception>
    public ImageSet WithLabelNoise(double share, RandomSequence random)
    {
        if (!(share is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share lies from 0 to 1.");
        if (ClassNames.Count < 2 && share > 0)
            throw new InvalidOperationException("Labels of a set with one class have no other class to become.");
        var (order, drawn, labels) = (new int[Count], new int[Count], Labels.ToArray());
        random.FillPermutation(0, order);
        random.FillIndices(1, Math.Max(1, ClassNames.Count - 1), drawn);
        foreach (var place in order.AsSpan(0, (int)Math.Round(share * Count)))
            labels[place] = (byte)(drawn[place] < labels[place] ? drawn[place] : drawn[place] + 1);
        return new ImageSet(Height, Width, Channels, _images, labels, ClassNames);
    }
}
