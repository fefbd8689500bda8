using Understudy.Learning.Geometry;

namespace Understudy.Learning.Representations;

/// <summary>How much of what embeddings differ in is their class.</summary>
/// <remarks>The covariance is Σ_within + Σ_between, with Σ_between = Σ_c π_c (μ_c − μ)(μ_c − μ)ᵀ. Cost O(N·d).</remarks>
public static class ClassSeparation
{
    /// <summary>tr Σ_between / tr Σ, from 0 where all classes have one mean to 1 where every class is one point; 0 where all embeddings are the same.</summary>
    /// <remarks>The same for embeddings that are moved, turned or scaled as a whole; (K − 1)/(N − 1) for labels that say nothing.</remarks>
    public static double BetweenShare(EmbeddingSet embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        var width = embeddings.Width;
        var centering = FeatureStandardization.Centering(embeddings.Features, width);
        var (sums, counts) = (new double[embeddings.Classes * width], new int[embeddings.Classes]);
        var (row, total) = (new double[width], 0.0);
        for (var i = 0; i < embeddings.Count; i++)
        {
            centering.Apply(embeddings.Features.Slice(i * width, width), row);
            total += Dense.Dot(row, row);
            counts[embeddings.Labels[i]]++;
            Dense.Add(1, row, sums.AsSpan(embeddings.Labels[i] * width, width));
        }

        var between = 0.0;
        for (var c = 0; c < counts.Length; c++)
        {
            var sum = sums.AsSpan(c * width, width);
            between += counts[c] == 0 ? 0 : Dense.Dot(sum, sum) / counts[c];
        }

        return total > 0 ? Math.Min(1, between / total) : 0;
    }
}
