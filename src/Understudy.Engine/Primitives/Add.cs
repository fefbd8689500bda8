using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>a + b.</summary>
internal sealed record Add : Binary
{
    internal override double Evaluate(double a, double b) => a + b;

    internal override Sym? Jvp(Sym node, Sym?[] tangents) => (tangents[0], tangents[1]) switch
    {
        ({ } a, { } b) => a + b,
        (null, var b) => b,
        (var a, null) => a,
    };

    internal override Sym?[] Vjp(Sym node, Sym cotangent) => [cotangent, cotangent];
}

/// <summary>a − b.</summary>
internal sealed record Subtract : Binary
{
    internal override double Evaluate(double a, double b) => a - b;

    internal override Sym? Jvp(Sym node, Sym?[] tangents) => (tangents[0], tangents[1]) switch
    {
        ({ } a, { } b) => a - b,
        (null, { } b) => -b,
        (var a, null) => a,
    };

    internal override Sym?[] Vjp(Sym node, Sym cotangent) => [cotangent, -cotangent];
}
