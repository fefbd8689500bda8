namespace Understudy.Engine.Kernels;

/// <summary>The extents of a two-dimensional convolution of images with channels last.</summary>
/// <param name="Images">Images, each [Height, Width, Channels].</param>
/// <param name="Height">Rows of an image.</param>
/// <param name="Width">Columns of an image.</param>
/// <param name="Channels">Numbers of a pixel.</param>
/// <param name="KernelHeight">Rows of the kernel [KernelHeight, KernelWidth, Channels, Filters].</param>
/// <param name="KernelWidth">Columns of the kernel.</param>
/// <param name="Filters">Numbers of a pixel of the result.</param>
/// <param name="Stride">Steps of the kernel over rows and columns.</param>
/// <param name="Padding">Zeros around the image on every side.</param>
internal readonly record struct ConvolutionShape(
    int Images, int Height, int Width, int Channels, int KernelHeight, int KernelWidth, int Filters, int Stride, int Padding)
{
    /// <summary>Rows of an image of the result; below 1 where the kernel does not fit.</summary>
    internal int ResultHeight => Fits(Height, KernelHeight, Stride, Padding);

    /// <summary>Columns of an image of the result.</summary>
    internal int ResultWidth => Fits(Width, KernelWidth, Stride, Padding);

    /// <summary>Elements of the kernel of one filter.</summary>
    internal int PatchSize => KernelHeight * KernelWidth * Channels;

    /// <summary>Pixels of all images of the result.</summary>
    internal int ResultPixels => Images * ResultHeight * ResultWidth;

    /// <summary>Whether <see cref="Winograd{V, S}"/> computes it and is worth while: a kernel of 3 × 3 in single steps, at least 16 channels and filters, and a result that fills a tile.</summary>
    /// <remarks>A question of the shape alone, so that every layout and every machine answers alike.</remarks>
    internal bool SuitsWinograd
        => KernelHeight == 3 && KernelWidth == 3 && Stride == 1 && Channels >= 16 && Filters >= 16 && ResultHeight >= 2 && ResultWidth >= 2;

    /// <summary>The same convolution with the smallest stride that gives it: a step over the whole image is as good as a longer one, and places are counted by the square of the stride.</summary>
    internal ConvolutionShape WithShortStride() => this with { Stride = Math.Min(Stride, Math.Max(Height, Width) + (2 * Padding)) };

    /// <summary>Places of a kernel along an axis, incomplete ones left out.</summary>
    internal static int Fits(int extent, int kernel, int stride, int padding)
        => extent + (2L * padding) < kernel ? 0 : (int)((extent + (2L * padding) - kernel) / stride) + 1;
}
