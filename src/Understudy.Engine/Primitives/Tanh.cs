using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>The hyperbolic tangent; derivative 1 − y².</summary>
internal sealed record Tanh : Unary
{
#pragma warning disable RS0030 // the definition the kernels are compared with
    internal override double Evaluate(double x) => Math.Tanh(x);
#pragma warning restore RS0030

    protected override Sym? Derivative(Sym node) => 1 - Ops.Square(node);
}
