using System.Numerics;

namespace Understudy.Learning.Geometry;

/// <summary>The few products of short vectors that geometry is made of.</summary>
internal static class Dense
{
    internal static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var (width, sums, i) = (Vector<double>.Count, Vector<double>.Zero, 0);
        for (; i <= a.Length - width; i += width)
            sums += new Vector<double>(a[i..]) * new Vector<double>(b[i..]);
        var sum = Vector.Sum(sums);
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    /// <summary>y += a·x.</summary>
    internal static void Add(double a, ReadOnlySpan<double> x, Span<double> y)
    {
        var (width, i) = (Vector<double>.Count, 0);
        var scale = new Vector<double>(a);
        for (; i <= x.Length - width; i += width)
            (new Vector<double>(y[i..]) + (scale * new Vector<double>(x[i..]))).CopyTo(y[i..]);
        for (; i < x.Length; i++)
            y[i] += a * x[i];
    }

    internal static double Norm(ReadOnlySpan<double> a) => Math.Sqrt(Dot(a, a));
}
