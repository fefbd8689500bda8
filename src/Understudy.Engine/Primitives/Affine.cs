using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>y = scale · x + shift with one rounding; scale and shift are constants of the graph.</summary>
internal sealed record Affine(double Scale, double Shift) : Unary
{
    internal override double Evaluate(double x) => Math.FusedMultiplyAdd(Scale, x, Shift);

    protected override Sym? Derivative(Sym node) => Ops.Constant(Scale, node.Shape);
}
