using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Random;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;

namespace Understudy.UnitTests.Learning.Networks;

public class LayeredNetworkTests
{
    [Fact]
    public void What_a_layer_does_not_take_is_named_when_the_network_is_made()
    {
        Assert.Contains("images [h, w, c]", Assert.Throws<ShapeException>(() => new LayeredNetwork(new Shape(10), new ConvolutionLayer(2), new DenseLayer(2))).Message, StringComparison.Ordinal);
        Assert.Contains("one row", Assert.Throws<ShapeException>(() => new LayeredNetwork(new Shape(4, 4, 1), new ConvolutionLayer(2))).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => new LayeredNetwork(new Shape(2, 8, 1), PoolLayer.Largest(3), new DenseLayer(2)));
        Assert.Throws<ArgumentException>(() => new LayeredNetwork(new Shape(4), new DenseLayer(3), null!, new DenseLayer(2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConvolutionLayer(3, 3, 1, int.MaxValue));
    }

    [Fact]
    public void Inputs_and_parameters_that_do_not_fit_are_named()
    {
        var network = new LayeredNetwork(new Shape(2, 2, 1), new DenseLayer(3));
        var parameters = network.Layout.ToInputs();

        foreach (var (input, given) in new[] { (Ops.Input(5, 3), parameters), (Ops.Input(5, 2, 2), parameters), (Ops.Input(5, 4), parameters[..1]), (Ops.Input(5, 4), [.. parameters, Ops.Input(1)]) })
            Assert.Contains("an input [batch, 4] and the 2 parameters", Assert.Throws<ShapeException>(() => network.Output(input, given)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Starts_are_for_networks_with_nodes_along_the_last_axis()
    {
        var network = new Turned();

        var error = Assert.Throws<ArgumentException>(() => FanInUniform.Of(network, 1, layer => new RandomSequence(1, $"layer {layer}")));

        Assert.Contains("conv.weight [4, 2, 3, 3] and the bias [4]", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A layout as PyTorch has it.</summary>
    private sealed class Turned : INetwork
    {
        public ParameterLayout Layout { get; } = new([("conv.weight", new Shape(4, 2, 3, 3)), ("conv.bias", new Shape(4))]);

        public int Inputs => 1;

        public int Outputs => 1;

        public Sym Output(Sym input, IReadOnlyList<Sym> parameters) => input;
    }
}
