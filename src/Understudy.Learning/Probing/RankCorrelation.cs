namespace Understudy.Learning.Probing;

/// <summary>Statements about the order of numbers: rank correlations and percentile ranks.</summary>
public static class RankCorrelation
{
    /// <summary>Spearman's coefficient with mean ranks for ties, or NaN where one side does not vary.</summary>
    public static double Spearman(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ThrowIfUnequal(x, y);
        var (rx, ry) = (Ranks(x), Ranks(y));
        var mean = (x.Length + 1) / 2.0;
        var (xy, xx, yy) = (0.0, 0.0, 0.0);
        for (var i = 0; i < rx.Length; i++)
        {
            xy += (rx[i] - mean) * (ry[i] - mean);
            xx += (rx[i] - mean) * (rx[i] - mean);
            yy += (ry[i] - mean) * (ry[i] - mean);
        }

        return xx > 0 && yy > 0 ? xy / Math.Sqrt(xx * yy) : double.NaN;
    }

    /// <summary>Kendall's tau-a: (pairs in order − pairs against it) / all pairs; a tie counts for neither side.</summary>
    /// <remarks>O(n²). Infinite values are allowed: "never happened" is later than everything and ties with itself.</remarks>
    public static double Kendall(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var (concordant, discordant, pairs) = Pairs(x, y);
        return pairs > 0 ? (double)(concordant - discordant) / pairs : double.NaN;
    }

    /// <summary>The share of pairs that both lists put in the same strict order.</summary>
    public static double PairsInOrder(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var (concordant, _, pairs) = Pairs(x, y);
        return pairs > 0 ? (double)concordant / pairs : double.NaN;
    }

    /// <summary>The share of the other values that exceed the value at an index: 0 for the largest. The lottery rank of a winner.</summary>
    public static double Percentile(ReadOnlySpan<double> values, int index)
    {
        if (values.Length < 2)
            return 0;
        var larger = 0;
        foreach (var value in values)
        {
            if (value > values[index])
                larger++;
        }

        return (double)larger / (values.Length - 1);
    }

    private static (long Concordant, long Discordant, long Pairs) Pairs(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ThrowIfUnequal(x, y);
        var (concordant, discordant) = (0L, 0L);
        for (var i = 0; i < x.Length; i++)
        {
            for (var j = i + 1; j < x.Length; j++)
            {
                var order = x[i].CompareTo(x[j]) * y[i].CompareTo(y[j]);
                if (order > 0)
                    concordant++;
                else if (order < 0)
                    discordant++;
            }
        }

        return (concordant, discordant, (long)x.Length * (x.Length - 1) / 2);
    }

    private static double[] Ranks(ReadOnlySpan<double> values)
    {
        var keys = values.ToArray();
        var order = Enumerable.Range(0, keys.Length).ToArray();
        Array.Sort(keys, order);
        var ranks = new double[keys.Length];
        for (var start = 0; start < keys.Length;)
        {
            var end = start + 1;
            while (end < keys.Length && keys[end].Equals(keys[start]))
                end++;
            for (var i = start; i < end; i++)
                ranks[order[i]] = (start + end + 1) / 2.0;
            start = end;
        }

        return ranks;
    }

    private static void ThrowIfUnequal(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length)
            throw new ArgumentException($"The lists have {x.Length} and {y.Length} values.");
    }
}
