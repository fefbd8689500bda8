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
