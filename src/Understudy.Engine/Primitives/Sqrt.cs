using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>The square root; derivative 1 / (2 y).</summary>
internal sealed record Sqrt : Unary
{
    internal override double Evaluate(double x) => Math.Sqrt(x);

    protected override Sym? Derivative(Sym node) => 0.5 / node;
}

/// <summary>1 / √x; derivative −y³ / 2.</summary>
internal sealed record Rsqrt : Unary
{
    internal override double Evaluate(double x) => 1 / Math.Sqrt(x);

    protected override Sym? Derivative(Sym node) => -0.5 * (node * Ops.Square(node));
}
