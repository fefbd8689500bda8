using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>The operand's value, through which no derivative passes.</summary>
internal sealed record StopGradient : Unary
{
    internal override double Evaluate(double x) => x;

    protected override Sym? Derivative(Sym node) => null;
}
