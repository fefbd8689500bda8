using Understudy.Engine.Random;
using Understudy.Learning.Landscape;
using Understudy.Learning.Networks;

namespace Understudy.UnitTests.Learning.Landscape;

public class DirectionTests
{
    private static readonly RandomSequence Draws = new(1, "test/directions");

    [Fact]
    public void Every_node_of_a_filter_normalized_direction_is_as_long_as_its_weights_and_biases_stay()
    {
        var network = Mlp.Relu(5, 4, 3);
        var theta = SmallProblem.Drawn(new Draw(1), network);

        var direction = Directions.Random(network.Layout, theta, Draws);

        for (var layer = 0; layer < 2; layer++)
        {
            var (inputs, nodes) = (network.Widths[layer], network.Widths[layer + 1]);
            var (own, along) = (network.Layout.Slots[2 * layer].Of<double>(theta).ToArray(), network.Layout.Slots[2 * layer].Of<double>(direction).ToArray());
            for (var j = 0; j < nodes; j++)
            {
                double Length(double[] matrix) => Math.Sqrt(Enumerable.Range(0, inputs).Sum(i => matrix[(i * nodes) + j] * matrix[(i * nodes) + j]));
                Assert.Equal(Length(own), Length(along), 1e-14 * Length(own));
            }

            Assert.All(network.Layout.Slots[(2 * layer) + 1].Of<double>(direction).ToArray(), value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public void Filter_normalized_slices_do_not_change_when_rectified_nodes_are_rescaled_and_unit_ones_do()
    {
        var draw = new Draw(2);
        var network = Mlp.Relu(4, 5, 3);
        var theta = SmallProblem.Drawn(draw, network);
        using var evaluator = SmallProblem.Evaluator(network, SmallProblem.Clusters(draw, 40));

        // one factor per layer: the outgoing weights of a layer share their nodes' length
        double[] Slice(double[] at, DirectionNorm norm)
        {
            var direction = Directions.Random(network.Layout, at, Draws, norm: norm);
            return [.. evaluator.At(5, (i, into) => new ParameterPlane(at, direction).Point([0.25 * (i + 1)], into)).Select(value => value.Loss)];
        }

        var rescaled = RescaledLayer.Of(network, theta, alpha: 3);

        SmallProblem.AssertClose(Slice(theta, DirectionNorm.Filter), Slice(rescaled, DirectionNorm.Filter));
        SmallProblem.AssertClose(Slice(theta, DirectionNorm.Layer), Slice(rescaled, DirectionNorm.Layer));
        Assert.True(Math.Abs(Slice(theta, DirectionNorm.Unit)[4] - Slice(rescaled, DirectionNorm.Unit)[4]) > 1e-3);
    }

    [Fact]
    public void Dead_nodes_and_dead_directions_stay_zero()
    {
        var network = Mlp.Relu(3, 2, 2);
        var theta = SmallProblem.Drawn(new Draw(3), network);
        for (var i = 0; i < 3; i++)
            theta[2 * i] = 0;
        var direction = new double[theta.Length];
        direction[0] = direction[10] = 1;

        Directions.Normalize(network.Layout, theta, direction);

        Assert.Equal(1, direction.Count(value => value != 0));
        Assert.True(direction[10] > 0);
    }

    [Fact]
    public void Biases_can_be_copied_and_lengths_can_be_those_of_layers_or_one()
    {
        var network = Mlp.Relu(3, 4, 2);
        var theta = SmallProblem.Drawn(new Draw(4), network);

        var layer = Directions.Random(network.Layout, theta, Draws, 1, DirectionNorm.Layer, BiasDirection.Copied);
        var unit = Directions.Random(network.Layout, theta, Draws, 1, DirectionNorm.Unit);

        foreach (var slot in network.Layout.Slots)
        {
            Assert.Equal(Norm(slot.Of<double>(theta)), Norm(slot.Of<double>(layer)), 1e-14);
            if (slot.Shape.Rank == 1)
                Assert.Equal(slot.Of<double>(theta), slot.Of<double>(layer));
        }

        Assert.Equal(1, Norm(unit), 1e-14);
        Assert.NotEqual(unit, Directions.Random(network.Layout, theta, Draws, 2, DirectionNorm.Unit));
    }

    private static double Norm(ReadOnlySpan<double> values) => Math.Sqrt(values.ToArray().Sum(value => value * value));
}
