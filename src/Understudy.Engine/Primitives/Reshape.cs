using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>The same elements in the same row-major order under another shape.</summary>
internal sealed record Reshape(Shape To) : Primitive
{
    internal override Shape Infer(ReadOnlySpan<Shape> inputs)
        => inputs[0].Count == To.Count ? To : throw new ShapeException(Name, $"{To.Count} elements for {To}", inputs);

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result) => inputs[0].CopyTo(result, 0);

    internal override Sym? Jvp(Sym node, Sym?[] tangents) => Ops.Reshape(tangents[0]!, To);

    internal override Sym?[] Vjp(Sym node, Sym cotangent) => [Ops.Reshape(cotangent, node.Inputs[0].Shape)];

    internal override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
        => Simplify.Node(new Reshape(To.With(0, replicas)), node.Caller, inputs);
}
