namespace Understudy.Learning.Representations;

/// <summary>Rows of embeddings, standardized and cut or as they are, in buffers of their user.</summary>
internal sealed class FeatureRows(EmbeddingSet set, FeatureStandardization? standardization, double limit = double.PositiveInfinity)
{
    /// <summary>Rows of a block in which a whole set is gone through.</summary>
    internal const int Block = 512;

    internal EmbeddingSet Set => set;

    /// <summary>Consecutive rows, as many as there is room for.</summary>
    internal void Read(int first, Span<double> into)
    {
        var features = set.Features.Slice(first * set.Width, into.Length);
        if (standardization is null)
            features.CopyTo(into);
        else
            standardization.Apply(features, into);
        if (double.IsInfinity(limit))
            return;
        foreach (ref var feature in into)
            feature = Math.Clamp(feature, -limit, limit);
    }

    /// <summary>Rows in the order of <paramref name="indices"/>.</summary>
    internal void Read(ReadOnlySpan<int> indices, Span<double> into)
    {
        for (var i = 0; i < indices.Length; i++)
            Read(indices[i], into.Slice(i * set.Width, set.Width));
    }

    /// <summary>Consecutive rows with a 1 behind each [rows, d + 1].</summary>
    internal void ReadWithOnes(int first, Span<double> into)
    {
        for (var at = 0; at < into.Length; at += set.Width + 1)
        {
            Read(first++, into.Slice(at, set.Width));
            into[at + set.Width] = 1;
        }
    }

    /// <summary>Goes through all rows, block by block.</summary>
    /// <param name="block">Room for rows, a whole number of them.</param>
    /// <param name="work">Gets the block, its first row and how many rows it holds.</param>
    /// <param name="cancellation">Looked at once per block.</param>
    internal void ForEachBlock(double[] block, Action<double[], int, int> work, CancellationToken cancellation)
    {
        var rows = block.Length / set.Width;
        for (var first = 0; first < set.Count; first += rows)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(rows, set.Count - first);
            Read(first, block.AsSpan(0, count * set.Width));
            work(block, first, count);
        }
    }

    /// <summary>Features that are cut, or stand exactly at the limit.</summary>
    internal long Cut()
    {
        if (double.IsInfinity(limit))
            return 0;
        var (row, cut) = (new double[set.Width], 0L);
        for (var i = 0; i < set.Count; i++)
        {
            Read(i, row);
            foreach (var feature in row)
                cut += Math.Abs(feature) == limit ? 1 : 0;
        }

        return cut;
    }
}
