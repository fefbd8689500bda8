using Understudy.Engine.Threading;

namespace Understudy.Learning.Representations;

/// <summary>Linear discriminant analysis: classes as normal clouds with one covariance, which is shrunk towards a sphere.</summary>
/// <remarks>
/// On standardized features, with μ_c and π_c the mean and share of class c and S = Σ (x − μ_y)(x − μ_y)ᵀ / N, an example goes to the class with the largest
/// xᵀ Σ⁻¹ μ_c − ½ μ_cᵀ Σ⁻¹ μ_c + ln π_c, where Σ = (1 − s) S + s (tr S / d) I. A class without training examples is never given; of equal classes the smallest is.
/// Closed form in double precision; costs N·d² for S and d³/6 for its factor. Source: Hastie, Tibshirani and Friedman 2009, section 4.3; Ledoit and Wolf 2004 for s.
/// </remarks>
public sealed record LdaProbe : IProbe
{
    /// <summary>s, from 0 for the covariance as it is to 1 for a sphere; null for the s that Ledoit and Wolf estimate from the training examples, at least 2⁻²⁶, so that features may depend on each other.</summary>
    public double? Shrinkage { get; init; }

    /// <inheritdoc cref="IProbe.Run"/>
    /// <exception cref="ArgumentException">The sets do not fit each other, or features depend on each other and a given s shrinks too little.</exception>
    public LdaProbeResult Run(EmbeddingSet train, EmbeddingSet test, Team? team = null, CancellationToken cancellation = default)
    {
        if (Shrinkage is { } given && !(given is >= 0 and <= 1))
            throw new ArgumentException($"A shrinkage lies between 0 and 1, but is {given}.");
        ArgumentNullException.ThrowIfNull(train);
        train.ThrowIfNotLike(test);
        var standardization = FeatureStandardization.Of(train.Features, train.Width);
        var (fitted, scored) = (new FeatureRows(train, standardization), new FeatureRows(test, standardization));
        var scatter = WithinScatter.Of(fitted, team, cancellation);
        var shrinkage = Shrinkage ?? scatter.LedoitWolf;
        var discriminants = scatter.Discriminants(shrinkage, team, cancellation);
        int[] trained = discriminants.Predict(fitted, team, cancellation), tested = discriminants.Predict(scored, team, cancellation);
        return new(Predictions.Accuracy(trained, train.Labels), Predictions.Accuracy(tested, test.Labels), tested, shrinkage);
    }

    ProbeResult IProbe.Run(EmbeddingSet train, EmbeddingSet test, Team? team, CancellationToken cancellation) => Run(train, test, team, cancellation);
}

/// <summary>How well linear discriminants did.</summary>
/// <param name="TrainAccuracy">The share of training examples they put into their class.</param>
/// <param name="TestAccuracy">The share of test examples.</param>
/// <param name="Predictions">The class they give each test example.</param>
/// <param name="Shrinkage">s that was taken.</param>
public sealed record LdaProbeResult(double TrainAccuracy, double TestAccuracy, IReadOnlyList<int> Predictions, double Shrinkage)
    : ProbeResult(TrainAccuracy, TestAccuracy, Predictions);
