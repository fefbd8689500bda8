using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>Repeats the operand along new axes. The transpose of <see cref="Sum"/>.</summary>
/// <param name="Inserted">The new axes, as positions in the result, increasing.</param>
/// <param name="To">The shape of the result; without the inserted axes it is the operand's.</param>
internal sealed record Broadcast(Axes Inserted, Shape To) : Primitive
{
    internal override Shape Infer(ReadOnlySpan<Shape> inputs)
        => Indexing.AreIncreasing(Inserted, To.Rank) && Indexing.Dropping(Inserted, To) == inputs[0]
            ? To
            : throw new ShapeException(Name, $"an operand that is {To} without axes {Inserted}", inputs);

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = inputs[0][Indexing.Flat(shapes[0], Indexing.Dropping(Inserted, Indexing.Coordinates(To, i)))];
    }

    internal override Sym? Jvp(Sym node, Sym?[] tangents) => Ops.Broadcast(tangents[0]!, Inserted, To);

    internal override Sym?[] Vjp(Sym node, Sym cotangent) => [Ops.Sum(cotangent, Inserted)];

    internal override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
        => Simplify.Node(new Broadcast(Inserted.BehindLeading(), To.With(0, replicas)), node.Caller, inputs);
}

/// <summary>Adds up over axes, which disappear. The transpose of <see cref="Broadcast"/>.</summary>
/// <param name="Over">The axes, increasing.</param>
internal sealed record Sum(Axes Over) : Primitive
{
    internal override Shape Infer(ReadOnlySpan<Shape> inputs)
        => Indexing.AreIncreasing(Over, inputs[0].Rank)
            ? Indexing.Dropping(Over, inputs[0])
            : throw new ShapeException(Name, $"an operand with axes {Over}", inputs);

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
    {
        var to = Infer(shapes);
        for (var i = 0; i < inputs[0].Length; i++)
            result[Indexing.Flat(to, Indexing.Dropping(Over, Indexing.Coordinates(shapes[0], i)))] += inputs[0][i];
    }

    internal override Sym? Jvp(Sym node, Sym?[] tangents) => Ops.Sum(tangents[0]!, Over);

    internal override Sym?[] Vjp(Sym node, Sym cotangent) => [Ops.Broadcast(cotangent, Over, node.Inputs[0].Shape)];

    internal override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
        => Simplify.Node(new Sum(Over.BehindLeading()), node.Caller, inputs);
}
