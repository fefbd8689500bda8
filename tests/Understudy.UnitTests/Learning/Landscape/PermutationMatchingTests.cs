using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Networks.Layers;
using Understudy.UnitTests.Learning.Curvature;

namespace Understudy.UnitTests.Learning.Landscape;

public class PermutationMatchingTests
{
    private static readonly Shape Image = new(8, 8, 3);

    private static readonly Dictionary<string, Func<INetwork>> Networks = new()
    {
        ["resnet20"] = () => ResNet.Of(Image, 20, 0.25).Then(new DenseLayer(3)),
        ["resnet18 with statistics"] = () => new EvaluationNetwork(ResNet.Of(Image, 18, 0.08).Then(new DenseLayer(3))),
        ["resnet50"] = () => ResNet.Of(Image, 50, 0.04).Then(new DenseLayer(3)),
        ["resnet20, instances"] = () => ResNet.Of(Image, 20, 0.25, Normalization.Instance).Then(new DenseLayer(3)),
        ["vgg, flat pixels"] = () => Vgg.Of(Image, "5 M 6", Normalization.Batch).Then(new DenseLayer(7), new ActivationLayer(NodeActivation.Tanh), new DenseLayer(3)),
        ["plain convolutions"] = () => LayeredNetwork.Convolutional(Image, [5, 6], [7, 3]),
        ["fully connected"] = () => Mlp.Relu(5, 8, 7, 3),
        ["repeated"] = () => new LayeredNetwork(
            new Shape(5), new DenseLayer(6), new RepeatedLayer(new SequenceLayer(new DenseLayer(9), new ActivationLayer(NodeActivation.Tanh), new DenseLayer(6), new LayerNormLayer()), 2), new DenseLayer(3)),
        ["flat residual with batch normalization"] = () => new LayeredNetwork(
            Image, new ConvolutionLayer(4), new FlattenLayer(), new BatchNormLayer(), new ResidualLayer(new SequenceLayer(new ActivationLayer(NodeActivation.Tanh))), new UnitLengthLayer(), new DenseLayer(3)),
    };

