using System.Runtime.CompilerServices;
using Understudy.Engine.Threading;

namespace Understudy.Engine.Kernels;

/// <content>The gradient by the kernel.</content>
internal static unsafe partial class Convolution<V, S>
{
    // elements of a patch that are gathered at once: 512 pixels of them stay in the second-level cache
    private const int BlockM = 96;

    /// <summary>Elements of working memory of <see cref="BackToKernel"/>.</summary>
    internal static nint BackToKernelWorkspace(in ConvolutionShape shape, int threads)
        => (((nint)Math.Min(shape.ResultPixels, Gemm<V, S>.BlockK) * Math.Min(BlockM, shape.PatchSize)) + V.Width) * Math.Max(1, threads);

    /// <summary>kernel = Σ over pixels of the patch of x times the cotangents of y.</summary>
    internal static void BackToKernel(in ConvolutionShape shape, S* x, S* y, S* kernel, S* workspace, Team? team)
    {
        var job = new KernelJob { Shape = shape, Windows = Slid(shape, x, null), Y = y, Kernel = kernel, Workspace = workspace };
        job.Blocks = (shape.PatchSize + BlockM - 1) / BlockM;
        var threads = team?.Threads ?? 1;
        var panels = (shape.Filters + Gemm<V, S>.PanelColumns - 1) / Gemm<V, S>.PanelColumns;
        // patches are gathered once per group of panels, so there are no more groups than threads need
        job.Groups = Math.Min(panels, Math.Max(1, ((2 * threads) + job.Blocks - 1) / job.Blocks));
        job.Shares = Math.Min(threads, job.Blocks * job.Groups);
        if (job.Shares < 2)
        {
            job.Groups = 1;
            KernelShare(&job, 0);
        }
        else
            team!.Run(job.Shares, &KernelShare, &job);
    }

    private static void KernelShare(void* state, int share)
    {
        var job = (KernelJob*)state;
        var units = job->Blocks * job->Groups;
        for (var unit = share; unit < units; unit += job->Shares)
        {
            var (block, group) = (unit / job->Groups, unit % job->Groups);
            var panels = (job->Shape.Filters + Gemm<V, S>.PanelColumns - 1) / Gemm<V, S>.PanelColumns;
            KernelBlock(
                in *job,
                (int)((long)job->Shape.PatchSize * block / job->Blocks),
                (int)((long)job->Shape.PatchSize * (block + 1) / job->Blocks),
                (int)((long)panels * group / job->Groups) * Gemm<V, S>.PanelColumns,
                Math.Min(job->Shape.Filters, (int)((long)panels * (group + 1) / job->Groups) * Gemm<V, S>.PanelColumns),
                job->Workspace + (share * BackToKernelWorkspace(in job->Shape, 1)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void KernelBlock(in KernelJob job, int from, int to, int firstFilter, int endFilter, S* patches)
    {
        var shape = job.Shape;
        var rows = to - from;
        var end = new TileEnd<S>();
        for (var pixel = 0; pixel < shape.ResultPixels; pixel += Gemm<V, S>.BlockK)
        {
            var count = Math.Min(Gemm<V, S>.BlockK, shape.ResultPixels - pixel);
            Patches<V, S>.Gather(in job.Windows, pixel, count, from, to, patches);
            end.Accumulate = pixel > 0;
            for (var j = firstFilter; j < endFilter; j += Gemm<V, S>.PanelColumns)
            {
                var width = Math.Min(Gemm<V, S>.PanelColumns, endFilter - j);
                var b = job.Y + ((nint)pixel * shape.Filters) + j;
                var c = job.Kernel + ((nint)from * shape.Filters) + j;
                Gemm<V, S>.Panel(rows, width, count, patches, 1, rows, b, shape.Filters, c, shape.Filters, ref end);
            }
        }
    }

    private struct KernelJob
    {
        internal ConvolutionShape Shape;
        internal Windows<S> Windows;
        internal S* Y;
        internal S* Kernel;
        internal S* Workspace;
        internal int Blocks, Groups, Shares;
    }
}
