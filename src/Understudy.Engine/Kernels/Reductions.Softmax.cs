using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

internal static unsafe partial class Reductions<V, S>
{
    /// <summary>y[o, i] = ln Σ_a exp(x[o, a, i]), without overflow. Rows of −∞ give −∞.</summary>
    internal static void LogSumExp(int outer, int axis, int inner, S* x, S* y)
    {
        for (var o = 0; o < outer; o++)
            if (inner == 1)
            {
                var shift = V.Broadcast(Finite(MaxRow(x + (nint)o * axis, axis)));
                var sum = V.Broadcast(SumRow<Exponential>(x + (nint)o * axis, axis, shift));
                V.StoreFirst(y + o, V.Add(shift, Transcendental<V, S>.Log(sum)), 1);
            }
            else
                Columns(axis, inner, x + (nint)o * axis * inner, y + (nint)o * inner, softmax: false);
    }

    /// <summary>y[o, a, i] = exp(x[o, a, i]) / Σ_b exp(x[o, b, i]), without overflow; y may be x.</summary>
    internal static void Softmax(int outer, int axis, int inner, S* x, S* y)
    {
        for (var o = 0; o < outer; o++)
            if (inner == 1)
                SoftmaxRow(x + (nint)o * axis, axis, y + (nint)o * axis);
            else
                Columns(axis, inner, x + (nint)o * axis * inner, y + (nint)o * axis * inner, softmax: true);
    }

    /// <summary><see cref="LogSumExp"/> for elements that are registers.</summary>
    internal static void LaneLogSumExp(int outer, int axis, int inner, S* x, S* y)
    {
        for (var o = 0; o < outer; o++)
            if (inner == 1)
            {
                var row = x + (nint)o * axis * V.Width;
                var shift = Finite(LaneMaxRow(row, axis));
                V.Store(y + (nint)o * V.Width, V.Add(shift, Transcendental<V, S>.Log(LaneSumRow<Exponential>(row, axis, shift))));
            }
            else
                Columns(axis, inner * V.Width, x + (nint)o * axis * inner * V.Width, y + (nint)o * inner * V.Width, softmax: false);
    }

    /// <summary><see cref="Softmax"/> for elements that are registers; y may be x.</summary>
    internal static void LaneSoftmax(int outer, int axis, int inner, S* x, S* y)
    {
        var size = (nint)axis * inner * V.Width;
        for (var o = 0; o < outer; o++)
            if (inner == 1)
                LaneSoftmaxRow(x + o * size, axis, y + o * size);
            else
                Columns(axis, inner * V.Width, x + o * size, y + o * size, softmax: true);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxRow(S* x, int count, S* y)
    {
        var shift = V.Broadcast(Finite(MaxRow(x, count)));
        var whole = count / V.Width * V.Width;
        var mask = V.First(count - whole);
        for (var i = 0; i < whole; i += V.Width)
            V.Store(y + i, Exponential.Apply(V.Load(x + i), shift));
        if (whole < count)
            V.StoreMasked(y + whole, mask, Exponential.Apply(V.LoadMasked(x + whole, mask), shift));
        var sum = V.Broadcast(SumRow<Identity>(y, count, V.Zero));
        for (var i = 0; i < whole; i += V.Width)
            V.Store(y + i, V.Divide(V.Load(y + i), sum));
        if (whole < count)
            V.StoreMasked(y + whole, mask, V.Divide(V.LoadMasked(y + whole, mask), sum));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LaneSoftmaxRow(S* x, int count, S* y)
    {
        var shift = Finite(LaneMaxRow(x, count));
        for (nint i = 0; i < (nint)count * V.Width; i += V.Width)
            V.Store(y + i, Exponential.Apply(V.Load(x + i), shift));
        var sum = LaneSumRow<Identity>(y, count, V.Zero);
        for (nint i = 0; i < (nint)count * V.Width; i += V.Width)
            V.Store(y + i, V.Divide(V.Load(y + i), sum));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V LaneMaxRow(S* x, int count)
    {
        var best = V.Load(x);
        for (nint i = V.Width; i < (nint)count * V.Width; i += V.Width)
            best = Larger(V.Load(x + i), best);
        return V.Add(best, V.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns(int axis, nint columns, S* x, S* y, bool softmax)
    {
        for (nint j = 0; j < columns; j += V.Width)
        {
            var mask = V.First((int)Math.Min(V.Width, columns - j));
            var best = V.LoadMasked(x + j, mask);
            for (var a = 1; a < axis; a++)
                best = Larger(V.LoadMasked(x + a * columns + j, mask), best);
            var shift = Finite(V.Add(best, V.Zero));
            var sum = V.Zero;
            for (var a = 0; a < axis; a++)
            {
                var value = Exponential.Apply(V.LoadMasked(x + a * columns + j, mask), shift);
                sum = V.Add(sum, value);
                if (softmax)
                    V.StoreMasked(y + a * columns + j, mask, value);
            }
            if (!softmax)
            {
                V.StoreMasked(y + j, mask, V.Add(shift, Transcendental<V, S>.Log(sum)));
                continue;
            }
            for (var a = 0; a < axis; a++)
                V.StoreMasked(y + a * columns + j, mask, V.Divide(V.LoadMasked(y + a * columns + j, mask), sum));
        }
    }

    // an infinite maximum cannot be subtracted from itself
    private static S Finite(S maximum) => S.IsInfinity(maximum) ? S.Zero : maximum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Finite(V maximum)
        => V.Select(V.EqualTo(V.Abs(maximum), V.Constant(double.PositiveInfinity)), V.Zero, maximum);
}
