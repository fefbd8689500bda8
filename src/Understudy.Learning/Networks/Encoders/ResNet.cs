using Understudy.Engine;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Networks.Encoders;

/// <summary>Residual networks for images of 32 × 32 pixels (He, Zhang, Ren and Sun 2016): a convolution of 3 × 3 without a pool, stages of blocks, the mean over all pixels.</summary>
/// <remarks>
/// Convolutions have no bias and a normalization behind them. The first block of every stage but the first halves the image. Where a block changes the shape its skip is a convolution
/// of 1 × 1 with a normalization, otherwise the identity; ReLU follows the sum.
/// </remarks>
public static class ResNet
{
    // channels of the result of a bottleneck block for one of its middle
    private const int Expansion = 4;

    private static readonly int[] Wide = [64, 128, 256, 512];
    private static readonly int[] Narrow = [16, 32, 64];

    /// <summary>ResNet18, 34 and 50 with 64 to 512 channels (of 50 times four in the embedding), 20 and 56 with 16 to 64.</summary>
    /// <param name="image">[h, w, c].</param>
    /// <param name="depth">18, 20, 34, 50 or 56: convolutions on the longest path and the fully connected layer that is left out.</param>
    /// <param name="width">A factor on all numbers of channels.</param>
    /// <param name="normalization">Behind every convolution.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another depth, or a width that leaves no channel.</exception>
    public static LayeredNetwork Of(Shape image, int depth, double width = 1, Normalization normalization = Normalization.Batch)
    {
        var (channels, blocks) = depth switch
        {
            18 => (Wide, new[] { 2, 2, 2, 2 }),
            34 or 50 => (Wide, [3, 4, 6, 3]),
            20 => (Narrow, [3, 3, 3]),
            56 => (Narrow, [9, 9, 9]),
            _ => throw new ArgumentOutOfRangeException(nameof(depth), depth, "There are ResNet18, 20, 34, 50 and 56."),
        };
        int[] scaled = [.. channels.Select(count => EncoderLayers.Scaled(count, width))];
        var layers = new List<ILayer> { new ConvolutionLayer(scaled[0], hasBias: false) };
        layers.AddRange([.. normalization.Layers(), EncoderLayers.Relu]);
        var current = scaled[0];
        for (var stage = 0; stage < scaled.Length; stage++)
        {
            for (var i = 0; i < blocks[stage]; i++)
            {
                var stride = stage > 0 && i == 0 ? 2 : 1;
                var to = depth == 50 ? Expansion * scaled[stage] : scaled[stage];
                ILayer[] path = depth == 50 ? Bottleneck(scaled[stage], to, stride, normalization) : Basic(to, stride, normalization);
                var skip = stride > 1 || current != to ? new SequenceLayer([new ConvolutionLayer(to, 1, stride, hasBias: false), .. normalization.Layers()]) : null;
                layers.AddRange([new ResidualLayer(new SequenceLayer(path), skip), EncoderLayers.Relu]);
                current = to;
            }
        }

        return new LayeredNetwork(image, [.. layers, new AdaptiveAverageLayer(1), new FlattenLayer()]);
    }

    private static ILayer[] Basic(int channels, int stride, Normalization normalization) =>
    [
        new ConvolutionLayer(channels, stride: stride, hasBias: false), .. normalization.Layers(), EncoderLayers.Relu,
        new ConvolutionLayer(channels, hasBias: false), .. normalization.Layers(),
    ];

    private static ILayer[] Bottleneck(int channels, int to, int stride, Normalization normalization) =>
    [
        new ConvolutionLayer(channels, 1, hasBias: false), .. normalization.Layers(), EncoderLayers.Relu,
        new ConvolutionLayer(channels, stride: stride, hasBias: false), .. normalization.Layers(), EncoderLayers.Relu,
        new ConvolutionLayer(to, 1, hasBias: false), .. normalization.Layers(),
    ];
}
