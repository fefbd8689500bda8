using System.Numerics;
using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

/// <summary>Kernels that move elements and compute nothing, or add in order.</summary>
/// <remarks>
/// <c>width</c> is the size of an element in S: 1 alone, V.Width where an element is a register of replicas, a row's length where
/// whole rows move. Source and target are disjoint.
/// </remarks>
internal static unsafe partial class Movement<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    /// <summary>Most axes that <see cref="Permute"/> takes.</summary>
    internal const int MostAxes = 6;

    /// <summary>y[i_order(0), …] = x[i_0, …]: axis a of y is axis order[a] of x.</summary>
    /// <param name="x">The source.</param>
    /// <param name="y">The target.</param>
    /// <param name="extents">Extents of x, at most <see cref="MostAxes"/>.</param>
    /// <param name="order">A permutation of the axes.</param>
    /// <param name="width">Size of an element.</param>
    internal static void Permute(S* x, S* y, ReadOnlySpan<int> extents, ReadOnlySpan<int> order, int width)
    {
        var rank = extents.Length;
        Span<nint> strides = stackalloc nint[MostAxes];
        Span<nint> steps = stackalloc nint[MostAxes];
        Span<int> counts = stackalloc int[MostAxes];
        nint run = width;
        for (var axis = rank - 1; axis >= 0; axis--)
        {
            strides[axis] = run;
            run *= extents[axis];
        }
        // trailing axes that stay where they are move as one element
        var moved = rank;
        nint element = width;
        while (moved > 0 && order[moved - 1] == moved - 1)
            element *= extents[--moved];
        for (var axis = 0; axis < moved; axis++)
        {
            counts[axis] = extents[order[axis]];
            steps[axis] = strides[order[axis]];
        }
        if (moved == 0)
            Copy(x, y, element);
        else
            PermuteAxis(x, y, counts[..moved], steps[..moved], element);
    }

    /// <summary>y[j, i] = x[i, j] for x [rows, columns].</summary>
    internal static void Transpose(int rows, int columns, S* x, S* y, int width)
    {
        if (width == 1)
            TransposeScalars(rows, columns, x, y);
        else
            for (nint j = 0; j < columns; j++)
                for (nint i = 0; i < rows; i++)
                    Copy(x + (i * columns + j) * width, y + (j * rows + i) * width, width);
    }

    /// <summary>y[r] = x[index[r]], rows of <paramref name="width"/> elements.</summary>
    internal static void GatherRows(int rows, S* x, int* index, S* y, int width)
    {
        for (nint r = 0; r < rows; r++)
            Copy(x + (nint)index[r] * width, y + r * width, width);
    }

    /// <summary>y[index[r]] += x[r], rows in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void ScatterAddRows(int rows, S* x, int* index, S* y, int width)
    {
        for (nint r = 0; r < rows; r++)
        {
            var (source, target) = ((nint)(x + r * width), (nint)(y + (nint)index[r] * width));
            var j = 0;
            for (; j + V.Width <= width; j += V.Width)
                V.Store((S*)target + j, V.Add(V.Load((S*)target + j), V.Load((S*)source + j)));
            if (j < width)
            {
                var mask = V.First(width - j);
                V.StoreMasked((S*)target + j, mask, V.Add(V.LoadMasked((S*)target + j, mask), V.LoadMasked((S*)source + j, mask)));
            }
        }
    }

    /// <summary>y[o, a, i] = x[o, i] for all a: a broadcast along the middle axis.</summary>
    internal static void Broadcast(int outer, int axis, int inner, S* x, S* y, int width)
    {
        var row = (nint)inner * width;
        if (row == 1)
            for (nint o = 0; o < outer; o++)
                new Span<S>(y + o * axis, axis).Fill(x[o]);
        else
            for (nint o = 0; o < outer; o++)
                for (nint a = 0; a < axis; a++)
                    Copy(x + o * row, y + (o * axis + a) * row, row);
    }

    /// <summary>y[i] = x for every register i: a value that all replicas share, spread over the lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Spread(nint count, S* x, S* y)
    {
        for (nint i = 0; i < count; i++)
            V.Store(y + i * V.Width, V.Broadcast(x[i]));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Copy(S* x, S* y, nint count)
    {
        nint i = 0;
        for (; i + V.Width <= count; i += V.Width)
            V.Store(y + i, V.Load(x + i));
        if (i < count)
        {
            var mask = V.First((int)(count - i));
            V.StoreMasked(y + i, mask, V.LoadMasked(x + i, mask));
        }
    }

    private static S* PermuteAxis(S* x, S* y, ReadOnlySpan<int> counts, ReadOnlySpan<nint> steps, nint element)
    {
        var (count, step) = (counts[0], steps[0]);
        if (counts.Length > 1)
        {
            for (nint i = 0; i < count; i++)
                y = PermuteAxis(x + i * step, y, counts[1..], steps[1..], element);
            return y;
        }
        if (element == 1)
            for (nint i = 0; i < count; i++)
                y[i] = x[i * step];
        else
            for (nint i = 0; i < count; i++)
                Copy(x + i * step, y + i * element, element);
        return y + count * element;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeScalars(int rows, int columns, S* x, S* y)
    {
        var pointers = stackalloc S*[V.Width];
        var tile = stackalloc S[V.Width * V.Width];
        var wholeRows = rows - rows % V.Width;
        var wholeColumns = columns - columns % V.Width;
        for (nint i = 0; i < wholeRows; i += V.Width)
        {
            for (nint r = 0; r < V.Width; r++)
                pointers[r] = x + (i + r) * columns;
            for (nint j = 0; j < wholeColumns; j += V.Width)
            {
                V.Transpose(pointers, j, tile);
                for (nint r = 0; r < V.Width; r++)
                    V.Store(y + (j + r) * rows + i, V.Load(tile + r * V.Width));
            }
            for (nint j = wholeColumns; j < columns; j++)
                for (nint r = i; r < i + V.Width; r++)
                    y[j * rows + r] = x[r * columns + j];
        }
        for (nint i = wholeRows; i < rows; i++)
            for (nint j = 0; j < columns; j++)
                y[j * rows + i] = x[i * columns + j];
    }
}
