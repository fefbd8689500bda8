using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

internal static unsafe partial class Movement<V, S>
{
    // rows ahead of the one in work whose memory is asked for
    private const int Ahead = 2;

    /// <summary>
    /// Row r of y [rows, length] of registers takes row index[r · Width + lane] of each lane's row-major data set: minibatches of all
    /// replicas of a group, as the lanes layout wants them.
    /// </summary>
    /// <param name="data">Width pointers, one per lane; lanes may share a data set.</param>
    /// <param name="index">Row numbers [rows, Width].</param>
    /// <param name="rows">Rows to gather.</param>
    /// <param name="length">Elements per row.</param>
    /// <param name="y">The target, rows · length · Width elements.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void LaneGather(S** data, int* index, int rows, int length, S* y)
    {
        var pointers = stackalloc S*[V.Width];
        for (var r = 0; r < rows; r++)
        {
            if (r == 0)
                for (var ahead = 1; ahead <= Ahead && ahead < rows; ahead++)
                    Prefetch(data, index + ahead * V.Width, length);
            else if (r + Ahead < rows)
                Prefetch(data, index + (r + Ahead) * V.Width, length);
            for (var lane = 0; lane < V.Width; lane++)
                pointers[lane] = data[lane] + (nint)index[r * V.Width + lane] * length;
            ToLanes(pointers, length, y + (nint)r * length * V.Width);
        }
    }

    /// <summary>y[i] = the register of element i of each lane's vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void ToLanes(S** vectors, int length, S* y)
    {
        nint i = 0;
        for (; i + V.Width <= length; i += V.Width)
            V.Transpose(vectors, i, y + i * V.Width);
        if (i < length && length >= V.Width)
        {
            // the last block again, further back: cheaper than its few new elements one by one
            V.Transpose(vectors, length - V.Width, y + (nint)(length - V.Width) * V.Width);
            return;
        }
        for (; i < length; i++)
            for (var lane = 0; lane < V.Width; lane++)
                y[i * V.Width + lane] = vectors[lane][i];
    }

    /// <summary>The reverse of <see cref="ToLanes"/>: each lane's vector from registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void FromLanes(S* x, int length, S** vectors)
    {
        var rows = stackalloc S*[V.Width];
        var tile = stackalloc S[V.Width * V.Width];
        nint i = 0;
        for (; i + V.Width <= length; i += V.Width)
        {
            for (var r = 0; r < V.Width; r++)
                rows[r] = x + (i + r) * V.Width;
            V.Transpose(rows, 0, tile);
            for (var lane = 0; lane < V.Width; lane++)
                V.Store(vectors[lane] + i, V.Load(tile + lane * V.Width));
        }
        for (; i < length; i++)
            for (var lane = 0; lane < V.Width; lane++)
                vectors[lane][i] = x[i * V.Width + lane];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(S** data, int* index, int length)
    {
        for (var lane = 0; lane < V.Width; lane++)
        {
            var row = (byte*)(data[lane] + (nint)index[lane] * length);
            for (nint offset = 0; offset < (nint)length * sizeof(S); offset += 64)
                Cache.Prefetch(row + offset);
        }
    }
}
