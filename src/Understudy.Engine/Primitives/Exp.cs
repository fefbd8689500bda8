using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

#pragma warning disable RS0030 // the definition the kernels are compared with

/// <summary>e to the x.</summary>
internal sealed record Exp : Unary
{
    internal override double Evaluate(double x) => Math.Exp(x);

    protected override Sym? Derivative(Sym node) => node;
}

/// <summary>exp(x) − 1 without the cancellation near zero.</summary>
internal sealed record Expm1 : Unary
{
    internal override double Evaluate(double x)
    {
        // Kahan's correction: the rounding error of u is the same in both factors.
        var u = Math.Exp(x);
        if (u == 1)
            return x;
        return u - 1 == -1 || double.IsInfinity(u) ? u - 1 : (u - 1) * x / Math.Log(u);
    }

    protected override Sym? Derivative(Sym node) => node + 1;
}
