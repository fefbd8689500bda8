using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>x², with one operand so that a plan reads it once.</summary>
internal sealed record Square : Unary
{
    internal override double Evaluate(double x) => x * x;

    protected override Sym? Derivative(Sym node) => 2 * node.Inputs[0];
}
