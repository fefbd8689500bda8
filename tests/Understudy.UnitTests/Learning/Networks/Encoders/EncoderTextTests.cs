using Understudy.Engine;
using Understudy.Learning.Curvature;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;

namespace Understudy.UnitTests.Learning.Networks.Encoders;

public sealed class EncoderTextTests
{
    private static readonly Shape Image = new(32, 32, 3);

    public static TheoryData<string> Words => [.. Networks.Keys];

    private static Dictionary<string, Func<Normalization, LayeredNetwork>> Networks { get; } = new()
    {
        ["vgg11"] = kind => Vgg.Of(Image, 11, 1, kind),
        ["vgg19*0.25"] = kind => Vgg.Of(Image, 19, 0.25, kind),
        ["resnet18*0.5"] = kind => ResNet.Of(Image, 18, 0.5, kind),
        ["resnet20"] = kind => ResNet.Of(Image, 20, 1, kind),
        ["resnet50*2"] = kind => ResNet.Of(Image, 50, 2, kind),
        ["convnet-16-3"] = kind => ConvNet.Of(Image, 16, 3, kind),
        ["mlp-20-2"] = _ => MlpEncoder.Of(Image, 20, 2),
        ["vit-tiny"] = _ => VisionTransformer.Tiny(Image),
        ["vit-small"] = _ => VisionTransformer.Small(Image),
        ["vit-medium"] = _ => VisionTransformer.Medium(Image),
        ["vit-base"] = _ => VisionTransformer.Base(Image),
        ["vit-tied-tiny"] = _ => VisionTransformer.Tiny(Image, VisionTransformerOptions.Tied),
        ["vit-tied-small"] = _ => VisionTransformer.Small(Image, VisionTransformerOptions.Tied),
        ["vit-tied-medium"] = _ => VisionTransformer.Medium(Image, VisionTransformerOptions.Tied),
        ["vit-tied-base"] = _ => VisionTransformer.Base(Image, VisionTransformerOptions.Tied),
        ["flatten"] = _ => MlpEncoder.Flatten(Image),
        ["16 16 M 32 M"] = kind => Vgg.Of(Image, "16 16 M 32 M", kind),
    };

    [Theory]
    [MemberData(nameof(Words))]
    public void Words_stand_for_the_network_of_their_factory(string text)
    {
        foreach (var kind in new[] { Normalization.None, Normalization.Batch, Normalization.Group })
        {
            LayeredNetwork expected = Networks[text](kind), network = EncoderText.Network(text, Image, kind);

            Assert.Equal(expected.Layout.Slots, network.Layout.Slots);
            Assert.Equal((expected.Outputs, expected.MultiplyAdds, expected.CouplesExamples), (network.Outputs, network.MultiplyAdds, network.CouplesExamples));
        }
    }

    [Theory]
    [InlineData("convnet-4-2")]
    [InlineData("mlp-5-2")]
    [InlineData("flatten")]
    [InlineData("3 M 4")]
    public void Small_networks_answer_what_those_of_their_factory_answer(string text)
    {
        var image = new Shape(6, 6, 2);
        var expected = text switch
        {
            "convnet-4-2" => ConvNet.Of(image, 4, 2, Normalization.Instance),
            "mlp-5-2" => MlpEncoder.Of(image, 5, 2),
            "flatten" => MlpEncoder.Flatten(image),
            _ => Vgg.Of(image, text, Normalization.Instance),
        };
        var draw = new Draw(text.Length);
        double[] theta = draw.Normal(expected.Layout.Count), inputs = draw.Normal(3 * image.Count);

        Assert.Equal(NetworkOutputs.Of(expected, inputs, theta), NetworkOutputs.Of(EncoderText.Network(text, image, Normalization.Instance), inputs, theta));
    }

    [Theory]
    [InlineData("")]
    [InlineData("alexnet")]
    [InlineData("vgg12")]
    [InlineData("resnet19*0.5")]
    [InlineData("vgg")]
    [InlineData("vgg11*")]
    [InlineData("vgg11*-1")]
    [InlineData("VGG11")]
    [InlineData("vgg11\n")]
    [InlineData("vit-huge")]
    [InlineData("vit-tied")]
    [InlineData("mlp-512")]
    [InlineData("convnet-a-3")]
    [InlineData("flatten-2")]
    public void Words_that_stand_for_none_are_told_those_that_do(string text)
    {
        var message = Assert.Throws<FormatException>(() => EncoderText.Network(text, Image, Normalization.None)).Message;

        Assert.StartsWith($"There is no encoder {text}; there are vgg11, ", message, StringComparison.Ordinal);
        foreach (var known in new[] { "resnet18", "convnet-WIDTH-BLOCKS", "mlp-WIDTH-LAYERS", "vit-tiny", "vit-tied-tiny", "flatten", "16 16 M 32 32 M" })
            Assert.Contains(known, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vgg11*0", "The factor on the channels of vgg11*0 must be above 0 and at most 16.")]
    [InlineData("vgg11*17", "The factor on the channels of vgg11*17 must be above 0 and at most 16.")]
    [InlineData("vgg11*1.2.3", "The factor on the channels of vgg11*1.2.3 must be above 0 and at most 16.")]
    [InlineData("vgg11*0.001", "The factor on the channels of vgg11*0.001 leaves a layer without any.")]
    [InlineData("mlp-0-2", "0 in the encoder mlp-0-2 must be a positive number.")]
    [InlineData("convnet-16-0", "0 in the encoder convnet-16-0 must be a positive number.")]
    [InlineData("vgg99999999999", "99999999999 in the encoder vgg99999999999 must be a positive number.")]
    [InlineData("16 N 32", "Filters are positive numbers and M for a pool, such as 16 16 M 32, but there is N.")]
    [InlineData("0 M", "Filters are positive numbers and M for a pool, such as 16 16 M 32, but there is 0.")]
    public void Numbers_that_do_not_fit_are_told(string text, string message)
        => Assert.Equal(message, Assert.Throws<FormatException>(() => EncoderText.Network(text, Image, Normalization.None)).Message);

    [Fact]
    public void An_image_that_is_too_small_is_told()
    {
        foreach (var text in new[] { "vgg11", "vit-tiny", "16 M 16 M 16 M" })
            Assert.Throws<ShapeException>(() => EncoderText.Network(text, new Shape(4, 4, 3), Normalization.None));
    }
}
