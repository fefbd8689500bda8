using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Importing;

/// <summary>Numbers that the engine computes with.</summary>
/// <remarks>The file has images as [batch, C, H, W], the engine as [batch, H, W, C]. A value that is known in both orders is computed in the one that is asked for.</remarks>
internal sealed record TracedValue : GraphValue
{
    internal TracedValue(Sym sym, bool hasExamples) => (Sym, HasExamples) = (sym, hasExamples);

    /// <summary>The value with the axes of the file.</summary>
    internal Sym Sym { get; }

    /// <summary>Whether its first axis goes over examples; weights and constants have no such axis.</summary>
    internal bool HasExamples { get; }

    /// <summary>The same numbers as [batch, H, W, C], where an operation on images gave them; null otherwise.</summary>
    internal Sym? Images { get; private init; }

    /// <summary>The number that the file has in this place; null where it has several or they are computed.</summary>
    internal double? Number { get; init; }

    /// <summary>The value of images [batch, H, W, C].</summary>
    internal static TracedValue OfImages(Sym images)
    {
        var (n, h, w, c) = (images.Shape[0], images.Shape[1], images.Shape[2], images.Shape[3]);
        var sym = c == 1 || h * w == 1 ? Ops.Reshape(images, new Shape(n, c, h, w)) : Ops.Permute(images, 0, 3, 1, 2);
        return new TracedValue(sym, hasExamples: true) { Images = images };
    }

    /// <summary>Other numbers, of the same examples.</summary>
    internal TracedValue With(Sym sym) => new(sym, HasExamples);

    /// <summary>A function of every number by itself.</summary>
    internal TracedValue Map(Func<Sym, Sym> function) => Images is { } images ? OfImages(function(images)) : With(function(Sym));

    /// <summary>The numbers with channels last; of fewer than four axes those in front have the extent 1.</summary>
    internal Sym ChannelsLast()
    {
        if (Images is { } images)
            return images;
        var all = Ops.Reshape(Sym, new Shape([.. Enumerable.Repeat(1, 4 - Sym.Shape.Rank), .. Sym.Shape.Extents]));
        var (n, c, h, w) = (all.Shape[0], all.Shape[1], all.Shape[2], all.Shape[3]);
        return c == 1 || h * w == 1 ? Ops.Reshape(all, new Shape(n, h, w, c)) : Ops.Permute(all, 0, 2, 3, 1);
    }
}
