using Understudy.Learning.Landscape;
using Understudy.Learning.Networks;

namespace Understudy.UnitTests.Learning.Landscape;

public class LossLineTests
{
    [Fact]
    public void Zero_and_one_are_the_ends_to_the_bit_and_the_grid_is_that_of_the_paper()
    {
        var draw = new Draw(1);
        var network = Mlp.Relu(4, 6, 3);
        using var train = SmallProblem.Evaluator(network, SmallProblem.Clusters(draw, 40));
        using var test = SmallProblem.Evaluator(network, SmallProblem.Clusters(draw, 30));
        double[] a = SmallProblem.Drawn(draw, network), b = SmallProblem.Drawn(draw, network);

        var line = LossLine.Between(a, b, train, test);

        Assert.Equal(31, line.Positions.Count);
        Assert.Equal((-1.0, 0.0, 1.0, 2.0), (line.Positions[0], line.Positions[10], line.Positions[20], line.Positions[30]));
        Assert.Equal((train.At(a), train.At(b)), (line.Train[10], line.Train[20]));
        Assert.Equal((test.At(a), test.At(b)), (line.Test![10], line.Test[20]));
        double[] extended = [.. a.Zip(b, (from, to) => (2 * to) - from)];
        Assert.Equal(train.At(extended).Loss, line.Train[30].Loss, 1e-12 * line.Train[30].Loss);
        Assert.Equal(Math.Sqrt(a.Zip(b, (from, to) => (to - from) * (to - from)).Sum() / a.Sum(value => value * value)), line.RelativeDistance, 1e-13);
    }

    [Fact]
    public void A_convex_loss_has_no_barrier()
        => Property.Holds(5, draw =>
        {
            var network = Mlp.Relu(4, 3);
            using var regression = SmallProblem.Evaluator(network, SmallProblem.Clusters(draw, 60));

            var line = LossLine.Between(SmallProblem.Drawn(draw, network, 3), SmallProblem.Drawn(draw, network, 3), regression);

            // at most the rounding of two sums
            Assert.InRange(line.Barrier.Height, 0, 1e-13 * line.Train.Max(value => value.Loss));
            Assert.InRange(line.Barrier.AboveEnds, 0, 1e-13 * line.Train.Max(value => value.Loss));
        });

    [Fact]
    public void A_barrier_is_measured_above_the_chord_and_above_the_ends()
    {
        double[] t = [-1, 0, 0.25, 0.5, 0.75, 1, 2];
        double[] losses = [50, 1, 2.5, 4, 5.5, 3, 70];
        double[] accuracies = [0, 0.9, 0.85, 0.7, 0.75, 0.8, 0];

        var barrier = LossBarrier.Of(t, [.. losses.Zip(accuracies, (loss, accuracy) => new LossAndAccuracy(loss, accuracy))]);

        Assert.Equal(new LossBarrier(3, 0.75, 2.5, 0.5, 0.75), barrier);
    }

    [Fact]
    public void A_loss_that_is_no_number_is_the_highest_barrier()
    {
        LossAndAccuracy[] values = [new(1, double.NaN), new(double.NaN, double.NaN), new(1, double.NaN)];

        var barrier = LossBarrier.Of([0, 0.5, 1], values);

        Assert.Equal((double.PositiveInfinity, 0.5, double.NaN), (barrier.Height, barrier.Position, barrier.WorseFrom));
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(31, 10)]
    [InlineData(100, 33)]
    public void Even_positions_have_both_ends_among_them(int points, int steps)
    {
        var positions = LossLine.EvenPositions(points);

        Assert.Equal(points, positions.Length);
        Assert.Equal((-1.0, 0.0, 1.0, 2.0), (positions[0], positions[steps], positions[2 * steps], positions[^1]));
        Assert.All(Enumerable.Range(1, points - 1), i => Assert.Equal(3.0 / (points - 1), positions[i] - positions[i - 1], 1e-15));
        Assert.Throws<ArgumentException>(() => LossLine.EvenPositions(points + 1));
        Assert.Throws<ArgumentException>(() => LossLine.EvenPositions(1));
    }

    [Fact]
    public void Positions_without_both_ends_are_refused()
    {
        var network = Mlp.Relu(4, 3);
        using var evaluator = SmallProblem.Evaluator(network, SmallProblem.Clusters(new Draw(2), 10));
        var theta = new double[network.Layout.Count];

        Assert.Throws<ArgumentException>(() => LossLine.Between(theta, theta, evaluator, positions: [0, 0.5]));
        Assert.Throws<ArgumentException>(() => LossLine.Between(theta, theta, evaluator, positions: [1, 0]));
        Assert.Throws<ArgumentException>(() => LossLine.Between(theta, theta[1..], evaluator));
    }
}
