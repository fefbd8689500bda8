using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>The absolute value; its derivative at zero is taken as zero.</summary>
internal sealed record Abs : Unary
{
    internal override double Evaluate(double x) => Math.Abs(x);

    protected override Sym? Derivative(Sym node) => Ops.Sign(node.Inputs[0]);
}

/// <summary>−1, 0 or 1. Piecewise constant.</summary>
internal sealed record Sign : Unary
{
    internal override double Evaluate(double x) => x > 0 ? 1 : x < 0 ? -1 : 0;

    protected override Sym? Derivative(Sym node) => null;
}
