using Understudy.Engine;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;

namespace Understudy.UnitTests.Learning.Networks.Encoders;

/// <summary>Parameters and multiply-adds as printed in the specification of the study of random teachers, section 3; no parameters are made.</summary>
public sealed class EncoderCountTests
{
    private static readonly Shape Image = new(32, 32, 3);

    [Theory]
    [InlineData(11, 9_220_480, 152.8)]
    [InlineData(13, 9_404_992, 228.3)]
    [InlineData(16, 14_714_688, 313.2)]
    [InlineData(19, 20_024_384, 398.1)]
    public void Vgg_has_the_counts_of_the_table(int depth, int parameters, double millions)
        => AssertCounts(Vgg.Of(Image, depth), parameters, millions, 512);

    [Theory]
    [InlineData(20, 271_824, 40.8, 64)]
    [InlineData(56, 855_120, 125.7, 64)]
    [InlineData(18, 11_168_832, 555.4, 512)]
    [InlineData(34, 21_276_992, 1159.4, 512)]
    public void ResNet_has_the_counts_of_the_table(int depth, int parameters, double millions, int embedding)
        => AssertCounts(ResNet.Of(Image, depth), parameters, millions, embedding);

    [Fact]
    public void ResNet50_has_the_parameters_of_the_table()
    {
        var network = ResNet.Of(Image, 50);

        Assert.Equal((23_500_352, 2048), (network.Layout.Count, network.Outputs));
    }

    [Theory]
    [InlineData(192, 3, 16, 594_048)]
    [InlineData(384, 6, 16, 2_072_832)]
    [InlineData(512, 8, 16, 3_550_208)]
    [InlineData(768, 12, 16, 7_684_608)]
    [InlineData(192, 3, 8, 485_760)]
    [InlineData(384, 6, 8, 1_856_256)]
    [InlineData(512, 8, 8, 3_261_440)]
    [InlineData(768, 12, 8, 7_251_456)]
    public void Tied_vision_transformers_have_the_parameters_of_the_table(int width, int heads, int patch, int parameters)
    {
        var options = VisionTransformerOptions.Tied with { Patch = patch };
        var sizes = new Dictionary<int, LayeredNetwork>
        {
            [192] = VisionTransformer.Tiny(Image, options),
            [384] = VisionTransformer.Small(Image, options),
            [512] = VisionTransformer.Medium(Image, options),
            [768] = VisionTransformer.Base(Image, options),
        };

        Assert.Equal(parameters, sizes[width].Layout.Count);
        Assert.Equal(width, sizes[width].Outputs);
        Assert.Equal(Slots(VisionTransformer.Of(Image, width, heads, options)), Slots(sizes[width]));
    }

    [Fact]
    public void An_untied_vision_transformer_has_every_block_once_more()
    {
        var (tied, untied) = (VisionTransformer.Tiny(Image, new() { IsTied = true }), VisionTransformer.Tiny(Image));

        // a block: two normalizations, q, k, v and their join, two layers of the ratio 4
        const int d = 192, block = (2 * 2 * d) + (4 * d * (d + 1)) + (4 * d * (d + 1)) + (d * ((4 * d) + 1));
        Assert.Equal(tied.Layout.Count + (11 * block), untied.Layout.Count);
        Assert.Equal(tied.MultiplyAdds, untied.MultiplyAdds);
    }

    [Fact]
    public void Multiply_adds_of_a_vision_transformer_are_those_of_its_products()
    {
        var network = VisionTransformer.Tiny(Image, new() { Patch = 8 });

        // patches; by block the four products of width d, two of tokens with tokens, and two of the ratio 4
        const double t = 17, d = 192;
        Assert.Equal((16 * 8 * 8 * 3 * d) + (12 * ((4 * t * d * d) + (2 * t * t * d) + (8 * t * d * d))), network.MultiplyAdds);
    }

    [Theory]
    [InlineData(512, 1)]
    [InlineData(1024, 5)]
    public void An_encoder_of_full_layers_has_a_square_of_weights_for_each_but_the_first(int width, int layers)
    {
        var network = MlpEncoder.Of(Image, width, layers);

        Assert.Equal((3072 * width) + width + ((layers - 1) * width * (width + 1)), network.Layout.Count);
        Assert.Equal(network.Layout.Count - (layers * width), network.MultiplyAdds);
        Assert.Equal(width, network.Outputs);
    }

