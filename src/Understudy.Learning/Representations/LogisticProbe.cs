using Understudy.Engine.Threading;
using Understudy.Learning.Geometry;

namespace Understudy.Learning.Representations;

/// <summary>Softmax regression to convergence, by L-BFGS on all examples at once: what a linear probe would do with enough steps.</summary>
/// <remarks>Minimizes the mean cross-entropy + λ/2N ‖W‖², biases without penalty, from 0. Double precision; costs 4·N·d·K operations for each evaluation, some hundreds of them.</remarks>
public sealed record LogisticProbe : IProbe
{
    /// <summary>Whether features are brought to mean 0 and deviation 1 over the training set, which also converges faster.</summary>
    public bool IsStandardized { get; init; } = true;

    /// <summary>λ, beside the cross-entropy summed over examples; positive, so that separable classes have finite weights.</summary>
    public double Penalty { get; init; } = 1;

    /// <summary>The norm of the gradient at which it ends.</summary>
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>After so many steps the result is given as it is.</summary>
    public int MaximumSteps { get; init; } = 1000;

    /// <inheritdoc cref="IProbe.Run"/>
    public LogisticProbeResult Run(EmbeddingSet train, EmbeddingSet test, Team? team = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Penalty);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Tolerance);
        ArgumentOutOfRangeException.ThrowIfNegative(MaximumSteps);
        ArgumentNullException.ThrowIfNull(train);
        train.ThrowIfNotLike(test);
        var standardization = IsStandardized ? FeatureStandardization.Of(train.Features, train.Width) : null;
        var (fitted, scored) = (new FeatureRows(train, standardization), new FeatureRows(test, standardization));
        var regression = new SoftmaxRegression(train.Width, train.Classes, team);
        var descent = new LimitedMemoryDescent((point, gradient) => Evaluate(regression, fitted, point, gradient, cancellation));
        var point = new double[regression.Parameters.Length];
        var steps = descent.Minimize(point, Tolerance, MaximumSteps, cancellation);

        point.CopyTo(regression.Parameters);
        var trained = regression.Evaluate(fitted, cancellation);
        var tested = regression.Evaluate(scored, cancellation);
        return new(trained.Accuracy, tested.Accuracy, tested.Predictions, trained.Loss, descent.GradientNorm, steps, descent.GradientNorm <= Tolerance && (steps > 0 || descent.GradientNorm == 0));
    }

    ProbeResult IProbe.Run(EmbeddingSet train, EmbeddingSet test, Team? team, CancellationToken cancellation) => Run(train, test, team, cancellation);

    private double Evaluate(SoftmaxRegression regression, FeatureRows rows, double[] point, double[] gradient, CancellationToken cancellation)
    {
        point.CopyTo(regression.Parameters);
        var loss = regression.Evaluate(rows, cancellation).Loss;
        regression.Gradient.CopyTo(gradient);
        var weights = regression.Weights;
        var decay = Penalty / rows.Set.Count;
        Dense.Add(decay, weights, gradient.AsSpan(0, weights.Length));
        return loss + (decay / 2 * Dense.Dot(weights, weights));
    }
}

/// <summary>How well a converged linear probe did.</summary>
/// <param name="TrainAccuracy">The share of training examples it puts into their class.</param>
/// <param name="TestAccuracy">The share of test examples.</param>
/// <param name="Predictions">The class it gives each test example; the smallest of equally likely ones.</param>
/// <param name="TrainLoss">The mean cross-entropy of the training examples, in nats and without the penalty.</param>
/// <param name="GradientNorm">The norm of the gradient of what is minimized, with the penalty.</param>
/// <param name="Steps">Steps that were taken.</param>
/// <param name="IsConverged">Whether the gradient met the tolerance.</param>
public sealed record LogisticProbeResult(
    double TrainAccuracy, double TestAccuracy, IReadOnlyList<int> Predictions, double TrainLoss, double GradientNorm, int Steps, bool IsConverged)
    : ProbeResult(TrainAccuracy, TestAccuracy, Predictions);
