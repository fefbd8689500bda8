using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

internal static unsafe partial class LaneGemm<V, S>
{
    // a smaller B stays in the caches however it lies
    private const int PackedBytes = 96 * 1024;

    // a panel must be read this often to be worth its copy
    private const int PackedRows = 24;

    /// <summary>Elements of S that <see cref="LaneGemmArguments{S}.Workspace"/> must hold for a product of these extents; 0 if it packs nothing.</summary>
    internal static nint Workspace(int m, int n, int k, bool sharedB)
    {
        var depth = Math.Min(k, Gemm<V, S>.BlockK);
        return Packs(m, n, depth, sharedB) ? (nint)depth * n * V.Width : 0;
    }

    private static bool Packs(int m, int n, int depth, bool sharedB) =>
        !sharedB && m >= PackedRows && (long)depth * n * V.Width * sizeof(S) > PackedBytes;

    /// <summary>Copies <paramref name="depth"/> rows of B, panel by panel of the columns <see cref="Block"/> takes together.</summary>
    /// <remarks>Rows of B lie so far apart that unpacked they cost an address translation and an untimely line each.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackB(in LaneGemmArguments<S> product, int k, int depth, int tileColumns)
    {
        var to = product.Workspace;
        var across = Tiles(product.N, tileColumns);
        var j = 0;
        for (var q = 0; q < across; q++)
        {
            var columns = (product.N - j + (across - q) - 1) / (across - q);
            var from = product.B + k * product.RowB + j * product.ColumnB;
            for (var r = 0; r < depth; r++, from += product.RowB)
            {
                for (var column = 0; column < columns; column++, to += V.Width)
                    V.Store(to, V.Load(from + column * product.ColumnB));
            }
            j += columns;
        }
    }
}
