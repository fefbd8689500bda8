using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>A box of the operand. The transpose of <see cref="Pad"/>.</summary>
/// <param name="Start">Where the box starts, per axis.</param>
/// <param name="Length">Its extents: the shape of the result.</param>
internal sealed record Slice(Axes Start, Axes Length) : Primitive
{
    internal override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        var shape = inputs[0];
        var fits = shape.Rank == Start.Count && shape.Rank == Length.Count;
        for (var axis = 0; fits && axis < shape.Rank; axis++)
            fits = Start[axis] >= 0 && Length[axis] >= 1 && Start[axis] <= shape[axis] - Length[axis];
        return fits ? new Shape(Length.Values) : throw new ShapeException(Name, $"an operand holding [{Length}] from [{Start}] on", shape);
    }

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
    {
        var to = new Shape(Length.Values);
        for (var i = 0; i < result.Length; i++)
        {
            var position = Indexing.Coordinates(to, i);
            for (var axis = 0; axis < position.Length; axis++)
                position[axis] += Start[axis];
            result[i] = inputs[0][Indexing.Flat(shapes[0], position)];
        }
    }

    internal override Sym? Jvp(Sym node, Sym?[] tangents) => Simplify.Node(this, null, tangents[0]!);

    internal override Sym?[] Vjp(Sym node, Sym cotangent)
    {
        var shape = node.Inputs[0].Shape;
        var after = new int[shape.Rank];
        for (var axis = 0; axis < after.Length; axis++)
            after[axis] = shape[axis] - Start[axis] - Length[axis];
        return [Simplify.Node(new Pad(Start, new Axes(after)), null, cotangent)];
    }

    internal override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
        => Simplify.Node(new Slice(Start.With(0), Length.With(replicas)), node.Caller, inputs);
}

/// <summary>The operand with zeros around it. The transpose of <see cref="Slice"/>.</summary>
/// <param name="Before">How many zeros come before the operand, per axis.</param>
/// <param name="After">How many come after it.</param>
internal sealed record Pad(Axes Before, Axes After) : Primitive
{
    internal override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        var shape = inputs[0];
        if (shape.Rank != Before.Count || shape.Rank != After.Count)
            throw new ShapeException(Name, $"an operand with {Before.Count} axes", shape);
        var extents = new int[shape.Rank];
        for (var axis = 0; axis < extents.Length; axis++)
        {
            if (Before[axis] < 0 || After[axis] < 0)
                throw new ShapeException(Name, "padding that is not negative", shape);
            extents[axis] = Before[axis] + shape[axis] + After[axis];
        }

        return new Shape(extents);
    }

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
    {
        var to = Infer(shapes);
        for (var i = 0; i < inputs[0].Length; i++)
        {
            var position = Indexing.Coordinates(shapes[0], i);
            for (var axis = 0; axis < position.Length; axis++)
                position[axis] += Before[axis];
            result[Indexing.Flat(to, position)] = inputs[0][i];
        }
    }

    internal override Sym? Jvp(Sym node, Sym?[] tangents) => Simplify.Node(this, null, tangents[0]!);

    internal override Sym?[] Vjp(Sym node, Sym cotangent)
        => [Simplify.Node(new Slice(Before, new Axes(node.Inputs[0].Shape.Extents)), null, cotangent)];

    internal override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
        => Simplify.Node(new Pad(Before.With(0), After.With(0)), node.Caller, inputs);
}
