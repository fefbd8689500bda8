using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>The maximum along an axis, which disappears; the derivative belongs to the first maximum.</summary>
internal sealed record MaxAlong(int Axis) : Primitive
{
    internal override Shape Infer(ReadOnlySpan<Shape> inputs) => Lines.Checked(this, Axis, inputs[0]).Without(Axis);

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
    {
        var (shape, x) = (shapes[0], inputs[0]);
        Lines.ForEach(shape, Axis, (line, start, stride) => result[line] = x[Lines.Largest(x, start, stride, shape[Axis])]);
    }

    internal override Sym? Jvp(Sym node, Sym?[] tangents) => Ops.Sum(FirstMaximum(node) * tangents[0]!, new Axes(Axis));

    internal override Sym?[] Vjp(Sym node, Sym cotangent)
        => [FirstMaximum(node) * Ops.Broadcast(cotangent, new Axes(Axis), node.Inputs[0].Shape)];

    internal override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
        => Simplify.Node(new MaxAlong(Axis + 1), node.Caller, inputs);

    /// <summary>1 at the first maximum of every line, and 0 elsewhere; the shape of the operand.</summary>
    private Sym FirstMaximum(Sym node)
    {
        var x = node.Inputs[0];
        var indicator = Ops.OneHot(Ops.ArgMax(x, Axis), x.Shape[Axis]);
        var last = x.Shape.Rank - 1;
        return Ops.Permute(indicator, new Axes([.. Axes.Range(0, Axis).Values, last, .. Axes.Range(Axis, last - Axis).Values]));
    }
}

/// <summary>The index of the first maximum along an axis, which disappears. Piecewise constant.</summary>
internal sealed record ArgMax(int Axis) : Primitive
{
    internal override Shape Infer(ReadOnlySpan<Shape> inputs) => Lines.Checked(this, Axis, inputs[0]).Without(Axis);

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
    {
        var (shape, x) = (shapes[0], inputs[0]);
        Lines.ForEach(shape, Axis, (line, start, stride) => result[line] = (Lines.Largest(x, start, stride, shape[Axis]) - start) / stride);
    }

    internal override Sym? Jvp(Sym node, Sym?[] tangents) => null;

    internal override Sym?[] Vjp(Sym node, Sym cotangent) => [null];

    internal override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
        => Simplify.Node(new ArgMax(Axis + 1), node.Caller, inputs);
}
