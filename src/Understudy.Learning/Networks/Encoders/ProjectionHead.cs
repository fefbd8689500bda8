using Understudy.Engine;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Networks.Encoders;

/// <summary>The head that distillation without labels puts on an embedding (Caron et al. 2021): fully connected layers, a bottleneck of unit length, and a wide last layer.</summary>
public static class ProjectionHead
{
    /// <summary>Layers with GELU behind them, the bottleneck without, and its direction: an embedding to z with ‖z‖ = 1.</summary>
    /// <param name="embedding">d.</param>
    /// <param name="hidden">Nodes of the layers before the bottleneck.</param>
    /// <param name="bottleneck">k, the numbers of z.</param>
    /// <exception cref="ArgumentOutOfRangeException">A width below 1.</exception>
    public static LayeredNetwork Of(int embedding, IReadOnlyList<int> hidden, int bottleneck) => new(new Shape(embedding), Layers(hidden, bottleneck));

    /// <summary>The head with its last layer: logits z V with V [k, outputs], without a bias.</summary>
    /// <param name="embedding">d.</param>
    /// <param name="hidden">Nodes of the layers before the bottleneck.</param>
    /// <param name="bottleneck">k, the numbers of z.</param>
    /// <param name="outputs">m, the logits.</param>
    /// <param name="hasUnitNodes">Whether the weights of every logit are divided by their length, so that logits are cosines.</param>
    /// <exception cref="ArgumentOutOfRangeException">A width below 1.</exception>
    public static LayeredNetwork WithOutputs(int embedding, IReadOnlyList<int> hidden, int bottleneck, int outputs, bool hasUnitNodes)
        => new(new Shape(embedding), [.. Layers(hidden, bottleneck), new DenseLayer(outputs, hasBias: false) { HasUnitNodes = hasUnitNodes }]);

    private static ILayer[] Layers(IReadOnlyList<int> hidden, int bottleneck)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        return [.. hidden.SelectMany(width => new ILayer[] { new DenseLayer(width), new ActivationLayer(NodeActivation.Gelu) }), new DenseLayer(bottleneck), new UnitLengthLayer()];
    }
}
