using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Networks.Layers;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;

namespace Understudy.UnitTests.Learning.Distillation;

/// <summary>Heads, their ends by six fields, and encoders with a head.</summary>
public sealed class ProjectedEncoderTests
{
    private static readonly HeadOptions Head = new() { Hidden = [6, 5], Bottleneck = 3, Outputs = 7 };

    private static ProjectedEncoder Network { get; } = new(MlpEncoder.Of(new Shape(4), 8, 1), Head);

    [Fact]
    public void Hidden_layers_of_a_head_have_the_activation_that_was_asked_for()
    {
        var layers = new LayeredNetwork(
            new Shape(4), new DenseLayer(6), new ActivationLayer(NodeActivation.Relu), new DenseLayer(5), new ActivationLayer(NodeActivation.Relu),
            new DenseLayer(3), new UnitLengthLayer(), new DenseLayer(7, false) { HasUnitNodes = true });
        double[] inputs = new Draw(1).Normal(3 * 4), parameters = new Draw(2).Normal(layers.Layout.Count);
        double[] Outputs(HeadOptions options) => NetworkOutputs.Of(ProjectionHead.Of(4, options), inputs, parameters);

        Assert.Equal(NetworkOutputs.Of(layers, inputs, parameters), Outputs(Head with { Activation = NodeActivation.Relu }));
        Assert.NotEqual(Outputs(Head), Outputs(Head with { Activation = NodeActivation.Relu }));
    }

    [Fact]
    public void Every_shape_with_a_layer_is_written_as_it_is_read()
    {
        string[] layers = ["-/l", "-/lb", "wn/l", "wn/lb", "-/-"], lengths = ["-", "fn", "fnd"];
        foreach (var inner in layers)
        {
            foreach (var outer in layers.Where(outer => (inner, outer) != ("-/-", "-/-")))
            {
                foreach (var (first, second) in lengths.SelectMany(first => lengths.Select(second => (first, second))))
                    Assert.Equal($"{inner}/{first}/{outer}/{second}", BottleneckShape.Parse($"{inner}/{first}/{outer}/{second}").ToString());
            }
        }
    }

    [Theory]
    [InlineData("-/lb/fn/wn/l/-")]
    [InlineData("-/lb/-/-/-/-")]
    public void As_one_stack_of_layers_it_is_the_same_function_of_the_same_parameters(string shape)
    {
        var network = new ProjectedEncoder(MlpEncoder.Of(new Shape(4), 8, 1), Head with { Shape = BottleneckShape.Parse(shape) });
        double[] inputs = [.. Enumerable.Range(0, 12).Select(i => Math.Sin(i))], parameters = [.. Enumerable.Range(0, network.Layout.Count).Select(i => Math.Cos(3 * i))];

        Assert.Equal(NetworkOutputs.Of(network, inputs, parameters), NetworkOutputs.Of(network.ToLayers(), inputs, parameters));
    }

    [Fact]
    public void The_published_shape_has_a_bottleneck_of_unit_length_and_nodes_of_unit_length()
        => Assert.Equal(new BottleneckShape(new LinearShape(true, false), UnitLength.Differentiated, new LinearShape(false, true), UnitLength.None), BottleneckShape.Default);

