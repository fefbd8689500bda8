using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>An element-wise function of one operand; the result has the operand's shape.</summary>
internal abstract record Unary : Primitive
{
    internal abstract double Evaluate(double x);

    /// <summary>dy/dx as graph, with the shape of x, so that it can be differentiated again; null where it is zero everywhere.</summary>
    protected abstract Sym? Derivative(Sym node);

    internal sealed override Shape Infer(ReadOnlySpan<Shape> inputs) => inputs[0];

    internal sealed override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = Evaluate(inputs[0][i]);
    }

    internal sealed override Sym? Jvp(Sym node, Sym?[] tangents) => Derivative(node) is { } factor ? factor * tangents[0]! : null;

    internal sealed override Sym?[] Vjp(Sym node, Sym cotangent) => [Derivative(node) is { } factor ? factor * cotangent : null];

    internal sealed override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
        => Simplify.Node(this, node.Caller, inputs);
}
