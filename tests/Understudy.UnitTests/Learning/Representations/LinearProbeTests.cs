using Understudy.Engine.Random;
using Understudy.Learning.Networks;
using Understudy.Learning.Representations;
using static Understudy.UnitTests.Learning.Representations.DrawnEmbeddings;

namespace Understudy.UnitTests.Learning.Representations;

public sealed class LinearProbeTests
{
    [Fact]
    public void Classes_that_are_far_apart_are_told_apart()
    {
        var (train, test) = Blobs(1, 2000, 500, 8, 5, spread: 20);

        var result = Run(new() { IsStandardized = true, LearningRate = 0.1 }, train, test);

        Assert.Equal((1, 1), (result.TrainAccuracy, result.TestAccuracy));
        Assert.Equal(test.Labels.ToArray(), result.Predictions);
        // the published rate moves a weight by at most 0.001 in a step: 2000 of them
        Assert.True(Run(new() { Batch = 10 }, train, test).TestAccuracy > 0.99);
    }

    [Fact]
    public void The_steps_are_those_of_plain_loops()
    {
        // batches of 32, 32 and 26
        var (train, test) = Blobs(2, 90, 40, 6, 3, spread: 0.5);
        var probe = new LinearProbe { Batch = 32, Epochs = 4, LearningRate = 0.05, WeightDecay = 0.2, Seed = 9 };

        var result = Run(probe, train, test);

        var (loss, gradientNorm, predictions) = PlainLoops(probe, train, test);
        // a dozen steps of well-conditioned sums
        Assert.Equal(loss, result.TrainLoss, 1e-12);
        Assert.Equal(gradientNorm, result.GradientNorm, 1e-12);
        Assert.Equal(predictions, result.Predictions);
    }

    [Fact]
    public void The_standardized_probe_is_blind_to_scale_and_offset_of_every_feature()
    {
        var (train, test) = Blobs(3, 300, 100, 5, 4, spread: 1);
        double Changed(double value, int example, int feature) => (value * Math.Pow(10, feature - 2)) + feature;

        var expected = Run(new() { IsStandardized = true }, train, test);
        var actual = Run(new() { IsStandardized = true }, train.With(Changed), test.With(Changed));

        Assert.Equal(expected.Predictions, actual.Predictions);
        // the offset 4 of features of size 100 costs no digits, that of 3 of size 10 neither, and that of 0 of size 0.01 is 0
        Assert.Equal(expected.TrainLoss, actual.TrainLoss, 1e-9);
    }

    [Fact]
    public void On_small_features_the_published_protocol_has_not_converged_and_says_so()
    {
        var (train, test) = Blobs(4, 600, 200, 6, 3, spread: 1);
        double Small(double value, int example, int feature) => value / 1000;
        train = train.With(Small);

        var plain = Run(new(), train, test.With(Small));
        var standardized = Run(new() { IsStandardized = true, Epochs = 300, LearningRate = 0.02, WeightDecay = 0 }, train, test.With(Small));

        // the loss of equal outputs is ln 3, to which the standardized probe is no longer near
        Assert.InRange(plain.TrainLoss, 1.05, 1.3);
        Assert.True(standardized.TrainLoss < 0.9 * plain.TrainLoss);
        Assert.True(standardized.GradientNorm < 0.02);
    }

    [Fact]
    public void Labels_that_say_nothing_are_guessed()
    {
        const int classes = 4, tests = 2000;

        var result = Run(new() { IsStandardized = true, LearningRate = 0.05 }, Meaningless(5, 400, 10, classes), Meaningless(6, tests, 10, classes));

        AssertChance(result.TestAccuracy, tests, classes);
    }

    [Fact]
    public void Any_team_gives_the_same_bits()
    {
        var (train, test) = Blobs(7, 700, 300, 20, 10, spread: 0.3);

        new LinearProbe { Epochs = 2 }.AssertSameWithAnyTeam(train, test, result => [((LinearProbeResult)result).TrainLoss, ((LinearProbeResult)result).GradientNorm]);
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        var (train, test) = Blobs(8, 30, 10, 4, 3, spread: 1);

        Assert.Contains(
            "4 features and 3 classes, those of the test 5 and 3",
            Assert.Throws<ArgumentException>(() => Run(new(), train, Meaningless(9, 10, 5, 3))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(new() { Batch = 0 }, train, test));
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(new() { Beta2 = 1 }, train, test));
        new LinearProbe().AssertCancellable(train, test);
    }

    private static LinearProbeResult Run(LinearProbe probe, EmbeddingSet train, EmbeddingSet test)
        => probe.Run(train, test, null, TestContext.Current.CancellationToken);

    /// <summary>AdamW by its formulas, one number after the other.</summary>
    private static (double Loss, double GradientNorm, int[] Predictions) PlainLoops(LinearProbe probe, EmbeddingSet train, EmbeddingSet test)
    {
        var (d, classes) = (train.Width, train.Classes);
        var theta = FanInUniform.Of(Mlp.Relu(d, classes), 1, _ => new RandomSequence(probe.Seed, "linear-probe/start"));
        var (mean, square, order, step) = (new double[theta.Length], new double[theta.Length], new int[train.Count], 0);
        new RandomSequence(probe.Seed, "linear-probe/order").FillPermutation(0, order);
        for (var epoch = 0; epoch < probe.Epochs; epoch++)
        {
            foreach (var batch in order.Chunk(probe.Batch))
            {
                var gradient = Differentiate(batch).Gradient;
                step++;
                for (var p = 0; p < theta.Length; p++)
                {
                    mean[p] = (probe.Beta1 * mean[p]) + ((1 - probe.Beta1) * gradient[p]);
                    square[p] = (probe.Beta2 * square[p]) + ((1 - probe.Beta2) * gradient[p] * gradient[p]);
                    theta[p] -= probe.LearningRate * probe.WeightDecay * theta[p];
                    theta[p] -= probe.LearningRate * (mean[p] / (1 - Math.Pow(probe.Beta1, step))) / (Math.Sqrt(square[p] / (1 - Math.Pow(probe.Beta2, step))) + probe.Epsilon);
                }
            }
        }

        var (loss, last) = Differentiate(order);
        return (loss, Math.Sqrt(last.Sum(value => value * value)), [.. Enumerable.Range(0, test.Count).Select(i => Array.IndexOf(Outputs(test, i), Outputs(test, i).Max()))]);

        double[] Outputs(EmbeddingSet set, int example) => [.. Enumerable.Range(0, classes).Select(k =>
            theta[(d * classes) + k] + Enumerable.Range(0, d).Sum(j => set.Features[(example * d) + j] * theta[(j * classes) + k]))];

        (double Loss, double[] Gradient) Differentiate(int[] batch)
        {
            var (sum, gradient) = (0.0, new double[theta.Length]);
            foreach (var i in batch)
            {
                double[] exponentials = [.. Outputs(train, i).Select(Math.Exp)];
                sum -= Math.Log(exponentials[train.Labels[i]] / exponentials.Sum()) / batch.Length;
                for (var k = 0; k < classes; k++)
                {
                    var residual = ((exponentials[k] / exponentials.Sum()) - (train.Labels[i] == k ? 1 : 0)) / batch.Length;
                    gradient[(d * classes) + k] += residual;
                    for (var j = 0; j < d; j++)
                        gradient[(j * classes) + k] += residual * train.Features[(i * d) + j];
                }
            }

            return (sum, gradient);
        }
    }
}
