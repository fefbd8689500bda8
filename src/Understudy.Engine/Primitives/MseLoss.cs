using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>The mean over all elements of (a − b)². Operands of equal shape; the result is a scalar.</summary>
internal sealed record MseLoss : Macro
{
    internal override Shape Infer(ReadOnlySpan<Shape> inputs)
        => inputs[0] == inputs[1] ? Shape.Scalar : throw new ShapeException(Name, "equal shapes", inputs);

    internal override Sym Expand(Sym[] inputs) => Ops.Mean(Ops.Square(inputs[0] - inputs[1]));

    internal override Sym?[] Vjp(Sym node, Sym cotangent)
    {
        var (a, b) = (node.Inputs[0], node.Inputs[1]);
        var delta = (a - b) * (cotangent * (2.0 / a.Shape.Count));
        return [delta, -delta];
    }
}
