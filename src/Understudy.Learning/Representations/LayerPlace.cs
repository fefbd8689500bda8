using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Representations;

/// <summary>A place in a network whose values are read: what a layer gives, as one row for each example.</summary>
/// <param name="Index">How many innermost layers lie before it, this one among them; 0 for the input.</param>
/// <param name="Kind">What the layer does.</param>
/// <param name="Result">The shape of what it gives.</param>
/// <param name="Grid">Windows along each axis of an image over which it is averaged, 1 for tokens that are averaged; 0 where the numbers are as they are.</param>
public sealed record LayerPlace(int Index, LayerKind Kind, Shape Result, int Grid)
{
    /// <summary>Numbers of an example's row.</summary>
    public int Width => Grid == 0 ? Result.Count : Grid * (Result.Rank == 3 ? Grid : 1) * Result[-1];

    /// <summary>The places of a network in order: its input and every innermost layer but those that only change the form.</summary>
    /// <remarks>Images of more numbers than <paramref name="width"/> are averaged over the finest grid of equally many windows along both axes that has at most as many, or over all of the image; tokens over all of them.</remarks>
    /// <param name="network">The network in evaluation mode.</param>
    /// <param name="width">The most numbers of a row where averaging can make them fewer.</param>
    public static IReadOnlyList<LayerPlace> Of(LayeredNetwork network, int width)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        var (_, results) = network.OutputWithResults(Ops.Input(1, network.Inputs), network.Layout.ToInputs());
        return
        [
            new LayerPlace(0, LayerKind.Input, network.Example, GridOf(network.Example, width)),
            .. results.Index().Where(item => KindOf(item.Item.Layer) != LayerKind.Form)
                .Select(item => (item.Index, item.Item.Layer, Shape: item.Item.Result.Shape.Without(0)))
                .Select(item => new LayerPlace(item.Index + 1, KindOf(item.Layer), item.Shape, GridOf(item.Shape, width))),
        ];
    }

    /// <summary>Rows [batch, <see cref="Width"/>] of a result [batch, …].</summary>
    internal Sym Rows(Sym result)
    {
        if (Grid > 0)
            result = Result.Rank == 3 ? new AdaptiveAverageLayer(Grid).Apply(result, []) : Ops.Mean(result, 1);
        return Ops.Reshape(result, new Shape(result.Shape[0], Width));
    }

    private static int GridOf(Shape result, int width)
    {
        if (result.Count <= width || result.Rank == 1)
            return 0;
        if (result.Rank != 3)
            return 1;
        var grid = (int)Math.Sqrt((double)width / result[2]);
        return Math.Clamp(grid, 1, Math.Min(result[0], result[1]));
    }

    private static LayerKind KindOf(ILayer layer) => layer switch
    {
        ConvolutionLayer => LayerKind.Convolution,
        DenseLayer or TokenDenseLayer => LayerKind.Dense,
        BatchNormLayer or NormalizeLayer or TracedNormalizeLayer or GroupNormLayer or LayerNormLayer => LayerKind.Normalization,
        UnitLengthLayer => LayerKind.UnitLength,
        ActivationLayer => LayerKind.Activation,
        PoolLayer or AdaptiveAverageLayer => LayerKind.Pool,
        AttentionLayer => LayerKind.Attention,
        FlattenLayer => LayerKind.Form,
        _ => LayerKind.Other,
    };
}

/// <summary>What a layer does.</summary>
public enum LayerKind
{
    /// <summary>Nothing: the input of the network.</summary>
    Input,

    /// <summary>A convolution.</summary>
    Convolution,

    /// <summary>A fully connected layer, of rows or of every token.</summary>
    Dense,

    /// <summary>A normalization over images, channels or features.</summary>
    Normalization,

    /// <summary>Rows brought to length 1.</summary>
    UnitLength,

    /// <summary>A function of single numbers.</summary>
    Activation,

    /// <summary>Means or largest numbers of windows.</summary>
    Pool,

    /// <summary>Attention between tokens.</summary>
    Attention,

    /// <summary>Another form of the same numbers.</summary>
    Form,

    /// <summary>Anything else.</summary>
    Other,
}
