using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

#pragma warning disable RS0030 // the definition the kernels are compared with

/// <summary>1 / (1 + exp(−x)); derivative y (1 − y).</summary>
internal sealed record Sigmoid : Unary
{
    internal override double Evaluate(double x)
    {
        var small = Math.Exp(-Math.Abs(x));
        return (x >= 0 ? 1 : small) / (1 + small);
    }

    protected override Sym? Derivative(Sym node) => node * (1 - node);
}

/// <summary>log(1 + exp(x)), which overflows nowhere; derivative <see cref="Sigmoid"/>.</summary>
internal sealed record Softplus : Unary
{
    internal override double Evaluate(double x) => Math.Max(x, 0) + Log1p.Of(Math.Exp(-Math.Abs(x)));

    protected override Sym? Derivative(Sym node) => Ops.Sigmoid(node.Inputs[0]);
}
