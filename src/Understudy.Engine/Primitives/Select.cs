using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>a where the condition is not zero, and b elsewhere; element-wise over equal shapes.</summary>
/// <remarks>Operands condition, a, b in this order. The element not taken has no influence, even where it is not a number.</remarks>
internal sealed record Select : Primitive
{
    internal override Shape Infer(ReadOnlySpan<Shape> inputs)
        => inputs[0] == inputs[1] && inputs[1] == inputs[2] ? inputs[0] : throw new ShapeException(Name, "equal shapes", inputs);

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = inputs[0][i] != 0 ? inputs[1][i] : inputs[2][i];
    }

    internal override Sym? Jvp(Sym node, Sym?[] tangents) => Tangent(node.Inputs[0], tangents[1], tangents[2]);

    internal override Sym?[] Vjp(Sym node, Sym cotangent)
    {
        var (a, b) = Split(node.Inputs[0], cotangent);
        return [null, a, b];
    }

    internal override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
        => Simplify.Node(this, node.Caller, OnEvery(inputs, replicated, replicas));

    /// <summary>The tangent of a choice between values with the given tangents.</summary>
    internal static Sym? Tangent(Sym condition, Sym? a, Sym? b)
    {
        if (a is null && b is null)
            return null;
        var zero = Ops.Constant(0, condition.Shape);
        return Ops.Select(condition, a ?? zero, b ?? zero);
    }

    /// <summary>The cotangents of the two values of a choice.</summary>
    internal static (Sym A, Sym B) Split(Sym condition, Sym cotangent)
    {
        var zero = Ops.Constant(0, condition.Shape);
        return (Ops.Select(condition, cotangent, zero), Ops.Select(condition, zero, cotangent));
    }
}
