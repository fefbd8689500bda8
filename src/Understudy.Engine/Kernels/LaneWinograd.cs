using System.Numerics;
using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

/// <summary>The convolution of a group of replicas with a kernel of 3 × 3 and stride 1, and its gradients, by F(2 × 2, 3 × 3): every element is a register.</summary>
/// <remarks>The arithmetic of an element is that of <see cref="Winograd{V, S}"/>, so a replica gets the same bits alone and in a group.</remarks>
internal static unsafe class LaneWinograd<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    private const int Planes = Winograd<V, S>.Planes;
    private const int BlockTiles = 12;

    /// <summary>Numbers of working memory of <see cref="Forward"/>.</summary>
    internal static nint ForwardWorkspace(in ConvolutionShape shape) => Workspace(Convolution<V, S>.Slid(shape, null, null, V.Width));

    /// <summary>y = the convolution of x with a kernel, and what follows it.</summary>
    internal static void Forward(in ConvolutionShape shape, S* x, S* kernel, S* y, in WindowEnd<S> end, S* workspace)
    {
        var windows = Convolution<V, S>.Slid(shape, x, y, V.Width);
        windows.End = end;
        windows.Workspace = workspace;
        nint tap = Tap(in shape);
        Run(in windows, kernel, 3 * tap, tap, (nint)shape.Filters * V.Width, V.Width);
    }

    /// <summary>Numbers of working memory of <see cref="BackToInput"/>.</summary>
    internal static nint BackToInputWorkspace(in ConvolutionShape shape) => Workspace(Convolution<V, S>.SlidBack(shape, 0, null, null, V.Width));

    /// <summary>x = the transpose of the convolution with a kernel, of y.</summary>
    internal static void BackToInput(in ConvolutionShape shape, S* y, S* kernel, S* x, S* workspace)
    {
        var windows = Convolution<V, S>.SlidBack(shape, 0, y, x, V.Width);
        windows.Workspace = workspace;
        nint tap = Tap(in shape);
        Run(in windows, kernel + (8 * tap), -3 * tap, -tap, V.Width, (nint)shape.Filters * V.Width);
    }

    /// <summary>Numbers of working memory of <see cref="BackToKernel"/>.</summary>
    internal static nint BackToKernelWorkspace(in ConvolutionShape shape)
    {
        var rows = Math.Min(Winograd<V, S>.BlockTiles, WinogradTiles.Count(Convolution<V, S>.Slid(shape, null, null, V.Width)));
        nint most = Math.Max(shape.Channels, shape.Filters);
        return ((most + (Planes * (((nint)rows * (shape.Channels + shape.Filters)) + ((nint)shape.Channels * shape.Filters)))) * V.Width)
            + LaneGemm<V, S>.Workspace(shape.Channels, shape.Filters, rows, sharedB: false);
    }

    /// <summary>kernel = Gᵀ [Σ over tiles of (Bᵀ d B)ᵀ (A g Aᵀ)] G, in blocks that are added in order.</summary>
    internal static void BackToKernel(in ConvolutionShape shape, S* x, S* y, S* kernel, S* workspace)
    {
        var windows = Convolution<V, S>.Slid(shape, x, y, V.Width);
        var tiles = WinogradTiles.Count(in windows);
        nint rows = Math.Min(Winograd<V, S>.BlockTiles, tiles);
        nint channels = (nint)shape.Channels * V.Width, filters = (nint)shape.Filters * V.Width;
        var zeros = workspace;
        new Span<S>(zeros, (int)Math.Max(channels, filters)).Clear();
        var source = new WinogradPlanes<S> { Start = zeros + Math.Max(channels, filters), Plane = rows * channels, Row = channels };
        var cotangent = new WinogradPlanes<S> { Start = source.Start + (Planes * source.Plane), Plane = rows * filters, Row = filters, Panel = filters };
        var sums = new WinogradPlanes<S> { Start = cotangent.Start + (Planes * cotangent.Plane), Plane = shape.Channels * filters };
        for (var tile = 0; tile < tiles; tile += Winograd<V, S>.BlockTiles)
        {
            var count = Math.Min(Winograd<V, S>.BlockTiles, tiles - tile);
            WinogradTransforms<V, S>.Source(in windows, tile, count, 0, channels, in source, zeros);
            WinogradTransforms<V, S>.Cotangent(in windows, tile, count, 0, filters, in cotangent, zeros);
            for (var q = 0; q < Planes; q++)
            {
                var product = new LaneGemmArguments<S>
                {
                    M = shape.Channels,
                    N = shape.Filters,
                    K = count,
                    A = source.Start + (q * source.Plane),
                    RowA = V.Width,
                    ColumnA = channels,
                    B = cotangent.Start + (q * cotangent.Plane),
                    RowB = filters,
                    ColumnB = V.Width,
                    C = sums.Start + (q * sums.Plane),
                    RowC = filters,
                    ColumnC = V.Width,
                    Accumulate = tile > 0,
                    Workspace = sums.Start + (Planes * sums.Plane),
                };
                LaneGemm<V, S>.Run(in product);
            }
        }
        WinogradTransforms<V, S>.Kernel(in sums, 1, sums.Plane, kernel, Tap(in shape), 0);
    }

    private static nint Tap(in ConvolutionShape shape) => (nint)shape.Channels * shape.Filters * V.Width;

    private static nint Workspace(in Windows<S> windows)
    {
        nint most = Math.Max(windows.Channels, windows.Filters);
        return ((most + (Planes * (((nint)windows.Channels * windows.Filters) + (BlockTiles * ((nint)windows.Channels + windows.Filters))))) * V.Width)
            + LaneGemm<V, S>.Workspace(BlockTiles, windows.Filters, windows.Channels, sharedB: false);
    }

    /// <summary>The weight of tap (k, m), channel q and filter j lies at weights + k · row + m · column + q · channel + j · filter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(in Windows<S> windows, S* weights, nint row, nint column, nint channel, nint filter)
    {
        nint channels = (nint)windows.Channels * V.Width, filters = (nint)windows.Filters * V.Width;
        nint tap = windows.Channels * filters;
        // one row of numbers that is zero while tiles are read, and takes what falls outside when they are written
        var border = windows.Workspace;
        var transformed = border + Math.Max(channels, filters);
        for (nint i = 0; i < tap; i += V.Width)
            WinogradTransforms<V, S>.Weights(weights + i, row, column, transformed + i, tap);
        var source = new WinogradPlanes<S> { Start = transformed + (Planes * tap), Plane = BlockTiles * channels, Row = channels };
        var result = new WinogradPlanes<S> { Start = source.Start + (Planes * source.Plane), Plane = BlockTiles * filters, Row = filters };
        var tiles = WinogradTiles.Count(in windows);
        for (var tile = 0; tile < tiles; tile += BlockTiles)
        {
            var count = Math.Min(BlockTiles, tiles - tile);
            new Span<S>(border, (int)channels).Clear();
            WinogradTransforms<V, S>.Source(in windows, tile, count, 0, channels, in source, border);
            for (var q = 0; q < Planes; q++)
            {
                var product = new LaneGemmArguments<S>
                {
                    M = count,
                    N = windows.Filters,
                    K = windows.Channels,
                    A = source.Start + (q * source.Plane),
                    RowA = channels,
                    ColumnA = V.Width,
                    B = transformed + (q * tap),
                    RowB = channel,
                    ColumnB = filter,
                    C = result.Start + (q * result.Plane),
                    RowC = filters,
                    ColumnC = V.Width,
                    Workspace = result.Start + (Planes * result.Plane),
                };
                LaneGemm<V, S>.Run(in product);
            }
            WinogradTransforms<V, S>.Result(in windows, tile, count, 0, filters, in result, border);
        }
    }
}
