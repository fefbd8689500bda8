using Understudy.Engine.Graphs;
using Understudy.Engine.Kernels;

namespace Understudy.Engine.Primitives;

/// <summary>What the operations on windows of size × size have in common: images [l…, h, w, c] and a place in each window, [l…, ⌊h / size⌋, ⌊w / size⌋, c].</summary>
/// <remarks>A place is counted along the rows of its window, from 0. Windows that are cut off by the border are left out.</remarks>
internal abstract record WindowPlaces(int Size) : Primitive
{
    /// <summary>The extents of all images.</summary>
    internal abstract PoolShape Extents(ReadOnlySpan<Shape> inputs);

    private protected PoolShape Of(Shape images) => new(images.Product(0, images.Rank - 3), images[-3], images[-2], images[-1], Size);

    private protected Shape Pooled(Shape images) => new([.. images.Extents[..^3], images[-3] / Size, images[-2] / Size, images[-1]]);

    private protected bool IsPoolable(Shape images) => images.Rank >= 3 && images[-3] >= Size && images[-2] >= Size;

    /// <summary>Visits (place in the images of the first element of a window, place in the pooled images).</summary>
    private protected static void ForEach(PoolShape shape, Action<int, int> visit)
    {
        var (height, width) = (shape.Height / shape.Size, shape.Width / shape.Size);
        for (var at = 0; at < shape.Images * height * width * shape.Channels; at++)
        {
            var (channel, column, row, image) = (at % shape.Channels, at / shape.Channels % width, at / shape.Channels / width % height, at / shape.Channels / width / height);
            visit(((((image * shape.Height) + (row * shape.Size)) * shape.Width) + (column * shape.Size)) * shape.Channels + channel, at);
        }
    }

    /// <summary>The distance from the first element of a window to the one at a place.</summary>
    private protected static int Offset(PoolShape shape, int place) => (((place / shape.Size) * shape.Width) + (place % shape.Size)) * shape.Channels;

    internal override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
        => Simplify.Node(this, node.Caller, OnEvery(inputs, replicated, replicas));
}

/// <summary>The place of the first largest number of every window, or of the first not-a-number. Piecewise constant.</summary>
internal sealed record PoolPlaces(int Size) : WindowPlaces(Size)
{
    internal override PoolShape Extents(ReadOnlySpan<Shape> inputs) => Of(inputs[0]);

    internal override Shape Infer(ReadOnlySpan<Shape> inputs)
        => IsPoolable(inputs[0]) ? Pooled(inputs[0]) : throw new ShapeException(Name, $"images […, h, w, c] of at least {Size} × {Size} pixels", inputs);

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
    {
        var (shape, x) = (Of(shapes[0]), inputs[0]);
        ForEach(shape, (first, pooled) =>
        {
            for (var place = 1; place < Size * Size; place++)
            {
                var (other, largest) = (x[first + Offset(shape, place)], x[first + Offset(shape, (int)result[pooled])]);
                if (other > largest || (double.IsNaN(other) && !double.IsNaN(largest)))
                    result[pooled] = place;
            }
        });
    }

    internal override Sym? Jvp(Sym node, Sym?[] tangents) => null;

    internal override Sym?[] Vjp(Sym node, Sym cotangent) => [null];
}

/// <summary>The number at a place of every window: of images and places. The transpose of <see cref="PoolScatter"/>.</summary>
internal sealed record PoolGather(int Size) : WindowPlaces(Size)
{
    internal override PoolShape Extents(ReadOnlySpan<Shape> inputs) => Of(inputs[0]);

    internal override Shape Infer(ReadOnlySpan<Shape> inputs)
        => IsPoolable(inputs[0]) && Pooled(inputs[0]) == inputs[1] ? inputs[1] : throw new ShapeException(Name, "images […, h, w, c] and a place for each of their windows", inputs);

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
    {
        var shape = Of(shapes[0]);
        ForEach(shape, (first, pooled) => result[pooled] = inputs[0][first + Offset(shape, (int)inputs[1][pooled])]);
    }

    internal override Sym? Jvp(Sym node, Sym?[] tangents) => tangents[0] is { } dx ? Simplify.Node(this, null, dx, node.Inputs[1]) : null;

    internal override Sym?[] Vjp(Sym node, Sym cotangent)
        => [Simplify.Node(new PoolScatter(Size, node.Inputs[0].Shape[-3], node.Inputs[0].Shape[-2]), null, cotangent, node.Inputs[1]), null];
}

/// <summary>Images of zeros with a number at a place of every window. The transpose of <see cref="PoolGather"/>.</summary>
internal sealed record PoolScatter(int Size, int Height, int Width) : WindowPlaces(Size)
{
    internal override PoolShape Extents(ReadOnlySpan<Shape> inputs) => Of(Whole(inputs[0]));

    internal override Shape Infer(ReadOnlySpan<Shape> inputs)
        => inputs[0].Rank >= 3 && inputs[0] == inputs[1] && inputs[0][-3] == Height / Size && inputs[0][-2] == Width / Size
            ? Whole(inputs[0])
            : throw new ShapeException(Name, "a number and a place for each window of an image", inputs);

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
    {
        var shape = Of(Whole(shapes[0]));
        ForEach(shape, (first, pooled) => result[first + Offset(shape, (int)inputs[1][pooled])] = inputs[0][pooled]);
    }

    internal override Sym? Jvp(Sym node, Sym?[] tangents) => tangents[0] is { } dg ? Simplify.Node(this, null, dg, node.Inputs[1]) : null;

    internal override Sym?[] Vjp(Sym node, Sym cotangent) => [Simplify.Node(new PoolGather(Size), null, cotangent, node.Inputs[1]), null];

    private Shape Whole(Shape pooled) => new([.. pooled.Extents[..^3], Height, Width, pooled[-1]]);
}
