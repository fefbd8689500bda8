using System.Numerics;
using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

/// <summary>The convolution of a group of replicas and its gradients: every element is a register.</summary>
/// <remarks>The arithmetic of an element is that of <see cref="Convolution{V, S}"/>, so a replica gets the same bits alone and in a group.</remarks>
internal static unsafe class LaneConvolution<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    // pixels, or elements of a patch, that are gathered at once
    private const int BlockM = 32;

    /// <summary>Numbers of working memory of <see cref="Forward"/>.</summary>
    internal static nint ForwardWorkspace(in ConvolutionShape shape) => Workspace(Convolution<V, S>.Slid(shape, null, null, V.Width));

    /// <summary>y = the convolution of x with a kernel, and what follows it.</summary>
    internal static void Forward(in ConvolutionShape shape, S* x, S* kernel, S* y, in WindowEnd<S> end, S* workspace)
    {
        var windows = Convolution<V, S>.Slid(shape, x, y, V.Width);
        windows.End = end;
        windows.Workspace = workspace;
        Run(in windows, kernel);
    }

    /// <summary>Numbers of working memory of <see cref="BackToInput"/>.</summary>
    internal static nint BackToInputWorkspace(in ConvolutionShape shape)
    {
        nint most = 0;
        for (var place = 0; place < shape.Stride * shape.Stride; place++)
        {
            var windows = Convolution<V, S>.SlidBack(shape, place, null, null, V.Width);
            if (windows is { Pixels: > 0, HasTaps: true })
                most = Math.Max(most, WeightSize(in windows) + Workspace(in windows));
        }
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
            windows.Workspace = workspace + WeightSize(in windows);
            Turn(in windows, shape, place, kernel, workspace);
            Run(in windows, workspace);
        }
    }

    /// <summary>Numbers of working memory of <see cref="BackToKernel"/>.</summary>
    internal static nint BackToKernelWorkspace(in ConvolutionShape shape)
    {
        var (pixels, rows) = (Math.Min(shape.ResultPixels, Gemm<V, S>.BlockK), Math.Min(BlockM, shape.PatchSize));
        return (((nint)pixels * rows) + 1) * V.Width + LaneGemm<V, S>.Workspace(rows, shape.Filters, pixels, sharedB: false);
    }

    /// <summary>kernel = Σ over pixels of the patch of x times the cotangents of y.</summary>
    internal static void BackToKernel(in ConvolutionShape shape, S* x, S* y, S* kernel, S* workspace)
    {
        nint filters = (nint)shape.Filters * V.Width;
        var windows = Convolution<V, S>.Slid(shape, x, null, V.Width);
        var most = (nint)Math.Min(shape.ResultPixels, Gemm<V, S>.BlockK) * Math.Min(BlockM, shape.PatchSize);
        for (var from = 0; from < shape.PatchSize; from += BlockM)
        {
            var rows = Math.Min(BlockM, shape.PatchSize - from);
            for (var pixel = 0; pixel < shape.ResultPixels; pixel += Gemm<V, S>.BlockK)
            {
                var count = Math.Min(Gemm<V, S>.BlockK, shape.ResultPixels - pixel);
                Patches<V, S>.Gather(in windows, pixel, count, from, from + rows, workspace, rows);
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
                    Workspace = workspace + ((most + 1) * V.Width),
                };
                LaneGemm<V, S>.Run(in product);
            }
        }
    }

    private static nint WeightSize(in Windows<S> windows) => (nint)windows.PatchSize * windows.Filters * V.Width;

    private static nint PatchesSize(in Windows<S> windows) => (((nint)Math.Min(BlockM, windows.Pixels) * windows.PatchSize) + 1) * V.Width;

    private static nint Workspace(in Windows<S> windows)
        => PatchesSize(in windows) + LaneGemm<V, S>.Workspace(Math.Min(BlockM, windows.Pixels), windows.Filters, windows.PatchSize, sharedB: false);

    /// <summary>The taps of one place of the grid, the last one first, as [taps · filters, channels].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn(in Windows<S> windows, in ConvolutionShape shape, int place, S* kernel, S* turned)
    {
        nint size = (nint)shape.Channels * shape.Filters * V.Width;
        for (var tap = (windows.TapRows * windows.TapColumns) - 1; tap >= 0; tap--, turned += size)
        {
            var row = (place / shape.Stride) + (tap / windows.TapColumns * shape.Stride);
            var column = (place % shape.Stride) + (tap % windows.TapColumns * shape.Stride);
            Movement<V, S>.Transpose(shape.Channels, shape.Filters, kernel + ((((nint)row * shape.KernelWidth) + column) * size), turned, V.Width);
        }
    }

    /// <summary>Weights are [patch, filters].</summary>
    private static void Run(in Windows<S> windows, S* weights)
    {
        nint filters = (nint)windows.Filters * V.Width;
        var patches = windows.Workspace;
        for (var pixel = 0; pixel < windows.Pixels;)
        {
            // pixels of one row of the result lie at one distance, and often those of all rows
            var count = Math.Min(BlockM, windows.IsDense ? windows.Pixels - pixel : windows.Columns - (pixel % windows.Columns));
            Patches<V, S>.Gather(in windows, pixel, count, 0, windows.PatchSize, patches, windows.PatchSize);
            var product = new LaneGemmArguments<S>
            {
                M = count,
                N = windows.Filters,
                K = windows.PatchSize,
                A = patches,
                RowA = (nint)windows.PatchSize * V.Width,
                ColumnA = V.Width,
                B = weights,
                RowB = filters,
                ColumnB = V.Width,
                C = windows.At(pixel),
                RowC = windows.ResultPixel,
                ColumnC = V.Width,
                Bias = windows.End.Bias,
                ColumnBias = V.Width,
                Activation = windows.End.Rectifies ? Activation.Rectify : Activation.None,
                Slope = windows.End.Slope,
                Workspace = patches + PatchesSize(in windows),
            };
            LaneGemm<V, S>.Run(in product);
            pixel += count;
        }
    }
}
