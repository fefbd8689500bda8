using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

#pragma warning disable RS0030 // the definition the kernels are compared with

/// <summary>The natural logarithm.</summary>
internal sealed record Log : Unary
{
    internal override double Evaluate(double x) => Math.Log(x);

    protected override Sym? Derivative(Sym node) => 1 / node.Inputs[0];
}

/// <summary>log(1 + x) without the cancellation near zero.</summary>
internal sealed record Log1p : Unary
{
    internal override double Evaluate(double x) => Of(x);

    protected override Sym? Derivative(Sym node) => 1 / (node.Inputs[0] + 1);

    internal static double Of(double x)
    {
        // Kahan's correction: the rounding error of 1 + x is the same in both factors.
        var u = 1 + x;
        if (u == 1)
            return x;
        return double.IsInfinity(u) ? u : Math.Log(u) * x / (u - 1);
    }
}
