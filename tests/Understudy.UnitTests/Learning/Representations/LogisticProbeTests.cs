using Understudy.Learning.Representations;
using static Understudy.UnitTests.Learning.Representations.DrawnEmbeddings;

namespace Understudy.UnitTests.Learning.Representations;

public sealed class LogisticProbeTests
{
    [Fact]
    public void Classes_that_are_far_apart_are_told_apart()
    {
        var (train, test) = Blobs(1, 500, 300, 8, 5, spread: 20);

        var result = Run(new(), train, test);

        Assert.True(result.IsConverged);
        Assert.Equal((1, 1), (result.TrainAccuracy, result.TestAccuracy));
    }

    [Fact]
    public void On_one_feature_of_two_values_the_loss_is_the_entropy_of_the_labels_given_the_value()
    {
        // of 10 examples at −1 three are of class 1, of 30 at 2 twenty-four
        int[] labels = [.. Enumerable.Range(0, 40).Select(i => i < 10 ? (i < 3 ? 1 : 0) : (i < 34 ? 1 : 0))];
        var train = new EmbeddingSet([.. Enumerable.Range(0, 40).Select(i => i < 10 ? -1.0 : 2)], labels, 2);

        var result = Run(new() { Penalty = 1e-6, Tolerance = 1e-9 }, train, train);

        Assert.True(result.IsConverged);
        // a minimum moves by the square of what moves its place
        Assert.Equal((10 * Entropy(0.3) / 40) + (30 * Entropy(0.8) / 40), result.TrainLoss, 1e-9);
        Assert.Equal((7 + 24) / 40.0, result.TrainAccuracy);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_published_probe_with_enough_steps_comes_near_and_not_below(bool isStandardized)
    {
        var (train, test) = Blobs(2, 200, 100, 4, 3, spread: 0.7);
        var logistic = Run(new() { IsStandardized = isStandardized, Penalty = 1e-8, Tolerance = 1e-9 }, train, test);

        var linear = new LinearProbe { IsStandardized = isStandardized, Batch = 200, Epochs = 1500, LearningRate = 0.02, WeightDecay = 0 }
            .Run(train, test, null, TestContext.Current.CancellationToken);

        Assert.True(logistic.IsConverged);
        // 1e-8 of squared weights over two hundred examples is what the penalty may cost
        Assert.InRange(linear.TrainLoss - logistic.TrainLoss, -1e-8, 1e-4);
    }

    [Fact]
    public void Scale_and_offset_of_features_do_not_matter()
    {
        var (train, test) = Blobs(3, 300, 150, 6, 3, spread: 0.6);
        double Changed(double value, int example, int feature) => (value * Math.Pow(10, feature - 3)) + feature;

        var expected = Run(new(), train, test);
        var actual = Run(new(), train.With(Changed), test.With(Changed));

        Assert.Equal(expected.Predictions, actual.Predictions);
        // both are within 1e-5 of a gradient of 0, and a loss differs by its square over a curvature above 1e-3
        Assert.Equal(expected.TrainLoss, actual.TrainLoss, 1e-6);
    }

    [Fact]
    public void Too_few_steps_are_told()
    {
        var (train, test) = Blobs(4, 300, 150, 6, 3, spread: 0.6);

        var result = Run(new() { MaximumSteps = 2 }, train, test);

        Assert.Equal((2, false), (result.Steps, result.IsConverged));
        Assert.True(result.GradientNorm > 1e-5);
        Assert.True(result.TrainLoss < Math.Log(3));
    }

    [Fact]
    public void Any_team_gives_the_same_bits()
    {
        var (train, test) = Blobs(5, 600, 150, 20, 4, spread: 0.3);

        new LogisticProbe { MaximumSteps = 5 }.AssertSameWithAnyTeam(train, test, result => [((LogisticProbeResult)result).TrainLoss, ((LogisticProbeResult)result).GradientNorm]);
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        var (train, test) = Blobs(6, 30, 10, 4, 3, spread: 1);

        Assert.Contains("5 and 3", Assert.Throws<ArgumentException>(() => Run(new(), train, Meaningless(9, 10, 5, 3))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(new() { Penalty = 0 }, train, test));
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(new() { Tolerance = 0 }, train, test));
        new LogisticProbe().AssertCancellable(train, test);
    }

    private static LogisticProbeResult Run(LogisticProbe probe, EmbeddingSet train, EmbeddingSet test)
        => probe.Run(train, test, null, TestContext.Current.CancellationToken);

    private static double Entropy(double p) => -(p * Math.Log(p)) - ((1 - p) * Math.Log(1 - p));
}