    [Theory]
    [InlineData(16, 1, 32)]
    [InlineData(32, 5, 32)]
    [InlineData(32, 5, 16)]
    public void The_plain_convolutional_network_ends_in_four_numbers_of_every_filter(int width, int blocks, int pixels)
    {
        var network = ConvNet.Of(new Shape(pixels, pixels, 3), width, blocks);

        Assert.Equal((27 * width) + width + ((blocks - 1) * ((9 * width * width) + width)), network.Layout.Count);
        Assert.Equal(4 * width, network.Outputs);
    }

    [Fact]
    public void The_network_of_the_quick_preset_has_its_counts()
    {
        var image = new Shape(16, 16, 3);
        const string filters = "16 16 M 32 32 M 64 64 M 128 128 M";

        Assert.Equal((293_520, 128), (Vgg.Of(image, filters).Layout.Count, Vgg.Of(image, filters).Outputs));
        Assert.Equal(294_480, Vgg.Of(image, filters, Normalization.Batch).Layout.Count);
    }

    [Fact]
    public void The_projection_head_has_the_counts_of_the_table()
    {
        var options = new HeadOptions { Hidden = [2048, 2048], Bottleneck = 256, Outputs = 65_536 };
        var (head, whole) = (ProjectionHead.Parts(512, options).ToBottleneck, ProjectionHead.Of(512, options));

        Assert.Equal((5_771_520, 256), (head.Layout.Count, head.Outputs));
        Assert.Equal((5_771_520 + 16_777_216, 65_536), (whole.Layout.Count, whole.Outputs));
        Assert.Equal(5.77, head.MultiplyAdds / 1e6, 0.005);
        Assert.Equal(5.77 + 16.78, whole.MultiplyAdds / 1e6, 0.01);
    }

    [Fact]
    public void A_width_scales_every_number_of_channels()
    {
        Assert.Equal(Slots(Vgg.Of(Image, "32 M 64 M 128 128 M 256 256 M 256 256 M")), Slots(Vgg.Of(Image, 11, width: 0.5)));
        Assert.Equal(128, ResNet.Of(Image, 18, width: 0.25).Outputs);
        Assert.Equal(64, ResNet.Of(Image, 50, width: 1 / 32.0).Outputs);
    }

    [Theory]
    [InlineData(Normalization.None)]
    [InlineData(Normalization.Batch)]
    [InlineData(Normalization.Instance)]
    [InlineData(Normalization.Group)]
    [InlineData(Normalization.Layer)]
    public void Every_normalization_adds_a_scale_and_a_shift_by_channel(Normalization kind)
    {
        var channels = kind == Normalization.None ? 0 : 2 * (64 + 128 + 256 + 256 + 512 + 512 + 512 + 512);
        var network = Vgg.Of(Image, 11, normalization: kind);

        Assert.Equal(9_220_480 + channels, network.Layout.Count);
        Assert.Equal(kind == Normalization.Batch, network.CouplesExamples);
    }

    [Fact]
    public void What_there_is_not_is_told()
    {
        Assert.Contains("VGG11, 13, 16 and 19", Assert.Throws<ArgumentOutOfRangeException>(() => Vgg.Of(Image, 12)).Message, StringComparison.Ordinal);
        Assert.Contains("ResNet18, 20, 34, 50 and 56", Assert.Throws<ArgumentOutOfRangeException>(() => ResNet.Of(Image, 19)).Message, StringComparison.Ordinal);
        Assert.Contains("there is N", Assert.Throws<FormatException>(() => Vgg.Of(Image, "16 N 32")).Message, StringComparison.Ordinal);
        Assert.Contains("there is 0", Assert.Throws<FormatException>(() => Vgg.Of(Image, "0")).Message, StringComparison.Ordinal);
        Assert.Contains("channels times", Assert.Throws<ArgumentOutOfRangeException>(() => Vgg.Of(Image, 11, width: 0.001)).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => Vgg.Of(new Shape(16, 16, 3), 11));
        Assert.Throws<ShapeException>(() => VisionTransformer.Tiny(new Shape(4, 4, 3)));
        Assert.Throws<ShapeException>(() => VisionTransformer.Of(Image, 10, 3));
    }

    private static void AssertCounts(LayeredNetwork network, int parameters, double millions, int embedding)
    {
        Assert.Equal(parameters, network.Layout.Count);
        // the table rounds to a tenth
        Assert.Equal(millions, network.MultiplyAdds / 1e6, 0.05);
        Assert.Equal(embedding, network.Outputs);
    }

    private static IEnumerable<string> Slots(LayeredNetwork network) => network.Layout.Slots.Select(slot => slot.Shape.ToString());
}
