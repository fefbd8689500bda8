using System.Runtime.CompilerServices;
using Understudy.Engine.Threading;

namespace Understudy.Engine.Kernels;

/// <content>The gradient by the kernel: (patches)ᵀ times the cotangents of y.</content>
internal static unsafe partial class Convolution<V, S>
{
    // elements of a patch that are gathered at once: 512 pixels of them stay in the second-level cache
    private const int BlockM = 96;

    /// <summary>Elements of working memory of <see cref="BackToKernel"/>.</summary>
    internal static nint BackToKernelWorkspace(in ConvolutionShape shape, int threads)
        => (PatchesSize(in shape) + PackedSize(in shape)) * Math.Max(1, threads);

    /// <summary>kernel = Σ over pixels of the patch of x times the cotangents of y.</summary>
    internal static void BackToKernel(in ConvolutionShape shape, S* x, S* y, S* kernel, S* workspace, Team? team)
    {
        var job = new KernelJob { Shape = shape, Windows = Slid(shape, x, null), Y = y, Kernel = kernel, Workspace = workspace };
        var panels = (shape.Filters + Gemm<V, S>.PanelColumns - 1) / Gemm<V, S>.PanelColumns;
        job.Blocks = (shape.PatchSize + BlockM - 1) / BlockM;
        // every share gathers its patches and packs its filters: the larger extent is shared out
        job.SharesFilters = job.Blocks < (team?.Threads ?? 1) && panels > job.Blocks;
        job.Shares = Math.Min(team?.Threads ?? 1, job.SharesFilters ? panels : job.Blocks);
        if (job.Shares < 2)
            KernelShare(&job, 0);
        else
            team!.Run(job.Shares, &KernelShare, &job);
    }

    private static nint PatchesSize(in ConvolutionShape shape)
        => Padded(((nint)Math.Min(shape.ResultPixels, Gemm<V, S>.BlockK) * Math.Min(BlockM, shape.PatchSize)) + V.Width);

    private static nint PackedSize(in ConvolutionShape shape)
        => Padded((nint)Math.Min(shape.ResultPixels, Gemm<V, S>.BlockK) * ((shape.Filters + V.Width - 1) / V.Width) * V.Width);

    private static nint Padded(nint elements) => (elements + 63) / 64 * 64;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void KernelShare(void* state, int share)
    {
        var job = (KernelJob*)state;
        ref var shape = ref job->Shape;
        var (blockFrom, blockTo, filterFrom, filterTo) = (0, job->Blocks, 0, shape.Filters);
        if (job->SharesFilters)
        {
            var panels = (shape.Filters + Gemm<V, S>.PanelColumns - 1) / Gemm<V, S>.PanelColumns;
            filterFrom = (int)((long)panels * share / job->Shares) * Gemm<V, S>.PanelColumns;
            filterTo = Math.Min(shape.Filters, (int)((long)panels * (share + 1) / job->Shares) * Gemm<V, S>.PanelColumns);
        }
        else
        {
            blockFrom = (int)((long)job->Blocks * share / job->Shares);
            blockTo = (int)((long)job->Blocks * (share + 1) / job->Shares);
        }
        var patches = job->Workspace + (share * BackToKernelWorkspace(in shape, 1));
        var packed = patches + PatchesSize(in shape);
        for (var pixel = 0; pixel < shape.ResultPixels; pixel += Gemm<V, S>.BlockK)
        {
            var count = Math.Min(Gemm<V, S>.BlockK, shape.ResultPixels - pixel);
            PackFilters(job->Y + ((nint)pixel * shape.Filters), shape.Filters, filterFrom, filterTo, count, packed);
            var end = new TileEnd<S> { Accumulate = pixel > 0 };
            for (var block = blockFrom; block < blockTo; block++)
            {
                var from = (int)((long)shape.PatchSize * block / job->Blocks);
                var rows = (int)((long)shape.PatchSize * (block + 1) / job->Blocks) - from;
                Patches<V, S>.Gather(in job->Windows, pixel, count, from, from + rows, patches, rows);
                for (var j = filterFrom; j < filterTo; j += Gemm<V, S>.PanelColumns)
                {
                    var width = Math.Min(Gemm<V, S>.PanelColumns, filterTo - j);
                    var b = packed + ((nint)(j - filterFrom) * count);
                    Gemm<V, S>.Panel(rows, width, count, patches, 1, rows, b, Stride(width), job->Kernel + ((nint)from * shape.Filters) + j, shape.Filters, ref end);
                }
            }
        }
    }

    private static nint Stride(int width) => (nint)((width + V.Width - 1) / V.Width) * V.Width;

    /// <summary>Copies columns of the cotangents into panels: their own distance is often a power of two, whose rows drive each other out of the cache.</summary>
    private static void PackFilters(S* y, int leading, int from, int to, int count, S* packed)
    {
        for (var j = from; j < to; j += Gemm<V, S>.PanelColumns)
        {
            var width = Math.Min(Gemm<V, S>.PanelColumns, to - j);
            for (var v = 0; v < width; v += V.Width)
                Gemm<V, S>.PackColumns(y + j + v, leading, Math.Min(V.Width, width - v), count, packed + ((nint)(j - from) * count) + v, Stride(width));
        }
    }

    private struct KernelJob
    {
        internal ConvolutionShape Shape;
        internal Windows<S> Windows;
        internal S* Y;
        internal S* Kernel;
        internal S* Workspace;
        internal int Blocks, Shares;
        internal bool SharesFilters;
    }
}
