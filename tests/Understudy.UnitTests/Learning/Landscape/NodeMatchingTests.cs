using Understudy.Learning.Landscape;
using Understudy.Learning.Networks;

namespace Understudy.UnitTests.Learning.Landscape;

public class NodeMatchingTests
{
    public static TheoryData<string> Activations => ["relu", "leaky", "tanh", "erf", "gelu"];

    [Theory]
    [MemberData(nameof(Activations))]
    public void Symmetries_leave_the_function_as_it_is(string name)
    {
        var draw = new Draw(1);
        var network = Named(name, 4, 6, 5, 3);
        var theta = SmallProblem.Drawn(draw, network);
        var examples = SmallProblem.Clusters(draw, 20);

        var changed = Drawn(draw, network).Apply(theta);

        Assert.NotEqual(theta, changed);
        SmallProblem.AssertClose(SmallProblem.Outputs(network, theta, examples), SmallProblem.Outputs(network, changed, examples));
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void A_network_in_another_order_with_other_signs_and_scales_is_recovered_by_its_weights(string name)
        => Property.Holds(3, draw =>
        {
            var network = Named(name, 5, 8, 7, 3);
            double[] theta = SmallProblem.Drawn(draw, network), hidden = Drawn(draw, network).Apply(theta);
            if (network.Activation.IsPiecewiseLinear)
                (theta, hidden) = (NodeBalance.Of(network, theta).Apply(theta), NodeBalance.Of(network, hidden).Apply(hidden));

            var recovered = NodeMatching.ByWeights(network, theta, hidden).Apply(hidden);

            // exact but for the balancing, whose sweeps end at 1e-14
            SmallProblem.AssertClose(theta, recovered, network.Activation.IsPiecewiseLinear ? 1e-12 : 1e-15);
        });

    [Theory]
    [MemberData(nameof(Activations))]
    public void A_network_in_another_order_with_other_signs_is_recovered_by_its_activations(string name)
        => Property.Holds(3, draw =>
        {
            var network = Named(name, 5, 8, 7, 3);
            double[] theta = SmallProblem.Drawn(draw, network), hidden = Drawn(draw, network).Apply(theta);
            var examples = SmallProblem.Clusters(draw, 60, inputs: 5);

            var matched = NodeMatching.ByActivations(network, theta, hidden, examples).Apply(hidden);

            if (network.Activation.IsPiecewiseLinear)
                (theta, matched) = (NodeBalance.Of(network, theta).Apply(theta), NodeBalance.Of(network, matched).Apply(matched));
            SmallProblem.AssertClose(theta, matched);
        });

    [Fact]
    public void Matching_brings_weights_nearer_and_lowers_the_barrier_without_touching_the_function()
    {
        var draw = new Draw(2);
        var network = Mlp.Of(NodeActivation.Tanh, 4, 12, 3);
        using var evaluator = SmallProblem.Evaluator(network, SmallProblem.Clusters(draw, 90));
        double[] a = SmallProblem.Trained(draw, evaluator), b = SmallProblem.Trained(draw, evaluator);

        var byWeights = NodeMatching.ByWeights(network, a, b).Apply(b);
        var byActivations = NodeMatching.ByActivations(network, a, b, evaluator.Examples).Apply(b);

        double[] Barriers(params double[][] ends) => [.. ends.Select(end => LossLine.Between(a, end, evaluator).Barrier.Height)];
        var barriers = Barriers(b, byWeights, byActivations);
        Assert.True(Distance(a, byWeights) < Distance(a, byActivations) && Distance(a, byActivations) < Distance(a, b));
        Assert.True(barriers[1] < 0.5 * barriers[0], $"{barriers[1]} is not well below {barriers[0]}.");
        Assert.True(barriers[2] < 0.5 * barriers[0], $"{barriers[2]} is not well below {barriers[0]}.");
        SmallProblem.AssertClose(SmallProblem.Outputs(network, b, evaluator.Examples), SmallProblem.Outputs(network, byWeights, evaluator.Examples));
    }

    [Fact]
    public void Balanced_nodes_have_incoming_and_outgoing_weights_of_one_length_and_the_least_sum_of_squares()
    {
        var draw = new Draw(3);
        var network = Mlp.Relu(4, 5, 6, 3);
        double[] theta = SmallProblem.Drawn(draw, network), balanced = NodeBalance.Of(network, theta).Apply(theta);

        for (var layer = 0; layer < 2; layer++)
        {
            for (var node = 0; node < network.Widths[layer + 1]; node++)
            {
                var (incoming, outgoing) = (0.0, 0.0);
                for (var i = 0; i < network.Widths[layer]; i++)
                    incoming += Square(Weight(network, balanced, layer, i, node));
                incoming += Square(network.Layout.Slots[(2 * layer) + 1].Of<double>(balanced)[node]);
                for (var i = 0; i < network.Widths[layer + 2]; i++)
                    outgoing += Square(Weight(network, balanced, layer + 1, node, i));
                Assert.Equal(incoming, outgoing, 1e-12 * incoming);
            }
        }

        Assert.True(balanced.Sum(Square) < theta.Sum(Square));
        var off = RescaledLayer.Of(network, balanced, 1, 1.01);
        Assert.True(balanced.Sum(Square) < off.Sum(Square));
    }

    [Fact]
    public void What_would_change_the_function_is_refused()
    {
        var (tanh, relu, gelu) = (Named("tanh", 2, 2, 1), Named("relu", 2, 2, 1), Named("gelu", 2, 2, 1));

        Assert.Throws<ArgumentException>(() => NodeSymmetry.Of(tanh, [[0, 1]], [[2, 1]]));
        Assert.Throws<ArgumentException>(() => NodeSymmetry.Of(relu, [[0, 1]], [[-1, 1]]));
        Assert.Throws<ArgumentException>(() => NodeSymmetry.Of(gelu, [[0, 1]], [[-1, 1]]));
        Assert.Throws<ArgumentException>(() => NodeSymmetry.Of(relu, [[0, 0]], [[1, 1]]));
        Assert.Throws<ArgumentException>(() => NodeSymmetry.Of(relu, [], []));
        Assert.Throws<ArgumentException>(() => NodeBalance.Of(tanh, new double[9]));
        Assert.Throws<ArgumentException>(() => RescaledLayer.Of(tanh, new double[9]));
        Assert.Throws<ArgumentOutOfRangeException>(() => RescaledLayer.Of(relu, new double[9], layer: 1));
    }

    [Fact]
    public void Dead_nodes_are_balanced_and_matched_without_harm()
    {
        var draw = new Draw(4);
        var network = Mlp.Relu(3, 4, 2);
        var theta = SmallProblem.Drawn(draw, network);
        for (var i = 0; i < 3; i++)
            theta[(4 * i) + 1] = 0;
        theta[12 + 1] = 0;
        var examples = SmallProblem.Clusters(draw, 15, inputs: 3, classes: 2);

        var balanced = NodeBalance.Of(network, theta).Apply(theta);
        var matched = NodeMatching.ByActivations(network, theta, balanced, examples);

        Assert.All(balanced, value => Assert.True(double.IsFinite(value)));
        Assert.Equal([0, 1, 2, 3], matched.Sources(0).ToArray());
    }

    [Fact]
    public void Repair_gives_nodes_the_moments_between_those_of_the_ends_and_leaves_the_ends_alone()
    {
        var draw = new Draw(5);
        var network = Mlp.Relu(4, 6, 5, 3);
        var examples = SmallProblem.Clusters(draw, 40);
        double[] a = SmallProblem.Drawn(draw, network), b = SmallProblem.Drawn(draw, network), middle = new double[a.Length];
        using var repair = new ActivationRepair(network, a, b, examples);
        using var activity = new LayerActivity(network, examples.Inputs, examples.Count);
        Vectors.Between(a, b, 0.3, middle);
        double[] untouched = [.. a];

        repair.Apply(0, untouched);
        repair.Apply(0.3, middle);

        SmallProblem.AssertClose(a, untouched);
        for (var layer = 0; layer < 2; layer++)
        {
            var (ofA, ofB, own) = (Moments(a, layer), Moments(b, layer), Moments(middle, layer));
            SmallProblem.AssertClose([.. ofA.Zip(ofB, (from, to) => (0.7 * from) + (0.3 * to))], own);
        }

        double[] Moments(double[] parameters, int layer)
        {
            activity.Run(parameters);
            var (means, deviations) = activity.Moments(layer);
            return [.. means, .. deviations];
        }
    }

    private static Mlp Named(string name, params int[] widths) => Mlp.Of(
        name switch
        {
            "relu" => NodeActivation.Relu,
            "leaky" => NodeActivation.LeakyRelu(0.1),
            "tanh" => NodeActivation.Tanh,
            "erf" => NodeActivation.Erf,
            _ => NodeActivation.Gelu,
        },
        widths);

    private static NodeSymmetry Drawn(Draw draw, Mlp network)
    {
        int[] widths = [.. network.Widths.Skip(1).SkipLast(1)];
        double Factor() => network.Activation.IsPiecewiseLinear ? draw.Uniform(0.3, 3) : NodeSymmetry.IsOdd(network.Activation) && draw.Coin() ? -1 : 1;
        return NodeSymmetry.Of(network, [.. widths.Select(draw.Permutation)], [.. widths.Select(width => Enumerable.Range(0, width).Select(_ => Factor()).ToArray())]);
    }

    private static double Weight(Mlp network, double[] parameters, int layer, int from, int to)
        => network.Layout.Slots[2 * layer].Of<double>(parameters)[(from * network.Widths[layer + 1]) + to];

    private static double Square(double value) => value * value;

    private static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (x, y) => Square(x - y)).Sum());
}
