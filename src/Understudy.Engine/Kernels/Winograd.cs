using System.Numerics;
using System.Runtime.CompilerServices;
using Understudy.Engine.Threading;

namespace Understudy.Engine.Kernels;

/// <summary>The convolution of one replica with a kernel of 3 × 3 and stride 1, and its gradients, by F(2 × 2, 3 × 3): 16 multiplications for every 36.</summary>
/// <remarks>
/// Source: Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural Networks", section 4.1. Tiles of 2 × 2 pixels are transformed a block at a time, multiplied by transformed
/// weights in 16 matrix products whose sums are cut as <see cref="Gemm{V, S}"/> cuts K, and transformed back. An element is fixed to the bit whatever the register width, the blocks
/// and the number of threads. Any extents, padding and numbers of channels are possible; <see cref="ConvolutionShape.SuitsWinograd"/> says which are worth while.
/// </remarks>
internal static unsafe partial class Winograd<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    /// <summary>Products of transformed numbers.</summary>
    internal const int Planes = 16;

    // below this many multiply-adds a second thread costs more than it saves
    private const long SmallestShare = 30_000;

    /// <summary>Elements of working memory of <see cref="Forward"/>.</summary>
    internal static nint ForwardWorkspace(in ConvolutionShape shape, int threads)
        => new Cut(Convolution<V, S>.Slid(shape, null, null), threads).Workspace(threads);

    /// <summary>y = the convolution of x with a kernel, and what follows it.</summary>
    internal static void Forward(in ConvolutionShape shape, S* x, S* kernel, S* y, in WindowEnd<S> end, S* workspace, Team? team)
    {
        var windows = Convolution<V, S>.Slid(shape, x, y);
        windows.End = end;
        windows.Workspace = workspace;
        nint tap = (nint)shape.Channels * shape.Filters;
        Run(in windows, new Weights { First = kernel, Row = 3 * tap, Column = tap, Channel = shape.Filters, Filter = 1 }, team);
    }

    /// <summary>Elements of working memory of <see cref="BackToInput"/>.</summary>
    internal static nint BackToInputWorkspace(in ConvolutionShape shape, int threads)
        => new Cut(Convolution<V, S>.SlidBack(shape, 0, null, null), threads).Workspace(threads);

    /// <summary>x = the transpose of the convolution with a kernel, of y.</summary>
    internal static void BackToInput(in ConvolutionShape shape, S* y, S* kernel, S* x, S* workspace, Team? team)
    {
        var windows = Convolution<V, S>.SlidBack(shape, 0, y, x);
        windows.Workspace = workspace;
        // the last tap first: the kernel is turned round
        nint tap = (nint)shape.Channels * shape.Filters;
        Run(in windows, new Weights { First = kernel + (8 * tap), Row = -3 * tap, Column = -tap, Channel = 1, Filter = shape.Filters }, team);
    }

    private static void Run(in Windows<S> windows, Weights weights, Team? team)
    {
        var job = new Job { Windows = windows, Weights = weights, Cut = new Cut(in windows, team?.Threads ?? 1) };
        var work = (long)WinogradTiles.Count(in windows) * Planes * windows.Channels * windows.Filters;
        job.Shares = (int)Math.Clamp(work / SmallestShare, 1, Math.Min(team?.Threads ?? 1, job.Cut.Blocks));
        if (job.Shares < 2)
        {
            WeightShare(&job, 0);
            TileShare(&job, 0);
        }
        else
        {
            team!.Run(job.Shares, &WeightShare, &job);
            team.Run(job.Shares, &TileShare, &job);
        }
    }

    /// <summary>Transforms some channels of the weights into panels of filters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WeightShare(void* state, int share)
    {
        var job = (Job*)state;
        ref readonly var windows = ref job->Windows;
        ref readonly var weights = ref job->Weights;
        var cut = job->Cut;
        var units = (windows.Channels + V.Width - 1) / V.Width;
        var (from, to) = (units * share / job->Shares * V.Width, Math.Min(windows.Channels, units * (share + 1) / job->Shares * V.Width));
        for (var j = 0; j < windows.Filters; j += V.Width)
        {
            var target = windows.Workspace + cut.Weight(j / (int)cut.Panel, 0) + (j % cut.Panel);
            var source = weights.First + (j * weights.Filter);
            if (weights.Filter == 1)
            {
                for (nint k = from; k < to; k++)
                    WinogradTransforms<V, S>.Weights(source + (k * weights.Channel), weights.Row, weights.Column, target + (k * cut.Panel), cut.WeightPlane);
            }
            else
                TransposeWeights(in weights, source, Math.Min(V.Width, windows.Filters - j), from, to, target, cut.Panel, cut.WeightPlane);
        }
    }

    /// <summary>Weights whose channels are neighbours: squares of every tap are transposed first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeWeights(in Weights weights, S* source, int filters, int from, int to, S* target, nint row, nint plane)
    {
        nint square = V.Width * V.Width;
        var rows = stackalloc S*[V.Width];
        var taps = stackalloc S[9 * V.Width * V.Width];
        for (nint k = from; k < to; k += V.Width)
        {
            for (var tap = 0; tap < 9; tap++)
            {
                for (var r = 0; r < V.Width; r++)
                    rows[r] = source + (tap / 3 * weights.Row) + (tap % 3 * weights.Column) + (Math.Min(r, filters - 1) * weights.Filter);
                V.Transpose(rows, k, taps + (tap * square));
            }
            for (nint r = 0; r < Math.Min(V.Width, to - k); r++)
                WinogradTransforms<V, S>.Weights(taps + (r * V.Width), 3 * square, square, target + ((k + r) * row), plane);
        }
    }

    private static void TileShare(void* state, int share)
    {
        var job = (Job*)state;
        ref readonly var windows = ref job->Windows;
        var cut = job->Cut;
        var own = windows.Workspace + cut.WeightSize + (share * cut.ShareSize);
        new Span<S>(own, (int)Rounded(windows.Channels)).Clear();
        var tiles = WinogradTiles.Count(in windows);
        for (var block = (int)((long)cut.Blocks * share / job->Shares); block < (int)((long)cut.Blocks * (share + 1) / job->Shares); block++)
        {
            var first = (int)((long)tiles * block / cut.Blocks);
            Block(in windows, in cut, first, (int)((long)tiles * (block + 1) / cut.Blocks) - first, own);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block(in Windows<S> windows, in Cut cut, int first, int count, S* own)
    {
        var outside = own + Padded(Rounded(windows.Channels));
        var source = new WinogradPlanes<S> { Start = outside + Padded(cut.ResultRow), Plane = cut.SourcePlane, Row = cut.SourceRow };
        var result = new WinogradPlanes<S> { Start = source.Start + (Planes * cut.SourcePlane), Plane = cut.ResultPlane, Row = cut.ResultRow };
        WinogradTransforms<V, S>.Source(in windows, first, count, 0, windows.Channels, in source, own);
        var end = new TileEnd<S>();
        for (var panel = 0; panel < cut.Panels; panel += cut.Group)
        {
            for (var q = 0; q < Planes; q++)
            {
                for (var p = 0; p < cut.Group; p++)
                {
                    var width = (int)Math.Min(cut.Panel, Rounded(windows.Filters) - ((panel + p) * cut.Panel));
                    for (var k = 0; k < windows.Channels; k += Gemm<V, S>.BlockK)
                    {
                        end.Accumulate = k > 0;
                        Gemm<V, S>.Panel(
                            count, width, Math.Min(Gemm<V, S>.BlockK, windows.Channels - k), source.Start + (q * source.Plane) + k, source.Row, 1,
                            windows.Workspace + cut.Weight(panel + p, q) + (k * cut.Panel), cut.Panel, result.Start + (q * result.Plane) + (p * cut.Panel), result.Row, ref end);
                    }
                }
            }
            var from = panel * cut.Panel;
            WinogradTransforms<V, S>.Result(in windows, first, count, from, Math.Min(cut.Group * cut.Panel, windows.Filters - from), in result, outside);
        }
    }

    private static nint Rounded(nint numbers) => (numbers + V.Width - 1) / V.Width * V.Width;

    private static nint Padded(nint elements) => (elements + 63) / 64 * 64;

    // 16 planes a multiple of 4 KiB apart would drive each other out of the first-level cache
    private static nint Skewed(nint elements) => ((elements + 1023) / 1024 * 1024) + 64;

    /// <summary>Where weights are found: tap (k, m), channel q and filter j at First + k · Row + m · Column + q · Channel + j · Filter, where Channel or Filter is 1.</summary>
    private struct Weights
    {
        internal S* First;
        internal nint Row, Column, Channel, Filter;
    }

    /// <summary>How tiles and filters are cut into what is worked on at a time.</summary>
    private readonly struct Cut
    {
        // transformed tiles of a block that stay in the second-level cache beside the weights of a panel
        private const int CachedNumbers = 1 << 17;

        private const int FewestTiles = 48;
        private const int MostTiles = 96;

        internal readonly nint Panel, SourceRow, SourcePlane, ResultRow, ResultPlane, WeightPlane;
        internal readonly int Panels, Group, Blocks;

        internal Cut(in Windows<S> windows, int threads)
        {
            Panel = Math.Min(Gemm<V, S>.PanelColumns, Rounded(windows.Filters));
            Panels = (int)((windows.Filters + Panel - 1) / Panel);
            // rows of patches a power of two apart would drive each other out of the first-level cache
            SourceRow = Rounded(windows.Channels) + (windows.Channels >= 128 ? 16 : 0);
            var most = (int)Math.Clamp(CachedNumbers / (Planes * SourceRow), FewestTiles, MostTiles);
            // where tiles do not stay in the cache the weights pass through it once, plane by plane
            var isLarge = Planes * SourceRow * FewestTiles > 2 * CachedNumbers;
            Group = isLarge ? Panels : 1;
            var tiles = WinogradTiles.Count(in windows);
            Blocks = Math.Max((tiles + (isLarge ? 2 * MostTiles : most) - 1) / (isLarge ? 2 * MostTiles : most), Math.Min(threads, tiles));
            nint rows = (tiles + Blocks - 1) / Blocks;
            ResultRow = Group * Panel;
            SourcePlane = Skewed((rows * SourceRow) + V.Width);
            ResultPlane = Skewed(rows * ResultRow);
            WeightPlane = Skewed(Group * windows.Channels * Panel);
            WeightPanel = windows.Channels * Panel;
        }

        private nint WeightPanel { get; }

        internal nint WeightSize => Panels / Group * Planes * WeightPlane;

        /// <summary>Zeros, room for what falls outside, transformed tiles and products.</summary>
        internal nint ShareSize => Padded(SourceRow) + Padded(ResultRow) + (Planes * (SourcePlane + ResultPlane));

        internal nint Workspace(int threads) => WeightSize + (ShareSize * Math.Max(1, threads));

        /// <summary>Where the weights of a panel in a plane start.</summary>
        internal nint Weight(int panel, int plane) => (((panel / Group * Planes) + plane) * WeightPlane) + (panel % Group * WeightPanel);
    }

    private struct Job
    {
        internal Windows<S> Windows;
        internal Weights Weights;
        internal Cut Cut;
        internal int Shares;
    }
}
