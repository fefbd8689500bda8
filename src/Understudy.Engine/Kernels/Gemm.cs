using System.Numerics;
using System.Runtime.CompilerServices;
using Understudy.Engine.Threading;

namespace Understudy.Engine.Kernels;

/// <summary>Matrix products: register tiles over packed panels.</summary>
/// <remarks>
/// An entry of the result is fixed to the bit whatever the register width, the number of threads and the path: K is cut
/// into blocks of <see cref="BlockK"/> counted from 0; inside a block the sum starts at zero and adds k in order with fused
/// multiply-add; blocks are added to C in order; bias and activation follow the last block.
/// </remarks>
internal static unsafe partial class Gemm<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    /// <summary>Length of a block of K. Changing it changes results.</summary>
    internal const int BlockK = 512;

    private const int BlockM = 96;
    private const int BlockN = 2048;

    // below this many multiply-adds a second thread costs more than it saves
    private const long SmallestShare = 30_000;

    internal static int PanelColumns => 2 * V.Width;

    private static int PanelRows => V.Count >= 32 ? 12 : 6;

    /// <summary>Elements of workspace that a product of this size needs with that many threads.</summary>
    internal static nint Workspace(int m, int n, int k, bool transposeA, bool transposeB, int threads)
        => (Padded(ShareOfB(m, n, k, transposeB)) + Padded(ShareOfA(m, n, k, transposeA))) * Math.Max(1, threads);

    /// <summary>The product on the calling thread.</summary>
    internal static void Run(in GemmArguments<S> product) => Part(product, product.Workspace);

    /// <summary>The product on the team: columns are dealt out, or rows where there are many more of those; never K.</summary>
    internal static void Run(Team team, in GemmArguments<S> product)
    {
        var work = (long)product.M * product.N * product.K;
        var shares = (int)Math.Min(team.Threads, work / SmallestShare);
        if (shares < 2)
        {
            Run(product);
            return;
        }
        fixed (GemmArguments<S>* pointer = &product)
        {
            var job = new Job { Product = pointer, Shares = shares };
            team.Run(shares, &RunShare, &job);
        }
    }

    /// <summary>One panel of columns: rows of A in tiles of nearly equal heights.</summary>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="width">Columns, at most <see cref="PanelColumns"/>.</param>
    /// <param name="depth">Length of the sums: one block of K.</param>
    /// <param name="a">A[i, k] is at a + i · rowA + k · stepA.</param>
    /// <param name="rowA">Distance of rows.</param>
    /// <param name="stepA">Distance along k.</param>
    /// <param name="b">B[k, j] is at b + k · stepB + j.</param>
    /// <param name="stepB">Distance along k.</param>
    /// <param name="c">The result.</param>
    /// <param name="rowC">Distance of its rows.</param>
    /// <param name="end">What happens after the sum; <see cref="TileEnd{S}.Last"/> is set here.</param>
    internal static void Panel(int rows, int width, int depth, S* a, nint rowA, nint stepA, S* b, nint stepB, S* c, nint rowC, ref TileEnd<S> end)
    {
        var vectors = (width + V.Width - 1) / V.Width;
        end.Last = width - ((vectors - 1) * V.Width);
        var tall = vectors == 1 ? 12 : PanelRows;
        var tiles = (rows + tall - 1) / tall;
        for (var tile = 0; tile < tiles; tile++)
        {
            var height = (rows + (tiles - tile) - 1) / (tiles - tile);
            if (end.Last == V.Width)
                MicroKernels<V, S, Whole<V, S>>.Tile(height, vectors, depth, a, rowA, stepA, b, stepB, c, rowC, in end);
            else
                MicroKernels<V, S, Ragged<V, S>>.Tile(height, vectors, depth, a, rowA, stepA, b, stepB, c, rowC, in end);
            rows -= height;
            a += height * rowA;
            c += height * rowC;
        }
    }

    private static void RunShare(void* state, int share)
    {
        var job = (Job*)state;
        var product = *job->Product;
        var size = Workspace(product.M, product.N, product.K, product.TransposeA, product.TransposeB, 1);
        if (product.N >= 2 * PanelColumns * job->Shares && product.N >= product.M / 2)
        {
            var (from, to) = Share(product.N, PanelColumns, share, job->Shares);
            product.N = to - from;
            product.B += product.TransposeB ? from * product.LeadingB : from;
            product.C += from;
            if (product.Bias != null)
                product.Bias += from;
        }
        else
        {
            var (from, to) = Share(product.M, 1, share, job->Shares);
            product.M = to - from;
            product.A += product.TransposeA ? from : from * product.LeadingA;
            product.C += from * product.LeadingC;
        }
        if (product.M > 0 && product.N > 0)
            Part(product, product.Workspace + share * size);
    }

    private static (int From, int To) Share(int extent, int unit, int share, int shares)
    {
        var units = (extent + unit - 1) / unit;
        return (Math.Min(extent, (int)((long)units * share / shares) * unit), Math.Min(extent, (int)((long)units * (share + 1) / shares) * unit));
    }

    private static bool PacksB(int m, int n, int k, bool transposeB)
        => transposeB || ((long)k * n * sizeof(S) > 32 * 1024 && m > 24);

    private static bool PacksA(int m, int n, int k, bool transposeA)
        => (transposeA ? n > 64 : m > 128 && n > 128) && (long)m * k * sizeof(S) > 1 << 18;

    // sizes are monotone in m and n, so that a share of a product never needs more than the whole
    private static nint ShareOfB(int m, int n, int k, bool transposeB)
        => PacksB(m, n, k, transposeB) ? (nint)Math.Min(BlockK, k) * Math.Min(BlockN, (n + PanelColumns - 1) / PanelColumns * PanelColumns) : 0;

    private static nint ShareOfA(int m, int n, int k, bool transposeA)
        => PacksA(m, n, k, transposeA) ? (nint)Math.Min(BlockK, k) * Math.Min(BlockM, m) : 0;

    private static nint Padded(nint elements) => (elements + 63) / 64 * 64;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Part(in GemmArguments<S> product, S* workspace)
    {
        var (m, n) = (product.M, product.N);
        var packsB = PacksB(m, n, product.K, product.TransposeB);
        var packsA = PacksA(m, n, product.K, product.TransposeA);
        var packedA = workspace;
        var packedB = workspace + (packsA ? Padded(ShareOfA(m, n, product.K, product.TransposeA)) : 0);
        for (var j = 0; j < n; j += BlockN)
        {
            var columns = Math.Min(BlockN, n - j);
            var k = 0;
            do
            {
                var depth = Math.Min(BlockK, product.K - k);
                if (packsB)
                    PackB(product, k, depth, j, columns, packedB);
                for (var i = 0; i < m; i += BlockM)
                {
                    var rows = Math.Min(BlockM, m - i);
                    if (packsA)
                        PackA(product, i, rows, k, depth, packedA);
                    Block(product, i, rows, j, columns, k, depth, packsA ? packedA : null, packsB ? packedB : null);
                }
                k += depth;
            }
            while (k < product.K);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block(in GemmArguments<S> product, int firstRow, int rows, int firstColumn, int columns, int k, int depth, S* packedA, S* packedB)
    {
        var isLast = k + depth >= product.K;
        // tanh takes all registers: it and its bias follow in a pass of their own
        var passes = isLast && product.Activation == Activation.Tanh;
        var end = new TileEnd<S>
        {
            Alpha = product.Alpha,
            Accumulate = product.Accumulate || k > 0,
            Rectify = isLast && product.Activation == Activation.Rectify,
            Slope = product.Slope,
        };
        for (var j = 0; j < columns; j += PanelColumns)
        {
            var width = Math.Min(PanelColumns, columns - j);
            var vectors = (width + V.Width - 1) / V.Width;
            end.Last = width - (vectors - 1) * V.Width;
            end.Bias = isLast && !passes && product.Bias != null ? product.Bias + firstColumn + j : null;
            var b = packedB != null ? packedB + (nint)j * depth : product.B + k * product.LeadingB + firstColumn + j;
            var stepB = packedB != null ? vectors * V.Width : product.LeadingB;
            var tall = packedA == null && vectors == 1 ? 12 : PanelRows;
            var tiles = (rows + tall - 1) / tall;
            var i = 0;
            for (var tile = 0; tile < tiles; tile++)
            {
                var height = (rows - i + (tiles - tile) - 1) / (tiles - tile);
                var c = product.C + (firstRow + i) * product.LeadingC + firstColumn + j;
                var a = packedA != null ? packedA + (nint)i * depth
                    : product.TransposeA ? product.A + k * product.LeadingA + firstRow + i
                    : product.A + (firstRow + i) * product.LeadingA + k;
                var rowA = packedA != null || product.TransposeA ? 1 : product.LeadingA;
                var stepA = packedA != null ? height : product.TransposeA ? product.LeadingA : 1;
                if (end.Last == V.Width)
                    MicroKernels<V, S, Whole<V, S>>.Tile(height, vectors, depth, a, rowA, stepA, b, stepB, c, product.LeadingC, in end);
                else
                    MicroKernels<V, S, Ragged<V, S>>.Tile(height, vectors, depth, a, rowA, stepA, b, stepB, c, product.LeadingC, in end);
                if (passes)
                    Epilogue(product, height, width, firstColumn + j, c);
                i += height;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Epilogue(in GemmArguments<S> product, int rows, int width, int column, S* c)
    {
        var slope = V.Broadcast(product.Slope);
        for (var j = 0; j < width; j += V.Width)
        {
            var count = Math.Min(V.Width, width - j);
            var bias = product.Bias == null ? V.Zero : V.LoadFirst(product.Bias + column + j, count);
            for (var i = 0; i < rows; i++)
            {
                var at = c + i * product.LeadingC + j;
                var value = V.LoadFirst(at, count);
                if (product.Bias != null)
                    value = V.Add(value, bias);
                V.StoreFirst(at, Activations<V, S>.Apply(product.Activation, value, slope), count);
            }
        }
    }

    private struct Job
    {
        internal GemmArguments<S>* Product;
        internal int Shares;
    }
}
