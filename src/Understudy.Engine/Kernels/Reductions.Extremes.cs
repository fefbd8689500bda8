using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

internal static unsafe partial class Reductions<V, S>
{
    /// <summary>y[o, i] = max_a x[o, a, i]; not-a-number if one is.</summary>
    internal static void Max(int outer, int axis, int inner, S* x, S* y)
    {
        if (inner == 1)
            for (var o = 0; o < outer; o++)
                y[o] = MaxRow(x + (nint)o * axis, axis);
        else
            for (var o = 0; o < outer; o++)
                Extremes(axis, inner, x + (nint)o * axis * inner, y + (nint)o * inner, null);
    }

    /// <summary>y[o, i] = the first a at which x[o, a, i] is largest; the first not-a-number if there is one.</summary>
    internal static void ArgMax(int outer, int axis, int inner, S* x, int* y)
    {
        for (var o = 0; o < outer; o++)
            if (inner == 1)
                y[o] = ArgMaxRow(x + (nint)o * axis, axis);
            else
                Extremes(axis, inner, x + (nint)o * axis * inner, null, y + (nint)o * inner);
    }

    /// <summary><see cref="Max"/> for elements that are registers.</summary>
    internal static void LaneMax(int outer, int axis, int inner, S* x, S* y)
    {
        for (var o = 0; o < outer; o++)
            Extremes(axis, inner * V.Width, x + (nint)o * axis * inner * V.Width, y + (nint)o * inner * V.Width, null);
    }

    /// <summary><see cref="ArgMax"/> for elements that are registers; every index is Width integers.</summary>
    internal static void LaneArgMax(int outer, int axis, int inner, S* x, int* y)
    {
        for (var o = 0; o < outer; o++)
            Extremes(axis, inner * V.Width, x + (nint)o * axis * inner * V.Width, null, y + (nint)o * inner * V.Width);
    }

    // the order of comparisons cannot be seen in a maximum, up to the sign of zero: take a + before a − by adding +0
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static S MaxRow(S* x, int count)
    {
        var best = x[0];
        var i = 0;
        if (count >= V.Width)
        {
            var lanes = V.Load(x);
            for (i = V.Width; i + V.Width <= count; i += V.Width)
                lanes = Larger(V.Load(x + i), lanes);
            var partial = stackalloc S[V.Width];
            V.Store(partial, lanes);
            best = partial[0];
            for (var lane = 1; lane < V.Width; lane++)
                best = Larger(partial[lane], best);
        }
        for (; i < count; i++)
            best = Larger(x[i], best);
        return best + S.Zero;
    }

    private static int ArgMaxRow(S* x, int count)
    {
        var best = 0;
        for (var i = 1; i < count; i++)
            if (x[i] > x[best] || (S.IsNaN(x[i]) && !S.IsNaN(x[best])))
                best = i;
        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Extremes(int axis, nint columns, S* x, S* y, int* at)
    {
        var partial = stackalloc S[V.Width];
        for (nint j = 0; j < columns; j += V.Width)
        {
            var count = (int)Math.Min(V.Width, columns - j);
            var mask = V.First(count);
            var best = V.LoadMasked(x + j, mask);
            var index = V.Zero;
            for (var a = 1; a < axis; a++)
            {
                var value = V.LoadMasked(x + a * columns + j, mask);
                if (at != null)
                    index = V.Select(IsLarger(value, best), V.Constant(a), index);
                best = Larger(value, best);
            }
            if (y != null)
                V.StoreMasked(y + j, mask, V.Add(best, V.Zero));
            if (at != null)
            {
                V.Store(partial, index);
                for (var lane = 0; lane < count; lane++)
                    at[j + lane] = int.CreateTruncating(partial[lane]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Larger(V value, V best) => V.Select(IsLarger(value, best), value, best);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V IsLarger(V value, V best)
    {
        var isNumber = V.EqualTo(value, value);
        var firstNaN = V.Select(isNumber, V.Zero, V.EqualTo(best, best));
        return V.Or(V.GreaterThan(value, best), firstNaN);
    }

    private static S Larger(S value, S best) => value > best || S.IsNaN(value) ? value : best;
}
