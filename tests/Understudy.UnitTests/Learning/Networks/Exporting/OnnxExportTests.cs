using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Learning.Curvature;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Networks.Exporting;
using Understudy.Learning.Networks.Layers;

namespace Understudy.UnitTests.Learning.Networks.Exporting;

/// <summary>A network that is written and read back computes what it did.</summary>
public sealed class OnnxExportTests
{
    private const int Examples = 3;

    /// <summary>Networks by what is special about them.</summary>
    private static readonly Dictionary<string, Func<LayeredNetwork>> Networks = new()
    {
        ["VGG11"] = () => Vgg.Of(new Shape(32, 32, 3), 11, 1.0 / 16),
        ["VGG11 with batch normalization"] = () => Vgg.Of(new Shape(32, 32, 3), 11, 1.0 / 16, Normalization.Batch),
        ["VGG whose last image has several pixels and channels"] = () => Vgg.Of(new Shape(8, 12, 3), "4 M 5", Normalization.Batch),
        ["ResNet18"] = () => ResNet.Of(new Shape(32, 32, 3), 18, 1.0 / 16),
        ["ResNet50"] = () => ResNet.Of(new Shape(16, 16, 1), 50, 1.0 / 16),
        ["ConvNet"] = () => ConvNet.Of(new Shape(16, 16, 3), 5, 2, Normalization.Batch),
        ["ConvNet whose last windows overlap"] = () => ConvNet.Of(new Shape(14, 14, 3), 5, 2),
        ["MLP of an image"] = () => MlpEncoder.Of(new Shape(4, 5, 3), 7, 2),
        ["MLP of a row"] = () => MlpEncoder.Of(new Shape(6), 7, 2),
        ["fully connected layers behind an image"] = () => LayeredNetwork.Convolutional(new Shape(8, 6, 2), [3, 4], [5, 2]),
        ["activations"] = () => new LayeredNetwork(
            new Shape(5), new DenseLayer(4), new ActivationLayer(NodeActivation.Tanh), new DenseLayer(4), new ActivationLayer(NodeActivation.Erf), new DenseLayer(4),
            new ActivationLayer(NodeActivation.LeakyRelu(0.25)), new DenseLayer(4, hasBias: false), new ActivationLayer(NodeActivation.LeakyRelu(1)), new BatchNormLayer()),
        ["unit lengths and nodes"] = () => new LayeredNetwork(
            new Shape(3, 2, 4), new ConvolutionLayer(3), new UnitLengthLayer(), new FlattenLayer(), new ActivationLayer(NodeActivation.Tanh), new DenseLayer(6) { HasUnitNodes = true }, new UnitLengthLayer()),
        ["a flat image that is normalized and flattened again"] = () => new LayeredNetwork(new Shape(3, 2, 4), new ConvolutionLayer(3), new FlattenLayer(), new BatchNormLayer(), new FlattenLayer(), new DenseLayer(2)),
        ["tied layers on a flat image"] = () => new LayeredNetwork(
            new Shape(2, 3, 2), new ConvolutionLayer(2), new FlattenLayer(), new RepeatedLayer(new SequenceLayer(new DenseLayer(12), new ActivationLayer(NodeActivation.Tanh)), 3)),
        ["a block whose path and skip are flat images"] = () => new LayeredNetwork(
            new Shape(2, 3, 2), new ConvolutionLayer(2), new ResidualLayer(new SequenceLayer(new ConvolutionLayer(2), new FlattenLayer()), new FlattenLayer()), new DenseLayer(3)),
        ["the input goes to the output twice"] = () => new LayeredNetwork(new Shape(2), new DenseLayer(3), new ResidualLayer(new SequenceLayer())),
    };

