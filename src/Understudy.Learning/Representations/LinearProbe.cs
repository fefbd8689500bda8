using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Representations;

/// <summary>Softmax regression by a fixed number of AdamW steps, on embeddings as they are or standardized.</summary>
/// <remarks>
/// The defaults are the published protocol (Sarnthein et al. 2023). Examples are shuffled once, and the batches, of which the last may be smaller, are the same in
/// every epoch; decay shrinks weights and biases by the factor 1 − ηλ before each step. On small features so few steps are far from convergence:
/// <see cref="LinearProbeResult.GradientNorm"/> tells, and <see cref="IsStandardized"/> helps. Double precision; costs 4·epochs·N·d·K operations.
/// </remarks>
public sealed record LinearProbe : IProbe
{
    /// <summary>Whether features are brought to mean 0 and deviation 1 over the training set.</summary>
    public bool IsStandardized { get; init; }

    /// <summary>Passes over the training set; 0 scores the drawn start.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Examples of a step.</summary>
    public int Batch { get; init; } = 256;

    /// <summary>η.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>β₁ of the first moment, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>β₂ of the second moment, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε, added to the root of the second moment.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>λ of the decay, which is decoupled from the gradient (Loshchilov and Hutter 2019).</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>The seed of start and order: keep it for all embeddings that are compared.</summary>
    public ulong Seed { get; init; } = 1;

    /// <inheritdoc cref="IProbe.Run"/>
    public LinearProbeResult Run(EmbeddingSet train, EmbeddingSet test, Team? team = null, CancellationToken cancellation = default)
    {
        Check();
        ArgumentNullException.ThrowIfNull(train);
        train.ThrowIfNotLike(test);
        var standardization = IsStandardized ? FeatureStandardization.Of(train.Features, train.Width) : null;
        var (fitted, scored) = (new FeatureRows(train, standardization), new FeatureRows(test, standardization));
        var regression = new SoftmaxRegression(train.Width, train.Classes, team);
        FanInUniform.Fill(regression.Weights, regression.Bias, train.Classes, 1, new RandomSequence(Seed, "linear-probe/start"));
        Fit(regression, fitted, cancellation);

        var trained = regression.Evaluate(fitted, cancellation);
        var tested = regression.Evaluate(scored, cancellation);
        return new(trained.Accuracy, tested.Accuracy, tested.Predictions, trained.Loss, trained.GradientNorm);
    }

    ProbeResult IProbe.Run(EmbeddingSet train, EmbeddingSet test, Team? team, CancellationToken cancellation) => Run(train, test, team, cancellation);

    private void Fit(SoftmaxRegression regression, FeatureRows rows, CancellationToken cancellation)
    {
        var (set, order) = (rows.Set, new int[rows.Set.Count]);
        new RandomSequence(Seed, "linear-probe/order").FillPermutation(0, order);
        var (features, labels) = (new double[Math.Min(Batch, order.Length) * set.Width], new int[order.Length]);
        for (var i = 0; i < order.Length; i++)
            labels[i] = set.Labels[order[i]];
        var optimizer = new AdamW(this, regression.Parameters.Length);
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            for (var first = 0; first < order.Length; first += Batch)
            {
                cancellation.ThrowIfCancellationRequested();
                var count = Math.Min(Batch, order.Length - first);
                var batch = features.AsSpan(0, count * set.Width);
                rows.Read(order.AsSpan(first, count), batch);
                regression.Differentiate(batch, labels.AsSpan(first, count));
                optimizer.Step(regression.Parameters, regression.Gradient);
            }
        }
    }

    private void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Epochs);
        ArgumentOutOfRangeException.ThrowIfLessThan(Batch, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(LearningRate);
        ArgumentOutOfRangeException.ThrowIfNegative(Beta1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Beta1, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Beta2);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Beta2, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Epsilon);
        ArgumentOutOfRangeException.ThrowIfNegative(WeightDecay);
    }

    /// <summary>The moments of the gradient; powers of β by the step, so that no mathematical library decides bits.</summary>
    private sealed class AdamW(LinearProbe settings, int count)
    {
        private readonly double[] _mean = new double[count];
        private readonly double[] _square = new double[count];
        private double _power1 = 1;
        private double _power2 = 1;

        internal void Step(Span<double> parameters, ReadOnlySpan<double> gradient)
        {
            var (beta1, beta2, rate, epsilon) = (settings.Beta1, settings.Beta2, settings.LearningRate, settings.Epsilon);
            var kept = 1 - (rate * settings.WeightDecay);
            (_power1, _power2) = (_power1 * beta1, _power2 * beta2);
            var (correction1, correction2) = (1 - _power1, 1 - _power2);
            for (var i = 0; i < parameters.Length; i++)
            {
                _mean[i] = (beta1 * _mean[i]) + ((1 - beta1) * gradient[i]);
                _square[i] = (beta2 * _square[i]) + ((1 - beta2) * gradient[i] * gradient[i]);
                parameters[i] = (kept * parameters[i]) - (rate * (_mean[i] / correction1) / (Math.Sqrt(_square[i] / correction2) + epsilon));
            }
        }
    }
}

/// <summary>How well a linear probe did, and how far it is from convergence.</summary>
/// <param name="TrainAccuracy">The share of training examples it puts into their class.</param>
/// <param name="TestAccuracy">The share of test examples.</param>
/// <param name="Predictions">The class it gives each test example; the smallest of equally likely ones.</param>
/// <param name="TrainLoss">The mean cross-entropy of the training examples, in nats.</param>
/// <param name="GradientNorm">The norm of its gradient by weights and biases, without decay: near 0 at convergence, and in proportion to the features, so that small ones give a small norm far from it.</param>
public sealed record LinearProbeResult(double TrainAccuracy, double TestAccuracy, IReadOnlyList<int> Predictions, double TrainLoss, double GradientNorm)
    : ProbeResult(TrainAccuracy, TestAccuracy, Predictions);
