using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Importing;

/// <summary>Convolution and pooling of images [batch, C, H, W].</summary>
internal static class ImageOperators
{
    /// <summary>The convolution with weights [F, C, height, width], plus a shift [F].</summary>
    internal static GraphValue Conv(NodeCall call)
    {
        var (images, weights) = (call.Images(0), call.Shared(1));
        if (call.WholeNumber("group", 1) is not 1 and var groups)
            throw call.Problem($"has the group {groups}; supported is 1");
        if (weights.Shape.Rank != 4 || weights.Shape[1] != images.Shape[3])
            throw call.Problem($"needs weights [F, {images.Shape[3]}, height, width], but was given {weights.Shape}");
        var windows = Windows.Of(call, images.Shape, (weights.Shape[2], weights.Shape[3]));
        if ((windows.Height, windows.Width) != (weights.Shape[2], weights.Shape[3]))
            throw call.Problem($"has the kernel_shape [{windows.Height}, {windows.Width}], but weights {weights.Shape}");
        if (windows.Down != windows.Across)
            throw call.Problem($"has the strides [{windows.Down}, {windows.Across}]; supported are equal ones");
        var (top, left, bottom, right) = windows.Pads;
        var padding = (left, bottom, right) == (top, top, top) ? top : 0;
        var padded = padding > 0 ? images : Ops.Pad(Ops.Pad(images, 1, top, bottom), 2, left, right);
        var result = Ops.Convolve(padded, Ops.Permute(weights, 2, 3, 1, 0), windows.Down, padding);
        if (!call.Has(2))
            return TracedValue.OfImages(result);
        var shift = call.Shared(2);
        return shift.Shape == new Shape(weights.Shape[0])
            ? TracedValue.OfImages(result + shift)
            : throw call.Problem($"needs a bias [{weights.Shape[0]}], but was given {shift.Shape}");
    }

    internal static GraphValue MaxPool(NodeCall call)
        => call.Results > 1 ? throw call.Problem("gives indices too; supported is the maximum alone") : Pool(call, (images, size) => Ops.MaxPool(images, size));

    /// <summary>The mean of every window; other than those of a maximum they may overlap and be oblong.</summary>
    internal static GraphValue AveragePool(NodeCall call)
    {
        var images = call.Images(0);
        var windows = Windows.Of(call, images.Shape, size: null);
        var isPlain = (windows.Width, windows.Down, windows.Across) == (windows.Height, windows.Height, windows.Height);
        if (isPlain || windows.Pads != default || call.WholeNumber("ceil_mode", 0) != 0)
            return Pool(call, Ops.AveragePool);
        return TracedValue.OfImages(Means(call, Means(call, images, 1, windows.Height, windows.Down), 2, windows.Width, windows.Across));
    }

    /// <summary>The mean of every channel: [batch, C, 1, 1].</summary>
    internal static GraphValue GlobalAveragePool(NodeCall call) => TracedValue.OfImages(KeptAxes(Ops.Mean(call.Images(0), 1, 2)));

    /// <summary>The mean over axes other than that of the examples.</summary>
    internal static GraphValue ReduceMean(NodeCall call) => Reduce(call, (x, over) => Ops.Mean(x, over));

    /// <summary>The sum of squares over axes other than that of the examples.</summary>
    internal static GraphValue ReduceSumSquare(NodeCall call) => Reduce(call, (x, over) => Ops.Sum(Ops.Square(x), over));

    private static TracedValue Reduce(NodeCall call, Func<Sym, int[], Sym> reduce)
    {
        var x = call.Traced(0);
        var (shape, named) = (x.Sym.Shape, call.OperatorSet < 18 ? call.Attribute("axes")?.WholeNumbers ?? [] : call.Has(1) ? call.Whole(1).Values : []);
        if (named.Count == 0 && call.WholeNumber("noop_with_empty_axes", 0) != 0)
            return x;
        int[] over = named.Count == 0 ? [.. Enumerable.Range(0, shape.Rank)] : [.. named.Select(axis => call.Axis(axis, shape.Rank)).Order()];
        if (x.HasExamples && over.Contains(0))
            throw call.Problem("runs across examples");
        var isKept = call.WholeNumber("keepdims", 1) != 0;
        if (x.Images is { } images && over is [2, 3])
            return isKept ? TracedValue.OfImages(KeptAxes(reduce(images, [1, 2]))) : x.With(reduce(images, [1, 2]));
        var reduced = reduce(x.Sym, over);
        return x.With(isKept ? Ops.Reshape(reduced, new Shape([.. shape.Extents.ToArray().Select((extent, axis) => over.Contains(axis) ? 1 : extent)])) : reduced);
    }

    /// <summary>Means of windows along one axis.</summary>
    private static Sym Means(NodeCall call, Sym images, int axis, int window, int step)
    {
        var extent = images.Shape[axis];
        if (window > extent)
            throw call.Problem($"has windows of {window} over {extent} pixels");
        var means = new Sym[((extent - window) / step) + 1];
        for (var i = 0; i < means.Length; i++)
            means[i] = Ops.BroadcastAlong(Ops.Mean(Ops.Slice(images, axis, i * step, window), axis), axis, 1);
        return means.Length == 1 ? means[0] : Ops.Concat(axis, means);
    }

    private static Sym KeptAxes(Sym means) => Ops.Reshape(means, new Shape(means.Shape[0], 1, 1, means.Shape[1]));

    private static TracedValue Pool(NodeCall call, Func<Sym, int, Sym> pool)
    {
        var images = call.Images(0);
        var windows = Windows.Of(call, images.Shape, size: null);
        var (size, (top, left, bottom, right)) = (windows.Height, windows.Pads);
        if (windows.Width != size)
            throw call.Problem($"has the kernel_shape [{size}, {windows.Width}]; supported are square windows");
        if ((windows.Down, windows.Across) != (size, size))
            throw call.Problem($"has the strides [{windows.Down}, {windows.Across}]; supported are those of windows side by side, [{size}, {size}]");
        if (windows.Pads != default)
            throw call.Problem($"has the pads [{top}, {left}, {bottom}, {right}]; supported are none");
        if (call.WholeNumber("ceil_mode", 0) != 0 && (images.Shape[1] % size != 0 || images.Shape[2] % size != 0))
            throw call.Problem("keeps windows that the border cuts off (ceil_mode 1); supported is ceil_mode 0, which leaves them out");
        return TracedValue.OfImages(pool(images, size));
    }
}
