using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>Leaky rectified linear unit: y = x where x &gt; 0, and slope · x elsewhere; ReLU has slope 0.</summary>
/// <remarks>At x = 0 the derivative is the slope. The second derivative is taken as 0 everywhere. Source: Maas, Hannun and Ng 2013.</remarks>
internal sealed record Rectify(double Slope) : Unary
{
    internal override double Evaluate(double x) => x > 0 ? x : Slope * x;

    protected override Sym? Derivative(Sym node) => Ops.Step(node.Inputs[0], Slope);
}

/// <summary>The derivative of <see cref="Rectify"/>: 1 where x &gt; 0, and the slope elsewhere. Piecewise constant.</summary>
internal sealed record Step(double Slope) : Unary
{
    internal override double Evaluate(double x) => x > 0 ? 1 : Slope;

    protected override Sym? Derivative(Sym node) => null;
}
