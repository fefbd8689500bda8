using Understudy.Engine;
using Understudy.Engine.Graphs;

namespace Understudy.Learning.Networks.Importing;

/// <summary>Operators that move numbers or compute with extents.</summary>
internal static class ShapeOperators
{
    /// <summary>x itself; at inference dropout is that too.</summary>
    internal static GraphValue Identity(NodeCall call) => call.Operands is [{ } x, ..] ? x : throw call.Problem("lacks its operand");

    internal static GraphValue Dropout(NodeCall call)
        => call.Has(2) && call.Whole(2).Values is [not 0, ..] ? throw call.Problem("is in training mode; export model.eval()") : Identity(call);

    /// <summary>Real numbers stay as they are, whatever their precision in the file.</summary>
    internal static GraphValue Cast(NodeCall call) => (Identity(call), call.WholeNumber("to", 0)) switch
    {
        (TracedValue x, 1 or 10 or 11 or 16) => x,
        (WholeNumbers x, 6 or 7) => x,
        _ => throw call.Problem("turns real numbers into whole ones or back"),
    };

    internal static GraphValue Constant(NodeCall call)
    {
        if (call.Attribute("value")?.Tensor is { } tensor)
            return ImportedGraph.Constant(tensor);
        if (call.Attribute("value_float")?.Number is { } number)
            return new TracedValue(Ops.Constant(number), hasExamples: false) { Number = number };
        if (call.Attribute("value_floats")?.Numbers is { Count: > 0 } numbers)
            return new TracedValue(Ops.Constant([.. numbers], new Shape(numbers.Count)), hasExamples: false);
        if (call.Attribute("value_int")?.WholeNumber is { } whole)
            return new WholeNumbers([whole], 0);
        return call.Attribute("value_ints")?.WholeNumbers is { } list ? new WholeNumbers([.. list], 1) : throw call.Problem("holds neither numbers nor a tensor of them");
    }

    /// <summary>[batch, the product of the other extents].</summary>
    internal static GraphValue Flatten(NodeCall call)
    {
        var (x, axis) = (call.Traced(0), call.WholeNumber("axis", 1));
        var shape = x.Sym.Shape;
        var at = axis == shape.Rank ? shape.Rank : call.Axis(axis, shape.Rank);
        if (x.HasExamples && at != 1)
            throw call.Problem($"joins examples (axis {axis})");
        return x.With(Ops.Reshape(x.Sym, new Shape(shape.Product(0, at), shape.Product(at, shape.Rank))));
    }

    /// <summary>Another shape; of a value with examples the first axis stays theirs.</summary>
    internal static GraphValue Reshape(NodeCall call)
    {
        var (x, wanted) = (call.Traced(0), call.Whole(1).Values);
        var (shape, extents, open) = (x.Sym.Shape, (long[])wanted.Clone(), -1);
        for (var axis = 0; axis < extents.Length; axis++)
        {
            if (extents[axis] == 0 && call.WholeNumber("allowzero", 0) == 0)
                extents[axis] = axis < shape.Rank ? shape[axis] : throw call.Problem($"keeps an axis {axis} that {shape} does not have");
            if (extents[axis] != -1)
                continue;
            open = open < 0 ? axis : throw call.Problem("leaves two extents open");
            extents[axis] = 1;
        }

        if (x.HasExamples && extents.Length > 0 && open != 0 && extents[0] == call.FixedRows)
            extents[0] = call.Rows;
        var known = call.ShapeOf(extents).Count;
        if (open >= 0)
            extents[open] = shape.Count / known;
        var target = call.ShapeOf(extents);
        if (target.Count != shape.Count)
            throw call.Problem($"cannot turn {shape} into [{string.Join(", ", wanted)}]");
        if (x.HasExamples && (target.Rank == 0 || target[0] != call.Rows))
            throw call.Problem($"turns {shape} into {target}, whose first axis is not that of the examples; export with an open batch axis (dynamic_axes or dynamic_shapes)");
        return x.With(Ops.Reshape(x.Sym, target));
    }

    internal static GraphValue Transpose(NodeCall call)
    {
        var x = call.Traced(0);
        var rank = x.Sym.Shape.Rank;
        var order = new int[rank];
        var wanted = call.Attribute("perm")?.WholeNumbers;
        if (wanted is not null && wanted.Count != rank)
            throw call.Problem($"orders {wanted.Count} axes of {x.Sym.Shape}");
        for (var axis = 0; axis < rank; axis++)
            order[axis] = wanted is null ? rank - 1 - axis : call.Axis(wanted[axis], rank);
        if (x.HasExamples && order[0] != 0)
            throw call.Problem("moves the axis of the examples");
        return x.With(Ops.Permute(x.Sym, order));
    }

