using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Threading;
using Understudy.Learning.Representations;

namespace Understudy.UnitTests.Learning.Representations;

/// <summary>Embeddings whose classes are known to be far apart, near, or nothing but labels.</summary>
internal static class DrawnEmbeddings
{
    /// <summary>Normal embeddings around normal class means of the given spread, labels in turn: training and test of the same means.</summary>
    internal static (EmbeddingSet Train, EmbeddingSet Test) Blobs(int number, int train, int test, int width, int classes, double spread)
    {
        var draw = new Draw(number);
        var means = draw.Normal(classes * width);
        return (Of(train), Of(test));

        EmbeddingSet Of(int count)
        {
            var features = draw.Normal(count * width);
            for (var i = 0; i < features.Length; i++)
                features[i] += spread * means[(i / width % classes * width) + (i % width)];
            return new(features, [.. Enumerable.Range(0, count).Select(i => i % classes)], classes);
        }
    }

    /// <summary>Normal embeddings with labels that say nothing about them.</summary>
    internal static EmbeddingSet Meaningless(int number, int count, int width, int classes)
    {
        var draw = new Draw(number);
        return new(draw.Normal(count * width), [.. Enumerable.Range(0, count).Select(_ => draw.Index(classes))], classes);
    }

    /// <summary>The same labels with features by place (example, feature).</summary>
    internal static EmbeddingSet With(this EmbeddingSet set, Func<double, int, int, double> feature)
        => new([.. set.Features.ToArray().Select((value, i) => feature(value, i / set.Width, i % set.Width))], set.Labels.ToArray(), set.Classes);

    /// <summary>The features turned by one random rotation.</summary>
    internal static EmbeddingSet Rotated(this EmbeddingSet set)
    {
        var (width, drawn) = (set.Width, new Draw(77).Normal(set.Width * set.Width));
        var symmetric = new double[drawn.Length];
        for (var i = 0; i < symmetric.Length; i++)
            symmetric[i] = drawn[i] + drawn[(i % width * width) + (i / width)];
        var features = new double[set.Count * width];
        Products.Multiply(set.Count, width, width, set.Features, SymmetricEigen.Of(symmetric, width, TestContext.Current.CancellationToken).Vectors, features);
        return new(features, set.Labels.ToArray(), set.Classes);
    }

    /// <summary>What a probe says with teams of one, two and three threads is what it says without one.</summary>
    internal static void AssertSameWithAnyTeam(this IProbe probe, EmbeddingSet train, EmbeddingSet test, Func<ProbeResult, double[]> numbers)
    {
        var alone = probe.Run(train, test, null, TestContext.Current.CancellationToken);
        for (var threads = 1; threads <= 3; threads++)
        {
            using var team = new Team(threads);
            var together = probe.Run(train, test, team, TestContext.Current.CancellationToken);
            Assert.Equal(alone.Predictions, together.Predictions);
            Assert.Equal((alone.TrainAccuracy, alone.TestAccuracy), (together.TrainAccuracy, together.TestAccuracy));
            Assert.Equal(numbers(alone), numbers(together));
        }
    }

    /// <summary>Five standard deviations of the accuracy of guesses on so many examples around 1/K.</summary>
    internal static void AssertChance(double accuracy, int examples, int classes)
        => Assert.Equal(1.0 / classes, accuracy, 5 * Math.Sqrt((classes - 1.0) / (classes * classes) / examples));

    internal static void AssertCancellable(this IProbe probe, EmbeddingSet train, EmbeddingSet test)
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => probe.Run(train, test, null, cancelled.Token));
    }
}
