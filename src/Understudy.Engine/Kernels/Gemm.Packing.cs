using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

internal static unsafe partial class Gemm<V, S>
{
    /// <summary>Copies rows of A into slivers of the tile heights <see cref="Block"/> uses, k by k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackA(in GemmArguments<S> product, int firstRow, int rows, int k, int depth, S* packed)
    {
        var tiles = (rows + PanelRows - 1) / PanelRows;
        if (product.TransposeA)
        {
            PackTransposedA(product.A + k * product.LeadingA + firstRow, product.LeadingA, rows, tiles, depth, packed);
            return;
        }
        var i = 0;
        for (var tile = 0; tile < tiles; tile++)
        {
            var height = (rows - i + (tiles - tile) - 1) / (tiles - tile);
            var target = packed + (nint)i * depth;
            for (var r = 0; r < height; r++)
            {
                var source = product.A + (firstRow + i + r) * product.LeadingA + k;
                for (var q = 0; q < depth; q++)
                    target[(nint)q * height + r] = source[q];
            }
            i += height;
        }
    }

    // reads whole stored rows: k is far apart in memory
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackTransposedA(S* source, nint leading, int rows, int tiles, int depth, S* packed)
    {
        for (nint q = 0; q < depth; q++, source += leading)
        {
            var i = 0;
            for (var tile = 0; tile < tiles; tile++)
            {
                var height = (rows - i + (tiles - tile) - 1) / (tiles - tile);
                var target = packed + (nint)i * depth + q * height;
                var whole = (height + V.Width - 1) / V.Width * V.Width;
                // whole registers: what is written too far belongs to later rows, and what is read too far to the next one
                if (q * height + whole <= (nint)depth * height && i + whole <= leading + rows && q + 1 < depth)
                    for (var r = 0; r < height; r += V.Width)
                        V.Store(target + r, V.Load(source + i + r));
                else
                    for (var r = 0; r < height; r++)
                        target[r] = source[i + r];
                i += height;
            }
        }
    }

    /// <summary>Copies columns of B into panels of whole vectors, k by k; the columns beyond the last are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackB(in GemmArguments<S> product, int k, int depth, int firstColumn, int columns, S* packed)
    {
        for (var j = 0; j < columns; j += PanelColumns)
        {
            var width = Math.Min(PanelColumns, columns - j);
            var target = packed + (nint)j * depth;
            for (var v = 0; v < width; v += V.Width)
            {
                var count = Math.Min(V.Width, width - v);
                var stride = (nint)((width + V.Width - 1) / V.Width) * V.Width;
                if (product.TransposeB)
                    PackTransposed(product.B + (firstColumn + j + v) * product.LeadingB + k, product.LeadingB, count, depth, target + v, stride);
                else
                    PackColumns(product.B + k * product.LeadingB + firstColumn + j + v, product.LeadingB, count, depth, target + v, stride);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void PackColumns(S* source, nint leading, int count, int depth, S* target, nint stride)
    {
        if (count == V.Width)
            for (var q = 0; q < depth; q++, source += leading, target += stride)
                V.Store(target, V.Load(source));
        else
        {
            var mask = V.First(count);
            for (var q = 0; q < depth; q++, source += leading, target += stride)
                V.Store(target, V.LoadMasked(source, mask));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void PackTransposed(S* source, nint leading, int count, int depth, S* target, nint stride)
    {
        var rows = stackalloc S*[V.Width];
        var tile = stackalloc S[V.Width * V.Width];
        for (var r = 0; r < V.Width; r++)
            rows[r] = source + Math.Min(r, count - 1) * leading;
        var mask = V.First(count);
        var q = 0;
        for (; q + V.Width <= depth; q += V.Width)
        {
            V.Transpose(rows, q, tile);
            for (var r = 0; r < V.Width; r++, target += stride)
                V.Store(target, V.And(mask, V.Load(tile + r * V.Width)));
        }
        for (; q < depth; q++, target += stride)
            for (var r = 0; r < V.Width; r++)
                target[r] = r < count ? rows[r][q] : default;
    }
}