    [Theory]
    [InlineData("-/lb/fn", "has six fields such as -/lb/fn/wn/l/-, but -/lb/fn has 3")]
    [InlineData("", "has 1")]
    [InlineData("fn/lb/fn/wn/l/-", "Fields 1 and 4 of a bottleneck are wn or -, but fn/lb/fn/wn/l/- has fn")]
    [InlineData("-/lb/fn/wn/bias/-", "Fields 2 and 5 of a bottleneck are l, lb or -, but -/lb/fn/wn/bias/- has bias")]
    [InlineData("-/lb/norm/wn/l/-", "Fields 3 and 6 of a bottleneck are fn, fnd or -, but -/lb/norm/wn/l/- has norm")]
    [InlineData("wn/-/fn/wn/l/-", "normalizes the weights of a layer that is not there")]
    [InlineData("-/-/fn/-/-/fn", "has no linear layer")]
    public void A_shape_that_is_none_is_told(string text, string message)
        => Assert.Contains(message, Assert.Throws<FormatException>(() => BottleneckShape.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("-/lb/fn/wn/l/-", 3, 7)]
    [InlineData("-/l/-/-/lb/fn", 3, 7)]
    [InlineData("-/-/fn/-/l/-", 5, 7)]
    [InlineData("-/lb/fn/-/-/-", 7, 7)]
    public void A_missing_layer_leaves_the_width_before_or_after_it(string shape, int bottleneck, int outputs)
    {
        var network = new ProjectedEncoder(MlpEncoder.Flatten(new Shape(4)), Head with { Shape = BottleneckShape.Parse(shape) });

        Assert.Equal((bottleneck, outputs), (network.Bottleneck, network.Outputs));
    }

    [Fact]
    public void A_bottleneck_of_no_numbers_is_one_linear_layer()
    {
        var head = Head with { Bottleneck = 0 };

        Assert.Null(ProjectionHead.Parts(4, head).Tail);
        Assert.Equal(["weight [4, 7]", "bias [7]"], ProjectionHead.Of(4, head).Layout.Slots.Select(slot => $"{slot.Name.Split('.')[^1]} {slot.Shape}"));
    }

    [Fact]
    public void Parameters_are_those_of_the_encoder_of_the_head_and_of_what_follows_it()
    {
        string[] names = [.. Network.Layout.Slots.Select(slot => slot.Name)];
        double[] theta = [.. Enumerable.Range(0, Network.Layout.Count).Select(at => (double)at)];

        Assert.Equal(["encoder.0.weight", "encoder.0.bias", "head.0.weight", "head.0.bias", "head.2.weight", "head.2.bias", "head.4.weight", "head.4.bias", "tail.0.weight"], names);
        Assert.Equal(theta[..((4 * 8) + 8)], Network.EncoderPart(theta).ToArray());
        Assert.Equal(theta[^(3 * 7)..], Network.TailPart(theta).ToArray());
        Assert.Equal(names[..^1], Network.ToBottleneck().Layout.Slots.Select(slot => slot.Name));
        Assert.Equal((4 * 8) + (8 * 6) + (6 * 5) + (5 * 3) + (3 * 7), Network.MultiplyAdds);
        Assert.Equal((Network.MultiplyAdds - (3 * 7), 3 * 7), (Network.ToBottleneck().MultiplyAdds, Network.TailMultiplyAdds));
    }

    [Fact]
    public void The_whole_is_the_encoder_then_the_head_then_what_follows_it()
    {
        var drawn = new DistilledCase(Network, 1);
        var (input, parameters) = (Ops.Input(drawn.Count, Network.Inputs), Network.Layout.ToInputs());
        var values = parameters.Index().ToDictionary(item => item.Item, item => Network.Layout.Slots[item.Index].Of<double>(drawn.Start).ToArray());
        values[input] = [.. drawn.Images.Select(pixel => (double)pixel)];
        var (embedding, output) = Network.EmbeddingAndOutput(input, parameters);
        var traced = Reference.Evaluate(values, embedding, output);

        var embedded = NetworkOutputs.Of(Network.Encoder, drawn.Images, Network.EncoderPart(drawn.Start));
        var (head, tail) = ProjectionHead.Parts(Network.Encoder.Outputs, Head);
        var bottlenecks = NetworkOutputs.Of(head, embedded, drawn.Start.AsSpan(Network.Encoder.Layout.Count, head.Layout.Count));

        AssertClose(traced[0], embedded, 1e-13);
        AssertClose(bottlenecks, NetworkOutputs.Of(Network.ToBottleneck(), drawn.Images, drawn.Start.AsSpan(..^Network.TailCount)), 1e-13);
        AssertClose(traced[1], NetworkOutputs.Of(tail!, bottlenecks, Network.TailPart(drawn.Start)), 1e-13);
        AssertClose(traced[1], NetworkOutputs.Of(ProjectionHead.Of(Network.Encoder.Outputs, Head), embedded, drawn.Start.AsSpan(Network.Encoder.Layout.Count)), 1e-13);
        AssertClose(traced[1], NetworkOutputs.Of(Network, drawn.Images, drawn.Start), 1e-13);
        // fn of the bottleneck
        for (var row = 0; row < drawn.Count; row++)
            Assert.Equal(1, Norm(bottlenecks[(row * 3)..((row + 1) * 3)]), 1e-14);
    }

    [Fact]
    public void A_teacher_is_remembered_by_its_bottleneck_on_every_image()
    {
        var drawn = new DistilledCase(Network, 2);

        Assert.Equal(NetworkOutputs.Of(Network.ToBottleneck(), drawn.Images, drawn.Teacher.AsSpan(..^Network.TailCount)), TeacherCache.Bottlenecks(Network, drawn.Teacher, drawn.Images));
    }

    [Fact]
    public void A_teacher_that_cannot_be_remembered_is_told()
    {
        var normalized = new ProjectedEncoder(Vgg.Of(new Shape(2, 2, 1), "2 M", Normalization.Batch), Head);

        Assert.Contains("in evaluation mode", Assert.Throws<ArgumentException>(() => TeacherCache.Bottlenecks(normalized, new double[normalized.Layout.Count], new float[4])).Message, StringComparison.Ordinal);
        Assert.Contains(
            $"A teacher has {Network.Layout.Count} parameters, but was given 3", Assert.Throws<ArgumentException>(() => TeacherCache.Bottlenecks(Network, new double[3], new float[4])).Message, StringComparison.Ordinal);
        Assert.Contains("was given 5 and", Assert.Throws<ArgumentException>(() => TeacherCache.Bottlenecks(Network, new double[Network.Layout.Count], new float[5])).Message, StringComparison.Ordinal);
        foreach (var wrong in new[] { Head with { Hidden = [0] }, Head with { Bottleneck = -1 }, Head with { Outputs = 0 } })
            Assert.Throws<ArgumentOutOfRangeException>(() => new ProjectedEncoder(Network.Encoder, wrong));
    }
}
