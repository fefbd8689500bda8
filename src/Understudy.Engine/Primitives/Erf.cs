using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>The error function 2/√π ∫₀ˣ exp(−t²) dt.</summary>
internal sealed record Erf : Unary
{
    private const double TwoOverRootPi = 1.1283791670955125739;

    internal override double Evaluate(double x)
    {
        // Beyond 6 the rest is below 2e-17.
        if (Math.Abs(x) > 6)
            return Math.Sign(x);

        // erf(x) = 2/√π exp(−x²) Σ 2ⁿ x²ⁿ⁺¹ / (1·3·5···(2n+1)): every term has the sign of x, so nothing cancels.
        var (term, sum) = (x, x);
        for (var n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

#pragma warning disable RS0030 // the definition the kernels are compared with
        return TwoOverRootPi * Math.Exp(-x * x) * sum;
#pragma warning restore RS0030
    }

    protected override Sym? Derivative(Sym node) => TwoOverRootPi * Ops.Exp(-Ops.Square(node.Inputs[0]));
}
