namespace Understudy.Engine.LinearAlgebra.Estimation;

/// <summary>How many eigenvalues one rule takes for outliers, and how clear the case is.</summary>
/// <param name="Count">The number; null where the rule has nothing to choose from.</param>
/// <param name="Score">What the rule compares; not a number without a count.</param>
public readonly record struct OutlierRule(int? Count, double Score)
{
    /// <summary>A rule without an answer.</summary>
    public static OutlierRule None => new(null, double.NaN);
}

/// <summary>The number of eigenvalues that stand apart above the bulk, by every rule in use side by side: it is a choice, and they differ.</summary>
/// <remarks>
/// The rules look at positions j = 1 … J of the descending values, J = min(120, n − 1), as far as λ_(j+1) is above 1e-10 of λ₁; below that is
/// the edge of the rank. Gap, ratio and threshold are those of Sagun, Evci, Güney, Dauphin and Bottou 2017, where the threshold was set by eye;
/// the elbow does that without an eye.
/// </remarks>
public sealed record OutlierCount
{
    /// <summary>Eigenvalues of at most this share of the largest magnitude count as zeros.</summary>
    public const double ZeroRule = 1e-10;

    private const int MostPositions = 120;
    private const int LongestLine = 30;
    private const int ShortestLine = 5;

    /// <summary>The position with the largest λ_j − λ_(j+1); its score is that gap over the second largest.</summary>
    public OutlierRule Gap { get; private init; } = OutlierRule.None;

    /// <summary>The position with the largest λ_j / λ_(j+1); its score is that ratio.</summary>
    public OutlierRule Ratio { get; private init; } = OutlierRule.None;

    /// <summary>The number of values above the cut-off, of all values; its score is the ratio of its two neighbours, infinite where the lower one is not positive.</summary>
    public OutlierRule Threshold { get; private init; } = OutlierRule.None;

    /// <summary>The position whose value steps up most from the line through the logarithms of the values behind it.</summary>
    /// <remarks>The line is fitted to 30 values, fewer in short spectra; the score is the step in units of the scatter around it.</remarks>
    public OutlierRule Elbow { get; private init; } = OutlierRule.None;

    /// <summary>J, the number of positions that gap, ratio and elbow chose from.</summary>
    public int Positions { get; private init; }

    /// <summary>The cut-off of the threshold rule; null if none was given.</summary>
    public double? CutOff { get; private init; }

    /// <summary>Applies all rules.</summary>
    /// <param name="descending">Eigenvalues, largest first: all of them, or the top ones.</param>
    /// <param name="cutOff">The cut-off of the threshold rule in units of the eigenvalues.</param>
    /// <exception cref="ArgumentException">The values do not descend, or one is not a number.</exception>
    public static OutlierCount Of(ReadOnlySpan<double> descending, double? cutOff = null)
    {
        for (int i = 1; i < descending.Length; i++)
        {
            if (!(descending[i - 1] >= descending[i]))
                throw new ArgumentException($"Value {i + 1}, {descending[i]}, is not below value {i}, {descending[i - 1]}.", nameof(descending));
        }

        int positive = 0;
        while (positive < descending.Length && descending[positive] > Math.Max(0, ZeroRule * descending[0]))
            positive++;
        int positions = Math.Max(0, Math.Min(MostPositions, positive - 1));
        var values = descending[..positive];
        return new OutlierCount
        {
            Positions = positions,
            CutOff = cutOff,
            Gap = GapRule(values, positions),
            Ratio = RatioRule(values, positions),
            Threshold = cutOff is { } cut ? ThresholdRule(descending, cut) : OutlierRule.None,
            Elbow = ElbowRule(values, positions),
        };
    }

    private static OutlierRule GapRule(ReadOnlySpan<double> values, int positions)
    {
        if (positions == 0)
            return OutlierRule.None;
        var (at, largest, second) = (0, double.NegativeInfinity, 0.0);
        for (int j = 1; j <= positions; j++)
        {
            double gap = values[j - 1] - values[j];
            if (gap > largest)
                (at, largest, second) = (j, gap, Math.Max(0, largest));
            else
                second = Math.Max(second, gap);
        }

        return new OutlierRule(at, largest / second);
    }

    private static OutlierRule RatioRule(ReadOnlySpan<double> values, int positions)
    {
        var best = OutlierRule.None;
        for (int j = 1; j <= positions; j++)
        {
            double ratio = values[j - 1] / values[j];
            if (best.Count is null || ratio > best.Score)
                best = new OutlierRule(j, ratio);
        }

        return best;
    }

    private static OutlierRule ThresholdRule(ReadOnlySpan<double> values, double cutOff)
    {
        int count = 0;
        while (count < values.Length && values[count] > cutOff)
            count++;
        if (count == 0 || count == values.Length)
            return new OutlierRule(count, double.NaN);
        return new OutlierRule(count, values[count] > 0 ? values[count - 1] / values[count] : double.PositiveInfinity);
    }

    private static OutlierRule ElbowRule(ReadOnlySpan<double> values, int positions)
    {
        int length = Math.Min(LongestLine, values.Length / 3);
        if (length < ShortestLine)
            return OutlierRule.None;
        var logarithms = new double[Math.Min(values.Length, positions + length)];
        for (int i = 0; i < logarithms.Length; i++)
            logarithms[i] = ScalarFunctions.Log(values[i]);
        var best = OutlierRule.None;
        for (int j = 1; j + length <= logarithms.Length; j++)
        {
            double step = StepOver(logarithms.AsSpan(j, length), logarithms[j - 1]);
            if (best.Count is null || step > best.Score)
                best = new OutlierRule(j, step);
        }

        return best;
    }

    /// <summary>How far a value lies above the line through those behind it, in units of their scatter.</summary>
    private static double StepOver(ReadOnlySpan<double> behind, double value)
    {
        int n = behind.Length;
        double centre = 0.5 * (n - 1);
        double mean = 0;
        double slope = 0;
        foreach (double y in behind)
            mean += y / n;
        for (int i = 0; i < n; i++)
            slope += (i - centre) * (behind[i] - mean);
        slope *= 12.0 / (n * ((double)n * n - 1));
        double squares = 0;
        for (int i = 0; i < n; i++)
        {
            double residual = behind[i] - mean - (slope * (i - centre));
            squares += residual * residual;
        }

        // values on a line up to rounding scatter by no less
        double scatter = Math.Max(Math.Sqrt(squares / (n - 2)), 1e-12);
        return (value - mean + (slope * (1 + centre))) / scatter;
    }
}
