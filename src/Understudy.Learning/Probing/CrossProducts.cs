using System.Numerics;

namespace Understudy.Learning.Probing;

/// <summary>Sums over samples of products of two layers' activations, the inner loop of every probe.</summary>
internal static class CrossProducts
{
    /// <summary>Adds Σ_i left[i, j]·right[i, k] to into[j, k] for rows of width m and n; each element is summed in row order.</summary>
    /// <remarks>Every element has one accumulator and fused steps, so register width does not change the bits.</remarks>
    internal static void Add(ReadOnlySpan<float> left, ReadOnlySpan<float> right, int m, int n, Span<float> into)
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

    private static void AddScaled(ReadOnlySpan<float> row, float factor, Span<float> into)
    {
        var k = 0;
        var factors = new Vector<float>(factor);
        for (; k + Vector<float>.Count <= row.Length; k += Vector<float>.Count)
        {
            var target = into[k..];
            Vector.FusedMultiplyAdd(factors, new Vector<float>(row[k..]), new Vector<float>(target)).CopyTo(target);
        }

        for (; k < row.Length; k++)
            into[k] = MathF.FusedMultiplyAdd(factor, row[k], into[k]);
    }
}
