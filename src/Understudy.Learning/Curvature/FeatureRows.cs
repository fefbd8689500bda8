using System.Numerics;

namespace Understudy.Learning.Curvature;

/// <summary>Element-wise operations on rows that hold one feature of many examples.</summary>
/// <remarks>Each element is rounded alone, product and sum apart, so that nothing depends on the width of the registers.</remarks>
internal static class FeatureRows
{
    /// <summary>result = x ∘ y.</summary>
    internal static void Multiply(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result)
    {
        var i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(x[i..]) * new Vector<double>(y[i..])).CopyTo(result[i..]);
        for (; i < x.Length; i++)
            result[i] = x[i] * y[i];
    }

    /// <summary>sum += x ∘ y.</summary>
    internal static void AddProduct(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> sum)
    {
        var i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(sum[i..]) + (new Vector<double>(x[i..]) * new Vector<double>(y[i..]))).CopyTo(sum[i..]);
        for (; i < x.Length; i++)
            sum[i] += x[i] * y[i];
    }

    /// <summary>sum += Σ_c x_c ∘ y_c, in the order of c: x holds its rows one behind the other, y every <paramref name="step"/> numbers.</summary>
    internal static void AddProducts(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int step, Span<double> sum)
    {
        var (count, length, i) = (x.Length / sum.Length, sum.Length, 0);
        var width = Vector<double>.Count;
        for (; i <= length - (4 * width); i += 4 * width)
        {
            var part = sum.Slice(i, 4 * width);
            var (s0, s1) = (new Vector<double>(part), new Vector<double>(part[width..]));
            var (s2, s3) = (new Vector<double>(part[(2 * width)..]), new Vector<double>(part[(3 * width)..]));
            for (var c = 0; c < count; c++)
            {
                var a = x.Slice((c * length) + i, 4 * width);
                var b = y.Slice((c * step) + i, 4 * width);
                s0 += new Vector<double>(a) * new Vector<double>(b);
                s1 += new Vector<double>(a[width..]) * new Vector<double>(b[width..]);
                s2 += new Vector<double>(a[(2 * width)..]) * new Vector<double>(b[(2 * width)..]);
                s3 += new Vector<double>(a[(3 * width)..]) * new Vector<double>(b[(3 * width)..]);
            }

            s0.CopyTo(part);
            s1.CopyTo(part[width..]);
            s2.CopyTo(part[(2 * width)..]);
            s3.CopyTo(part[(3 * width)..]);
        }

        for (; i < length; i++)
        {
            for (var c = 0; c < count; c++)
                sum[i] += x[(c * length) + i] * y[(c * step) + i];
        }
    }

    /// <summary>sum += x.</summary>
    internal static void Add(ReadOnlySpan<double> x, Span<double> sum)
    {
        var i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(sum[i..]) + new Vector<double>(x[i..])).CopyTo(sum[i..]);
        for (; i < x.Length; i++)
            sum[i] += x[i];
    }

    /// <summary>sum += a x.</summary>
    internal static void AddScaled(double a, ReadOnlySpan<double> x, Span<double> sum)
    {
        var i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(sum[i..]) + (new Vector<double>(x[i..]) * a)).CopyTo(sum[i..]);
        for (; i < x.Length; i++)
            sum[i] += x[i] * a;
    }

    /// <summary>result = a x.</summary>
    internal static void Scale(double a, ReadOnlySpan<double> x, Span<double> result)
    {
        var i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(x[i..]) * a).CopyTo(result[i..]);
        for (; i < x.Length; i++)
            result[i] = x[i] * a;
    }

    /// <summary>Σ x, from first to last.</summary>
    internal static double Sum(ReadOnlySpan<double> x)
    {
        var sum = 0.0;
        foreach (var value in x)
            sum += value;
        return sum;
    }

    /// <summary>[rows, columns] becomes [columns, rows].</summary>
    internal static void Transpose(ReadOnlySpan<double> matrix, int rows, int columns, Span<double> result)
    {
        const int tile = 16;
        for (var top = 0; top < rows; top += tile)
        {
            for (var left = 0; left < columns; left += tile)
            {
                for (var column = left; column < Math.Min(columns, left + tile); column++)
                {
                    for (var row = top; row < Math.Min(rows, top + tile); row++)
                        result[(column * rows) + row] = matrix[(row * columns) + column];
                }
            }
        }
    }
}
