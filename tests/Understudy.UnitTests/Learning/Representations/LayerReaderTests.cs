using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Learning.Curvature;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Representations;

namespace Understudy.UnitTests.Learning.Representations;

public sealed class LayerReaderTests
{
    private const int Images = 7;

    private static readonly Shape Image = new(8, 8, 1);

    private static readonly int[] Labels = [0, 1, 0, 1, 0, 1, 1];

    private static float[] Pixels
    {
        get
        {
            var pixels = new float[Images * 64];
            new RandomSequence(1, "images").FillNormal(0, pixels);
            return pixels;
        }
    }

    [Theory]
    [InlineData("4 M 6", Normalization.Batch)]
    [InlineData("resnet20*0.25", Normalization.Instance)]
    [InlineData("mlp-5-2", Normalization.None)]
    public void The_last_place_is_the_embedding_and_the_first_are_the_pixels(string text, Normalization normalization)
    {
        var (encoder, parameters) = Drawn(text, normalization);
        var places = LayerPlace.Of(encoder, 1000);

        var read = LayerReader.Read(encoder, places, Pixels, Labels, 2, parameters, null, TestContext.Current.CancellationToken);

        Assert.Equal(Array.ConvertAll(Pixels, value => (double)value), read[0].Features.ToArray());
        Assert.Equal(NetworkOutputs.Of(encoder, Pixels, parameters, null, TestContext.Current.CancellationToken), read[^1].Features.ToArray());
        Assert.Equal(places.Select(place => place.Width), read.Select(set => set.Width));
    }

    [Fact]
    public void Places_read_alone_are_those_read_together()
    {
        var (encoder, parameters) = Drawn("4 M 6", Normalization.Batch);
        var places = LayerPlace.Of(encoder, 20);
        var together = LayerReader.Read(encoder, places, Pixels, Labels, 2, parameters, null, TestContext.Current.CancellationToken);

        Assert.All(LayerReader.Passes(places, 30).SelectMany(pass => LayerReader.Read(encoder, pass, Pixels, Labels, 2, parameters, null, TestContext.Current.CancellationToken)).Zip(together), pair =>
            Assert.Equal(pair.Second.Features.ToArray(), pair.First.Features.ToArray()));
    }

    [Fact]
    public void A_wide_image_is_averaged_over_windows()
    {
        var (encoder, parameters) = Drawn("4 M 6", Normalization.None);
        var (whole, averaged) = (LayerPlace.Of(encoder, 1000), LayerPlace.Of(encoder, 20));
        var convolution = Assert.Single(averaged, place => place is { Index: 1, Kind: LayerKind.Convolution });

        var full = LayerReader.Read(encoder, [whole[1]], Pixels, Labels, 2, parameters, null, TestContext.Current.CancellationToken)[0];
        var means = LayerReader.Read(encoder, [convolution], Pixels, Labels, 2, parameters, null, TestContext.Current.CancellationToken)[0];

        // 4 channels in windows of 4 x 4 of 8 x 8 pixels
        Assert.Equal((2, 16), (convolution.Grid, convolution.Width));
        for (var example = 0; example < Images; example++)
        {
            for (var at = 0; at < 16; at++)
            {
                var (row, column, channel) = (at / 8, at / 4 % 2, at % 4);
                var mean = Enumerable.Range(0, 16).Average(i => full.Features[(example * 256) + ((((4 * row) + (i / 4)) * 8) + (4 * column) + (i % 4)) * 4 + channel]);
                Assert.Equal(mean, means.Features[(example * 16) + at], 1e-12);
            }
        }
    }

    [Fact]
    public void Encoder_and_head_are_one_network_of_the_same_parameters()
    {
        var network = new ProjectedEncoder(Vgg.Of(Image, "4 M 6", Normalization.Batch), new HeadOptions { Hidden = [8], Bottleneck = 4, Outputs = 16, Shape = BottleneckShape.Parse("-/lb/fn/wn/l/-") }).InEvaluationMode();
        var parameters = StudentStart.Draw(network, (part, weight) => new RandomSequence(3, $"{part}/{weight}"));
        var joined = network.ToLayers();

        Assert.Equal(
            NetworkOutputs.Of(network, Pixels, parameters, null, TestContext.Current.CancellationToken), NetworkOutputs.Of(joined, Pixels, parameters, null, TestContext.Current.CancellationToken));
        // images, convolution, normalization, activation, pool, convolution, normalization, activation; fully connected, activation, fully connected, unit length, outputs
        Assert.Equal([LayerKind.Dense, LayerKind.Activation, LayerKind.Dense, LayerKind.UnitLength, LayerKind.Dense], LayerPlace.Of(joined, 50).Skip(8).Select(place => place.Kind));
    }

    [Fact]
    public void Passes_keep_the_order_and_the_width_that_is_given()
    {
        LayerPlace[] places = [.. new[] { 10, 20, 30, 100, 5, 40 }.Select((width, i) => new LayerPlace(i, LayerKind.Dense, new Shape(width), 0))];

        var passes = LayerReader.Passes(places, 60).ToArray();

        Assert.Equal(places, passes.SelectMany(pass => pass));
        Assert.Equal([3, 1, 2], passes.Select(pass => pass.Count));
    }

    [Fact]
    public void A_network_in_training_mode_is_refused()
    {
        var encoder = Vgg.Of(Image, "4 M 6", Normalization.Batch);
        var places = LayerPlace.Of(encoder, 10);

        Assert.Contains("evaluation mode", Assert.Throws<ArgumentException>(() => LayerReader.Read(encoder, places, Pixels, Labels, 2, new double[encoder.Layout.Count])).Message, StringComparison.Ordinal);
    }

    private static (LayeredNetwork Encoder, double[] Parameters) Drawn(string text, Normalization normalization)
    {
        var encoder = EncoderText.Network(text, Image, normalization).InEvaluationMode();
        return (encoder, EncoderStart.Of(encoder, layer => new RandomSequence(2, "encoder", layer)));
    }
}
