using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>An element-wise function of two operands of equal shape.</summary>
internal abstract record Binary : Primitive
{
    internal abstract double Evaluate(double a, double b);

    internal sealed override Shape Infer(ReadOnlySpan<Shape> inputs)
        => inputs[0] == inputs[1] ? inputs[0] : throw new ShapeException(Name, "equal shapes", inputs);

    internal sealed override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = Evaluate(inputs[0][i], inputs[1][i]);
    }

    internal sealed override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
        => Simplify.Node(this, node.Caller, OnEvery(inputs, replicated, replicas));
}
