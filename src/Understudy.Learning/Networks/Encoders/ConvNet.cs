using Understudy.Engine;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Networks.Encoders;

/// <summary>The plain convolutional network <c>convnet_W_L</c>.</summary>
public static class ConvNet
{
    /// <summary>Blocks of a convolution of 3 × 3, ReLU, a normalization or none, and the mean of 2 × 2, in the last block over a grid of 2 × 2 windows; the embedding has 4 W numbers.</summary>
    /// <param name="image">[h, w, c].</param>
    /// <param name="width">W, filters of every convolution.</param>
    /// <param name="blocks">L, at least 1.</param>
    /// <param name="normalization">Behind every ReLU.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one filter or block.</exception>
    /// <exception cref="ShapeException">The image is too small for so many blocks.</exception>
    public static LayeredNetwork Of(Shape image, int width, int blocks, Normalization normalization = Normalization.None)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        var layers = new List<ILayer>();
        for (var i = 0; i < blocks; i++)
            layers.AddRange([new ConvolutionLayer(width), EncoderLayers.Relu, .. normalization.Layers(), i < blocks - 1 ? PoolLayer.Average() : new AdaptiveAverageLayer(2)]);
        return new LayeredNetwork(image, [.. layers, new FlattenLayer()]);
    }
}
