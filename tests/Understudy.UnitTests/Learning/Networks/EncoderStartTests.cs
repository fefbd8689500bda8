using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Networks.Layers;

namespace Understudy.UnitTests.Learning.Networks;

public sealed class EncoderStartTests
{
    private static readonly Shape Image = new(32, 32, 3);

    [Theory]
    [InlineData(Normalization.None, 27.97)]
    [InlineData(Normalization.Batch, 35.53)]
    public void The_network_and_head_of_the_quick_preset_start_with_the_norm_of_the_specification(Normalization kind, double norm)
    {
        // section 2.2: √(2 Σ channels of convolutions + channels of normalizations + 4e-4 weights of the head)
        var encoder = Vgg.Of(new Shape(16, 16, 3), "16 16 M 32 32 M 64 64 M 128 128 M", kind);
        var head = ProjectionHead.Of(128, new HeadOptions());

        var squares = Squares(EncoderStart.Of(encoder, Draws)) + Squares(NormalStart.Of(head, 0.02, Draws));

        Assert.Equal(norm, Math.Sqrt(squares), 0.01 * norm);
    }

    [Fact]
    public void Convolutions_have_the_spread_of_their_fan_out_and_no_bias()
    {
        var network = new LayeredNetwork(Image, new ConvolutionLayer(40, 5), new ConvolutionLayer(10, 3), new FlattenLayer());

        var start = EncoderStart.Of(network, Draws);

        double[] deviations = [Math.Sqrt(2.0 / (25 * 40)), Math.Sqrt(2.0 / (9 * 10))];
        for (var layer = 0; layer < 2; layer++)
        {
            var weights = Slot(network, start, $"layer.{layer}.weight");
            // the variance of n normal numbers has the standard deviation √(2 / n) of itself: five of them
            Assert.Equal(1, weights.Average(w => w * w) / (deviations[layer] * deviations[layer]), 5 * Math.Sqrt(2.0 / weights.Length));
            Assert.Equal(0, weights.Average(), 5 * deviations[layer] / Math.Sqrt(weights.Length));
            Assert.All(Slot(network, start, $"layer.{layer}.bias"), bias => Assert.Equal(0, bias));
        }
    }

    [Fact]
    public void Full_layers_are_uniform_by_their_fan_in()
    {
        var network = MlpEncoder.Of(new Shape(100), 50, 2);

        Assert.Equal(FanInUniform.Of(network, 1, Draws), EncoderStart.Of(network, Draws));
    }

    [Fact]
    public void Tokens_and_positions_are_standard_normal_and_normalizations_the_identity()
    {
        var network = VisionTransformer.Of(Image, 64, 4, new() { Patch = 4, Depth = 1 });

        var start = EncoderStart.Of(network, Draws);

        var drawn = Slot(network, start, "layer.1.token").Concat(Slot(network, start, "layer.1.positions")).ToArray();
        Assert.Equal(1, drawn.Average(x => x * x), 5 * Math.Sqrt(2.0 / drawn.Length));
        Assert.All(Slot(network, start, "layer.4.scale"), scale => Assert.Equal(1, scale));
        Assert.All(Slot(network, start, "layer.4.shift"), shift => Assert.Equal(0, shift));
        var bound = 1 / Math.Sqrt(64);
        Assert.InRange(Slot(network, start, "layer.2.0.path.1.qkv.weight").Max(Math.Abs), 0.99 * bound, bound);
        Assert.InRange(Slot(network, start, "layer.2.0.path.1.qkv.bias").Max(Math.Abs), 0.9 * bound, bound);
    }

    [Fact]
    public void A_node_keeps_its_numbers_when_others_join_it()
    {
        double[] Weights(int filters)
        {
            var network = new LayeredNetwork(new Shape(4, 4, 2), new ConvolutionLayer(filters, hasBias: false), new FlattenLayer());
            // by node, free of the spread that depends on the filters
            return [.. EncoderStart.Of(network, Draws).Select((w, i) => (Node: i % filters, Weight: w * Math.Sqrt(9 * filters / 2.0))).Where(pair => pair.Node < 3).OrderBy(pair => pair.Node).Select(pair => pair.Weight)];
        }

        var (few, many) = (Weights(3), Weights(7));

        for (var i = 0; i < few.Length; i++)
            Assert.Equal(few[i], many[i], 1e-14);
    }

    [Fact]
    public void A_head_has_normal_weights_and_no_biases()
    {
        var network = ProjectionHead.Parts(100, new HeadOptions { Hidden = [200], Bottleneck = 50 }).ToBottleneck;

        var start = NormalStart.Of(network, 0.02, Draws);

        var weights = Slot(network, start, "layer.0.weight");
        Assert.Equal(1, weights.Average(w => w * w) / 4e-4, 5 * Math.Sqrt(2.0 / weights.Length));
        Assert.All(Slot(network, start, "layer.0.bias"), bias => Assert.Equal(0, bias));
        Assert.Equal([1, 1, 0, 0], NormalStart.Of(new LayeredNetwork(new Shape(2), new LayerNormLayer()), 1, Draws));
        Assert.Contains("layer.0.", Assert.Throws<ArgumentException>(() => NormalStart.Of(new LayeredNetwork(new Shape(2, 2, 3), new ClassTokenLayer(), new FlattenLayer()), 1, Draws)).Message, StringComparison.Ordinal);
    }

    private static RandomSequence Draws(int layer) => new(5, $"test/{layer}");

    private static double Squares(double[] values) => values.Sum(value => value * value);

    private static double[] Slot(LayeredNetwork network, double[] start, string name) => network.Layout.Slots.Single(slot => slot.Name == name).Of<double>(start).ToArray();
}
