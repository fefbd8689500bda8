namespace Understudy.Engine.Kernels;

/// <summary>Windows that slide over images with channels last, each multiplied by the same weights: what a convolution and its gradient by the images are made of.</summary>
/// <remarks>
/// Result pixel (r, c) of an image is Σ over k, m, q of source[Top + r Step + k, Left + c Step + m, q] · weights[(k, m, q), ·], with zeros outside the
/// source. The sum over a patch is cut into blocks as <see cref="Gemm{V, S}"/> cuts K.
/// </remarks>
internal unsafe struct Windows<S>
    where S : unmanaged
{
    internal int Images, Height, Width, Channels;

    /// <summary>The source, [Images, Height, Width, Channels].</summary>
    internal S* Source;
    internal int Top, Left, Step;
    internal int TapRows, TapColumns;
    internal int Filters;

    /// <summary>Pixels of one image of the result.</summary>
    internal int Rows, Columns;
    internal S* Result;

    /// <summary>Distances in numbers.</summary>
    internal nint ResultImage, ResultRow, ResultPixel;

    /// <summary>Numbers per element: 1, or the replicas of a register.</summary>
    internal int Lanes;

    /// <summary>What follows the last block of a sum.</summary>
    internal WindowEnd<S> End;

    /// <summary>Room for packed weights and patches.</summary>
    internal S* Workspace;

    /// <summary>Elements of a row of taps.</summary>
    internal readonly int Depth => TapColumns * Channels;

    internal readonly int PatchSize => TapRows * Depth;

    /// <summary>Pixels of all images of the result.</summary>
    internal readonly int Pixels => Images * Rows * Columns;

    /// <summary>Whether there is anything to sum.</summary>
    internal readonly bool HasTaps => TapRows > 0 && TapColumns > 0;

    /// <summary>Whether the pixels of all images of the result lie at one distance.</summary>
    internal readonly bool IsDense => ResultRow == Columns * ResultPixel && ResultImage == Rows * ResultRow;

    /// <summary>Whether a patch is a pixel of the source and there is one for each pixel.</summary>
    internal readonly bool ReadsPixels => TapRows == 1 && TapColumns == 1 && Step == 1 && Top == 0 && Left == 0 && Rows == Height && Columns == Width;

    /// <summary>Where a pixel of the result lies, images one after the other.</summary>
    internal readonly S* At(int pixel)
        => Result + (pixel / Columns / Rows * ResultImage) + (pixel / Columns % Rows * ResultRow) + (pixel % Columns * ResultPixel);
}

/// <summary>What follows the sum of every pixel of <see cref="Windows{S}"/>.</summary>
internal unsafe struct WindowEnd<S>
    where S : unmanaged
{
    /// <summary>A value per filter that is added, or null.</summary>
    internal S* Bias;

    /// <summary>Ends with a rectifier.</summary>
    internal bool Rectifies;

    /// <summary>The rectifier's slope for negative arguments.</summary>
    internal S Slope;
}
