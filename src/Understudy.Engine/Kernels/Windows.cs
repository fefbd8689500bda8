namespace Understudy.Engine.Kernels;

/// <summary>Windows that slide over images with channels last, each multiplied by the same weights: what a convolution and its gradient by the images are made of.</summary>
/// <remarks>
/// Result pixel (r, c) of an image is Σ over k, m, q of source[Top + r Step + k, Left + c Step + m, q] · weights[k, m · Channels + q, ·], with zeros outside the
/// source. A row of taps is one block of sums, cut as <see cref="Gemm{V, S}"/> cuts K; blocks are added in order.
/// </remarks>
internal unsafe struct Windows<S>
    where S : unmanaged
{
    internal int Images, Height, Width, Channels;

    /// <summary>The source, [Images, Height, Width, Channels].</summary>
    internal S* Source;
    internal int Top, Left, Step;
    internal int TapRows, TapColumns;

    /// <summary>[TapRows · TapColumns · Channels, Filters], as the kernel that runs it wants them packed.</summary>
    internal S* Weights;
    internal int Filters;

    /// <summary>Pixels of one image of the result.</summary>
    internal int Rows, Columns;
    internal S* Result;

    /// <summary>Distances in elements.</summary>
    internal nint ResultImage, ResultRow, ResultPixel;

    /// <summary>Room for the sources of <see cref="Rows"/> rows with their borders, for each share of the work.</summary>
    internal S* Borders;

    /// <summary>Numbers per element: 1, or the replicas of a register.</summary>
    internal int Lanes;

    internal readonly int Depth => TapColumns * Channels;

    internal readonly int BorderedWidth => ((Columns - 1) * Step) + TapColumns;

    /// <summary>Whether some window reaches over the source.</summary>
    internal readonly bool NeedsBorder
        => Top < 0 || Left < 0 || Top + ((Rows - 1) * Step) + TapRows > Height || Left + BorderedWidth > Width;

    /// <summary>Elements that the sources of that many rows of one image take.</summary>
    internal readonly nint BorderedSize(int rows) => NeedsBorder ? (nint)(((rows - 1) * Step) + TapRows) * BorderedWidth * Channels : 0;
}
