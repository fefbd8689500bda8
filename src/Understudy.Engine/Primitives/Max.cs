using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>The larger of a and b; at a tie the derivative belongs to a.</summary>
internal sealed record Max : Binary
{
    internal override double Evaluate(double a, double b) => b > a ? b : a;

    internal override Sym? Jvp(Sym node, Sym?[] tangents) => Select.Tangent(TakesSecond(node), tangents[1], tangents[0]);

    internal override Sym?[] Vjp(Sym node, Sym cotangent)
    {
        var (second, first) = Select.Split(TakesSecond(node), cotangent);
        return [first, second];
    }

    private static Sym TakesSecond(Sym node) => Ops.Greater(node.Inputs[1], node.Inputs[0]);
}

/// <summary>The smaller of a and b; at a tie the derivative belongs to a.</summary>
internal sealed record Min : Binary
{
    internal override double Evaluate(double a, double b) => a > b ? b : a;

    internal override Sym? Jvp(Sym node, Sym?[] tangents) => Select.Tangent(TakesSecond(node), tangents[1], tangents[0]);

    internal override Sym?[] Vjp(Sym node, Sym cotangent)
    {
        var (second, first) = Select.Split(TakesSecond(node), cotangent);
        return [first, second];
    }

    private static Sym TakesSecond(Sym node) => Ops.Greater(node.Inputs[0], node.Inputs[1]);
}

/// <summary>1 where a &gt; b, and 0 elsewhere. Piecewise constant.</summary>
internal sealed record Greater : Binary
{
    internal override double Evaluate(double a, double b) => a > b ? 1 : 0;

    internal override Sym? Jvp(Sym node, Sym?[] tangents) => null;

    internal override Sym?[] Vjp(Sym node, Sym cotangent) => [null, null];
}
