namespace Understudy.Learning.Landscape;

/// <summary>The loss along the straight line through two points, θ(t) = (1 − t) A + t B.</summary>
/// <remarks>Goodfellow, Vinyals and Saxe 2015; hessian specification, section 4.1.</remarks>
public sealed class LossLine
{
    private LossLine(double[] positions, LossAndAccuracy[] train, LossAndAccuracy[]? test, double distance)
    {
        (Positions, Train, Test, RelativeDistance) = (positions, train, test, distance);
        Barrier = LossBarrier.Of(positions, train);
        TestBarrier = test is null ? null : LossBarrier.Of(positions, test);
    }

    /// <summary>−1 … 2 in steps of 0.1, with the ends at exactly 0 and 1.</summary>
    public static IReadOnlyList<double> DefaultPositions { get; } = EvenPositions(31);

    /// <summary>The values of t, ascending.</summary>
    public IReadOnlyList<double> Positions { get; }

    /// <summary>Loss and accuracy on the training examples, by position.</summary>
    public IReadOnlyList<LossAndAccuracy> Train { get; }

    /// <summary>Loss and accuracy on the test examples, by position; null where none were given.</summary>
    public IReadOnlyList<LossAndAccuracy>? Test { get; }

    /// <summary>What stands between A and B on the training examples.</summary>
    public LossBarrier Barrier { get; }

    /// <summary>What stands between A and B on the test examples.</summary>
    public LossBarrier? TestBarrier { get; }

    /// <summary>|B − A| / |A|.</summary>
    public double RelativeDistance { get; }

    /// <summary>−1 … 2 in even steps, ascending, with the ends at exactly 0 and 1.</summary>
    /// <param name="points">How many: one more than a multiple of 3, at least 4.</param>
    /// <exception cref="ArgumentException">Other numbers do not have both ends among them.</exception>
    public static double[] EvenPositions(int points)
    {
        if (points < 4 || points % 3 != 1)
            throw new ArgumentException($"{points} points from −1 to 2 do not have 0 and 1 among them; one more than a multiple of 3 have, from 4 on.", nameof(points));
        var steps = (points - 1) / 3;
        return [.. Enumerable.Range(-steps, points).Select(i => (double)i / steps)];
    }

    /// <summary>Walks along the line.</summary>
    /// <param name="start">A.</param>
    /// <param name="end">B.</param>
    /// <param name="train">The training examples.</param>
    /// <param name="test">The test examples, if wanted.</param>
    /// <param name="positions">The values of t, ascending, 0 and 1 among them; <see cref="DefaultPositions"/> where null.</param>
    /// <param name="progress">Takes the share that is done, first of the training and then of the test examples.</param>
    /// <param name="cancellation">Looked at once per batch.</param>
    /// <exception cref="ArgumentException">A point is not as long as the network's, or 0 and 1 are not among the positions.</exception>
    public static LossLine Between(
        double[] start,
        double[] end,
        LossEvaluator train,
        LossEvaluator? test = null,
        IReadOnlyList<double>? positions = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        train.Require(start);
        train.Require(end);
        test?.Require(start);
        double[] t = [.. positions ?? DefaultPositions];
        if (!t.Contains(0) || !t.Contains(1) || !t.Order().SequenceEqual(t))
            throw new ArgumentException("The positions must ascend, and have 0 and 1 among them.", nameof(positions));
        void Point(int index, Span<double> into) => Vectors.Between(start, end, t[index], into);
        var onTrain = train.At(t.Length, Point, progress, cancellation);
        var onTest = test?.At(t.Length, Point, progress, cancellation);
        return new LossLine(t, onTrain, onTest, Vectors.Distance(start, end) / Vectors.Norm(start));
    }
}

/// <summary>What stands between two points on a line or a curve, t in [0, 1].</summary>
/// <param name="Height">max L(t) − ((1 − t) L(0) + t L(1)), the barrier; at least 0, which the ends have.</param>
/// <param name="Position">Where that is; the first where several are.</param>
/// <param name="AboveEnds">max L − max(L(0), L(1)).</param>
/// <param name="WorseFrom">The first t at which the accuracy is below that of both ends; NaN where there is none.</param>
/// <param name="WorseTo">The last such t.</param>
public readonly record struct LossBarrier(double Height, double Position, double AboveEnds, double WorseFrom, double WorseTo)
{
    /// <summary>The barrier of losses at positions that have 0 and 1 among them.</summary>
    /// <remarks>Between the ends a loss that is not a number counts as an infinite one; where an end has no finite loss there is no barrier to speak of, and everything is NaN.</remarks>
    /// <exception cref="ArgumentException">0 or 1 is not among the positions, or there are not as many losses.</exception>
    public static LossBarrier Of(IReadOnlyList<double> positions, IReadOnlyList<LossAndAccuracy> values)
    {
        ArgumentNullException.ThrowIfNull(positions);
        ArgumentNullException.ThrowIfNull(values);
        if (positions.Count != values.Count || !positions.Contains(0) || !positions.Contains(1))
            throw new ArgumentException("A barrier needs a value for every position, and 0 and 1 among those.", nameof(positions));
        var (start, end) = (At(0), At(1));
        if (!double.IsFinite(start.Loss) || !double.IsFinite(end.Loss))
            return new LossBarrier(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
        var (height, position, above) = (0.0, 0.0, 0.0);
        var (from, to) = (double.NaN, double.NaN);
        for (var i = 0; i < positions.Count; i++)
        {
            if (positions[i] is not (> 0 and < 1))
                continue;
            var t = positions[i];
            var loss = double.IsNaN(values[i].Loss) ? double.PositiveInfinity : values[i].Loss;
            var rise = loss - (((1 - t) * start.Loss) + (t * end.Loss));
            if (rise > height)
                (height, position) = (rise, t);
            above = Math.Max(above, loss - Math.Max(start.Loss, end.Loss));
            if (values[i].Accuracy < Math.Min(start.Accuracy, end.Accuracy))
                (from, to) = (double.IsNaN(from) ? t : from, t);
        }

        return new LossBarrier(height, position, above, from, to);

        LossAndAccuracy At(double t)
        {
            for (var i = 0; i < positions.Count; i++)
            {
                if (positions[i].Equals(t))
                    return values[i];
            }

            return default;
        }
    }
}