    /// <summary>Zeros before and after the axes.</summary>
    internal static GraphValue Pad(NodeCall call)
    {
        var x = call.Traced(0);
        var (rank, isOld) = (x.Sym.Shape.Rank, call.OperatorSet < 11);
        if (call.Attribute("mode")?.Text is not (null or "constant"))
            throw call.Problem("has a mode other than constant, which is the one supported");
        if ((isOld ? call.Number("value", 0) : call.Has(2) ? call.Traced(2).Number : 0) is not 0)
            throw call.Problem("adds numbers other than 0; supported is a stored constant 0");
        IReadOnlyList<long> pads = isOld ? call.Attribute("pads")?.WholeNumbers ?? [] : call.Whole(1).Values;
        int[] axes = [.. call.Has(3) ? call.Whole(3).Values.Select(axis => call.Axis(axis, rank)) : Enumerable.Range(0, rank)];
        if (pads.Count != 2 * axes.Length || pads.Any(pad => pad is < 0 or > Windows.Largest))
            throw call.Problem($"has the pads [{string.Join(", ", pads.Take(12))}]; supported are two for each of {axes.Length} axes, from 0 to {Windows.Largest}");
        // with channels last where the value is known so
        ReadOnlySpan<int> places = x.Images is null ? [] : [0, 3, 1, 2];
        var padded = x.Images ?? x.Sym;
        for (var i = 0; i < axes.Length; i++)
        {
            var (axis, before, after) = (axes[i], (int)pads[i], (int)pads[axes.Length + i]);
            if (x.HasExamples && axis == 0 && (before, after) != (0, 0))
                throw call.Problem("adds examples");
            padded = Ops.Pad(padded, x.Images is null ? axis : places[axis], before, after);
        }

        return x.Images is null ? x.With(padded) : TracedValue.OfImages(padded);
    }

    /// <summary>The extents of x, or those from an axis to before another.</summary>
    internal static GraphValue Shape(NodeCall call)
    {
        var extents = call.Traced(0).Sym.Shape.Extents;
        int start = Clamped(call.WholeNumber("start", 0), extents.Length), end = Clamped(call.WholeNumber("end", extents.Length), extents.Length);
        var part = new long[Math.Max(0, end - start)];
        for (var i = 0; i < part.Length; i++)
            part[i] = extents[start + i];
        return new WholeNumbers(part, 1);
    }

    internal static GraphValue Gather(NodeCall call)
    {
        var (from, at) = (call.Whole(0), call.Whole(1));
        if (from.Rank != 1 || at.Rank > 1 || call.WholeNumber("axis", 0) is not (0 or -1))
            throw call.Problem("is supported for single extents only");
        return new WholeNumbers([.. at.Values.Select(index => from.Values[call.Axis(index, from.Values.Length)])], at.Rank);
    }

    /// <summary>Inserts axes of extent 1: a single extent becomes a list of one.</summary>
    internal static GraphValue Unsqueeze(NodeCall call)
        => Axes(call) is [0 or -1] && call.Whole(0) is { Rank: 0 } x ? x with { Rank = 1 } : throw call.Problem("is supported for single extents only");

    /// <summary>Drops axes of extent 1: a list of one becomes a single extent.</summary>
    internal static GraphValue Squeeze(NodeCall call)
        => call.Whole(0) is { Rank: 1, Values.Length: 1 } x ? x with { Rank = 0 } : throw call.Problem("is supported for single extents only");

    internal static GraphValue Concat(NodeCall call)
    {
        List<long> joined = [];
        for (var operand = 0; operand < call.Operands.Count; operand++)
            joined.AddRange(call.Whole(operand) is { Rank: 1, Values: var values } ? values : throw call.Problem("is supported for lists of extents only"));
        return new WholeNumbers([.. joined], 1);
    }

    // an attribute until version 13, an operand from there on
    private static IReadOnlyList<long> Axes(NodeCall call) => call.OperatorSet < 13 ? call.Attribute("axes")?.WholeNumbers ?? [] : call.Whole(1).Values;

    private static int Clamped(long axis, int rank) => (int)Math.Clamp(axis < 0 ? axis + rank : axis, 0, rank);
}
