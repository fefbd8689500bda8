using System.Numerics;
using Understudy.Engine.Threading;

namespace Understudy.Engine.Kernels;

/// <summary>The convolution of one replica and its gradients, without a matrix of patches in memory.</summary>
/// <remarks>
/// The result and the gradient by the images slide windows (<see cref="WindowProducts{V, S}"/>); a stride s makes s² smaller convolutions of the latter, one for every
/// place of an input pixel in the grid of the windows. The gradient by the kernel multiplies gathered patches, <see cref="Gemm{V, S}.BlockK"/> pixels at a time. An element
/// is fixed to the bit whatever the register width and the number of threads.
/// </remarks>
internal static unsafe partial class Convolution<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    /// <summary>Elements of working memory of <see cref="Forward"/>.</summary>
    internal static nint ForwardWorkspace(in ConvolutionShape shape, int threads)
        => Workspace(Slid(shape, null, null), threads);

    /// <summary>y = the convolution of x with a kernel.</summary>
    internal static void Forward(in ConvolutionShape shape, S* x, S* kernel, S* y, S* workspace, Team? team)
    {
        var windows = Slid(shape, x, y);
        windows.Weights = workspace;
        windows.Borders = workspace + Padded(WindowProducts<V, S>.PackedSize(windows.TapRows * windows.Depth, windows.Filters));
        nint pixel = (nint)shape.Channels * shape.Filters;
        WindowProducts<V, S>.Pack(in windows, kernel, shape.KernelWidth * pixel, pixel, shape.Filters, 1);
        WindowProducts<V, S>.Run(in windows, team);
    }

    /// <summary>Elements of working memory of <see cref="BackToInput"/>.</summary>
    internal static nint BackToInputWorkspace(in ConvolutionShape shape, int threads)
    {
        nint most = 0;
        for (var place = 0; place < shape.Stride * shape.Stride; place++)
            most = Math.Max(most, Workspace(SlidBack(shape, place, null, null), threads));
        return most;
    }

    /// <summary>x = the transpose of the convolution with a kernel, of y.</summary>
    internal static void BackToInput(in ConvolutionShape shape, S* y, S* kernel, S* x, S* workspace, Team? team)
    {
        nint pixel = (nint)shape.Channels * shape.Filters;
        for (var place = 0; place < shape.Stride * shape.Stride; place++)
        {
            var windows = SlidBack(shape, place, y, x);
            if (IsEmpty(in windows))
                continue;
            windows.Weights = workspace;
            windows.Borders = workspace + Padded(WindowProducts<V, S>.PackedSize(windows.TapRows * windows.Depth, windows.Filters));
            // the last tap first: the kernel is turned round
            var (row, column) = ((place / shape.Stride) + ((windows.TapRows - 1) * shape.Stride), (place % shape.Stride) + ((windows.TapColumns - 1) * shape.Stride));
            var last = kernel + ((((nint)row * shape.KernelWidth) + column) * pixel);
            WindowProducts<V, S>.Pack(in windows, last, -shape.Stride * shape.KernelWidth * pixel, -shape.Stride * pixel, 1, shape.Filters);
            WindowProducts<V, S>.Run(in windows, team);
        }
    }

    /// <summary>The windows of the convolution itself.</summary>
    internal static Windows<S> Slid(in ConvolutionShape shape, S* x, S* y, int lanes = 1)
    {
        // a kernel of one pixel does not see where a row ends
        var isFlat = shape is { KernelHeight: 1, KernelWidth: 1, Stride: 1, Padding: 0 };
        var (rows, columns) = isFlat ? (1, shape.Height * shape.Width) : (shape.ResultHeight, shape.ResultWidth);
        return new Windows<S>
        {
            Images = shape.Images,
            Height = isFlat ? 1 : shape.Height,
            Width = isFlat ? columns : shape.Width,
            Channels = shape.Channels,
            Source = x,
            Top = -shape.Padding,
            Left = -shape.Padding,
            Step = shape.Stride,
            TapRows = shape.KernelHeight,
            TapColumns = shape.KernelWidth,
            Filters = shape.Filters,
            Rows = rows,
            Columns = columns,
            Result = y,
            ResultImage = (nint)rows * columns * shape.Filters * lanes,
            ResultRow = (nint)columns * shape.Filters * lanes,
            ResultPixel = (nint)shape.Filters * lanes,
            Lanes = lanes,
        };
    }

    /// <summary>The windows over y that give the pixels of x at one of the stride² places of the grid.</summary>
    internal static Windows<S> SlidBack(in ConvolutionShape shape, int place, S* y, S* x, int lanes = 1)
    {
        var (top, tapRows, firstRow, rows) = Along(place / shape.Stride, shape.Stride, shape.Padding, shape.KernelHeight, shape.Height);
        var (left, tapColumns, firstColumn, columns) = Along(place % shape.Stride, shape.Stride, shape.Padding, shape.KernelWidth, shape.Width);
        nint pixel = (nint)shape.Channels * lanes;
        return new Windows<S>
        {
            Images = shape.Images,
            Height = shape.ResultHeight,
            Width = shape.ResultWidth,
            Channels = shape.Filters,
            Source = y,
            Top = top,
            Left = left,
            Step = 1,
            TapRows = tapRows,
            TapColumns = tapColumns,
            Filters = shape.Channels,
            Rows = rows,
            Columns = columns,
            Result = x + ((((nint)firstRow * shape.Width) + firstColumn) * pixel),
            ResultImage = shape.Height * shape.Width * pixel,
            ResultRow = shape.Stride * shape.Width * pixel,
            ResultPixel = shape.Stride * pixel,
            Lanes = lanes,
        };
    }

    /// <summary>
    /// Along an axis: pixel i of the input, i + padding = q · stride + place, gets tap place + t · stride of result q − t. Returned are the first result that the first such
    /// pixel sees, the number of taps, that pixel, and how many there are.
    /// </summary>
    private static (int Top, int Taps, int First, int Count) Along(int place, int stride, int padding, int kernel, int extent)
    {
        var taps = Math.Max(0, (kernel - place + stride - 1) / stride);
        var q = Math.Max(0, (padding - place + stride - 1) / stride);
        var first = (q * stride) + place - padding;
        return (q - taps + 1, taps, first, first >= extent ? 0 : ((extent - 1 - first) / stride) + 1);
    }

    /// <summary>Whether no product is left: pixels that no tap reaches are set to zero.</summary>
    internal static bool IsEmpty(in Windows<S> windows)
    {
        if (windows is { TapRows: > 0, TapColumns: > 0 })
            return windows.Rows < 1 || windows.Columns < 1;
        for (var image = 0; image < windows.Images; image++)
        {
            for (var row = 0; row < windows.Rows; row++)
            {
                for (var column = 0; column < windows.Columns; column++)
                    new Span<S>(windows.Result + (image * windows.ResultImage) + (row * windows.ResultRow) + (column * windows.ResultPixel), windows.Filters * windows.Lanes).Clear();
            }
        }
        return true;
    }

    private static nint Workspace(in Windows<S> windows, int threads)
        => windows is { Rows: > 0, Columns: > 0, TapRows: > 0, TapColumns: > 0 }
            ? Padded(WindowProducts<V, S>.PackedSize(windows.TapRows * windows.Depth, windows.Filters)) + (windows.BorderedSize(windows.Rows) * Math.Max(1, threads))
            : 0;

    private static nint Padded(nint elements) => (elements + 63) / 64 * 64;
}
