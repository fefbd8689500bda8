using Understudy.Engine;

namespace Understudy.Learning.Networks.Exporting;

/// <summary>A value of an exported graph.</summary>
/// <remarks>Images are [batch, c, h, w] in the graph. A row that is a flat image stays an image until its order matters, because what follows may take it in the file's order.</remarks>
/// <param name="Name">In the graph.</param>
/// <param name="Example">The shape of one example in our network.</param>
internal sealed record ExportedValue(string Name, Shape Example)
{
    /// <summary>The shape [h, w, c] of the image that the value still is in the graph, though a row in our network; null for any other value.</summary>
    internal Shape? Image { get; init; }

    /// <summary>The extents of one example in the graph.</summary>
    internal int[] Extents => (Image ?? Example) is { Rank: 3 } image ? [image[2], image[0], image[1]] : Example.Extents.ToArray();
}
