using Understudy.Engine;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.SelfDistillation;

/// <summary>The predictor that a student has and its teacher has not: bottlenecks to bottlenecks.</summary>
/// <remarks>Fully connected layers with batch normalization and ReLU behind each but the last (Grill et al. 2020, BYOL; Chen and He 2021, SimSiam: one hidden layer of 4096 and of 512 nodes).</remarks>
public static class ViewPredictor
{
    /// <summary>A predictor.</summary>
    /// <param name="width">k, numbers of a bottleneck.</param>
    /// <param name="hidden">Nodes of the hidden layers.</param>
    /// <exception cref="ArgumentOutOfRangeException">A width below 1.</exception>
    public static LayeredNetwork Of(int width, IReadOnlyList<int> hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        return new LayeredNetwork(new Shape(width), [.. hidden.SelectMany(nodes => new ILayer[] { new DenseLayer(nodes), new BatchNormLayer(), EncoderLayers.Relu }), new DenseLayer(width)]);
    }
}
