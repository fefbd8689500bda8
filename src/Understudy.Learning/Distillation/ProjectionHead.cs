using Understudy.Engine;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Distillation;

/// <summary>The head that distillation without labels puts on an embedding (Caron et al. 2021): fully connected layers, a bottleneck, and many outputs.</summary>
public static class ProjectionHead
{
    /// <summary>The whole head: an embedding to m outputs.</summary>
    /// <param name="embedding">d.</param>
    /// <param name="options">Its widths and its end.</param>
    /// <exception cref="ArgumentOutOfRangeException">A width below 1.</exception>
    public static LayeredNetwork Of(int embedding, HeadOptions options)
    {
        var (inner, outer) = Layers(options);
        return new LayeredNetwork(new Shape(embedding), [.. inner, .. outer]);
    }

    /// <summary>The head up to its bottleneck, and what follows; null where nothing does.</summary>
    /// <param name="embedding">d.</param>
    /// <param name="options">Its widths and its end.</param>
    /// <exception cref="ArgumentOutOfRangeException">A width below 1.</exception>
    public static (LayeredNetwork ToBottleneck, LayeredNetwork? Tail) Parts(int embedding, HeadOptions options)
    {
        var (inner, outer) = Layers(options);
        // an embedding that is its own bottleneck is not cut off
        if (inner.Length == 0 || outer.Length == 0)
            return (new LayeredNetwork(new Shape(embedding), [.. inner, .. outer]), null);
        var head = new LayeredNetwork(new Shape(embedding), inner);
        return (head, new LayeredNetwork(new Shape(head.Outputs), outer));
    }

    private static (ILayer[] Inner, ILayer[] Outer) Layers(HeadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Bottleneck == 0)
            return ([new DenseLayer(options.Outputs)], []);
        var shape = options.Shape;
        ILayer[] normalization = options.IsNormalized ? [new BatchNormLayer()] : [];
        ILayer[] hidden = [.. options.Hidden.SelectMany(width => (ILayer[])[new DenseLayer(width), .. normalization, new ActivationLayer(options.Activation)])];
        ILayer[] inner = [.. hidden, .. Linear(shape.Inner, shape.Outer is null ? options.Outputs : options.Bottleneck), .. Length(shape.InnerLength)];
        return (inner, [.. Linear(shape.Outer, options.Outputs), .. Length(shape.OuterLength)]);
    }

    private static ILayer[] Linear(LinearShape? layer, int width) => layer is null ? [] : [new DenseLayer(width, layer.HasBias) { HasUnitNodes = layer.HasUnitNodes }];

    private static ILayer[] Length(UnitLength length) => length == UnitLength.None ? [] : [new UnitLengthLayer { IsLengthGiven = length == UnitLength.Given }];
}