    public static TheoryData<string> Names => [.. Networks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_computes_what_the_network_does(string name)
    {
        var draw = new Draw(3);
        var network = Networks[name]();
        var (theta, statistics) = Drawn(network, draw);
        double[] images = draw.Normal(Examples * network.Inputs);

        var imported = ImportedNetwork.Of(Written(network, theta, statistics));

        var expected = Outputs(network.InEvaluationMode(statistics), images, theta, DType.F64);
        // parameters are exact in single precision, but nodes of unit length and the constants of GELU are rounded to it, by up to 6e-8 of their size
        AssertClose(expected, Outputs(imported, ChannelsFirst(images, network.Example), imported.Parameters.ToArray(), DType.F64), 1e-7);
        // in single precision sums of a few hundred terms round a few times 1e-7, layer after layer
        AssertClose(expected, Outputs(imported, ChannelsFirst(images, network.Example), imported.Parameters.ToArray(), DType.F32), 3e-6);
    }

    [Fact]
    public void A_file_names_its_ends_and_has_weights_in_the_order_of_other_programs()
    {
        var network = new LayeredNetwork(
            new Shape(4, 6, 2), new ConvolutionLayer(3, kernel: 3, stride: 2, padding: 1, hasBias: false), new BatchNormLayer { Epsilon = 0.25 }, new ActivationLayer(NodeActivation.Relu), PoolLayer.Largest(), new DenseLayer(5));
        double[] theta = [.. Enumerable.Range(0, network.Layout.Count)];

        var model = Written(network, theta, [new ChannelStatistics([1, 2, 3], [4, 5, 6])]);

        Assert.Equal(("understudy", 17), (model.Producer, model.OperatorSet));
        Assert.Equal("input [batch, 2, 4, 6]", Text(Assert.Single(model.Inputs)));
        Assert.Equal("output [batch, 5]", Text(Assert.Single(model.Outputs)));
        Assert.Equal(
            [
                "Conv (input, layer.0.weight) layer.0/Conv", "BatchNormalization (layer.0/Conv, layer.1.scale, layer.1.shift, layer.1.mean, layer.1.variance) layer.1/BatchNormalization",
                "Relu (layer.1/BatchNormalization) layer.2/Relu", "MaxPool (layer.2/Relu) layer.3/MaxPool", "Flatten (layer.3/MaxPool) layer.4/Flatten", "Gemm (layer.4/Flatten, layer.4.weight, layer.4.bias) output",
            ],
            model.Nodes.Select(node => $"{node.Operator} ({string.Join(", ", node.Inputs)}) {node.Outputs[0]}"));
        Assert.Equal([3, 3], model.Nodes[0].Attributes["kernel_shape"].WholeNumbers);
        Assert.Equal([2, 2], model.Nodes[0].Attributes["strides"].WholeNumbers);
        Assert.Equal([1, 1, 1, 1], model.Nodes[0].Attributes["pads"].WholeNumbers);
        Assert.Equal(0.25, model.Nodes[1].Attributes["epsilon"].Number);
        Assert.Equal([2, 2], model.Nodes[3].Attributes["strides"].WholeNumbers);
        Assert.Equal(1, model.Nodes[5].Attributes["transB"].WholeNumber);
        Assert.Equal(
            ["layer.0.weight [3, 2, 3, 3]", "layer.1.scale [3]", "layer.1.shift [3]", "layer.1.mean [3]", "layer.1.variance [3]", "layer.4.weight [5, 3]", "layer.4.bias [5]"],
            model.Initializers.Select(tensor => $"{tensor.Name} [{string.Join(", ", tensor.Shape)}]"));
        // kernel [row 1, column 2, channel 1, filter 2] of ours is [2, 1, 1, 2] of the file
        Assert.Equal((((((1 * 3) + 2) * 2) + 1) * 3) + 2, model.Initializers[0].Numbers[(((((2 * 2) + 1) * 3) + 1) * 3) + 2]);
        Assert.Equal([4, 5, 6], model.Initializers[4].Numbers.ToArray());
    }

    [Fact]
    public void Equal_networks_give_equal_bytes_and_statistics_may_be_left_out()
    {
        var network = ConvNet.Of(new Shape(8, 8, 3), 4, 2, Normalization.Batch);
        var theta = Drawn(network, new Draw(1)).Theta;
        byte[] Bytes(LayeredNetwork of)
        {
            using var stream = new MemoryStream();
            OnnxExport.Write(of, theta, null, stream);
            return stream.ToArray();
        }

        Assert.Equal(Bytes(network), Bytes(network.InEvaluationMode()));
    }

    [Fact]
    public void A_network_that_does_nothing_has_an_output_of_its_own()
    {
        var node = Assert.Single(Written(new LayeredNetwork(new Shape(3), new ActivationLayer(NodeActivation.LeakyRelu(1)), new FlattenLayer()), [], null).Nodes);

        Assert.Equal(("Identity", "input", "output"), (node.Operator, node.Inputs[0], node.Outputs[0]));
    }

    [Fact]
    public void What_cannot_be_written_is_named()
    {
        var image = new Shape(8, 8, 3);
        static string Problem(LayeredNetwork network, double number = 0) => Assert.Throws<NotExportableException>(
            () => OnnxExport.Write(network, [.. Enumerable.Repeat(number, network.Layout.Count)], null, Stream.Null)).Message;
        const string Written = "written are convolutions, pools, averages, fully connected layers, activations, batch normalization of channels and unit lengths.";

        Assert.Equal($"layer.1 is a layer ClassTokenLayer on examples [4, 4, 8], which ONNX files written here do not have; {Written}", Problem(VisionTransformer.Of(image, 8, 2, new() { Patch = 2, Depth = 1 })));
        Assert.Equal($"layer.1 is a layer GroupNormLayer on examples [8, 8, 8], which ONNX files written here do not have; {Written}", Problem(Vgg.Of(image, "8", Normalization.Group)));
        Assert.Equal($"layer.0 is a layer NormalizeLayer on examples [2, 3], which ONNX files written here do not have; {Written}", Problem(new LayeredNetwork(new Shape(2, 3), new NormalizeLayer(), new FlattenLayer())));
        Assert.Equal(
            "layer.0 averages 3 windows over 8 pixels that are not all alike, which ONNX has no operator for; an image whose size is a multiple of 3 there can be exported.",
            Problem(new LayeredNetwork(image, new AdaptiveAverageLayer(3), new FlattenLayer())));
        Assert.Equal(
            "layer.0.weight holds 1E+39 at place 0, which is not finite in single precision; a network is exported with finite numbers.",
            Problem(new LayeredNetwork(new Shape(2), new DenseLayer(1)), 1e39));
    }

    [Fact]
    public void Parameters_and_statistics_of_another_network_are_refused()
    {
        var network = Vgg.Of(new Shape(4, 4, 1), "2", Normalization.Batch);

        Assert.Contains("has 24 parameters, but was given 3", Assert.Throws<ArgumentException>(() => OnnxExport.Model(network, new double[3])).Message, StringComparison.Ordinal);
        Assert.Contains("There are 0 statistics", Assert.Throws<ArgumentException>(() => OnnxExport.Model(network, new double[24], [])).Message, StringComparison.Ordinal);
    }

    private static string Text(OnnxValue value) => $"{value.Name} [{string.Join(", ", value.Shape!)}]";

    private static OnnxModel Written(LayeredNetwork network, double[] theta, IReadOnlyList<ChannelStatistics>? statistics)
    {
        using var stream = new MemoryStream();
        OnnxExport.Write(network, theta, statistics, stream);
        stream.Position = 0;
        return Onnx.Read(stream, "net.onnx");
    }

    /// <summary>Parameters of a usual size and statistics, all of them exact in single precision.</summary>
    private static (double[] Theta, ChannelStatistics[] Statistics) Drawn(LayeredNetwork network, Draw draw)
    {
        var theta = EncoderStart.Of(network, i => new RandomSequence(1, "test/export", i));
        foreach (var slot in network.Layout.Slots.Where(slot => slot.Shape.Rank == 1))
        {
            foreach (ref var value in slot.Of(theta.AsSpan()))
                value += draw.Uniform(-0.3, 0.3);
        }

        static double[] Single(IEnumerable<double> values) => [.. values.Select(value => (double)(float)value)];
        return (Single(theta), [.. network.NormalizedChannels().Select(count => new ChannelStatistics(Single(draw.Normal(count)), Single(Enumerable.Range(0, count).Select(_ => draw.Uniform(0.5, 2)))))]);
    }

    private static double[] Outputs(INetwork network, double[] inputs, double[] theta, DType precision)
        => NetworkOutputs.Of(network, inputs, theta, new OutputOptions { Precision = precision });

    /// <summary>Images [n, h, w, c] as [n, c, h, w]; other examples as they are.</summary>
    private static double[] ChannelsFirst(double[] values, Shape example)
    {
        if (example.Rank != 3)
            return values;
        var (pixels, channels) = (example.Product(0, 2), example[2]);
        return [.. Enumerable.Range(0, values.Length).Select(at => values[(at / (pixels * channels) * pixels * channels) + (at % pixels * channels) + (at / pixels % channels)])];
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        var scale = expected.Max(Math.Abs);
        Assert.True(scale > 0);
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance * scale);
    }
}
