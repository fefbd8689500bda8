namespace Understudy.Learning.Probing;

/// <summary>What a sample of non-negative numbers looks like at its upper end.</summary>
/// <param name="Largest">Maximum.</param>
/// <param name="Highest999">99.9 % quantile.</param>
/// <param name="Highest99">99 % quantile.</param>
/// <param name="Median">Median.</param>
/// <param name="RootMeanSquare">Root of the mean square.</param>
public readonly record struct Quantiles(double Largest, double Highest999, double Highest99, double Median, double RootMeanSquare)
{
    /// <summary>The quantiles of values, interpolated linearly between order statistics; the list is sorted in place.</summary>
    public static Quantiles Of(Span<double> values)
    {
        if (values.IsEmpty)
            throw new ArgumentException("There are no values.", nameof(values));
        values.Sort();
        var square = 0.0;
        foreach (var value in values)
            square += value * value;
        return new Quantiles(values[^1], At(values, 0.999), At(values, 0.99), At(values, 0.5), Math.Sqrt(square / values.Length));
    }

    /// <summary>The quantile q of a sorted list, interpolated linearly: q = 0 is the first value, q = 1 the last.</summary>
    public static double At(ReadOnlySpan<double> sorted, double q)
    {
        var position = q * (sorted.Length - 1);
        var below = (int)position;
        return below + 1 < sorted.Length
            ? sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below]))
            : sorted[^1];
    }
}
