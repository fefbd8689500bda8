using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Networks.Exporting;
using Understudy.Learning.Networks.Layers;
using Understudy.UnitTests.Data.Formats;
using Understudy.UnitTests.Learning.Curvature;

namespace Understudy.UnitTests.Learning.Landscape;

/// <summary>Permutation groups that are derived from the operators of an ONNX file.</summary>
public class ImportedPermutationTests
{
    [Fact]
    public void A_residual_network_of_a_file_in_another_order_computes_the_same_and_is_recovered()
    {
        var draw = new Draw(1);
        byte[] Weights(string name, params int[] shape) => OnnxForge.Tensor(name, [.. draw.Normal(shape.Aggregate((a, b) => a * b)).Select(x => 0.5 * x)], shape);
        var pads = OnnxForge.Attribute("pads", 1L, 1L, 1L, 1L);
        var network = ImportedNetwork.Of(OnnxTests.Read(new OnnxForge().Input("x", -1, 2, 6, 6).Output("y", -1, 3)
            .Stored(Weights("stem", 5, 2, 3, 3)).Stored(Weights("stem.bias", 5)).Stored(Weights("first", 7, 5, 3, 3)).Stored(Weights("first.bias", 7)).Stored(Weights("second", 5, 7, 3, 3)).Stored(Weights("gain", 5, 1, 1))
            .Stored(Weights("hidden", 45, 6)).Stored(Weights("hidden.bias", 6)).Stored(Weights("head", 3, 6)).Stored(Weights("head.bias", 3))
            .Node("Conv", "c1", ["x", "stem", "stem.bias"], pads).Node("Relu", "a1", ["c1"])
            .Node("Conv", "c2", ["a1", "first", "first.bias"], pads).Node("Tanh", "a2", ["c2"]).Node("Conv", "c3", ["a2", "second"], pads)
            .Node("Add", "sum", ["c3", "a1"]).Node("Mul", "scaled", ["gain", "sum"]).Node("Relu", "a3", ["scaled"])
            .Node("MaxPool", "p", ["a3"], OnnxForge.Attribute("kernel_shape", 2L, 2L), OnnxForge.Attribute("strides", 2L, 2L)).Node("Flatten", "f", ["p"])
            .Node("Gemm", "h", ["f", "hidden", "hidden.bias"]).Node("Tanh", "t", ["h"]).Node("Gemm", "y", ["t", "head", "head.bias"], OnnxForge.Attribute("transB", 1)).ToFile()));

        var groups = PermutationGroups.Of(network);

        Assert.Equal([5, 7, 6], groups.All.Select(group => group.Width));
        Assert.Equal(["first", "gain", "hidden", "second", "stem", "stem.bias"], groups.All[0].Parameters.Order());
        Assert.Equal(["first", "first.bias", "second"], groups.All[1].Parameters.Order());
        Assert.Equal(["head", "hidden", "hidden.bias"], groups.All[2].Parameters.Order());
        AssertRecovered(network, groups);
    }

    [Fact]
    public void An_exported_network_has_the_groups_of_its_layers_but_for_those_that_stored_statistics_hold()
    {
        var image = new Shape(8, 8, 3);
        var plain = ResNet.Of(image, 20, 0.25, Normalization.None).Then(new DenseLayer(3));
        var normalized = ResNet.Of(image, 20, 0.25).Then(new DenseLayer(3)).InEvaluationMode();

        PermutationGroups imported = PermutationGroups.Of(Imported(plain)), own = PermutationGroups.Of(plain);

        Assert.Equal(own.All.Select(group => group.Width), imported.All.Select(group => group.Width));
        Assert.Equal(own.All.Select(group => group.Parameters.Count), imported.All.Select(group => group.Parameters.Count));
        AssertRecovered(Imported(plain), imported);
        Assert.Empty(PermutationGroups.Of(Imported(normalized)).All);
    }

    [Theory]
    [InlineData("mlp", 1)]
    [InlineData("lenet", 2)]
    public void Exports_of_PyTorch_have_a_group_for_every_hidden_layer(string name, int layers)
    {
        var network = ImportedNetwork.Of(OnnxTests.Read(OnnxTests.Fixture(name)));

        var groups = PermutationGroups.Of(network);

        Assert.Equal(layers, groups.All.Count);
        AssertRecovered(network, groups);
        // a single layer behind extents that are computed
        Assert.Empty(PermutationGroups.Of(ImportedNetwork.Of(OnnxTests.Read(OnnxTests.Fixture("mlp_view")))).All);
    }

    [Fact]
    public void Arrays_in_two_places_hold_their_channels_and_unknown_operators_are_named()
    {
        var draw = new Draw(2);
        byte[] Weights(string name, params int[] shape) => OnnxForge.Tensor(name, draw.Normal(shape.Aggregate((a, b) => a * b)), shape);
        OnnxForge Forge() => new OnnxForge().Input("x", -1, 4).Output("y", -1, 4).Stored(Weights("twice", 4, 4)).Stored(Weights("last", 4, 4));

        var shared = Forge().Node("Gemm", "a", ["x", "last"]).Node("Gemm", "b", ["a", "twice"]).Node("Tanh", "t", ["b"]).Node("Gemm", "y", ["t", "twice"]).ToFile();
        var reduced = Forge().Node("Gemm", "a", ["x", "twice"]).Node("Transpose", "t", ["a"], OnnxForge.Attribute("perm", 0L, 1L)).Node("Gemm", "y", ["t", "last"]).ToFile();

        Assert.Empty(PermutationGroups.Of(ImportedNetwork.Of(OnnxTests.Read(shared))).All);
        Assert.Contains(
            "an operator Transpose", Assert.Throws<ArgumentException>(() => PermutationGroups.Of(ImportedNetwork.Of(OnnxTests.Read(reduced)))).Message, StringComparison.Ordinal);
    }

    private static void AssertRecovered(ImportedNetwork network, PermutationGroups groups)
    {
        var examples = DrawnPoints.Examples(new Draw(3), network, OutputLoss.CrossEntropy, 6);
        double[] theta = network.Parameters.ToArray(), hidden = GroupPermutation.Drawn(groups, new RandomSequence(1, "test/order")).Apply(theta);

        Assert.NotEqual(theta, hidden);
        SmallProblem.AssertClose(NetworkOutputs.Of(network, examples, theta), NetworkOutputs.Of(network, examples, hidden));
        Assert.Equal(theta, PermutationMatching.ByWeights(groups, theta, hidden).Apply(hidden));
    }

    private static ImportedNetwork Imported(LayeredNetwork network)
    {
        var theta = new Draw(4).Normal(network.Layout.Count);
        foreach (var slot in network.Layout.Slots.Where(slot => slot.Shape.Rank > 1))
        {
            foreach (ref var value in slot.Of(theta.AsSpan()))
                value *= Math.Sqrt(2.0 / (slot.Shape.Count / slot.Shape[-1]));
        }

        using var file = new MemoryStream();
        OnnxExport.Write(network, theta, null, file);
        return ImportedNetwork.Of(OnnxTests.Read(file.ToArray()));
    }
}
