using Understudy.Engine;
using Understudy.Engine.Random;

namespace Understudy.Learning.SelfDistillation;

/// <summary>Random views of images: a part of the image brought back to its size or to another one, mirrored, shifted, with other colors, and blurred.</summary>
/// <remarks>
/// A view is a function of the random numbers at its address, so that it does not depend on threads or on where a training was taken up again. Cost: some tens of operations per number. Views are sampled at the
/// centres of their pixels, so that of crops with more than twice their rows and columns some pixels count for nothing.
/// Source: Caron et al. 2021, DINO, whose blur comes between the colors and the solarization; crops as commonly implemented (a share of the area, an aspect from 3/4 to 4/3).
/// </remarks>
public sealed record RandomView
{
    /// <summary>Words of random numbers that one view of one image has: a whole number of blocks.</summary>
    internal const int Words = 40;

    private const int CropWord = 4;

    private const int ColorWord = 28;

    private const int BlurWord = Words - GaussianBlur.Words - 2;

    private const int Tries = 10;

    // the logarithms of 3/4 and 4/3
    private static readonly double LongestAspect = ScalarFunctions.Log(4.0 / 3);

    /// <summary>The shape of an image, [h, w, c].</summary>
    public required Shape Image { get; init; }

    /// <summary>The shape of a view, [h', w', c]; null for that of an image.</summary>
    public Shape? Size { get; init; }

    /// <summary>The smallest share of the area that a crop has, in (0, 1]; with 1 for both shares the view is the whole image.</summary>
    public double SmallestCrop { get; init; } = 1;

    /// <summary>The largest share of the area, at least the smallest and at most 1.</summary>
    public double LargestCrop { get; init; } = 1;

    /// <summary>Whether a view is mirrored from left to right with probability ½.</summary>
    public bool IsMirrored { get; init; }

    /// <summary>Pixels that a view is shifted at most, down and right; what comes in is 0, of standardized images the mean color.</summary>
    public int Shift { get; init; }

    /// <summary>Changes of color; null for none.</summary>
    public ColorJitter? Color { get; init; }

    /// <summary>Blur; null for none.</summary>
    public GaussianBlur? Blur { get; init; }

    /// <summary>One view of one image.</summary>
    /// <param name="image">[h·w·c].</param>
    /// <param name="view">[h'·w'·c].</param>
    /// <param name="random">The random numbers of a view.</param>
    /// <param name="step">The step, its address.</param>
    /// <param name="row">The image, the other half of its address.</param>
    /// <param name="number">Which of the views of the image it is, counted from 0: blur is more probable in the first.</param>
    public void Write(ReadOnlySpan<float> image, Span<float> view, RandomSequence random, long step, int row, int number = 0)
    {
        if (image.Length != Image.Count || view.Length != Result.Count)
            throw new ArgumentException($"{image.Length} and {view.Length} numbers are no image of {Image} and view of {Result}.", nameof(view));
        var first = checked(Words * row);
        int Shifted(int word) => (int)(((ulong)random.Word(step, first + word) * (uint)((2 * Shift) + 1)) >> 32) - Shift;
        var isMirrored = IsMirrored && random.Word(step, first) >> 31 == 1;
        Window(image, view, Crop(random, step, first + CropWord), isMirrored, Shifted(1), Shifted(2));
        Color?.Jitter(view, Image[2], random, step, first + ColorWord);
        Blur?.Apply(view, Result, number, random, step, first + BlurWord);
        Color?.Finish(view, Image[2], random, step, first + ColorWord);
    }

    /// <summary>The shape of a view.</summary>
    internal Shape Result => Size ?? Image;

    /// <exception cref="ArgumentException">The options are no view of images of so many numbers.</exception>
    internal void Check(int inputs)
    {
        if (Image.Rank != 3 || Image.Count != inputs)
            throw new ArgumentException($"Views of {Image} are no inputs of a network that reads {inputs} numbers.");
        if (Result.Rank != 3 || Result[2] != Image[2])
            throw new ArgumentException($"Views of {Result} do not have the channels of images of {Image}.");
        if (!(SmallestCrop > 0 && SmallestCrop <= LargestCrop && LargestCrop <= 1))
            throw new ArgumentException($"The shares of a crop ({SmallestCrop} and {LargestCrop}) must be above 0, at most 1, the smallest first.");
        ArgumentOutOfRangeException.ThrowIfNegative(Shift);
        Color?.Check(Image[2]);
        Blur?.Check();
    }

    /// <summary>The upper left corner and the extents of a crop, in pixels, whole or not.</summary>
    internal (double Top, double Left, double Height, double Width) Crop(RandomSequence random, long step, int first)
    {
        var (height, width) = ((double)Image[0], (double)Image[1]);
        double Uniform(int word) => random.Word(step, first + word) * (1.0 / (1L << 32));
        // a crop that is higher or wider than the image is drawn again
        for (var attempt = 0; SmallestCrop < 1 && attempt < Tries; attempt++)
        {
            var area = height * width * (SmallestCrop + ((LargestCrop - SmallestCrop) * Uniform(2 * attempt)));
            var aspect = ScalarFunctions.Exp(LongestAspect * ((2 * Uniform((2 * attempt) + 1)) - 1));
            var (h, w) = (Math.Sqrt(area / aspect), Math.Sqrt(area * aspect));
            if (h <= height && w <= width)
                return ((height - h) * Uniform(2 * Tries), (width - w) * Uniform((2 * Tries) + 1), h, w);
        }

        return (0, 0, height, width);
    }

    /// <summary>The crop at the view's size, by the four pixels around each point; beyond the crop's edge those of the image, beyond the image's the edge.</summary>
    private void Window(ReadOnlySpan<float> image, Span<float> view, (double Top, double Left, double Height, double Width) crop, bool isMirrored, int down, int right)
    {
        var (height, width, channels) = (Result[0], Result[1], Result[2]);
        for (var y = 0; y < height; y++)
        {
            var above = Neighbors(crop.Top, crop.Height / height, y + down, Image[0]);
            for (var x = 0; x < width; x++)
            {
                var pixel = view.Slice(((y * width) + x) * channels, channels);
                var column = x + right;
                if (y + down < 0 || y + down >= height || column < 0 || column >= width)
                {
                    pixel.Clear();
                    continue;
                }

                var beside = Neighbors(crop.Left, crop.Width / width, isMirrored ? width - 1 - column : column, Image[1]);
                for (var channel = 0; channel < channels; channel++)
                {
                    float At(ReadOnlySpan<float> of, int row, int at) => of[(((row * Image[1]) + at) * channels) + channel];
                    var upper = Between(At(image, above.First, beside.First), At(image, above.First, beside.Second), beside.Share);
                    var lower = Between(At(image, above.Second, beside.First), At(image, above.Second, beside.Second), beside.Share);
                    pixel[channel] = Between(upper, lower, above.Share);
                }
            }
        }
    }

    /// <summary>The pixels around the centre of a pixel of the view, and how near the second is.</summary>
    private static (int First, int Second, float Share) Neighbors(double start, double scale, int at, int extent)
    {
        var place = Math.Clamp(start + ((at + 0.5) * scale) - 0.5, 0, extent - 1);
        var first = (int)place;
        return (first, Math.Min(first + 1, extent - 1), (float)(place - first));
    }

    private static float Between(float first, float second, float share) => first + (share * (second - first));
}
