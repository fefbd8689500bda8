using System.Numerics;
using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

/// <summary>Products of one register of replicas at a time: every entry of A, B and C is a register.</summary>
/// <remarks>
/// The arithmetic of an entry is that of <see cref="Gemm{V, S}"/>, so a replica gets the same bits alone and in a group.
/// Nothing is masked; transposes are strides. Only a B larger than the first-level caches is packed, into the panels of its tiles.
/// </remarks>
internal static unsafe partial class LaneGemm<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    // what a block of A may take of the 32 KiB first-level cache, beside a panel of B and a tile of C
    private const int BlockBytes = 24 * 1024;

    private static int TileRows => V.Count >= 32 ? 4 : 3;

    private static int TileColumns => V.Count >= 32 ? 6 : 4;

    internal static void Run(in LaneGemmArguments<S> product)
    {
        if (product.SharedA)
        {
            if (product.SharedB)
                Run<SharedByLanes<V, S>, SharedByLanes<V, S>>(product);
            else
                Run<SharedByLanes<V, S>, PerLane<V, S>>(product);
        }
        else if (product.SharedB)
            Run<PerLane<V, S>, SharedByLanes<V, S>>(product);
        else
            Run<PerLane<V, S>, PerLane<V, S>>(product);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<LA, LB>(in LaneGemmArguments<S> product)
        where LA : struct, IEntry<V, S>
        where LB : struct, IEntry<V, S>
    {
        var (tileRows, tileColumns) = Tile(product.M, product.N);
        var entryBytes = (product.SharedA ? 1 : V.Width) * sizeof(S);
        var k = 0;
        do
        {
            // a block starts at zero and is added to C; the parts of the first block, kept in C, only order the work
            var block = Math.Min(product.K - k, Gemm<V, S>.BlockK);
            var accumulate = product.Accumulate || k > 0;
            var part = block;
            if (!accumulate)
            {
                var fits = Math.Max(32, BlockBytes / (Math.Min(product.M, 16) * entryBytes));
                var parts = Math.Max(1, (block + fits / 2) / fits);
                part = (block + parts - 1) / parts;
            }
            var end = k + block;
            var start = k;
            do
            {
                var count = Math.Min(part, end - k);
                var last = k + count == end;
                Block<LA, LB>(product, k, count, tileRows, tileColumns, BlockBytes / Math.Max(1, count * entryBytes), k > start, accumulate, last);
                k += count;
            }
            while (k < end);
        }
        while (k < product.K);
    }

    private static (int Rows, int Columns) Tile(int m, int n)
    {
        var (rows, columns) = (TileRows, TileColumns);
        if (V.Count >= 32)
            return (rows, columns);
        // 3 x 4 and 4 x 3 cost the same: take the one that cuts into fewer tiles
        var wide = Tiles(m, rows) * Tiles(n, columns);
        var tall = Tiles(m, columns) * Tiles(n, rows);
        return tall < wide ? (columns, rows) : (rows, columns);
    }

    private static int Tiles(int extent, int size) => (extent + size - 1) / size;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block<LA, LB>(
        in LaneGemmArguments<S> product, int k, int count, int tileRows, int tileColumns, int rowsThatFit, bool resume, bool accumulate, bool last)
        where LA : struct, IEntry<V, S>
        where LB : struct, IEntry<V, S>
    {
        var whole = last && k + count == product.K;
        // tanh takes all registers: it and its bias follow in a pass of their own
        var passes = whole && product.Activation == Activation.Tanh;
        var end = new LaneTileEnd<S>
        {
            Alpha = last ? product.Alpha : null,
            ColumnBias = product.ColumnBias,
            SharedBias = product.SharedBias,
            Resume = resume,
            Accumulate = accumulate,
            Rectify = whole && product.Activation == Activation.Rectify,
            Slope = product.Slope,
        };
        var packs = Packs(product.M, product.N, count, product.SharedB);
        if (packs)
            PackB(product, k, count, tileColumns);
        var blocks = Math.Max(1, Tiles(product.M, Math.Max(tileRows, rowsThatFit)));
        var i = 0;
        for (var b = 0; b < blocks; b++)
        {
            var blockRows = (product.M - i + (blocks - b) - 1) / (blocks - b);
            var down = Tiles(blockRows, tileRows);
            var across = Tiles(product.N, tileColumns);
            var j = 0;
            for (var q = 0; q < across; q++)
            {
                var columns = (product.N - j + (across - q) - 1) / (across - q);
                var panel = packs ? product.Workspace + (nint)j * count * V.Width : product.B + k * product.RowB + j * product.ColumnB;
                var (rowB, columnB) = packs ? (columns * V.Width, (nint)V.Width) : (product.RowB, product.ColumnB);
                end.Bias = whole && !passes && product.Bias != null ? product.Bias + j * product.ColumnBias : null;
                var row = i;
                for (var p = 0; p < down;)
                {
                    // the tiles of one height go to the kernel together: a short product is mostly calls otherwise
                    var rows = (i + blockRows - row + (down - p) - 1) / (down - p);
                    var taller = i + blockRows - row - (rows - 1) * (down - p);
                    var c = product.C + row * product.RowC + j * product.ColumnC;
                    LaneMicroKernels<V, S, LA, LB>.Tile(
                        rows, columns, taller, count, product.A + row * product.RowA + k * product.ColumnA, product.RowA, product.ColumnA,
                        panel, rowB, columnB,
                        c, product.RowC, product.ColumnC, in end);
                    if (passes)
                        Epilogue(product, rows * taller, columns, j, c);
                    row += rows * taller;
                    p += taller;
                }
                j += columns;
            }
            i += blockRows;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Epilogue(in LaneGemmArguments<S> product, int rows, int columns, int firstColumn, S* c)
    {
        var slope = V.Broadcast(product.Slope);
        for (var j = 0; j < columns; j++)
        {
            var hasBias = product.Bias != null;
            var bias = !hasBias ? V.Zero
                : product.SharedBias ? V.Broadcast(product.Bias[(firstColumn + j) * product.ColumnBias])
                : V.Load(product.Bias + (firstColumn + j) * product.ColumnBias);
            for (var i = 0; i < rows; i++)
            {
                var at = c + i * product.RowC + j * product.ColumnC;
                var value = V.Load(at);
                if (hasBias)
                    value = V.Add(value, bias);
                V.Store(at, Activations<V, S>.Apply(product.Activation, value, slope));
            }
        }
    }
}
