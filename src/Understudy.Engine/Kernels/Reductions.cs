using System.Numerics;
using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

/// <summary>Sums, extremes and softmax along the middle axis of x [outer, axis, inner]; results are [outer, inner], softmax like x.</summary>
/// <remarks>
/// <para>With inner = 1 a sum runs in chunks of <see cref="Chunk"/> elements; a chunk in <see cref="VirtualLanes"/> lanes, element i to lane
/// i mod lanes, joined by halving (lane l with l + half); chunks are added in order in double precision. With inner &gt; 1 the axis is
/// added in order. Both start at +0. The lane forms, where every element is a register of replicas, do the same per replica.</para>
/// </remarks>
internal static unsafe partial class Reductions<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    /// <summary>Elements per chunk of a contiguous sum. Changing it changes results.</summary>
    internal const int Chunk = 4096;

    /// <summary>Lanes of a contiguous sum, whatever the register: 16 in single, 8 in double precision.</summary>
    internal static int VirtualLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 64 / sizeof(S);
    }

    /// <summary>y[o, i] = Σ_a x[o, a, i].</summary>
    internal static void Sum(int outer, int axis, int inner, S* x, S* y)
    {
        if (inner == 1)
            for (var o = 0; o < outer; o++)
                y[o] = SumRow<Identity>(x + (nint)o * axis, axis, V.Zero);
        else
            for (var o = 0; o < outer; o++)
                SumColumns(axis, inner, x + (nint)o * axis * inner, y + (nint)o * inner);
    }

    /// <summary><see cref="Sum"/> for elements that are registers.</summary>
    internal static void LaneSum(int outer, int axis, int inner, S* x, S* y)
    {
        if (inner == 1)
            for (var o = 0; o < outer; o++)
                V.Store(y + (nint)o * V.Width, LaneSumRow<Identity>(x + (nint)o * axis * V.Width, axis, V.Zero));
        else
            for (var o = 0; o < outer; o++)
                SumColumns(axis, inner * V.Width, x + (nint)o * axis * inner * V.Width, y + (nint)o * inner * V.Width);
    }

    /// <summary>y[j] = Σ_i x[i, j] over rows in order: the gradient of a bias. The same for lanes, with columns · Width columns.</summary>
    internal static void SumColumns(int rows, int columns, S* x, S* y) => SumColumns(rows, columns, columns, x, y);

    /// <summary>The same for some columns of rows that lie <paramref name="distance"/> apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void SumColumns(int rows, int columns, nint distance, S* x, S* y)
    {
        nint j = 0;
        for (; j + 4 * V.Width <= columns; j += 4 * V.Width)
        {
            V s0 = V.Zero, s1 = V.Zero, s2 = V.Zero, s3 = V.Zero;
            var p = x + j;
            for (var i = 0; i < rows; i++, p += distance)
            {
                s0 = V.Add(s0, V.Load(p));
                s1 = V.Add(s1, V.Load(p + V.Width));
                s2 = V.Add(s2, V.Load(p + 2 * V.Width));
                s3 = V.Add(s3, V.Load(p + 3 * V.Width));
            }
            V.Store(y + j, s0);
            V.Store(y + j + V.Width, s1);
            V.Store(y + j + 2 * V.Width, s2);
            V.Store(y + j + 3 * V.Width, s3);
        }
        for (; j < columns; j += V.Width)
        {
            var mask = V.First((int)Math.Min(V.Width, columns - j));
            var sum = V.Zero;
            var p = x + j;
            for (var i = 0; i < rows; i++, p += distance)
                sum = V.Add(sum, V.LoadMasked(p, mask));
            V.StoreMasked(y + j, mask, sum);
        }
    }

    /// <summary>y[j] += Σ_i x[i, j] over rows in order: the sum of columns in parts, from zeros on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddRows(nint rows, nint columns, S* x, S* y)
    {
        nint j = 0;
        for (; j + (2 * V.Width) <= columns; j += 2 * V.Width)
        {
            V s0 = V.Load(y + j), s1 = V.Load(y + j + V.Width);
            var p = x + j;
            for (nint i = 0; i < rows; i++, p += columns)
            {
                s0 = V.Add(s0, V.Load(p));
                s1 = V.Add(s1, V.Load(p + V.Width));
            }
            V.Store(y + j, s0);
            V.Store(y + j + V.Width, s1);
        }
        for (; j < columns; j += V.Width)
        {
            var mask = V.First((int)Math.Min(V.Width, columns - j));
            var sum = V.LoadMasked(y + j, mask);
            var p = x + j;
            for (nint i = 0; i < rows; i++, p += columns)
                sum = V.Add(sum, V.LoadMasked(p, mask));
            V.StoreMasked(y + j, mask, sum);
        }
    }

    /// <summary>Σ map(x[i]) over one contiguous row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static S SumRow<M>(S* x, int count, V shift)
        where M : struct, IMap
    {
        if (count <= Chunk)
            return SumChunk<M>(x, count, shift);
        var total = 0.0;
        for (var start = 0; start < count; start += Chunk)
            total += double.CreateTruncating(SumChunk<M>(x + start, Math.Min(Chunk, count - start), shift));
        return S.CreateTruncating(total);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static S SumChunk<M>(S* x, int count, V shift)
        where M : struct, IMap
    {
        var lanes = VirtualLanes;
        var partial = stackalloc S[lanes];
        // a whole turn of the virtual lanes in up to four registers; the scalar fallback keeps them in memory
        var i = 0;
        if (V.Width * 4 >= lanes)
        {
            V s0 = V.Zero, s1 = V.Zero, s2 = V.Zero, s3 = V.Zero;
            for (; i + lanes <= count; i += lanes)
            {
                s0 = V.Add(s0, M.Apply(V.Load(x + i), shift));
                if (lanes > V.Width)
                    s1 = V.Add(s1, M.Apply(V.Load(x + i + V.Width), shift));
                if (lanes > 2 * V.Width)
                {
                    s2 = V.Add(s2, M.Apply(V.Load(x + i + 2 * V.Width), shift));
                    s3 = V.Add(s3, M.Apply(V.Load(x + i + 3 * V.Width), shift));
                }
            }
            V.Store(partial, s0);
            if (lanes > V.Width)
                V.Store(partial + V.Width, s1);
            if (lanes > 2 * V.Width)
            {
                V.Store(partial + 2 * V.Width, s2);
                V.Store(partial + 3 * V.Width, s3);
            }
        }
        else
        {
            new Span<S>(partial, lanes).Clear();
            for (; i + lanes <= count; i += lanes)
                for (var lane = 0; lane < lanes; lane++)
                    V.Store(partial + lane, V.Add(V.Load(partial + lane), M.Apply(V.Load(x + i + lane), shift)));
        }
        for (var lane = 0; i < count; lane += V.Width, i += V.Width)
        {
            var mask = V.First(Math.Min(V.Width, count - i));
            V.StoreMasked(partial + lane, mask, V.Add(V.LoadMasked(partial + lane, mask), M.Apply(V.LoadMasked(x + i, mask), shift)));
        }
        for (var half = lanes / 2; half > 0; half /= 2)
            for (var lane = 0; lane < half; lane++)
                partial[lane] += partial[lane + half];
        return partial[0];
    }

    /// <summary><see cref="SumRow"/> for registers: the virtual lanes are registers of replicas.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V LaneSumRow<M>(S* x, int count, V shift)
        where M : struct, IMap
    {
        if (count <= Chunk)
            return LaneSumChunk<M>(x, count, shift);
        var totals = stackalloc double[V.Width];
        var part = stackalloc S[V.Width];
        new Span<double>(totals, V.Width).Clear();
        for (var start = 0; start < count; start += Chunk)
        {
            V.Store(part, LaneSumChunk<M>(x + (nint)start * V.Width, Math.Min(Chunk, count - start), shift));
            for (var replica = 0; replica < V.Width; replica++)
                totals[replica] += double.CreateTruncating(part[replica]);
        }
        for (var replica = 0; replica < V.Width; replica++)
            part[replica] = S.CreateTruncating(totals[replica]);
        return V.Load(part);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V LaneSumChunk<M>(S* x, int count, V shift)
        where M : struct, IMap
    {
        var lanes = VirtualLanes;
        var partial = stackalloc S[lanes * V.Width];
        // four virtual lanes at a time: their elements are neighbours in memory
        for (var lane = 0; lane < lanes; lane += 4)
        {
            V s0 = V.Zero, s1 = V.Zero, s2 = V.Zero, s3 = V.Zero;
            var p = x + (nint)lane * V.Width;
            var i = lane;
            for (; i + 4 <= count; i += lanes, p += lanes * V.Width)
            {
                s0 = V.Add(s0, M.Apply(V.Load(p), shift));
                s1 = V.Add(s1, M.Apply(V.Load(p + V.Width), shift));
                s2 = V.Add(s2, M.Apply(V.Load(p + 2 * V.Width), shift));
                s3 = V.Add(s3, M.Apply(V.Load(p + 3 * V.Width), shift));
            }
            if (i < count)
                s0 = V.Add(s0, M.Apply(V.Load(p), shift));
            if (i + 1 < count)
                s1 = V.Add(s1, M.Apply(V.Load(p + V.Width), shift));
            if (i + 2 < count)
                s2 = V.Add(s2, M.Apply(V.Load(p + 2 * V.Width), shift));
            V.Store(partial + lane * V.Width, s0);
            V.Store(partial + (lane + 1) * V.Width, s1);
            V.Store(partial + (lane + 2) * V.Width, s2);
            V.Store(partial + (lane + 3) * V.Width, s3);
        }
        for (var half = lanes / 2; half > 0; half /= 2)
            for (var lane = 0; lane < half; lane++)
                V.Store(partial + lane * V.Width, V.Add(V.Load(partial + lane * V.Width), V.Load(partial + (lane + half) * V.Width)));
        return V.Load(partial);
    }

    /// <summary>What is summed instead of the element.</summary>
    private interface IMap
    {
        static abstract V Apply(V x, V shift);
    }

    private readonly struct Identity : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V x, V shift) => x;
    }

    private readonly struct Exponential : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V x, V shift) => Transcendental<V, S>.Exp(V.Subtract(x, shift));
    }
}
