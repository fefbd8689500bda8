using System.Runtime.Intrinsics;

namespace Understudy.Learning.Geometry;

/// <summary>The few products of short vectors that geometry is made of.</summary>
/// <remarks>Always four lanes, so that sums are the same whatever the registers of the machine.</remarks>
internal static class Dense
{
    internal static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var (width, sums, i) = (Vector256<double>.Count, Vector256<double>.Zero, 0);
        for (; i <= a.Length - width; i += width)
            sums += Vector256.Create(a[i..]) * Vector256.Create(b[i..]);
        var sum = sums[0] + sums[1] + sums[2] + sums[3];
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    /// <summary>y += a·x.</summary>
    internal static void Add(double a, ReadOnlySpan<double> x, Span<double> y)
    {
        var (width, scale, i) = (Vector256<double>.Count, Vector256.Create(a), 0);
        for (; i <= x.Length - width; i += width)
            (Vector256.Create<double>(y[i..]) + (scale * Vector256.Create(x[i..]))).CopyTo(y[i..]);
        for (; i < x.Length; i++)
            y[i] += a * x[i];
    }

    internal static double Norm(ReadOnlySpan<double> a) => Math.Sqrt(Dot(a, a));
}
