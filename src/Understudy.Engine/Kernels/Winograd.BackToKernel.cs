using System.Runtime.CompilerServices;
using Understudy.Engine.Threading;

namespace Understudy.Engine.Kernels;

/// <content>The gradient by the kernel: transformed tiles of x, transposed, times those of the cotangents.</content>
internal static unsafe partial class Winograd<V, S>
{
    /// <summary>Tiles of a block of a sum. Changing it changes results.</summary>
    internal const int BlockTiles = 128;

    // channels and filters whose sums are kept in the second-level cache, beside a block of their transformed tiles
    private const int MostChannels = 64;

    /// <summary>Elements of working memory of <see cref="BackToKernel"/>.</summary>
    internal static nint BackToKernelWorkspace(in ConvolutionShape shape, int threads)
        => new KernelCut(in shape, threads).ShareSize * Math.Max(1, threads);

    /// <summary>kernel = Gᵀ [Σ over tiles of (Bᵀ d B)ᵀ (A g Aᵀ)] G, in blocks of <see cref="BlockTiles"/> that are added in order.</summary>
    internal static void BackToKernel(in ConvolutionShape shape, S* x, S* y, S* kernel, S* workspace, Team? team)
    {
        var job = new KernelJob
        {
            Shape = shape,
            Windows = Convolution<V, S>.Slid(shape, x, y),
            Kernel = kernel,
            Workspace = workspace,
            Cut = new KernelCut(in shape, team?.Threads ?? 1),
        };
        job.Shares = Math.Min(team?.Threads ?? 1, job.Cut.ChannelParts * job.Cut.FilterParts);
        if (job.Shares < 2)
            KernelShare(&job, 0);
        else
            team!.Run(job.Shares, &KernelShare, &job);
    }

    private static void KernelShare(void* state, int share)
    {
        var job = (KernelJob*)state;
        var cut = job->Cut;
        var parts = cut.ChannelParts * cut.FilterParts;
        for (var part = parts * share / job->Shares; part < parts * (share + 1) / job->Shares; part++)
            KernelPart(in *job, in cut, part, job->Workspace + (share * cut.ShareSize));
    }

    /// <summary>The sums of some channels and filters over all tiles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void KernelPart(in KernelJob job, in KernelCut cut, int part, S* own)
    {
        ref readonly var shape = ref job.Shape;
        var (channel, filter) = (part / cut.FilterParts * cut.Channels, part % cut.FilterParts * cut.Filters);
        var (channels, filters) = (Math.Min(cut.Channels, shape.Channels - channel), Math.Min(cut.Filters, shape.Filters - filter));
        new Span<S>(own, (int)cut.Zeros).Clear();
        var source = new WinogradPlanes<S> { Start = own + cut.Zeros, Plane = cut.SourcePlane, Row = cut.SourceRow };
        var cotangent = new WinogradPlanes<S>
        {
            Start = source.Start + (Planes * source.Plane),
            Plane = cut.CotangentPlane,
            Row = cut.Panel,
            Panel = cut.Panel,
            PanelDistance = cut.PanelDistance,
        };
        var sums = new WinogradPlanes<S> { Start = cotangent.Start + (Planes * cotangent.Plane), Plane = cut.SumPlane, Row = cut.SumRow };
        var end = new TileEnd<S>();
        var tiles = WinogradTiles.Count(in job.Windows);
        for (var tile = 0; tile < tiles; tile += BlockTiles)
        {
            var count = Math.Min(BlockTiles, tiles - tile);
            WinogradTransforms<V, S>.Source(in job.Windows, tile, count, channel, channels, in source, own);
            WinogradTransforms<V, S>.Cotangent(in job.Windows, tile, count, filter, filters, in cotangent, own);
            end.Accumulate = tile > 0;
            for (var q = 0; q < Planes; q++)
            {
                for (nint j = 0; j < filters; j += cut.Panel)
                {
                    Gemm<V, S>.Panel(
                        channels, (int)Math.Min(cut.Panel, Rounded(filters - j)), count, source.Start + (q * source.Plane), 1, source.Row,
                        cotangent.Start + (q * cotangent.Plane) + (j / cut.Panel * cut.PanelDistance), cut.Panel, sums.Start + (q * sums.Plane) + j, sums.Row, ref end);
                }
            }
        }
        nint tap = (nint)shape.Channels * shape.Filters;
        WinogradTransforms<V, S>.Kernel(in sums, channels, filters, job.Kernel + ((nint)channel * shape.Filters) + filter, tap, shape.Filters);
    }

    /// <summary>How channels and filters are cut into parts that are summed by themselves.</summary>
    private readonly struct KernelCut
    {
        internal readonly int Channels, ChannelParts, Filters, FilterParts;
        internal readonly nint Panel, SourceRow, SourcePlane, PanelDistance, CotangentPlane, SumRow, SumPlane, Zeros;

        internal KernelCut(in ConvolutionShape shape, int threads)
        {
            (Filters, FilterParts) = Parts(shape.Filters, (shape.Filters + MostChannels - 1) / MostChannels, V.Width);
            // every part transforms tiles of its own: no more parts than the threads need
            var parts = (shape.Channels + MostChannels - 1) / MostChannels;
            (Channels, ChannelParts) = Parts(shape.Channels, Math.Max(parts, Math.Min((threads + FilterParts - 1) / FilterParts, shape.Channels / 8)), 1);
            nint rows = Math.Min(BlockTiles, shape.Images * ((shape.ResultHeight + 1) / 2) * ((shape.ResultWidth + 1) / 2));
            Panel = Math.Min(Gemm<V, S>.PanelColumns, Rounded(Filters));
            SourceRow = Rounded(Channels);
            SourcePlane = Skewed(rows * SourceRow);
            PanelDistance = rows * Panel;
            CotangentPlane = Skewed((Filters + Panel - 1) / Panel * PanelDistance);
            SumRow = Rounded(Filters);
            SumPlane = Skewed(Channels * SumRow);
            Zeros = Padded(Math.Max(SourceRow, SumRow));
        }

        internal nint ShareSize => Zeros + (Planes * (SourcePlane + CotangentPlane + SumPlane));

        private static (int Extent, int Parts) Parts(int extent, int parts, int unit)
        {
            var part = ((extent + (parts * unit) - 1) / (parts * unit)) * unit;
            return (part, (extent + part - 1) / part);
        }
    }

    private struct KernelJob
    {
        internal ConvolutionShape Shape;
        internal Windows<S> Windows;
        internal S* Kernel;
        internal S* Workspace;
        internal KernelCut Cut;
        internal int Shares;
    }
}
