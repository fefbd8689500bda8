using Understudy.Engine;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;

namespace Understudy.Learning.Training;

/// <summary>Random flips and shifts of training images: each is mirrored with probability ½, and a window of its size is cut out of it with a border around.</summary>
/// <remarks>
/// The table of an epoch is written as a whole before the epoch's steps: with <see cref="BatchSource.Shuffled"/> every image is drawn at most once in it, so that this is the same as new choices
/// at every step. It costs a copy of the data per epoch, about a nanosecond per number, and memory for one table per sequence of random numbers; nothing in the training step changes.
/// Source of the defaults: He, Zhang, Ren and Sun 2016, section 4.2.
/// </remarks>
public sealed record ImageAugmentation
{
    private const int ChunkRows = 256;

    /// <summary>The shape of an image, [h, w, c].</summary>
    public required Shape Image { get; init; }

    /// <summary>Whether images are mirrored from left to right.</summary>
    public bool IsFlipped { get; init; } = true;

    /// <summary>Pixels of the border at every side, which is how far images are shifted at most; 0 for none.</summary>
    public int Padding { get; init; } = 4;

    /// <summary>The border's value of every channel: of standardized images −mean / deviation is black; null for 0, the mean color.</summary>
    public IReadOnlyList<float>? Border { get; init; }

    /// <summary>Writes the images of an epoch.</summary>
    /// <param name="images">[N, h·w·c], as they are.</param>
    /// <param name="into">A table of as many rows.</param>
    /// <param name="random">Image i of an epoch takes the words 4i to 4i + 2 of the step that is the epoch: whether it is mirrored, the rows and the columns of its shift.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="team">Threads; null for the caller's alone. Results do not depend on it.</param>
    /// <exception cref="ArgumentException">Images, table and shape do not fit, or the border has another number of channels.</exception>
    public void Write(ReadOnlyMemory<float> images, RowTable into, RandomSequence random, long epoch, Team? team = null)
    {
        ArgumentNullException.ThrowIfNull(into);
        Check();
        if (into.Width != Image.Count || images.Length != (long)into.Rows * into.Width)
            throw new ArgumentException($"{images.Length} numbers and a table [{into.Rows}, {into.Width}] do not belong to images of {Image}.", nameof(into));
        team.ForEach((into.Rows + ChunkRows - 1) / ChunkRows, chunk =>
        {
            var first = chunk * ChunkRows;
            var augmented = new float[Math.Min(ChunkRows, into.Rows - first) * Image.Count];
            Apply(images.Span, first, augmented, random, epoch);
            into.Write(first, augmented);
        });
    }

    /// <summary>The images of an epoch in an array, for what is computed of them beside a training: the same as in a table.</summary>
    /// <param name="images">[N, h·w·c], as they are.</param>
    /// <param name="into">[N, h·w·c].</param>
    /// <param name="random">As for a table.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="team">Threads; null for the caller's alone. Results do not depend on it.</param>
    /// <exception cref="ArgumentException">Images, array and shape do not fit, or the border has another number of channels.</exception>
    public void Write(ReadOnlyMemory<float> images, Memory<float> into, RandomSequence random, long epoch, Team? team = null)
    {
        Check();
        if (images.Length % Image.Count != 0 || images.Length != into.Length)
            throw new ArgumentException($"{images.Length} and {into.Length} numbers do not belong to the same images of {Image}.", nameof(into));
        var rows = into.Length / Image.Count;
        team.ForEach((rows + ChunkRows - 1) / ChunkRows, chunk =>
        {
            var first = chunk * ChunkRows;
            Apply(images.Span, first, into.Span.Slice(first * Image.Count, Math.Min(ChunkRows, rows - first) * Image.Count), random, epoch);
        });
    }

    /// <exception cref="ArgumentException">The options are no augmentation of images.</exception>
    internal void Check()
    {
        if (Image.Rank != 3)
            throw new ShapeException("An augmentation", "images [h, w, c]", Image);
        ArgumentOutOfRangeException.ThrowIfNegative(Padding);
        if (Border is not null && Border.Count != Image[2])
            throw new ArgumentException($"An image has {Image[2]} channels, but the border has {Border.Count}.");
    }

    /// <summary>Whether image <paramref name="row"/> is mirrored, and by how many pixels the window lies below and right of it.</summary>
    internal (bool IsMirrored, int Down, int Right) Chosen(RandomSequence random, long epoch, int row)
    {
        int Shift(uint word) => (int)(((ulong)word * (uint)((2 * Padding) + 1)) >> 32) - Padding;
        var word = checked(4 * row);
        return (IsFlipped && random.Word(epoch, word) >> 31 == 1, Shift(random.Word(epoch, word + 1)), Shift(random.Word(epoch, word + 2)));
    }

    /// <summary>The windows of images from <paramref name="first"/> on.</summary>
    private void Apply(ReadOnlySpan<float> images, int first, Span<float> windows, RandomSequence random, long epoch)
    {
        for (var start = 0; start < windows.Length; start += Image.Count)
        {
            var row = first + (start / Image.Count);
            Apply(images.Slice(row * Image.Count, Image.Count), windows.Slice(start, Image.Count), Chosen(random, epoch, row));
        }
    }

    /// <summary>The window of an image.</summary>
    internal void Apply(ReadOnlySpan<float> image, Span<float> window, (bool IsMirrored, int Down, int Right) chosen)
    {
        var (height, width, channels) = (Image[0], Image[1], Image[2]);
        for (var y = 0; y < height; y++)
        {
            var row = y + chosen.Down;
            for (var x = 0; x < width; x++)
            {
                var column = x + chosen.Right;
                var pixel = window.Slice(((y * width) + x) * channels, channels);
                if (row < 0 || row >= height || column < 0 || column >= width)
                    FillBorder(pixel);
                else
                    image.Slice(((row * width) + (chosen.IsMirrored ? width - 1 - column : column)) * channels, channels).CopyTo(pixel);
            }
        }
    }

    private void FillBorder(Span<float> pixel)
    {
        for (var channel = 0; channel < pixel.Length; channel++)
            pixel[channel] = Border?[channel] ?? 0;
    }
}
