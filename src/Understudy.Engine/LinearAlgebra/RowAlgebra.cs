using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Understudy.Engine.LinearAlgebra;

/// <summary>Operations on rows whose results do not depend on the width of the registers.</summary>
/// <remarks>Element-wise ones round each element alone; sums are always taken in sixteen lanes. Products and sums are not fused.</remarks>
internal static class RowAlgebra
{
    internal static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var a = MemoryMarshal.Cast<double, Vector256<double>>(x);
        var b = MemoryMarshal.Cast<double, Vector256<double>>(y[..x.Length]);
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        int i = 0;
        for (; i + 4 <= a.Length; i += 4)
        {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }

        for (; i < a.Length; i++)
            s0 += a[i] * b[i];
        var sum = s0 + s1 + (s2 + s3);
        double total = (sum[0] + sum[1]) + (sum[2] + sum[3]);
        for (int rest = a.Length * 4; rest < x.Length; rest++)
            total += x[rest] * y[rest];
        return total;
    }

    /// <summary>The products of x with two rows, each as <see cref="Dot"/> gives it; both rows are read side by side, which hides what memory takes.</summary>
    internal static (double First, double Second) Dots(ReadOnlySpan<double> x, ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        var a = MemoryMarshal.Cast<double, Vector256<double>>(x);
        var b = MemoryMarshal.Cast<double, Vector256<double>>(first[..x.Length]);
        var c = MemoryMarshal.Cast<double, Vector256<double>>(second[..x.Length]);
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default, t0 = default, t1 = default, t2 = default, t3 = default;
        int i = 0;
        for (; i + 4 <= a.Length; i += 4)
        {
            s0 += a[i] * b[i];
            t0 += a[i] * c[i];
            s1 += a[i + 1] * b[i + 1];
            t1 += a[i + 1] * c[i + 1];
            s2 += a[i + 2] * b[i + 2];
            t2 += a[i + 2] * c[i + 2];
            s3 += a[i + 3] * b[i + 3];
            t3 += a[i + 3] * c[i + 3];
        }

        for (; i < a.Length; i++)
        {
            s0 += a[i] * b[i];
            t0 += a[i] * c[i];
        }

        var (s, t) = (s0 + s1 + (s2 + s3), t0 + t1 + (t2 + t3));
        double total = (s[0] + s[1]) + (s[2] + s[3]), other = (t[0] + t[1]) + (t[2] + t[3]);
        for (int rest = a.Length * 4; rest < x.Length; rest++)
        {
            total += x[rest] * first[rest];
            other += x[rest] * second[rest];
        }

        return (total, other);
    }

    /// <summary>y += a x.</summary>
    internal static void Add(double a, ReadOnlySpan<double> x, Span<double> y)
    {
        int i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(y[i..]) + (new Vector<double>(x[i..]) * a)).CopyTo(y[i..]);
        for (; i < x.Length; i++)
            y[i] += x[i] * a;
    }

    /// <summary>y += a x, then y += b z, as two calls of <see cref="Add(double, ReadOnlySpan{double}, Span{double})"/> give it.</summary>
    internal static void Add(double a, ReadOnlySpan<double> x, double b, ReadOnlySpan<double> z, Span<double> y)
    {
        int i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(y[i..]) + (new Vector<double>(x[i..]) * a) + (new Vector<double>(z[i..]) * b)).CopyTo(y[i..]);
        for (; i < x.Length; i++)
            y[i] = y[i] + (x[i] * a) + (z[i] * b);
    }

    /// <summary>x *= a.</summary>
    internal static void Scale(double a, Span<double> x)
    {
        int i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(x[i..]) * a).CopyTo(x[i..]);
        for (; i < x.Length; i++)
            x[i] *= a;
    }

    /// <summary>Rotates a pair of rows: (x, y) becomes (c x - s y, s x + c y).</summary>
    internal static void Rotate(double c, double s, Span<double> x, Span<double> y)
    {
        int i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var a = new Vector<double>(x[i..]);
            var b = new Vector<double>(y[i..]);
            ((a * c) - (b * s)).CopyTo(x[i..]);
            ((a * s) + (b * c)).CopyTo(y[i..]);
        }

        for (; i < x.Length; i++)
            (x[i], y[i]) = ((x[i] * c) - (y[i] * s), (x[i] * s) + (y[i] * c));
    }

    /// <summary>Turns a vector so that its first component of largest magnitude is positive: the sign of an eigenvector is free.</summary>
    internal static void FixSign(Span<double> x)
    {
        int largest = 0;
        for (int i = 1; i < x.Length; i++)
        {
            if (Math.Abs(x[i]) > Math.Abs(x[largest]))
                largest = i;
        }

        if (x.Length > 0 && x[largest] < 0)
            Scale(-1, x);
    }
}
