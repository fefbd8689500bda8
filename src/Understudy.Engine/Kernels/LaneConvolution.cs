using System.Numerics;
using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

/// <summary>The convolution of a group of replicas and its gradients: every element is a register.</summary>
/// <remarks>The arithmetic of an element is that of <see cref="Convolution{V, S}"/>, so a replica gets the same bits alone and in a group.</remarks>
internal static unsafe class LaneConvolution<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    // elements of a patch that are gathered at once
    private const int BlockM = 32;

    /// <summary>Numbers of working memory of <see cref="Forward"/>.</summary>
    internal static nint ForwardWorkspace(in ConvolutionShape shape) => Workspace(Convolution<V, S>.Slid(shape, null, null, V.Width), packs: false);

    /// <summary>y = the convolution of x with a kernel.</summary>
    internal static void Forward(in ConvolutionShape shape, S* x, S* kernel, S* y, S* workspace)
    {
        var windows = Convolution<V, S>.Slid(shape, x, y, V.Width);
        windows.Weights = kernel;
        windows.Borders = workspace;
        Run(in windows);
    }

    /// <summary>Numbers of working memory of <see cref="BackToInput"/>.</summary>
    internal static nint BackToInputWorkspace(in ConvolutionShape shape)
    {
        nint most = 0;
        for (var place = 0; place < shape.Stride * shape.Stride; place++)
            most = Math.Max(most, Workspace(Convolution<V, S>.SlidBack(shape, place, null, null, V.Width), packs: true));
        return most;
    }

    /// <summary>x = the transpose of the convolution with a kernel, of y.</summary>
    internal static void BackToInput(in ConvolutionShape shape, S* y, S* kernel, S* x, S* workspace)
    {
        for (var place = 0; place < shape.Stride * shape.Stride; place++)
        {
            var windows = Convolution<V, S>.SlidBack(shape, place, y, x, V.Width);
            if (Convolution<V, S>.IsEmpty(in windows))
                continue;
            windows.Weights = workspace;
            windows.Borders = workspace + PackedSize(in windows);
            Pack(in windows, shape, place, kernel);
            Run(in windows);
        }
    }

    /// <summary>Numbers of working memory of <see cref="BackToKernel"/>.</summary>
    internal static nint BackToKernelWorkspace(in ConvolutionShape shape)
    {
        var (pixels, rows) = (Math.Min(shape.ResultPixels, Gemm<V, S>.BlockK), Math.Min(BlockM, shape.PatchSize));
        return ((nint)pixels * rows * V.Width) + LaneGemm<V, S>.Workspace(rows, shape.Filters, pixels, sharedB: false);
    }

    /// <summary>kernel = Σ over pixels of the patch of x times the cotangents of y.</summary>
    internal static void BackToKernel(in ConvolutionShape shape, S* x, S* y, S* kernel, S* workspace)
    {
        nint filters = (nint)shape.Filters * V.Width;
        for (var from = 0; from < shape.PatchSize; from += BlockM)
        {
            var rows = Math.Min(BlockM, shape.PatchSize - from);
            for (var pixel = 0; pixel < shape.ResultPixels; pixel += Gemm<V, S>.BlockK)
            {
                var count = Math.Min(Gemm<V, S>.BlockK, shape.ResultPixels - pixel);
                Patches<V, S>.Gather(in shape, x, pixel, count, from, from + rows, workspace, V.Width);
                var product = new LaneGemmArguments<S>
                {
                    M = rows,
                    N = shape.Filters,
                    K = count,
                    A = workspace,
                    RowA = V.Width,
                    ColumnA = (nint)rows * V.Width,
                    B = y + (pixel * filters),
                    RowB = filters,
                    ColumnB = V.Width,
                    C = kernel + (from * filters),
                    RowC = filters,
                    ColumnC = V.Width,
                    Accumulate = pixel > 0,
                    Workspace = workspace + ((nint)Math.Min(shape.ResultPixels, Gemm<V, S>.BlockK) * Math.Min(BlockM, shape.PatchSize) * V.Width),
                };
                LaneGemm<V, S>.Run(in product);
            }
        }
    }

    private static nint PackedSize(in Windows<S> windows) => (nint)windows.TapRows * windows.Depth * windows.Filters * V.Width;

    private static nint Workspace(in Windows<S> windows, bool packs)
        => windows is { Rows: > 0, Columns: > 0, TapRows: > 0, TapColumns: > 0 }
            ? (packs ? PackedSize(in windows) : 0) + (windows.BorderedSize(windows.Rows) * V.Width) + LaneGemm<V, S>.Workspace(windows.Columns, windows.Filters, windows.Depth, sharedB: false)
            : 0;

    /// <summary>The taps of one place of the grid, the last one first, as [taps · filters, channels].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(in Windows<S> windows, in ConvolutionShape shape, int place, S* kernel)
    {
        var target = windows.Weights;
        for (var tap = (windows.TapRows * windows.TapColumns) - 1; tap >= 0; tap--)
        {
            var row = (place / shape.Stride) + (tap / windows.TapColumns * shape.Stride);
            var column = (place % shape.Stride) + (tap % windows.TapColumns * shape.Stride);
            var source = kernel + ((((nint)row * shape.KernelWidth) + column) * shape.Channels * shape.Filters * V.Width);
            Movement<V, S>.Transpose(shape.Channels, shape.Filters, source, target, V.Width);
            target += (nint)shape.Channels * shape.Filters * V.Width;
        }
    }

    private static void Run(in Windows<S> windows)
    {
        nint filters = (nint)windows.Filters * V.Width;
        for (var image = 0; image < windows.Images; image++)
        {
            var (start, line) = Patches<V, S>.Source(in windows, image, 0, windows.Rows, windows.Borders);
            for (var row = 0; row < windows.Rows; row++)
            {
                for (var k = 0; k < windows.TapRows; k++)
                {
                    var product = new LaneGemmArguments<S>
                    {
                        M = windows.Columns,
                        N = windows.Filters,
                        K = windows.Depth,
                        A = (S*)start + ((((nint)row * windows.Step) + k) * line),
                        RowA = (nint)windows.Step * windows.Channels * V.Width,
                        ColumnA = V.Width,
                        B = windows.Weights + ((nint)k * windows.Depth * filters),
                        RowB = filters,
                        ColumnB = V.Width,
                        C = windows.Result + (image * windows.ResultImage) + (row * windows.ResultRow),
                        RowC = windows.ResultPixel,
                        ColumnC = V.Width,
                        Accumulate = k > 0,
                        Workspace = windows.Borders + (windows.BorderedSize(windows.Rows) * V.Width),
                    };
                    LaneGemm<V, S>.Run(in product);
                }
            }
        }
    }
}
