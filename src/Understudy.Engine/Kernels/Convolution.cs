using System.Numerics;
using Understudy.Engine.Threading;

namespace Understudy.Engine.Kernels;

/// <summary>The convolution of one replica and its gradients, without a matrix of all patches in memory.</summary>
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
        => WindowProducts<V, S>.Workspace(Slid(shape, null, null), threads);

    /// <summary>y = the convolution of x with a kernel, and what follows it.</summary>
    internal static void Forward(in ConvolutionShape shape, S* x, S* kernel, S* y, in WindowEnd<S> end, S* workspace, Team? team)
    {
        var windows = Slid(shape, x, y);
        windows.End = end;
        windows.Workspace = workspace;
        nint tap = (nint)shape.Channels * shape.Filters;
        WindowProducts<V, S>.Pack(in windows, kernel, shape.KernelWidth * tap, tap, shape.Filters, 1);
        WindowProducts<V, S>.Run(in windows, team);
    }

    /// <summary>Elements of working memory of <see cref="BackToInput"/>.</summary>
    internal static nint BackToInputWorkspace(in ConvolutionShape shape, int threads)
    {
        nint most = 0;
        for (var place = 0; place < shape.Stride * shape.Stride; place++)
        {
            var windows = SlidBack(shape, place, null, null);
            if (windows is { Pixels: > 0, HasTaps: true })
                most = Math.Max(most, WindowProducts<V, S>.Workspace(in windows, threads));
        }
        return most;
    }

    /// <summary>x = the transpose of the convolution with a kernel, of y.</summary>
    internal static void BackToInput(in ConvolutionShape shape, S* y, S* kernel, S* x, S* workspace, Team? team)
    {
        nint tap = (nint)shape.Channels * shape.Filters;
        for (var place = 0; place < shape.Stride * shape.Stride; place++)
        {
            var windows = SlidBack(shape, place, y, x);
            if (IsEmpty(in windows))
                continue;
            windows.Workspace = workspace;
            // the last tap first: the kernel is turned round
            var (row, column) = ((place / shape.Stride) + ((windows.TapRows - 1) * shape.Stride), (place % shape.Stride) + ((windows.TapColumns - 1) * shape.Stride));
            var last = kernel + ((((nint)row * shape.KernelWidth) + column) * tap);
            WindowProducts<V, S>.Pack(in windows, last, -shape.Stride * shape.KernelWidth * tap, -shape.Stride * tap, 1, shape.Filters);
            WindowProducts<V, S>.Run(in windows, team);
        }
    }

    /// <summary>The windows of the convolution itself.</summary>
    internal static Windows<S> Slid(in ConvolutionShape shape, S* x, S* y, int lanes = 1)
    {
        var (rows, columns) = (shape.ResultHeight, shape.ResultWidth);
        return new Windows<S>
        {
            Images = shape.Images,
            Height = shape.Height,
            Width = shape.Width,
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

    /// <summary>Whether there is nothing to sum: pixels that no tap reaches are set to zero.</summary>
    internal static bool IsEmpty(in Windows<S> windows)
    {
        if (windows.HasTaps)
            return windows.Pixels < 1;
        for (var pixel = 0; pixel < windows.Pixels; pixel++)
            new Span<S>(windows.At(pixel), windows.Filters * windows.Lanes).Clear();
        return true;
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
}
