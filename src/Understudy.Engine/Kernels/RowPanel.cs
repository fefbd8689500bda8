using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Understudy.Engine.Kernels;

/// <summary>Operations of one vector with several rows at a time.</summary>
/// <remarks>Sums are taken in four lanes and fused, whatever the registers of the processor.</remarks>
internal static unsafe class RowPanel
{
    /// <summary>dots[r] = rows[r] · x, over the length of x.</summary>
    internal static void Dots(ReadOnlySpan<double> rows, int step, int count, ReadOnlySpan<double> x, Span<double> dots)
    {
        fixed (double* a = rows, px = x)
        {
            var r = 0;
            for (; r + 4 <= count; r += 4)
                FourDots(a + (nint)r * step, step, px, x.Length, dots[r..]);
            for (; r < count; r++)
                dots[r] = Dot(a + (nint)r * step, px, x.Length);
        }
    }

    /// <summary>y -= Σ factors[r] rows[r], over the length of y.</summary>
    internal static void Subtract(ReadOnlySpan<double> rows, int step, ReadOnlySpan<double> factors, Span<double> y)
    {
        fixed (double* a = rows, py = y)
        {
            var r = 0;
            for (; r + 4 <= factors.Length; r += 4)
                SubtractFour(a + (nint)r * step, step, factors[r..], py, y.Length);
            for (; r < factors.Length; r++)
                SubtractOne(a + (nint)r * step, factors[r], py, y.Length);
        }
    }

    /// <summary>rows[r] -= f[r] x, over the length of x.</summary>
    internal static void SubtractOuter(Span<double> rows, int step, ReadOnlySpan<double> f, ReadOnlySpan<double> x)
    {
        fixed (double* a = rows, px = x)
        {
            var r = 0;
            for (; r + 4 <= f.Length; r += 4)
                SubtractFromFour(a + (nint)r * step, step, f[r..], px, x.Length);
            for (; r < f.Length; r++)
                SubtractOne(px, f[r], a + (nint)r * step, x.Length);
        }
    }

