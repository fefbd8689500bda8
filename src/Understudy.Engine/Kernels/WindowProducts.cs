using System.Numerics;
using System.Runtime.CompilerServices;
using Understudy.Engine.Threading;

namespace Understudy.Engine.Kernels;

/// <summary><see cref="Windows{S}"/> of one replica: blocks of gathered patches times panels of filters.</summary>
/// <remarks>Gathering copies every number of a patch once, for as many multiplications as there are filters.</remarks>
internal static unsafe class WindowProducts<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    // below this many multiply-adds a second thread costs more than it saves
    private const long SmallestShare = 30_000;

    private const int CachedWeights = 1 << 20;

    /// <summary>Pixels whose patches are gathered at once: with 512 elements of each they stay in the second-level cache.</summary>
    private const int BlockM = 96;

    /// <summary>Elements of working memory.</summary>
    internal static nint Workspace(in Windows<S> windows, int threads)
        => PackedSize(in windows) + (ShareSize(in windows) * Math.Max(1, threads));

    /// <summary>
    /// Packs weights into panels of filters: the one of tap (k, m), channel q and filter j lies at source + k · tapRow + m · tapColumn + q · channel + j · filter,
    /// where channel or filter is 1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Pack(in Windows<S> windows, S* source, nint tapRow, nint tapColumn, nint channel, nint filter)
    {
        for (var j = 0; j < windows.Filters; j += Gemm<V, S>.PanelColumns)
        {
            var width = Math.Min(Gemm<V, S>.PanelColumns, windows.Filters - j);
            var stride = (nint)((width + V.Width - 1) / V.Width) * V.Width;
            var target = windows.Workspace + ((nint)j * windows.PatchSize);
            for (var tap = 0; tap < windows.TapRows * windows.TapColumns; tap++)
            {
                var from = source + (tap / windows.TapColumns * tapRow) + (tap % windows.TapColumns * tapColumn) + (j * filter);
                for (var v = 0; v < width; v += V.Width)
                {
                    var count = Math.Min(V.Width, width - v);
                    if (filter == 1)
                        Gemm<V, S>.PackColumns(from + v, channel, count, windows.Channels, target + v, stride);
                    else
                        Gemm<V, S>.PackTransposed(from + (v * filter), filter, count, windows.Channels, target + v, stride);
                }
                target += windows.Channels * stride;
            }
        }
    }

    /// <summary>Runs on the team, or on the calling thread where there is none or little to do.</summary>
    internal static void Run(in Windows<S> windows, Team? team)
    {
        var job = new Job { Windows = windows, Blocks = (windows.Pixels + BlockM - 1) / BlockM };
        var work = (long)windows.Pixels * windows.PatchSize * windows.Filters;
        job.Shares = (int)Math.Clamp(work / SmallestShare, 1, Math.Min(team?.Threads ?? 1, job.Blocks));
        if (job.Shares < 2)
            Share(&job, 0);
        else
            team!.Run(job.Shares, &Share, &job);
    }

    private static nint PackedSize(in Windows<S> windows)
        => ((nint)windows.PatchSize * ((windows.Filters + V.Width - 1) / V.Width) * V.Width + 63) / 64 * 64;

    private static nint ShareSize(in Windows<S> windows)
        => windows.ReadsPixels ? 0 : (((nint)Math.Min(BlockM, windows.Pixels) * Distance(Math.Min(windows.PatchSize, Gemm<V, S>.BlockK))) + V.Width + 63) / 64 * 64;

    // rows of patches a power of two apart would drive each other out of the first-level cache
    private static nint Distance(int depth) => depth >= 128 ? ((nint)depth + 63) / 64 * 64 + 16 : depth;

    private static void Share(void* state, int share)
    {
        var job = (Job*)state;
        ref var windows = ref job->Windows;
        var own = windows.Workspace + PackedSize(in windows) + (share * ShareSize(in windows));
        var (from, to) = ((int)((long)job->Blocks * share / job->Shares), (int)((long)job->Blocks * (share + 1) / job->Shares));
        // weights that do not fit into the second-level cache pass through it once, part by part, and results many times; else the other way round
        var part = PackedSize(in windows) * sizeof(S) <= CachedWeights ? windows.PatchSize : Gemm<V, S>.BlockK;
        for (var first = 0; first < windows.PatchSize; first += part)
            for (var block = from; block < to; block++)
                Block(in windows, block * BlockM, Math.Min(BlockM, windows.Pixels - (block * BlockM)), first, Math.Min(windows.PatchSize, first + part), own);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block(in Windows<S> windows, int pixel, int count, int first, int last, S* patches)
    {
        var end = new TileEnd<S>();
        for (var k = first; k < last; k += Gemm<V, S>.BlockK)
        {
            var depth = Math.Min(Gemm<V, S>.BlockK, last - k);
            var a = windows.ReadsPixels ? windows.Source + ((nint)pixel * windows.Channels) + k : patches;
            var row = (nint)(windows.ReadsPixels ? windows.Channels : Distance(depth));
            if (!windows.ReadsPixels)
                Patches<V, S>.Gather(in windows, pixel, count, k, k + depth, patches, row);
            var isLast = k + depth == windows.PatchSize;
            (end.Accumulate, end.Rectify, end.Slope) = (k > 0, isLast && windows.End.Rectifies, windows.End.Slope);
            for (var j = 0; j < windows.Filters; j += Gemm<V, S>.PanelColumns)
            {
                var width = Math.Min(Gemm<V, S>.PanelColumns, windows.Filters - j);
                nint stride = (width + V.Width - 1) / V.Width * V.Width;
                var b = windows.Workspace + ((nint)j * windows.PatchSize) + (k * stride);
                end.Bias = isLast && windows.End.Bias != null ? windows.End.Bias + j : null;
                // pixels of one row of the result lie at one distance, and often those of all rows
                for (var done = 0; done < count;)
                {
                    var at = pixel + done;
                    var pixels = windows.IsDense ? count : Math.Min(count - done, windows.Columns - (at % windows.Columns));
                    Gemm<V, S>.Panel(pixels, width, depth, a + (done * row), row, 1, b, stride, windows.At(at) + j, windows.ResultPixel, ref end);
                    done += pixels;
                }
            }
        }
    }

    private struct Job
    {
        internal Windows<S> Windows;
        internal int Blocks, Shares;
    }
}
