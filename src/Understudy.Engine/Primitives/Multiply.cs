using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>The element-wise product a · b.</summary>
internal sealed record Multiply : Binary
{
    internal override double Evaluate(double a, double b) => a * b;

    internal override Sym? Jvp(Sym node, Sym?[] tangents)
        => Transforms.Total(tangents[0] is { } a ? a * node.Inputs[1] : null, tangents[1] is { } b ? node.Inputs[0] * b : null);

    internal override Sym?[] Vjp(Sym node, Sym cotangent) => [cotangent * node.Inputs[1], cotangent * node.Inputs[0]];
}

/// <summary>The element-wise quotient a / b.</summary>
internal sealed record Divide : Binary
{
    internal override double Evaluate(double a, double b) => a / b;

    internal override Sym? Jvp(Sym node, Sym?[] tangents)
    {
        var b = node.Inputs[1];
        var numerator = (tangents[0], tangents[1]) switch
        {
            ({ } da, { } db) => da - (node * db),
            (null, { } db) => -(node * db),
            (var da, null) => da!,
        };
        return numerator / b;
    }

    internal override Sym?[] Vjp(Sym node, Sym cotangent)
    {
        var share = cotangent / node.Inputs[1];
        return [share, -(node * share)];
    }
}
