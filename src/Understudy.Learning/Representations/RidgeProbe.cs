using Understudy.Engine.Threading;

namespace Understudy.Learning.Representations;

/// <summary>Ridge regression of one-hot targets on standardized features and a column of ones: exact, converged, and blind to the scale of features whose deviation is above <see cref="FeatureStandardization.SmallestDeviation"/>.</summary>
/// <remarks>
/// W = (FᵀF + λI)⁻¹ Fᵀ Y, the column of ones being penalized like the others. λ is the one with the best accuracy on the first examples of the training set when fitted
/// to the rest, the first of the list among equals; then all are fitted. The standardization is that of the whole training set. Double precision; costs N·d² for FᵀF and d³/6 for each λ.
/// Examples that are sorted by class have to be shuffled first: else the held-out ones are of classes that the others lack.
/// </remarks>
public sealed record RidgeProbe : IProbe
{
    /// <summary>The λ that are tried, each positive; one alone is taken without trying.</summary>
    public IReadOnlyList<double> Penalties { get; init; } = [1e-2, 1, 10, 100, 1e3, 1e4];

    /// <summary>The share of the training examples, the first ones, on which λ is chosen.</summary>
    public double HeldOutShare { get; init; } = 0.2;

    /// <summary>Standardized features are cut to ± this: 10 tames units that are active in a handful of examples. Infinity cuts nothing.</summary>
    public double Limit { get; init; } = double.PositiveInfinity;

    /// <inheritdoc cref="IProbe.Run"/>
    public RidgeProbeResult Run(EmbeddingSet train, EmbeddingSet test, Team? team = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        train.ThrowIfNotLike(test);
        var held = HeldOut(train.Count);
        var standardization = FeatureStandardization.Of(train.Features, train.Width);
        var (fitted, scored) = (new FeatureRows(train, standardization, Limit), new FeatureRows(test, standardization, Limit));
        var equations = new RidgeEquations(train.Width, train.Classes, team);
        equations.Add(fitted, held, train.Count, cancellation);
        var choices = new double[held > 0 ? Penalties.Count : 0];
        for (var i = 0; i < choices.Length; i++)
            choices[i] = Predictions.Accuracy(equations.Predict(equations.Solve(Penalties[i], cancellation), fitted, held, cancellation), train.Labels[..held]);
        equations.Add(fitted, 0, held, cancellation);

        var chosen = held > 0 ? Predictions.Largest(choices) : 0;
        var weights = equations.Solve(Penalties[chosen], cancellation);
        int[] trained = equations.Predict(weights, fitted, train.Count, cancellation), tested = equations.Predict(weights, scored, test.Count, cancellation);
        return new(Predictions.Accuracy(trained, train.Labels), Predictions.Accuracy(tested, test.Labels), tested, Penalties[chosen], choices, fitted.Cut());
    }

    ProbeResult IProbe.Run(EmbeddingSet train, EmbeddingSet test, Team? team, CancellationToken cancellation) => Run(train, test, team, cancellation);

    /// <summary>How many examples choose λ: none where there is no choice.</summary>
    private int HeldOut(int examples)
    {
        ArgumentNullException.ThrowIfNull(Penalties);
        if (Penalties.Count == 0 || Penalties.Any(penalty => !(penalty > 0 && double.IsFinite(penalty))))
            throw new ArgumentException($"The penalties [{string.Join(", ", Penalties)}] are not some positive numbers.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Limit);
        if (Penalties.Count == 1)
            return 0;
        var held = HeldOutShare > 0 && HeldOutShare < 1 ? (int)(HeldOutShare * examples) : 0;
        return held > 0
            ? held
            : throw new ArgumentException($"A share of {HeldOutShare} of {examples} examples does not leave some to choose a penalty and some to fit.");
    }
}

/// <summary>How well a ridge probe did.</summary>
/// <param name="TrainAccuracy">The share of training examples it puts into their class.</param>
/// <param name="TestAccuracy">The share of test examples.</param>
/// <param name="Predictions">The class it gives each test example.</param>
/// <param name="Penalty">λ of the fit to all training examples.</param>
/// <param name="HeldOutAccuracies">The accuracy of each λ on the examples that chose it; empty where there was no choice.</param>
/// <param name="Cut">Training features that stand at the limit.</param>
public sealed record RidgeProbeResult(
    double TrainAccuracy, double TestAccuracy, IReadOnlyList<int> Predictions, double Penalty, IReadOnlyList<double> HeldOutAccuracies, long Cut)
    : ProbeResult(TrainAccuracy, TestAccuracy, Predictions);
