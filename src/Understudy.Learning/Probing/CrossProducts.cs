using System.Numerics;

namespace Understudy.Learning.Probing;

/// <summary>Sums over samples of products of two layers' activations, the inner loop of every probe.</summary>
internal static class CrossProducts
{
    /// <summary>Adds Σ_i left[i, j]·right[i, k] to into[j, k] for rows of width m and n; each element is summed in row order.</summary>
    /// <remarks>Every element has one accumulator and fused steps, so register width does not change the bits.</remarks>
    internal static void Add(ReadOnlySpan<double> left, ReadOnlySpan<double> right, int m, int n, Span<double> into)
    {
        for (var i = 0; i * m < left.Length; i++)
        {
            var row = right.Slice(i * n, n);
            for (var j = 0; j < m; j++)
            {
                var factor = left[(i * m) + j];
                if (factor != 0)
                    AddScaled(row, factor, into.Slice(j * n, n));
            }
        }
    }

    private static void AddScaled(ReadOnlySpan<double> row, double factor, Span<double> into)
    {
        var k = 0;
        var factors = new Vector<double>(factor);
        for (; k + Vector<double>.Count <= row.Length; k += Vector<double>.Count)
        {
            var target = into[k..];
            Vector.FusedMultiplyAdd(factors, new Vector<double>(row[k..]), new Vector<double>(target)).CopyTo(target);
        }

        for (; k < row.Length; k++)
            into[k] = Math.FusedMultiplyAdd(factor, row[k], into[k]);
    }
}
