using Understudy.Learning.Networks;

namespace Understudy.Learning.Landscape;

/// <summary>Whether trainings of one start end in one linear basin: the error barrier on the lines between them.</summary>
/// <remarks>
/// Instability of a pair is sup E(γ) − (E(0) + E(1)) / 2 over points of the line θ(γ) = (1 − γ) θ₀ + γ θ₁; stable is what stays below 2 percentage points. Running statistics of batch
/// normalizations are interpolated with the parameters, and on wish estimated anew at every point.
/// Source: Frankle, Dziugaite, Roy and Carbin 2020, section 3. Costs (pairs · (positions − 2) + trainings) evaluations of every set, and as many passes over the images of the estimation.
/// </remarks>
public sealed class Instability
{
    private Instability(IReadOnlyList<double> positions, IReadOnlyList<InstabilityPair> pairs) => (Positions, Pairs) = (positions, pairs);

    /// <summary>γ, ascending from 0 to 1.</summary>
    public IReadOnlyList<double> Positions { get; }

    /// <summary>All pairs of trainings, (0, 1), (0, 2), …, (1, 2), ….</summary>
    public IReadOnlyList<InstabilityPair> Pairs { get; }

    /// <summary>Looks at the lines between all pairs.</summary>
    /// <param name="trained">Points of the evaluators' network (<see cref="EvaluationNetwork"/>), at least two.</param>
    /// <param name="train">The training examples.</param>
    /// <param name="test">The test examples; null for none.</param>
    /// <param name="options">Positions, and the images of the estimation.</param>
    /// <param name="progress">Takes the share of pairs that is done.</param>
    /// <param name="cancellation">Looked at once per batch.</param>
    /// <exception cref="ArgumentException">There are fewer than two points, an evaluator is of another network or has no accuracy, or there are no statistics to estimate or too few images.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public static Instability Of(
        IReadOnlyList<double[]> trained, LossEvaluator train, LossEvaluator? test, InstabilityOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(trained);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Positions, 3, nameof(options));
        if (trained.Count < 2 || !train.HasAccuracy || (test is not null && (test.Network != train.Network || !test.HasAccuracy)))
            throw new ArgumentException("Instability compares at least two points of one network, with a loss over classes.", nameof(trained));
        foreach (var point in trained)
            train.Require(point);
        double[] positions = [.. Enumerable.Range(0, options.Positions).Select(i => (double)i / (options.Positions - 1))];
        using var estimation = options.Calibration is null ? null : new PointStatistics(train.Network, options.Calibration, options.CalibrationBatch, options.CalibrationBatches, train.Team);
        var walk = new Walk(train, test, estimation, cancellation);
        var ends = walk.At(trained.Count, (index, into) => trained[index].CopyTo(into));
        var (pairs, all) = (new List<InstabilityPair>(), trained.Count * (trained.Count - 1) / 2);
        for (var i = 0; i < trained.Count; i++)
        {
            for (var j = i + 1; j < trained.Count; j++)
            {
                var (from, to) = (trained[i], trained[j]);
                var inner = walk.At(positions.Length - 2, (index, into) => Vectors.Between(from, to, positions[index + 1], into));
                var lines = inner.Select((line, set) => line is null ? null : new ErrorLine([ends[set]![i], .. line, ends[set]![j]])).ToArray();
                pairs.Add(new InstabilityPair(i, j, lines[0]!, lines[1], lines[2], lines[3]));
                progress?.Report((double)pairs.Count / all);
            }
        }

        return new Instability(positions, pairs);
    }

    /// <summary>Evaluates points on both sets, as they are and with statistics of their own.</summary>
    private sealed class Walk(LossEvaluator train, LossEvaluator? test, PointStatistics? estimation, CancellationToken cancellation)
    {
        /// <summary>Train and test, then both with estimated statistics; null where not wanted.</summary>
        internal LossAndAccuracy[]?[] At(int count, ParameterPoint point)
        {
            LossAndAccuracy[]? On(LossEvaluator? evaluator, ParameterPoint at) => evaluator?.At(count, at, null, cancellation);
            var (plain, plainTest) = (On(train, point), On(test, point));
            if (estimation is null)
                return [plain, plainTest, null, null];
            var estimated = estimation.At(count, point, cancellation);
            void Estimated(int index, Span<double> into)
            {
                point(index, into);
                estimated[index].CopyTo(into[^estimated[index].Length..]);
            }

            return [plain, plainTest, On(train, Estimated), On(test, Estimated)];
        }
    }
}

/// <summary>The lines between two trainings.</summary>
/// <param name="First">The training at γ = 0.</param>
/// <param name="Second">The training at γ = 1.</param>
/// <param name="Train">On the training examples, running statistics interpolated.</param>
/// <param name="Test">The same on the test examples.</param>
/// <param name="EstimatedTrain">On the training examples, statistics estimated anew at every point.</param>
/// <param name="EstimatedTest">The same on the test examples.</param>
public sealed record InstabilityPair(int First, int Second, ErrorLine Train, ErrorLine? Test, ErrorLine? EstimatedTrain, ErrorLine? EstimatedTest);

/// <summary>Loss and accuracy along a line from one training to another.</summary>
public sealed class ErrorLine
{
    /// <summary>The values by position, the trainings at both ends.</summary>
    /// <exception cref="ArgumentException">There are fewer than two.</exception>
    public ErrorLine(IReadOnlyList<LossAndAccuracy> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count < 2)
            throw new ArgumentException("A line has two ends.", nameof(values));
        Values = values;
        // outputs that are no numbers have a class too: one and the same along a line, which would look stable
        Instability = values.All(value => double.IsFinite(value.Loss)) ? Rise(values, value => value.Error) : double.NaN;
        LossBarrier = Rise(values, value => value.Loss);
    }

    /// <summary>By position.</summary>
    public IReadOnlyList<LossAndAccuracy> Values { get; }

    /// <summary>The largest error less the mean of those at the ends, in [0, 1]: never negative, as the ends are among the positions; not a number where a loss is none.</summary>
    public double Instability { get; }

    /// <summary>The same of the loss; not a number where a loss is none.</summary>
    public double LossBarrier { get; }

    private static double Rise(IReadOnlyList<LossAndAccuracy> values, Func<LossAndAccuracy, double> of)
    {
        var largest = double.NegativeInfinity;
        foreach (var value in values)
            largest = Math.Max(largest, of(value));
        return largest - ((of(values[0]) + of(values[^1])) / 2);
    }
}
