using System.Runtime.CompilerServices;
using Understudy.Engine.Primitives;

namespace Understudy.Engine.Graphs;

/// <content>Operations that move elements.</content>
public static partial class Ops
{
    /// <summary>The same elements, row-major, under another shape.</summary>
    /// <exception cref="ShapeException">The shapes hold different numbers of elements.</exception>
    public static Sym Reshape(Sym x, Shape to, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new Reshape(to), file, line, x);

    /// <summary>Reorders the axes: axis i of the result is axis order[i] of x.</summary>
    /// <exception cref="ShapeException">The order does not name every axis once.</exception>
    public static Sym Permute(Sym x, params ReadOnlySpan<int> order) => Permute(x, new Axes(order));

    /// <summary>Exchanges the last two axes.</summary>
    /// <exception cref="ShapeException">x has fewer than two axes.</exception>
    public static Sym Transpose(Sym x)
    {
        var rank = x.Shape.Rank;
        return rank >= 2
            ? Permute(x, new Axes([.. Axes.Range(0, rank - 2).Values, rank - 1, rank - 2]))
            : throw new ShapeException("Transpose", "an operand with at least two axes", x.Shape);
    }

    /// <summary>Repeats x along new leading axes; its shape is a suffix of the result's.</summary>
    /// <exception cref="ShapeException">It is not.</exception>
    public static Sym BroadcastTo(Sym x, Shape to) => Broadcast(x, Axes.Range(0, Math.Max(0, to.Rank - x.Shape.Rank)), to);

    /// <summary>Repeats x along one new axis at position <paramref name="axis"/> of the result.</summary>
    /// <exception cref="ShapeException">There is no such position.</exception>
    public static Sym BroadcastAlong(Sym x, int axis, int extent)
    {
        var at = axis < 0 ? axis + x.Shape.Rank + 1 : axis;
        if (at < 0 || at > x.Shape.Rank)
            throw new ShapeException("Broadcast", $"an operand that can get an axis {axis}", x.Shape);
        return Broadcast(x, new Axes(at), x.Shape.With(at, extent));
    }

    /// <summary>The elements from <paramref name="start"/> on, <paramref name="length"/> of them, along one axis.</summary>
    /// <exception cref="ShapeException">They lie outside.</exception>
    public static Sym Slice(Sym x, int axis, int start, int length, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        var (starts, lengths) = (new int[x.Shape.Rank], x.Shape.Extents.ToArray());
        var at = ExistingAxis("Slice", axis, x);
        (starts[at], lengths[at]) = (start, length);
        return Node(new Slice(new Axes(starts), new Axes(lengths)), file, line, x);
    }

    /// <summary>Zeros before and after x along one axis.</summary>
    /// <exception cref="ShapeException">x does not have the axis, or a number of zeros is negative.</exception>
    public static Sym Pad(Sym x, int axis, int before, int after, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        var (befores, afters) = (new int[x.Shape.Rank], new int[x.Shape.Rank]);
        var at = ExistingAxis("Pad", axis, x);
        (befores[at], afters[at]) = (before, after);
        return Node(new Pad(new Axes(befores), new Axes(afters)), file, line, x);
    }

    /// <summary>Joins the parts along an axis.</summary>
    /// <exception cref="ShapeException">They differ along another axis.</exception>
    public static Sym Concat(int axis, params ReadOnlySpan<Sym> parts)
    {
        ArgumentOutOfRangeException.ThrowIfZero(parts.Length);
        return Simplify.Node(new Concat(Axis(axis, parts[0])), null, parts.ToArray());
    }

    /// <summary>Rows of x [n, …] at indices [m], whole numbers: [m, …]. Further axes in front of both are gone through side by side.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Sym GatherRows(Sym x, Sym indices, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new GatherRows(), file, line, x, indices);

    /// <summary>Adds the rows of x [m, …] to a table of zeros [rows, …] at indices [m], in increasing order.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Sym ScatterAddRows(Sym x, Sym indices, int rows, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new ScatterAddRows(rows), file, line, x, indices);

    /// <summary>Class indices […] to indicator rows […, classes]; an index that is no class gives a row of zeros.</summary>
    public static Sym OneHot(Sym indices, int classes, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => Node(new OneHot(classes), file, line, indices);

    private static int ExistingAxis(string operation, int axis, Sym x)
        => Axis(axis, x) is var at && at >= 0 && at < x.Shape.Rank ? at : throw new ShapeException(operation, $"an operand with an axis {axis}", x.Shape);

    internal static Sym Permute(Sym x, Axes order) => Simplify.Node(new Permute(order), null, x);

    internal static Sym Broadcast(Sym x, Axes inserted, Shape to) => Simplify.Node(new Broadcast(inserted, to), null, x);
}