    /// <summary>rows[r] -= f[r] x + g[r] y, over the length of x and y.</summary>
    internal static void SubtractOuter(
        Span<double> rows, int step, ReadOnlySpan<double> f, ReadOnlySpan<double> x, ReadOnlySpan<double> g, ReadOnlySpan<double> y)
    {
        fixed (double* a = rows, pf = f, px = x, pg = g, py = y)
            SubtractOuter(a, step, f.Length, pf, px, pg, py, x.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void SubtractOuter(double* rows, nint step, int count, double* f, double* x, double* g, double* y, int length)
    {
        var r = 0;
        for (; r + 4 <= count; r += 4)
        {
            var a = rows + r * step;
            var b = a + step;
            var c = b + step;
            var d = c + step;
            var (f0, f1, f2, f3) = (Vector256.Create(-f[r]), Vector256.Create(-f[r + 1]), Vector256.Create(-f[r + 2]), Vector256.Create(-f[r + 3]));
            var (g0, g1, g2, g3) = (Vector256.Create(-g[r]), Vector256.Create(-g[r + 1]), Vector256.Create(-g[r + 2]), Vector256.Create(-g[r + 3]));
            var j = 0;
            for (; j + 4 <= length; j += 4)
            {
                var u = Vector256.Load(x + j);
                var v = Vector256.Load(y + j);
                Vector256.FusedMultiplyAdd(g0, v, Vector256.FusedMultiplyAdd(f0, u, Vector256.Load(a + j))).Store(a + j);
                Vector256.FusedMultiplyAdd(g1, v, Vector256.FusedMultiplyAdd(f1, u, Vector256.Load(b + j))).Store(b + j);
                Vector256.FusedMultiplyAdd(g2, v, Vector256.FusedMultiplyAdd(f2, u, Vector256.Load(c + j))).Store(c + j);
                Vector256.FusedMultiplyAdd(g3, v, Vector256.FusedMultiplyAdd(f3, u, Vector256.Load(d + j))).Store(d + j);
            }

            for (; j < length; j++)
            {
                a[j] -= f[r] * x[j] + g[r] * y[j];
                b[j] -= f[r + 1] * x[j] + g[r + 1] * y[j];
                c[j] -= f[r + 2] * x[j] + g[r + 2] * y[j];
                d[j] -= f[r + 3] * x[j] + g[r + 3] * y[j];
            }
        }

        for (; r < count; r++)
        {
            for (var j = 0; j < length; j++)
                rows[r * step + j] -= f[r] * x[j] + g[r] * y[j];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourDots(double* a, nint step, double* x, int length, Span<double> dots)
    {
        var b = a + step;
        var c = b + step;
        var d = c + step;
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        var j = 0;
        for (; j + 4 <= length; j += 4)
        {
            var v = Vector256.Load(x + j);
            s0 = Vector256.FusedMultiplyAdd(Vector256.Load(a + j), v, s0);
            s1 = Vector256.FusedMultiplyAdd(Vector256.Load(b + j), v, s1);
            s2 = Vector256.FusedMultiplyAdd(Vector256.Load(c + j), v, s2);
            s3 = Vector256.FusedMultiplyAdd(Vector256.Load(d + j), v, s3);
        }

        (dots[0], dots[1], dots[2], dots[3]) = (Sum(s0), Sum(s1), Sum(s2), Sum(s3));
        for (; j < length; j++)
        {
            dots[0] += a[j] * x[j];
            dots[1] += b[j] * x[j];
            dots[2] += c[j] * x[j];
            dots[3] += d[j] * x[j];
        }
    }

    private static double Dot(double* a, double* x, int length)
    {
        Vector256<double> s = default;
        var j = 0;
        for (; j + 4 <= length; j += 4)
            s = Vector256.FusedMultiplyAdd(Vector256.Load(a + j), Vector256.Load(x + j), s);
        var sum = Sum(s);
        for (; j < length; j++)
            sum += a[j] * x[j];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SubtractFour(double* a, nint step, ReadOnlySpan<double> factors, double* y, int length)
    {
        var b = a + step;
        var c = b + step;
        var d = c + step;
        var (f0, f1, f2, f3) = (-factors[0], -factors[1], -factors[2], -factors[3]);
        var (v0, v1, v2, v3) = (Vector256.Create(f0), Vector256.Create(f1), Vector256.Create(f2), Vector256.Create(f3));
        var j = 0;
        for (; j + 4 <= length; j += 4)
        {
            var sum = Vector256.FusedMultiplyAdd(Vector256.Load(a + j), v0, Vector256.Load(y + j));
            sum = Vector256.FusedMultiplyAdd(Vector256.Load(b + j), v1, sum);
            sum = Vector256.FusedMultiplyAdd(Vector256.Load(c + j), v2, sum);
            Vector256.FusedMultiplyAdd(Vector256.Load(d + j), v3, sum).Store(y + j);
        }

        for (; j < length; j++)
            y[j] = (((y[j] + f0 * a[j]) + f1 * b[j]) + f2 * c[j]) + f3 * d[j];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SubtractFromFour(double* a, nint step, ReadOnlySpan<double> factors, double* x, int length)
    {
        var b = a + step;
        var c = b + step;
        var d = c + step;
        var (f0, f1, f2, f3) = (-factors[0], -factors[1], -factors[2], -factors[3]);
        var (v0, v1, v2, v3) = (Vector256.Create(f0), Vector256.Create(f1), Vector256.Create(f2), Vector256.Create(f3));
        var j = 0;
        for (; j + 4 <= length; j += 4)
        {
            var v = Vector256.Load(x + j);
            Vector256.FusedMultiplyAdd(v0, v, Vector256.Load(a + j)).Store(a + j);
            Vector256.FusedMultiplyAdd(v1, v, Vector256.Load(b + j)).Store(b + j);
            Vector256.FusedMultiplyAdd(v2, v, Vector256.Load(c + j)).Store(c + j);
            Vector256.FusedMultiplyAdd(v3, v, Vector256.Load(d + j)).Store(d + j);
        }

        for (; j < length; j++)
        {
            a[j] += f0 * x[j];
            b[j] += f1 * x[j];
            c[j] += f2 * x[j];
            d[j] += f3 * x[j];
        }
    }

    private static void SubtractOne(double* a, double factor, double* y, int length)
    {
        var v = Vector256.Create(-factor);
        var j = 0;
        for (; j + 4 <= length; j += 4)
            Vector256.FusedMultiplyAdd(Vector256.Load(a + j), v, Vector256.Load(y + j)).Store(y + j);
        for (; j < length; j++)
            y[j] -= factor * a[j];
    }

    internal static double Sum(Vector256<double> lanes) => (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
}
