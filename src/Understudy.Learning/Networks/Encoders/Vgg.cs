using System.Globalization;
using Understudy.Engine;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Networks.Encoders;

/// <summary>Convolutions of 3 × 3 with ReLU in blocks that end in a pool, without fully connected layers (Simonyan and Zisserman 2015).</summary>
/// <remarks>A normalization stands between convolution and ReLU. The embedding is the last image, flat in the order of rows, columns and channels: at 32 × 32 after five pools its channels.</remarks>
public static class Vgg
{
    private const string Pool = "M";

    private static readonly int[] Widths = [64, 128, 256, 512, 512];

    /// <summary>VGG11, 13, 16 or 19, with 64 to 512 channels.</summary>
    /// <param name="image">[h, w, c], at least 32 × 32.</param>
    /// <param name="depth">11, 13, 16 or 19: convolutions and the three fully connected layers that are left out.</param>
    /// <param name="width">A factor on all numbers of channels.</param>
    /// <param name="normalization">Between convolution and ReLU.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another depth, or a width that leaves no channel.</exception>
    /// <exception cref="ShapeException">The image is too small.</exception>
    public static LayeredNetwork Of(Shape image, int depth, double width = 1, Normalization normalization = Normalization.None)
    {
        int[] convolutions = depth switch
        {
            11 => [1, 1, 2, 2, 2],
            13 => [2, 2, 2, 2, 2],
            16 => [2, 2, 3, 3, 3],
            19 => [2, 2, 4, 4, 4],
            _ => throw new ArgumentOutOfRangeException(nameof(depth), depth, "There are VGG11, 13, 16 and 19."),
        };
        var layers = new List<ILayer>();
        for (var block = 0; block < Widths.Length; block++)
        {
            for (var i = 0; i < convolutions[block]; i++)
                layers.AddRange(Convolution(EncoderLayers.Scaled(Widths[block], width), normalization));
            layers.Add(PoolLayer.Largest());
        }

        return new LayeredNetwork(image, [.. layers, new FlattenLayer()]);
    }

    /// <summary>The network that a row of numbers of filters says, such as <c>16 16 M 32 32 M 64 64</c>, where M is the largest of 2 × 2.</summary>
    /// <param name="image">[h, w, c].</param>
    /// <param name="filters">Numbers and M, with blanks between them.</param>
    /// <param name="normalization">Between convolution and ReLU.</param>
    /// <exception cref="FormatException">A word is neither a positive number nor M.</exception>
    /// <exception cref="ShapeException">The image is too small for so many pools.</exception>
    public static LayeredNetwork Of(Shape image, string filters, Normalization normalization = Normalization.None)
    {
        ArgumentNullException.ThrowIfNull(filters);
        var layers = new List<ILayer>();
        foreach (var word in filters.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word == Pool)
                layers.Add(PoolLayer.Largest());
            else if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
                layers.AddRange(Convolution(count, normalization));
            else
                throw new FormatException($"Filters are positive numbers and {Pool} for a pool, such as 16 16 {Pool} 32, but there is {word}.");
        }

        return new LayeredNetwork(image, [.. layers, new FlattenLayer()]);
    }

    private static ILayer[] Convolution(int filters, Normalization normalization) => [new ConvolutionLayer(filters), .. normalization.Layers(), EncoderLayers.Relu];
}
