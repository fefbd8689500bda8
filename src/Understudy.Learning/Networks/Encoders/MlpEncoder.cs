using Understudy.Engine;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Networks.Encoders;

/// <summary>The fully connected network <c>mlp_W_L</c>, and the input itself as an embedding.</summary>
public static class MlpEncoder
{
    /// <summary>Fully connected layers, each with GELU behind it, the last one too; the embedding has W numbers.</summary>
    /// <param name="example">The shape of one example, which is taken flat.</param>
    /// <param name="width">W, nodes of every layer.</param>
    /// <param name="layers">L, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one node or layer.</exception>
    public static LayeredNetwork Of(Shape example, int width, int layers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        ILayer[] layer = [new DenseLayer(width), new ActivationLayer(NodeActivation.Gelu)];
        return new LayeredNetwork(example, [.. Enumerable.Repeat(layer, layers).SelectMany(pair => pair)]);
    }

    /// <summary>The numbers of an example as they are: what an encoder's embedding is compared with.</summary>
    public static LayeredNetwork Flatten(Shape example) => new(example, new FlattenLayer());
}
