using Understudy.Engine;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Networks.Encoders;

/// <summary>Vision transformers (Dosovitskiy et al. 2021): patches as tokens, a class token, learned positions, blocks of attention and two fully connected layers; the embedding is the class token.</summary>
/// <remarks>Each half of a block adds to its input what it makes of the input after a layer normalization; a last one follows the blocks.</remarks>
public static class VisionTransformer
{
    /// <summary>Tokens of 192 numbers and 3 heads.</summary>
    /// <exception cref="ShapeException">The image is smaller than a patch.</exception>
    public static LayeredNetwork Tiny(Shape image, VisionTransformerOptions? options = null) => Of(image, 192, 3, options);

    /// <summary>Tokens of 384 numbers and 6 heads.</summary>
    /// <exception cref="ShapeException">The image is smaller than a patch.</exception>
    public static LayeredNetwork Small(Shape image, VisionTransformerOptions? options = null) => Of(image, 384, 6, options);

    /// <summary>Tokens of 512 numbers and 8 heads.</summary>
    /// <exception cref="ShapeException">The image is smaller than a patch.</exception>
    public static LayeredNetwork Medium(Shape image, VisionTransformerOptions? options = null) => Of(image, 512, 8, options);

    /// <summary>Tokens of 768 numbers and 12 heads.</summary>
    /// <exception cref="ShapeException">The image is smaller than a patch.</exception>
    public static LayeredNetwork Base(Shape image, VisionTransformerOptions? options = null) => Of(image, 768, 12, options);

    /// <summary>A vision transformer of any size.</summary>
    /// <param name="image">[h, w, c].</param>
    /// <param name="width">Numbers of a token, a multiple of the heads.</param>
    /// <param name="heads">Heads of every attention.</param>
    /// <param name="options">Patches, depth and ties.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number below 1.</exception>
    /// <exception cref="ShapeException">The image is smaller than a patch, or the width no multiple of the heads.</exception>
    public static LayeredNetwork Of(Shape image, int width, int heads, VisionTransformerOptions? options = null)
    {
        options ??= new VisionTransformerOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Depth, 1, nameof(options));
        var block = new SequenceLayer(
            new ResidualLayer(new SequenceLayer(new LayerNormLayer(), new AttentionLayer(heads))),
            new ResidualLayer(new SequenceLayer([new LayerNormLayer(), .. Feedforward(width, options)])));
        ILayer[] blocks = options.IsTied ? [new RepeatedLayer(block, options.Depth)] : [.. Enumerable.Repeat(block, options.Depth)];
        return new LayeredNetwork(
            image, [new ConvolutionLayer(width, options.Patch, options.Patch, padding: 0), new ClassTokenLayer(), .. blocks, new FirstTokenLayer(), new LayerNormLayer()]);
    }

    private static ILayer[] Feedforward(int width, VisionTransformerOptions options)
    {
        var gelu = new ActivationLayer(NodeActivation.Gelu);
        ILayer[] layers = [new TokenDenseLayer(checked(options.HiddenRatio * width)), gelu, new TokenDenseLayer(width)];
        return options.ActivatesBlocks ? [.. layers, gelu] : layers;
    }
}

/// <summary>What vision transformers of one size differ in.</summary>
public sealed record VisionTransformerOptions
{
    /// <summary>What the counts printed in Sarnthein et al. 2023, table 5, belong to: patches of 16 × 16, one block applied twelve times, and GELU behind both of its fully connected layers.</summary>
    public static VisionTransformerOptions Tied { get; } = new() { Patch = 16, IsTied = true, ActivatesBlocks = true };

    /// <summary>Rows and columns of a patch; pixels that fill none are left out.</summary>
    public int Patch { get; init; } = 8;

    /// <summary>Blocks one after the other.</summary>
    public int Depth { get; init; } = 12;

    /// <summary>Whether all blocks have the same parameters.</summary>
    public bool IsTied { get; init; }

    /// <summary>Whether GELU follows the second fully connected layer of a block too.</summary>
    public bool ActivatesBlocks { get; init; }

    /// <summary>Nodes of the first fully connected layer of a block for one number of a token.</summary>
    public int HiddenRatio { get; init; } = 4;
}
