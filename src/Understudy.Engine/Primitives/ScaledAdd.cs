using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>x + s · y with one rounding: the update of gradient descent.</summary>
/// <remarks>Operands x, s, y in this order. x and y have one shape; s has it too, or is a scalar.</remarks>
internal sealed record ScaledAdd : Primitive
{
    internal override Shape Infer(ReadOnlySpan<Shape> inputs)
        => inputs[0] == inputs[2] && (inputs[1].Rank == 0 || inputs[1] == inputs[0])
            ? inputs[0]
            : throw new ShapeException(Name, "x and y of equal shapes and a scale that is a scalar or has their shape", inputs);

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
    {
        var (x, s, y) = (inputs[0], inputs[1], inputs[2]);
        for (var i = 0; i < result.Length; i++)
            result[i] = Math.FusedMultiplyAdd(s[s.Length == 1 ? 0 : i], y[i], x[i]);
    }

    internal override Sym? Jvp(Sym node, Sym?[] tangents)
    {
        var (s, y) = (node.Inputs[1], node.Inputs[2]);
        var moved = tangents[1] is { } ds ? ds * y : null;
        var start = Transforms.Total(tangents[0], moved);
        return (start, tangents[2]) switch
        {
            ({ } dx, { } dy) => Ops.ScaledAdd(dx, s, dy),
            (null, { } dy) => s * dy,
            (var dx, null) => dx,
        };
    }

    internal override Sym?[] Vjp(Sym node, Sym cotangent)
    {
        var (s, y) = (node.Inputs[1], node.Inputs[2]);
        var scale = cotangent * y;
        return [cotangent, s.Shape.Rank == 0 ? Ops.Sum(scale) : scale, s * cotangent];
    }

    internal override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
    {
        var all = OnEvery(inputs, replicated, replicas);
        if (node.Inputs[1].Shape.Rank == 0)
        {
            // One scale for everybody stays a scalar; a scale per replica is spread over the replica's elements.
            all[1] = replicated[1] ? Ops.Broadcast(inputs[1], Axes.Range(1, node.Shape.Rank), all[0].Shape) : inputs[1];
        }

        return Simplify.Node(this, node.Caller, all);
    }
}
