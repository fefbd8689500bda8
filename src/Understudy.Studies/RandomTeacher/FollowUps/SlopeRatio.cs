namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>How asymmetric a direction is: over a range of distances the loss rises more gently than p on one side, and more steeply than c·p on the other (He, Huang and Yuan 2019, definition 1).</summary>
/// <param name="C">The largest such c: the smallest slope of the steep side over the largest of the gentle side; infinite where the gentle side does not rise anywhere, NaN where fewer than two distances are in the range.</param>
/// <param name="P">The largest slope of the gentle side, in nats per unit of t.</param>
/// <param name="IsSteepBehind">Whether the steep side is that of negative t.</param>
public readonly record struct SlopeRatio(double C, double P, bool IsSteepBehind)
{
    /// <summary>Fits c and p to values along a line; slopes are those between neighbouring positions that both sides have.</summary>
    /// <param name="positions">t, ascending, the centre at 0.</param>
    /// <param name="values">The loss at each.</param>
    /// <param name="from">The least distance.</param>
    /// <param name="to">The largest distance.</param>
    public static SlopeRatio Of(IReadOnlyList<double> positions, IReadOnlyList<double> values, double from = 0.1, double to = 0.5)
    {
        ArgumentNullException.ThrowIfNull(positions);
        ArgumentNullException.ThrowIfNull(values);
        var at = positions.Index().ToDictionary(item => item.Item, item => values[item.Index]);
        double[] distances = [.. positions.Where(t => t >= from && t <= to && at.ContainsKey(-t)).Order()];
        if (distances.Length < 2)
            return new SlopeRatio(double.NaN, double.NaN, false);
        double[] Slopes(int side) => [.. distances.Zip(distances.Skip(1), (near, far) => (at[side * far] - at[side * near]) / (far - near))];
        var (behind, ahead) = (Slopes(-1), Slopes(1));
        var (steepBehind, steepAhead) = (Ratio(behind, ahead), Ratio(ahead, behind));
        return steepBehind >= steepAhead ? new SlopeRatio(steepBehind, ahead.Max(), true) : new SlopeRatio(steepAhead, behind.Max(), false);
    }

    private static double Ratio(double[] steep, double[] gentle) => gentle.Max() > 0 ? steep.Min() / gentle.Max() : steep.Min() > 0 ? double.PositiveInfinity : double.NegativeInfinity;
}
