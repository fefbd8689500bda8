using System.Globalization;
using System.Text.RegularExpressions;
using Understudy.Engine;

namespace Understudy.Learning.Networks.Encoders;

/// <summary>Encoders by a few words, such as settings hold: <c>vgg11</c>, <c>resnet18</c>, <c>convnet-16-3</c>, <c>mlp-512-2</c>, <c>vit-tiny</c>, <c>flatten</c>, or the filters of a plain convolutional network, <c>16 16 M 32 32 M</c>.</summary>
/// <remarks>
/// A factor behind a VGG or a ResNet scales its channels: <c>vgg11*0.5</c>. Vision transformers are <c>vit-tiny</c>, <c>-small</c>, <c>-medium</c> and <c>-base</c>; <c>vit-tied-tiny</c> and so on are the published
/// ones, with one block for all twelve and patches of 16 × 16. MLPs, transformers and flatten know no normalization.
/// </remarks>
public static partial class EncoderText
{
    private const string Known = "vgg11, vgg13, vgg16, vgg19, resnet18, resnet20, resnet34, resnet50, resnet56, convnet-WIDTH-BLOCKS, mlp-WIDTH-LAYERS, vit-tiny, vit-small, vit-medium, vit-base, vit-tied-tiny, …, flatten, or filters such as 16 16 M 32 32 M";

    /// <summary>The encoder that a text stands for.</summary>
    /// <param name="text">The words.</param>
    /// <param name="image">[h, w, c].</param>
    /// <param name="normalization">Of encoders that can have one.</param>
    /// <exception cref="FormatException">The text stands for none.</exception>
    /// <exception cref="ShapeException">The image is too small.</exception>
    public static LayeredNetwork Network(string text, Shape image, Normalization normalization)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Deep().Match(text) is { Success: true } deep)
            return Scaled(text, deep, image, normalization);
        if (Grown().Match(text) is { Success: true } grown)
        {
            var (width, count) = (Number(text, grown.Groups["width"]), Number(text, grown.Groups["count"]));
            return grown.Groups["kind"].Value == "mlp" ? MlpEncoder.Of(image, width, count) : ConvNet.Of(image, width, count, normalization);
        }

        if (Transformer().Match(text) is { Success: true } transformer)
        {
            var options = transformer.Groups["tied"].Success ? VisionTransformerOptions.Tied : null;
            return transformer.Groups["size"].Value switch
            {
                "tiny" => VisionTransformer.Tiny(image, options),
                "small" => VisionTransformer.Small(image, options),
                "medium" => VisionTransformer.Medium(image, options),
                _ => VisionTransformer.Base(image, options),
            };
        }

        if (text == "flatten")
            return MlpEncoder.Flatten(image);
        return text.Length > 0 && char.IsAsciiDigit(text[0]) ? Vgg.Of(image, text, normalization) : throw new FormatException($"There is no encoder {text}; there are {Known}.");
    }

    private static LayeredNetwork Scaled(string text, Match match, Shape image, Normalization normalization)
    {
        var depth = Number(text, match.Groups["depth"]);
        var width = 1.0;
        if (match.Groups["width"].Success && !(double.TryParse(match.Groups["width"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out width) && width is > 0 and <= 16))
            throw new FormatException($"The factor on the channels of {text} must be above 0 and at most 16.");
        try
        {
            return match.Groups["kind"].Value == "vgg" ? Vgg.Of(image, depth, width, normalization) : ResNet.Of(image, depth, width, normalization);
        }
        catch (ArgumentOutOfRangeException problem)
        {
            var message = problem.ParamName == "width" ? $"The factor on the channels of {text} leaves a layer without any." : $"There is no encoder {text}; there are {Known}.";
            throw new FormatException(message, problem);
        }
    }

    private static int Number(string text, Group group)
        => int.TryParse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw new FormatException($"{group.Value} in the encoder {text} must be a positive number.");

    [GeneratedRegex(@"^(?<kind>vgg|resnet)(?<depth>\d+)(\*(?<width>[\d.]+))?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Deep();

    [GeneratedRegex(@"^(?<kind>mlp|convnet)-(?<width>\d+)-(?<count>\d+)\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Grown();

    [GeneratedRegex(@"^vit-(?<tied>tied-)?(?<size>tiny|small|medium|base)\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Transformer();
}
