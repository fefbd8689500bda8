using System.Numerics;
using System.Runtime.CompilerServices;

namespace Understudy.Engine.Kernels;

/// <summary>The transforms of F(2 × 2, 3 × 3), each on a register of neighbouring channels at a time.</summary>
/// <remarks>
/// Source: Lavin and Gray 2016, section 4.1: Y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A. Every number is computed from those at the same place, so bits depend neither on the
/// register nor on whether channels are those of one replica or of all in a register.
/// </remarks>
internal static unsafe class WinogradTransforms<V, S>
    where V : struct, ISimd<V, S>
    where S : unmanaged, IBinaryFloatingPointIeee754<S>
{
    /// <summary>Bᵀ d B of tiles of the source, as whole registers: reads and writes up to one beyond the last number.</summary>
    /// <param name="windows">Source and tiles.</param>
    /// <param name="first">The first tile.</param>
    /// <param name="count">How many.</param>
    /// <param name="from">The first number of a pixel.</param>
    /// <param name="numbers">How many.</param>
    /// <param name="target">One row per tile.</param>
    /// <param name="zeros">As many zeros, in whole registers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Source(in Windows<S> windows, int first, int count, nint from, nint numbers, in WinogradPlanes<S> target, S* zeros)
    {
        var d = stackalloc S*[WinogradTiles.Taps];
        var plane = target.Plane;
        for (var tile = 0; tile < count; tile++)
        {
            WinogradTiles.Sources(in windows, first + tile, zeros - from, d);
            var y = target.Start + (tile * target.Row);
            for (var j = from; j < from + numbers; j += V.Width, y += V.Width)
            {
                Down(V.Load(d[0] + j), V.Load(d[4] + j), V.Load(d[8] + j), V.Load(d[12] + j), out var a0, out var b0, out var c0, out var d0);
                Down(V.Load(d[1] + j), V.Load(d[5] + j), V.Load(d[9] + j), V.Load(d[13] + j), out var a1, out var b1, out var c1, out var d1);
                Down(V.Load(d[2] + j), V.Load(d[6] + j), V.Load(d[10] + j), V.Load(d[14] + j), out var a2, out var b2, out var c2, out var d2);
                Down(V.Load(d[3] + j), V.Load(d[7] + j), V.Load(d[11] + j), V.Load(d[15] + j), out var a3, out var b3, out var c3, out var d3);
                Across(a0, a1, a2, a3, y, plane);
                Across(b0, b1, b2, b3, y + (4 * plane), plane);
                Across(c0, c1, c2, c3, y + (8 * plane), plane);
                Across(d0, d1, d2, d3, y + (12 * plane), plane);
            }
        }
    }

    /// <summary>Aᵀ m A of tiles, then bias and rectifier, to the pixels of the result.</summary>
    /// <param name="windows">Result, tiles and what follows.</param>
    /// <param name="first">The first tile.</param>
    /// <param name="count">How many.</param>
    /// <param name="from">The first number of a pixel.</param>
    /// <param name="numbers">How many.</param>
    /// <param name="source">One row per tile.</param>
    /// <param name="outside">Room for as many numbers, which are lost.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Result(in Windows<S> windows, int first, int count, nint from, nint numbers, in WinogradPlanes<S> source, S* outside)
    {
        var y = stackalloc S*[WinogradTiles.Pixels];
        var whole = numbers / V.Width * V.Width;
        for (var tile = 0; tile < count; tile++)
        {
            WinogradTiles.Results(in windows, first + tile, outside - from, y);
            var m = source.Start + (tile * source.Row);
            for (nint j = 0; j < whole; j += V.Width)
                Result<Whole<V, S>>(in windows.End, m + j, source.Plane, from + j, V.Width, y);
            if (whole < numbers)
                Result<Ragged<V, S>>(in windows.End, m + whole, source.Plane, from + whole, (int)(numbers - whole), y);
        }
    }

    /// <summary>A g Aᵀ of the 2 × 2 pixels of tiles, as whole registers: reads and writes up to one beyond the last number.</summary>
    /// <param name="windows">Cotangents of the result, and tiles.</param>
    /// <param name="first">The first tile.</param>
    /// <param name="count">How many.</param>
    /// <param name="from">The first number of a pixel.</param>
    /// <param name="numbers">How many.</param>
    /// <param name="target">One row per tile.</param>
    /// <param name="zeros">As many zeros, in whole registers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Cotangent(in Windows<S> windows, int first, int count, nint from, nint numbers, in WinogradPlanes<S> target, S* zeros)
    {
        var g = stackalloc S*[WinogradTiles.Pixels];
        var plane = target.Plane;
        for (var tile = 0; tile < count; tile++)
        {
            WinogradTiles.Results(in windows, first + tile, zeros - from, g);
            var y = target.Start + (tile * target.Row);
            for (nint panel = 0; panel < numbers; panel += target.Panel, y += target.PanelDistance)
            {
                for (var j = panel; j < Math.Min(numbers, panel + target.Panel); j += V.Width)
                {
                    V g0 = V.Load(g[0] + from + j), g1 = V.Load(g[1] + from + j), g2 = V.Load(g[2] + from + j), g3 = V.Load(g[3] + from + j);
                    var at = y + (j - panel);
                    Spread(g0, g1, at, plane);
                    Spread(V.Add(g0, g2), V.Add(g1, g3), at + (4 * plane), plane);
                    Spread(V.Subtract(g0, g2), V.Subtract(g1, g3), at + (8 * plane), plane);
                    Spread(V.Negate(g2), V.Negate(g3), at + (12 * plane), plane);
                }
            }
        }
    }

    /// <summary>G g Gᵀ of a register of kernels, whose tap (k, m) is at <paramref name="taps"/> + k · <paramref name="row"/> + m · <paramref name="column"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Weights(S* taps, nint row, nint column, S* target, nint plane)
    {
        Halves(V.Load(taps), V.Load(taps + row), V.Load(taps + (2 * row)), out var a0, out var b0, out var c0, out var d0);
        taps += column;
        Halves(V.Load(taps), V.Load(taps + row), V.Load(taps + (2 * row)), out var a1, out var b1, out var c1, out var d1);
        taps += column;
        Halves(V.Load(taps), V.Load(taps + row), V.Load(taps + (2 * row)), out var a2, out var b2, out var c2, out var d2);
        StoreHalves(a0, a1, a2, target, plane);
        StoreHalves(b0, b1, b2, target + (4 * plane), plane);
        StoreHalves(c0, c1, c2, target + (8 * plane), plane);
        StoreHalves(d0, d1, d2, target + (12 * plane), plane);
    }

    /// <summary>Gᵀ u G of rows of transformed kernels: the nine taps of a row lie <paramref name="tap"/> apart.</summary>
    /// <param name="source">One row per channel.</param>
    /// <param name="rows">Channels.</param>
    /// <param name="numbers">Numbers of a row.</param>
    /// <param name="target">The first tap of the first row.</param>
    /// <param name="tap">Distance of taps.</param>
    /// <param name="row">Distance of rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Kernel(in WinogradPlanes<S> source, int rows, nint numbers, S* target, nint tap, nint row)
    {
        var whole = numbers / V.Width * V.Width;
        for (nint i = 0; i < rows; i++)
        {
            S* u = source.Start + (i * source.Row), y = target + (i * row);
            for (nint j = 0; j < whole; j += V.Width)
                Kernel<Whole<V, S>>(u + j, source.Plane, y + j, tap, V.Width);
            if (whole < numbers)
                Kernel<Ragged<V, S>>(u + whole, source.Plane, y + whole, tap, (int)(numbers - whole));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Result<E>(in WindowEnd<S> end, S* m, nint plane, nint j, int count, S** y)
        where E : struct, IEdge<V, S>
    {
        Sums(V.Load(m), V.Load(m + (4 * plane)), V.Load(m + (8 * plane)), V.Load(m + (12 * plane)), out var a0, out var b0);
        m += plane;
        Sums(V.Load(m), V.Load(m + (4 * plane)), V.Load(m + (8 * plane)), V.Load(m + (12 * plane)), out var a1, out var b1);
        m += plane;
        Sums(V.Load(m), V.Load(m + (4 * plane)), V.Load(m + (8 * plane)), V.Load(m + (12 * plane)), out var a2, out var b2);
        m += plane;
        Sums(V.Load(m), V.Load(m + (4 * plane)), V.Load(m + (8 * plane)), V.Load(m + (12 * plane)), out var a3, out var b3);
        Sums(a0, a1, a2, a3, out var y0, out var y1);
        Sums(b0, b1, b2, b3, out var y2, out var y3);
        if (end.Bias != null)
        {
            var bias = E.Load(end.Bias + j, E.Mask(count));
            (y0, y1, y2, y3) = (V.Add(y0, bias), V.Add(y1, bias), V.Add(y2, bias), V.Add(y3, bias));
        }
        if (end.Rectifies)
        {
            var slope = V.Broadcast(end.Slope);
            (y0, y1) = (Activations<V, S>.Rectify(y0, slope), Activations<V, S>.Rectify(y1, slope));
            (y2, y3) = (Activations<V, S>.Rectify(y2, slope), Activations<V, S>.Rectify(y3, slope));
        }
        E.Store(y[0] + j, count, y0);
        E.Store(y[1] + j, count, y1);
        E.Store(y[2] + j, count, y2);
        E.Store(y[3] + j, count, y3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Kernel<E>(S* u, nint plane, S* y, nint tap, int count)
        where E : struct, IEdge<V, S>
    {
        Taps(V.Load(u), V.Load(u + (4 * plane)), V.Load(u + (8 * plane)), V.Load(u + (12 * plane)), out var a0, out var b0, out var c0);
        u += plane;
        Taps(V.Load(u), V.Load(u + (4 * plane)), V.Load(u + (8 * plane)), V.Load(u + (12 * plane)), out var a1, out var b1, out var c1);
        u += plane;
        Taps(V.Load(u), V.Load(u + (4 * plane)), V.Load(u + (8 * plane)), V.Load(u + (12 * plane)), out var a2, out var b2, out var c2);
        u += plane;
        Taps(V.Load(u), V.Load(u + (4 * plane)), V.Load(u + (8 * plane)), V.Load(u + (12 * plane)), out var a3, out var b3, out var c3);
        StoreTaps<E>(a0, a1, a2, a3, y, tap, count);
        StoreTaps<E>(b0, b1, b2, b3, y + (3 * tap), tap, count);
        StoreTaps<E>(c0, c1, c2, c3, y + (6 * tap), tap, count);
    }

    // Bᵀ of a column
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Down(V d0, V d1, V d2, V d3, out V y0, out V y1, out V y2, out V y3)
        => (y0, y1, y2, y3) = (V.Subtract(d0, d2), V.Add(d1, d2), V.Subtract(d2, d1), V.Subtract(d1, d3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Across(V d0, V d1, V d2, V d3, S* y, nint plane)
    {
        V.Store(y, V.Subtract(d0, d2));
        V.Store(y + plane, V.Add(d1, d2));
        V.Store(y + (2 * plane), V.Subtract(d2, d1));
        V.Store(y + (3 * plane), V.Subtract(d1, d3));
    }

    // Aᵀ of a column
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sums(V m0, V m1, V m2, V m3, out V y0, out V y1)
        => (y0, y1) = (V.Add(V.Add(m0, m1), m2), V.Subtract(V.Subtract(m1, m2), m3));

    // A of a row
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread(V g0, V g1, S* y, nint plane)
    {
        V.Store(y, g0);
        V.Store(y + plane, V.Add(g0, g1));
        V.Store(y + (2 * plane), V.Subtract(g0, g1));
        V.Store(y + (3 * plane), V.Negate(g1));
    }

    // G of a column
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Halves(V w0, V w1, V w2, out V y0, out V y1, out V y2, out V y3)
    {
        V half = V.Constant(0.5), ends = V.Add(w0, w2);
        (y0, y1, y2, y3) = (w0, V.Multiply(half, V.Add(ends, w1)), V.Multiply(half, V.Subtract(ends, w1)), w2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreHalves(V w0, V w1, V w2, S* y, nint plane)
    {
        Halves(w0, w1, w2, out var y0, out var y1, out var y2, out var y3);
        V.Store(y, y0);
        V.Store(y + plane, y1);
        V.Store(y + (2 * plane), y2);
        V.Store(y + (3 * plane), y3);
    }

    // Gᵀ of a column
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Taps(V u0, V u1, V u2, V u3, out V y0, out V y1, out V y2)
    {
        V half = V.Constant(0.5), sum = V.Multiply(half, V.Add(u1, u2));
        (y0, y1, y2) = (V.Add(u0, sum), V.Multiply(half, V.Subtract(u1, u2)), V.Add(sum, u3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreTaps<E>(V u0, V u1, V u2, V u3, S* y, nint tap, int count)
        where E : struct, IEdge<V, S>
    {
        Taps(u0, u1, u2, u3, out var y0, out var y1, out var y2);
        E.Store(y, count, y0);
        E.Store(y + tap, count, y1);
        E.Store(y + (2 * tap), count, y2);
    }
}
