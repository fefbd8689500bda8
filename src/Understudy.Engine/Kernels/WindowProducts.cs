using System.Numerics;
using System.Runtime.CompilerServices;
using Understudy.Engine.Threading;

namespace Understudy.Engine.Kernels;

/// <summary><see cref="Windows{S}"/> of one replica: register tiles of pixels against panels of filters.</summary>
internal static unsafe class WindowProducts<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    // below this many multiply-adds a second thread costs more than it saves
    private const long SmallestShare = 30_000;

    /// <summary>Elements of packed weights.</summary>
    internal static nint PackedSize(int depth, int filters) => (nint)depth * ((filters + V.Width - 1) / V.Width) * V.Width;

    /// <summary>
    /// Packs weights into panels of filters: the one of tap (k, m), channel q and filter j lies at source + k · tapRow + m · tapColumn + q · channel + j · filter,
    /// where channel or filter is 1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Pack(in Windows<S> windows, S* source, nint tapRow, nint tapColumn, nint channel, nint filter)
    {
        nint depth = (nint)windows.TapRows * windows.Depth;
        for (var j = 0; j < windows.Filters; j += Gemm<V, S>.PanelColumns)
        {
            var width = Math.Min(Gemm<V, S>.PanelColumns, windows.Filters - j);
            var stride = (nint)((width + V.Width - 1) / V.Width) * V.Width;
            var target = windows.Weights + (j * depth);
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
        var job = new Job { Windows = windows, Shares = 1 };
        var work = (long)windows.Images * windows.Rows * windows.Columns * windows.TapRows * windows.Depth * windows.Filters;
        job.Shares = (int)Math.Clamp(work / SmallestShare, 1, Math.Min(team?.Threads ?? 1, windows.Images * windows.Rows));
        if (job.Shares < 2)
            Share(&job, 0);
        else
            team!.Run(job.Shares, &Share, &job);
    }

    private static void Share(void* state, int share)
    {
        var job = (Job*)state;
        ref var windows = ref job->Windows;
        var total = (long)windows.Images * windows.Rows;
        var (from, to) = ((int)(total * share / job->Shares), (int)(total * (share + 1) / job->Shares));
        var border = windows.Borders + (share * windows.BorderedSize(windows.Rows));
        while (from < to)
        {
            var (image, first) = (from / windows.Rows, from % windows.Rows);
            var rows = Math.Min(to - from, windows.Rows - first);
            Rows(in windows, image, first, rows, border);
            from += rows;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows(in Windows<S> windows, int image, int first, int rows, S* border)
    {
        var (start, line) = Patches<V, S>.Source(in windows, image, first, rows, border);
        nint depth = (nint)windows.TapRows * windows.Depth;
        nint step = (nint)windows.Step * windows.Channels;
        var end = new TileEnd<S>();
        for (var j = 0; j < windows.Filters; j += Gemm<V, S>.PanelColumns)
        {
            var width = Math.Min(Gemm<V, S>.PanelColumns, windows.Filters - j);
            nint stride = (width + V.Width - 1) / V.Width * V.Width;
            for (var r = 0; r < rows; r++)
            {
                var result = windows.Result + (image * windows.ResultImage) + ((first + r) * windows.ResultRow) + j;
                for (var k = 0; k < windows.TapRows; k++)
                {
                    for (var q = 0; q < windows.Depth; q += Gemm<V, S>.BlockK)
                    {
                        var part = Math.Min(Gemm<V, S>.BlockK, windows.Depth - q);
                        var a = (S*)start + ((((nint)r * windows.Step) + k) * line) + q;
                        var b = windows.Weights + (j * depth) + ((((nint)k * windows.Depth) + q) * stride);
                        end.Accumulate = k + q > 0;
                        Gemm<V, S>.Panel(windows.Columns, width, part, a, step, 1, b, stride, result, windows.ResultPixel, ref end);
                    }
                }
            }
        }
    }

    private struct Job
    {
        internal Windows<S> Windows;
        internal int Shares;
    }
}
