using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
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

    [Fact]
    public void What_watched_layers_read_is_what_the_layers_below_them_did()
    {
        var network = new LayeredNetwork(new Shape(4), new DenseLayer(3), new ActivationLayer(NodeActivation.Relu), new DenseLayer(2));
        var below = new LayeredNetwork(new Shape(4), new DenseLayer(3), new ActivationLayer(NodeActivation.Relu));
        var (x, parameters) = (Ops.Input(5, 4), network.Layout.ToInputs());
        var flat = FanInUniform.Of(network, 1, layer => new RandomSequence(1, $"layer {layer}"));
        var inputs = new double[20];
        new RandomSequence(2, "x").FillNormal(0, inputs);

        var (output, read) = network.OutputWithRead(x, parameters, layer => layer is DenseLayer);
        using var plan = Plan.Compile([.. read, output, below.Output(x, parameters[..2]), network.Output(x, parameters)], new PlanOptions { Precision = DType.F64 });
        plan.Write(x, inputs);
        foreach (var (symbol, slot) in parameters.Zip(network.Layout.Slots))
            plan.Write(symbol, slot.Of<double>(flat));
        plan.Run();

        Assert.Equal(2, read.Count);
        Assert.Equal(inputs, Read(0, 20));
        Assert.Equal(Read(3, 15), Read(1, 15));
        Assert.Equal(Read(4, 10), Read(2, 10));

        double[] Read(int place, int count)
        {
            var values = new double[count];
            plan.Read(place, values);
            return values;
        }
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
