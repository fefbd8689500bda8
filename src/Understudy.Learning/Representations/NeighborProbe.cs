using Understudy.Engine;
using Understudy.Engine.Threading;

namespace Understudy.Learning.Representations;

/// <summary>Classification by the k nearest training embeddings, which fits nothing.</summary>
/// <remarks>
/// The defaults are the published protocol (Sarnthein et al. 2023): Euclidean distance on embeddings as they are, 20 neighbours, one vote each. Of classes with
/// equally many votes the smallest wins, of equally near examples the first. Double precision, distances of embeddings less the training mean; costs N·d for each example that is classified.
/// </remarks>
public sealed record NeighborProbe : IProbe
{
    /// <summary>The rule of libraries of self-supervised learning: 20 neighbours by cosine, with votes exp(cosine / 0.07).</summary>
    public static NeighborProbe Cosine { get; } = new() { Metric = NeighborMetric.Cosine, Temperature = 0.07 };

    /// <summary>k.</summary>
    public int Neighbors { get; init; } = 20;

    /// <summary>What is near.</summary>
    public NeighborMetric Metric { get; init; }

    /// <summary>T of votes exp(cosine / T), with the cosine metric only; null for one vote each.</summary>
    public double? Temperature { get; init; }

    /// <summary>Training examples on which the training accuracy is measured, evenly spaced, each classified by the others; 0 leaves it not a number.</summary>
    public int TrainExamples { get; init; } = 2000;

    /// <inheritdoc cref="IProbe.Run"/>
    public NeighborProbeResult Run(EmbeddingSet train, EmbeddingSet test, Team? team = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        train.ThrowIfNotLike(test);
        Check(train.Count);
        var nearest = new NearestRows(train, Metric, Neighbors, team);
        var tested = Classify(nearest.Find(test.Features, null, cancellation), train, test.Count);
        var own = new int[Math.Min(TrainExamples, train.Count)];
        var (rows, labels) = (new double[own.Length * train.Width], new int[own.Length]);
        for (var i = 0; i < own.Length; i++)
        {
            own[i] = (int)((long)i * train.Count / own.Length);
            labels[i] = train.Labels[own[i]];
            train.Features.Slice(own[i] * train.Width, train.Width).CopyTo(rows.AsSpan(i * train.Width));
        }

        var trained = Classify(nearest.Find(rows, own, cancellation), train, own.Length);
        return new(Predictions.Accuracy(trained, labels), Predictions.Accuracy(tested, test.Labels), tested);
    }

    ProbeResult IProbe.Run(EmbeddingSet train, EmbeddingSet test, Team? team, CancellationToken cancellation) => Run(train, test, team, cancellation);

    private int[] Classify((int[] Rows, double[] Keys) nearest, EmbeddingSet train, int count)
    {
        var (predictions, votes) = (new int[count], new double[train.Classes]);
        for (var i = 0; i < count; i++)
        {
            votes.AsSpan().Clear();
            var keys = nearest.Keys.AsSpan(i * Neighbors, Neighbors);
            for (var n = 0; n < Neighbors; n++)
                // the nearest has one vote: no temperature is too small
                votes[train.Labels[nearest.Rows[(i * Neighbors) + n]]] += Temperature is { } temperature ? ScalarFunctions.Exp((keys[0] - keys[n]) / temperature) : 1;
            predictions[i] = Predictions.Largest(votes);
        }

        return predictions;
    }

    private void Check(int examples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Neighbors, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(TrainExamples);
        if (Neighbors >= examples)
            throw new ArgumentException($"{examples} training examples do not leave {Neighbors} neighbours for each.");
        if (Temperature is not { } temperature)
            return;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature, nameof(Temperature));
        if (Metric != NeighborMetric.Cosine)
            throw new ArgumentException("A temperature is for votes by the cosine.");
    }
}

/// <summary>What makes two embeddings near.</summary>
public enum NeighborMetric
{
    /// <summary>A small Euclidean distance.</summary>
    Euclidean,

    /// <summary>A large cosine of the angle between them as seen from 0; it is 0 for an embedding of length 0.</summary>
    Cosine,
}

/// <summary>How well nearest neighbours did.</summary>
/// <param name="TrainAccuracy">The share of <see cref="NeighborProbe.TrainExamples"/> that the others put into their class.</param>
/// <param name="TestAccuracy">The share of test examples.</param>
/// <param name="Predictions">The class given to each test example.</param>
public sealed record NeighborProbeResult(double TrainAccuracy, double TestAccuracy, IReadOnlyList<int> Predictions)
    : ProbeResult(TrainAccuracy, TestAccuracy, Predictions);
