using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>Reorders the axes: axis i of the result is axis Order[i] of the operand.</summary>
internal sealed record Permute(Axes Order) : Primitive
{
    /// <summary>The order that undoes this one.</summary>
    internal Axes Inverse
    {
        get
        {
            var inverse = new int[Order.Count];
            for (var axis = 0; axis < Order.Count; axis++)
                inverse[Order[axis]] = axis;
            return new Axes(inverse);
        }
    }

    internal override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        var shape = inputs[0];
        var sorted = Order.Values.ToArray();
        Array.Sort(sorted);
        if (shape.Rank != Order.Count || !Axes.Range(0, shape.Rank).Equals(new Axes(sorted)))
            throw new ShapeException(Name, $"an operand whose axes are those of the order {Order}", shape);
        var extents = new int[shape.Rank];
        for (var axis = 0; axis < extents.Length; axis++)
            extents[axis] = shape[Order[axis]];
        return new Shape(extents);
    }

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
    {
        var to = Infer(shapes);
        for (var i = 0; i < result.Length; i++)
        {
            var position = Indexing.Coordinates(to, i);
            var source = new int[position.Length];
            for (var axis = 0; axis < source.Length; axis++)
                source[Order[axis]] = position[axis];
            result[i] = inputs[0][Indexing.Flat(shapes[0], source)];
        }
    }

    internal override Sym? Jvp(Sym node, Sym?[] tangents) => Ops.Permute(tangents[0]!, Order);

    internal override Sym?[] Vjp(Sym node, Sym cotangent) => [Ops.Permute(cotangent, Inverse)];

    internal override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
        => Simplify.Node(new Permute(Order.BehindLeading().With(0)), node.Caller, inputs);
}
