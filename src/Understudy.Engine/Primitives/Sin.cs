using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

#pragma warning disable RS0030 // the definition the kernels are compared with

/// <summary>The sine of an angle in radians.</summary>
internal sealed record Sin : Unary
{
    internal override double Evaluate(double x) => Math.Sin(x);

    protected override Sym? Derivative(Sym node) => Ops.Cos(node.Inputs[0]);
}

/// <summary>The cosine of an angle in radians.</summary>
internal sealed record Cos : Unary
{
    internal override double Evaluate(double x) => Math.Cos(x);

    protected override Sym? Derivative(Sym node) => -Ops.Sin(node.Inputs[0]);
}