    public static TheoryData<string> Names => [.. Networks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_network_with_its_groups_in_another_order_computes_the_same_and_is_recovered(string name)
    {
        var network = Networks[name]();
        var (draw, groups) = (new Draw(1), PermutationGroups.Of(network));
        var (theta, examples) = (Drawn(draw, network), DrawnPoints.Examples(draw, network, OutputLoss.CrossEntropy, 6));
        var order = GroupPermutation.Drawn(groups, new RandomSequence(1, "test/order"));

        var hidden = order.Apply(theta);

        Assert.NotEqual(theta, hidden);
        double[] expected = NetworkOutputs.Of(network, examples, theta), outputs = NetworkOutputs.Of(network, examples, hidden);
        SmallProblem.AssertClose(expected, outputs);
        Assert.True(Distinct(expected) > 1e-3, "The outputs say nothing.");
        using var team = new Team(2);
        var matching = PermutationMatching.ByWeights(groups, theta, hidden, team);
        Assert.Equal(theta, matching.Apply(hidden));
        Assert.Equal(matching.Apply(hidden), PermutationMatching.ByWeights(groups, theta, hidden).Apply(hidden));
        using var evaluator = new LossEvaluator(network, OutputLoss.CrossEntropy, examples);
        double[] t = [0, 0.5, 1];
        Assert.True(LossLine.Between(theta, hidden, evaluator, positions: t).Train[1].Loss is var before && Math.Abs(before - evaluator.At(theta).Loss) > 1e-6);
        Assert.Equal(0, LossLine.Between(theta, matching.Apply(hidden), evaluator, positions: t).Barrier.Height, 1e-12);
    }

    [Fact]
    public void Every_order_of_a_single_group_leaves_the_function_as_it_is_and_of_a_single_parameter_does_not()
    {
        var network = ResNet.Of(Image, 20, 0.25).Then(new DenseLayer(3));
        var (draw, groups) = (new Draw(2), PermutationGroups.Of(network));
        var (theta, examples) = (Drawn(draw, network), DrawnPoints.Examples(draw, network, OutputLoss.CrossEntropy, 5));
        var expected = NetworkOutputs.Of(network, examples, theta);
        for (var group = 0; group < groups.All.Count; group++)
        {
            int[][] sources = [.. groups.All.Select((each, i) => Enumerable.Range(0, each.Width).Select(place => i == group ? (place + 1) % each.Width : place).ToArray())];
            SmallProblem.AssertClose(expected, NetworkOutputs.Of(network, examples, GroupPermutation.Of(groups, sources).Apply(theta)));
        }

        // what blocks that are added to each other would be without their tie
        var slot = network.Layout.Slots.Single(each => each.Name == "layer.3.path.3.weight");
        var turned = theta.ToArray();
        var filters = slot.Shape[-1];
        for (var i = 0; i < slot.Shape.Count; i++)
            turned[slot.Offset + i] = theta[slot.Offset + (i / filters * filters) + ((i + 1) % filters)];
        Assert.True(expected.Zip(NetworkOutputs.Of(network, examples, turned), (x, y) => Math.Abs(x - y)).Max() > 1e-3);
    }

    [Fact]
    public void Blocks_of_a_stage_are_one_group_and_inputs_and_outputs_none()
    {
        var encoder = ResNet.Of(Image, 20, 0.25);
        PermutationGroups alone = PermutationGroups.Of(encoder), headed = PermutationGroups.Of(encoder.Then(new DenseLayer(3)));

        // a group for each stage, one within each of its three blocks; the embedding of the encoder is its output
        Assert.Equal(12, headed.All.Count);
        Assert.Equal(11, alone.All.Count);
        Assert.Equal([4, 4, 4, 4, 8, 8, 8, 8, 16, 16, 16, 16], headed.All.Select(group => group.Width).Order());
        var stem = headed.All[0].Parameters;
        Assert.Contains("layer.0.weight", stem);
        Assert.Contains("layer.1.scale", stem);
        foreach (var block in new[] { 3, 5, 7 })
        {
            Assert.Contains($"layer.{block}.path.0.weight", stem);
            Assert.Contains($"layer.{block}.path.3.weight", stem);
            Assert.Contains($"layer.{block}.path.4.shift", stem);
        }

        // the first block of the next stage reads it, on both ways
        Assert.Contains("layer.9.path.0.weight", stem);
        Assert.Contains("layer.9.skip.0.weight", stem);
        Assert.DoesNotContain("layer.9.skip.1.scale", stem);
        Assert.Equal(["layer.3.path.0.weight", "layer.3.path.1.scale", "layer.3.path.1.shift", "layer.3.path.3.weight"], headed.All[1].Parameters);
        var head = headed.All.Single(group => group.Parameters.Contains("layer.23.weight"));
        Assert.Contains("layer.15.skip.0.weight", head.Parameters);
        Assert.DoesNotContain("layer.23.bias", head.Parameters);
        var statistics = PermutationGroups.Of(new EvaluationNetwork(encoder)).All[0].Parameters;
        Assert.Contains("normalization.0.mean", statistics);
        Assert.Contains("normalization.2.variance", statistics);
        Assert.DoesNotContain("normalization.1.mean", statistics);
    }

    [Fact]
    public void Channels_that_are_normalized_in_groups_and_sums_with_the_input_stay()
    {
        Assert.Empty(PermutationGroups.Of(new LayeredNetwork(Image, new ConvolutionLayer(16), new GroupNormLayer(8), new AdaptiveAverageLayer(1), new FlattenLayer(), new DenseLayer(3))).All);
        Assert.Single(PermutationGroups.Of(new LayeredNetwork(Image, new ConvolutionLayer(8), new GroupNormLayer(8), new FlattenLayer(), new DenseLayer(3))).All);
        // the middle of the block alone
        var tied = PermutationGroups.Of(new LayeredNetwork(new Shape(4), new ResidualLayer(new SequenceLayer(new DenseLayer(6), new ActivationLayer(NodeActivation.Relu), new DenseLayer(4))), new DenseLayer(3)));
        Assert.Equal(["layer.0.path.0.weight", "layer.0.path.0.bias", "layer.0.path.2.weight"], Assert.Single(tied.All).Parameters);
        // twelve nodes beside four pixels of three channels
        Assert.Empty(PermutationGroups.Of(new LayeredNetwork(new Shape(2, 2, 1), new ConvolutionLayer(3), new ResidualLayer(new DenseLayer(12), new FlattenLayer()), new DenseLayer(2))).All);
    }

    [Fact]
    public void Of_fully_connected_networks_it_is_the_matching_of_nodes() => Property.Holds(5, draw =>
    {
        var network = Mlp.Of(NodeActivation.Gelu, 5, 8, 7, 3);
        double[] a = SmallProblem.Drawn(draw, network), b = SmallProblem.Drawn(draw, network);

        var (expected, order) = (NodeMatching.ByWeights(network, a, b), PermutationMatching.ByWeights(PermutationGroups.Of(network), a, b));

        Assert.Equal(expected.Apply(b), order.Apply(b));
    });

    [Fact]
    public void Matching_brings_trained_networks_nearer_and_lowers_their_barrier()
    {
        var draw = new Draw(3);
        var network = new LayeredNetwork(
            new Shape(4), new DenseLayer(12), new ResidualLayer(new SequenceLayer(new BatchNormLayer(), new ActivationLayer(NodeActivation.Relu), new DenseLayer(16), new ActivationLayer(NodeActivation.Relu), new DenseLayer(12))), new DenseLayer(3));
        var examples = SmallProblem.Clusters(draw, 90);
        using var evaluator = new LossEvaluator(network, OutputLoss.CrossEntropy, examples) { Calibration = examples };
        double[] Trained() => FullBatchDescent.Run(Drawn(draw, network), evaluator, new DescentOptions { LearningRate = 0.1, Momentum = 0.9, Steps = 150 });
        double[] a = Trained(), b = Trained();

        var matched = PermutationMatching.ByWeights(PermutationGroups.Of(network), a, b).Apply(b);

        SmallProblem.AssertClose(NetworkOutputs.Of(network, examples, b), NetworkOutputs.Of(network, examples, matched));
        double Distance(double[] other) => a.Zip(other, (x, y) => (x - y) * (x - y)).Sum();
        Assert.True(Distance(matched) < 0.8 * Distance(b));
        var (before, after) = (LossLine.Between(a, b, evaluator).Barrier.Height, LossLine.Between(a, matched, evaluator).Barrier.Height);
        Assert.True(after < 0.5 * before, $"{after} is not well below {before}.");
    }

    [Fact]
    public void What_is_not_known_is_told()
    {
        var network = Mlp.Relu(2, 3, 2);
        var groups = PermutationGroups.Of(network);

        Assert.Contains("OpaqueNetwork can change places is not known", Assert.Throws<ArgumentException>(() => PermutationGroups.Of(new OpaqueNetwork(network))).Message, StringComparison.Ordinal);
        Assert.Contains("AttentionLayer", Assert.Throws<ArgumentException>(() => PermutationGroups.Of(new LayeredNetwork(new Shape(4, 6), new AttentionLayer(2), new FlattenLayer()))).Message, StringComparison.Ordinal);
        var normalized = new LayeredNetwork(new Shape(4), new DenseLayer(3), new BatchNormLayer(), new DenseLayer(2)).InEvaluationMode([new ChannelStatistics([0.0, 1, 2], [1.0, 2, 3])]);
        Assert.Contains("given statistics", Assert.Throws<ArgumentException>(() => PermutationGroups.Of(normalized)).Message, StringComparison.Ordinal);
        Assert.Contains("was given 3", Assert.Throws<ArgumentException>(() => PermutationMatching.ByWeights(groups, new double[3], new double[17])).Message, StringComparison.Ordinal);
        Assert.Contains("was given 3", Assert.Throws<ArgumentException>(() => GroupPermutation.Identity(groups).Apply(new double[3])).Message, StringComparison.Ordinal);
        Assert.Contains("no permutation of its 3 channels", Assert.Throws<ArgumentException>(() => GroupPermutation.Of(groups, [[0, 0, 1]])).Message, StringComparison.Ordinal);
        Assert.Contains("1 groups", Assert.Throws<ArgumentException>(() => GroupPermutation.Of(groups, [])).Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => PermutationMatching.ByWeights(groups, new double[17], new double[17], null, new CancellationToken(true)));
    }

    /// <summary>Numbers of the size of a start, scales around 1, variances positive.</summary>
    private static double[] Drawn(Draw draw, INetwork network)
    {
        var theta = draw.Normal(network.Layout.Count);
        foreach (var slot in network.Layout.Slots)
        {
            var fan = slot.Shape.Rank > 1 ? slot.Shape.Count / slot.Shape[-1] : 1;
            var isAroundOne = slot.Name.EndsWith("scale", StringComparison.Ordinal) || slot.Name.EndsWith("variance", StringComparison.Ordinal);
            foreach (ref var value in slot.Of(theta.AsSpan()))
                value = isAroundOne ? 1 + (0.3 * Math.Tanh(value)) : slot.Shape.Rank > 1 ? value * Math.Sqrt(2.0 / fan) : 0.3 * value;
        }

        return theta;
    }

    private static double Distinct(double[] values) => values.Max() - values.Min();
}
