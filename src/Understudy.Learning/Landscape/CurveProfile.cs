namespace Understudy.Learning.Landscape;

/// <summary>The loss along a curve, at equally spaced t in [0, 1].</summary>
/// <remarks>Garipov et al. 2018.</remarks>
public sealed class CurveProfile
{
    private CurveProfile(double[] positions, LossAndAccuracy[] values, double[] steps)
    {
        (Positions, Values, Length) = (positions, values, steps.Sum());
        Barrier = LossBarrier.Of(positions, values);
        Loss = CurveStatistics.Of([.. values.Select(value => value.Loss)], steps);
        Error = CurveStatistics.Of([.. values.Select(value => value.Error)], steps);
    }

    /// <summary>t, from 0 to 1.</summary>
    public IReadOnlyList<double> Positions { get; }

    /// <summary>Loss and accuracy by position.</summary>
    public IReadOnlyList<LossAndAccuracy> Values { get; }

    /// <summary>The arc length, of the chords between positions.</summary>
    public double Length { get; }

    /// <summary>What stands between the ends.</summary>
    public LossBarrier Barrier { get; }

    /// <summary>The loss along the curve in numbers.</summary>
    public CurveStatistics Loss { get; }

    /// <summary>The share of wrong classes along the curve in numbers; NaN where the loss has no classes.</summary>
    public CurveStatistics Error { get; }

    /// <summary>Walks along a curve.</summary>
    /// <param name="curve">The curve.</param>
    /// <param name="evaluator">The examples.</param>
    /// <param name="points">Positions, both ends among them.</param>
    /// <param name="progress">Takes the share that is done.</param>
    /// <param name="cancellation">Looked at once per batch.</param>
    public static CurveProfile Of(ParameterCurve curve, LossEvaluator evaluator, int points = 61, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(curve);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        evaluator.Require(curve.Points[0]);
        double[] positions = [.. Enumerable.Range(0, points).Select(i => i / (points - 1.0))];
        var values = evaluator.At(points, (index, into) => curve.Point(positions[index], into), progress, cancellation);
        double[] steps = new double[points - 1], before = new double[evaluator.Size], after = new double[evaluator.Size];
        curve.Point(0, before);
        for (var i = 0; i < steps.Length; i++)
        {
            curve.Point(positions[i + 1], after);
            steps[i] = Vectors.Distance(before, after);
            (before, after) = (after, before);
        }

        return new CurveProfile(positions, values, steps);
    }
}

/// <summary>A quantity along a curve in numbers.</summary>
/// <param name="Smallest">Over the positions.</param>
/// <param name="Largest">Over the positions.</param>
/// <param name="Mean">Over the positions, so by t.</param>
/// <param name="ArcMean">By arc length: its integral (trapezoidal rule) over the length.</param>
public readonly record struct CurveStatistics(double Smallest, double Largest, double Mean, double ArcMean)
{
    /// <summary>Of values with steps of given lengths between them.</summary>
    internal static CurveStatistics Of(double[] values, double[] steps)
    {
        var integral = 0.0;
        for (var i = 0; i < steps.Length; i++)
            integral += 0.5 * (values[i] + values[i + 1]) * steps[i];
        var length = steps.Sum();
        return new CurveStatistics(values.Min(), values.Max(), values.Average(), length > 0 ? integral / length : values[0]);
    }
}
