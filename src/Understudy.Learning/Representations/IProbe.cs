using Understudy.Engine.Threading;

namespace Understudy.Learning.Representations;

/// <summary>A classifier fitted to frozen embeddings, whose accuracy says how good they are.</summary>
public interface IProbe
{
    /// <summary>Fits to the training embeddings and scores on both sets.</summary>
    /// <param name="train">What is fitted.</param>
    /// <param name="test">What is scored; the same features and classes.</param>
    /// <param name="team">Threads; null for the caller's alone. Results do not depend on it.</param>
    /// <param name="cancellation">Looked at once per batch or block.</param>
    /// <exception cref="ArgumentException">The sets do not fit each other, or are too small for the probe.</exception>
    ProbeResult Run(EmbeddingSet train, EmbeddingSet test, Team? team = null, CancellationToken cancellation = default);
}

/// <summary>How well a probe did.</summary>
/// <param name="TrainAccuracy">The share of training examples it puts into their class.</param>
/// <param name="TestAccuracy">The share of test examples.</param>
/// <param name="Predictions">The class it gives each test example: two probes of the same examples are compared in pairs.</param>
public abstract record ProbeResult(double TrainAccuracy, double TestAccuracy, IReadOnlyList<int> Predictions);
