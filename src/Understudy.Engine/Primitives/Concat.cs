using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>Joins the operands along an axis; the other extents are equal.</summary>
internal sealed record Concat(int Axis) : Primitive
{
    internal override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        var extent = 0;
        foreach (var shape in inputs)
        {
            if (Axis < 0 || Axis >= inputs[0].Rank || shape.Rank != inputs[0].Rank || shape.Without(Axis) != inputs[0].Without(Axis))
                throw new ShapeException(Name, $"shapes that differ along axis {Axis} only", inputs);
            extent += shape[Axis];
        }

        return inputs[0].Without(Axis).With(Axis, extent);
    }

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
    {
        var to = Infer(shapes);
        var start = 0;
        for (var part = 0; part < inputs.Length; part++)
        {
            for (var i = 0; i < inputs[part].Length; i++)
            {
                var position = Indexing.Coordinates(shapes[part], i);
                position[Axis] += start;
                result[Indexing.Flat(to, position)] = inputs[part][i];
            }

            start += shapes[part][Axis];
        }
    }

    internal override Sym? Jvp(Sym node, Sym?[] tangents)
    {
        var parts = new Sym[tangents.Length];
        for (var part = 0; part < parts.Length; part++)
            parts[part] = tangents[part] ?? Ops.Constant(0, node.Inputs[part].Shape);
        return Simplify.Node(this, null, parts);
    }

    internal override Sym?[] Vjp(Sym node, Sym cotangent)
    {
        var parts = new Sym?[node.Inputs.Length];
        var start = 0;
        for (var part = 0; part < parts.Length; part++)
        {
            var length = node.Inputs[part].Shape[Axis];
            parts[part] = Ops.Slice(cotangent, Axis, start, length);
            start += length;
        }

        return parts;
    }

    internal override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
        => Simplify.Node(new Concat(Axis + 1), node.Caller, OnEvery(inputs, replicated, replicas));
}
