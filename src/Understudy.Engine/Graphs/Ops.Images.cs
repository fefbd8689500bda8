using System.Runtime.CompilerServices;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Graphs;

/// <content>Operations on images with channels last: [n, height, width, channels].</content>
public static partial class Ops
{
    /// <summary>The convolution of images [n, h, w, c] with a kernel [kh, kw, c, f]: [n, h', w', f] with h' = ⌊(h + 2 padding − kh) / stride⌋ + 1.</summary>
    /// <remarks>As in deep learning the kernel is not turned round. Both operands may have equal further axes in front, which are gone through side by side.</remarks>
    /// <param name="images">[n, h, w, c].</param>
    /// <param name="kernel">[kh, kw, c, f].</param>
    /// <param name="stride">The step of the kernel along both axes.</param>
    /// <param name="padding">Zeros around every image.</param>
    /// <param name="file">Where the call stands.</param>
    /// <param name="line">Where the call stands.</param>
    /// <exception cref="ShapeException">The operands do not fit.</exception>
    public static Sym Convolve(
        Sym images, Sym kernel, int stride = 1, int padding = 0, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(padding, ushort.MaxValue);
        return Node(new Convolve(stride, padding), file, line, images, kernel);
    }

    /// <summary>The largest number of every window of size × size, channel by channel: [n, ⌊h / size⌋, ⌊w / size⌋, c]. Ties belong to the first in the order of rows; a not-a-number is passed on.</summary>
    /// <remarks>Windows that are cut off by the border are left out.</remarks>
    /// <exception cref="ShapeException">The operand is no batch of images, or smaller than a window.</exception>
    public static Sym MaxPool(Sym images, int size, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        CheckPool(nameof(MaxPool), images, size);
        return Node(new PoolGather(size), file, line, images, Node(new PoolPlaces(size), file, line, images));
    }

    /// <summary>The mean of every window of size × size, channel by channel: [n, ⌊h / size⌋, ⌊w / size⌋, c].</summary>
    /// <remarks>Windows that are cut off by the border are left out.</remarks>
    /// <exception cref="ShapeException">The operand is no batch of images, or smaller than a window.</exception>
    public static Sym AveragePool(Sym images, int size)
    {
        CheckPool(nameof(AveragePool), images, size);
        var whole = Slice(Slice(images, 1, 0, images.Shape[1] / size * size), 2, 0, images.Shape[2] / size * size);
        var (n, h, w, c) = (whole.Shape[0], whole.Shape[1] / size, whole.Shape[2] / size, whole.Shape[3]);
        // rows of a window first: two short sums instead of one over axes that are not neighbours
        var rows = Sum(Reshape(whole, new Shape(n * h, size, w * size * c)), 1);
        var sums = Sum(Reshape(rows, new Shape(n * h * w, size, c)), 1);
        return Reshape(Affine(sums, 1.0 / (size * size), 0), new Shape(n, h, w, c));
    }

    /// <summary>(x − mean) / √(variance + epsilon) · scale + shift, where mean and biased variance are those of the batch, by channel.</summary>
    /// <remarks>
    /// Source: Ioffe and Szegedy 2015, in training mode: every example sees the others. x is [batch, c] or [n, h, w, c]; the statistics run over all axes but the
    /// last, and derivatives go through them. One number per channel is its own mean, so the result is the shift.
    /// </remarks>
    /// <param name="x">[…, c] with at least one axis in front.</param>
    /// <param name="scale">[c].</param>
    /// <param name="shift">[c].</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <exception cref="ShapeException">The operands do not fit.</exception>
    public static Sym BatchNorm(Sym x, Sym scale, Sym shift, double epsilon = 1e-5)
    {
        var (mean, variance) = BatchStatistics(x);
        return Normalize(x, mean, variance, scale, shift, epsilon);
    }

    private static void CheckPool(string operation, Sym images, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (images.Shape.Rank != 4 || images.Shape[1] < size || images.Shape[2] < size)
            throw new ShapeException(operation, $"images [n, h, w, c] of at least {size} × {size} pixels", images.Shape);
    }

    /// <summary>Mean and biased variance of a batch, [c] each: the statistics of <see cref="BatchNorm"/>.</summary>
    /// <exception cref="ShapeException">x has fewer than two axes.</exception>
    public static (Sym Mean, Sym Variance) BatchStatistics(Sym x)
    {
        if (x.Shape.Rank < 2)
            throw new ShapeException(nameof(BatchNorm), "an operand […, c] with at least one axis in front", x.Shape);
        int[] batch = [.. Enumerable.Range(0, x.Shape.Rank - 1)];
        var mean = Mean(x, batch);
        return (mean, Mean(Square(x - mean), batch));
    }

    /// <summary>(x − mean) / √(variance + epsilon) · scale + shift with given statistics, [c] each: batch normalization in evaluation mode.</summary>
    /// <exception cref="ShapeException">The operands do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Epsilon is negative or not a number.</exception>
    public static Sym Normalize(Sym x, Sym mean, Sym variance, Sym scale, Sym shift, double epsilon = 1e-5)
        => epsilon >= 0 ? Normalized(x, mean, variance, scale, shift, epsilon) : throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "What is added to a variance is not negative.");

    private static Sym Normalized(Sym x, Sym mean, Sym variance, Sym scale, Sym shift, double epsilon)
        => ((x - mean) * (Rsqrt(Affine(variance, 1, epsilon)) * scale)) + shift;
}
