using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

#pragma warning disable RS0030 // the definition the kernels are compared with

/// <summary>exp(x) / Σ exp(x) along an axis, with the maximum taken out first.</summary>
internal sealed record Softmax(int Axis) : Primitive
{
    internal override Shape Infer(ReadOnlySpan<Shape> inputs) => Lines.Checked(this, Axis, inputs[0]);

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
    {
        var (shape, x) = (shapes[0], inputs[0]);
        Lines.ForEach(shape, Axis, (_, start, stride) =>
        {
            var largest = x[Lines.Largest(x, start, stride, shape[Axis])];
            var sum = 0.0;
            for (var k = 0; k < shape[Axis]; k++)
                sum += result[start + (k * stride)] = Math.Exp(x[start + (k * stride)] - largest);
            for (var k = 0; k < shape[Axis]; k++)
                result[start + (k * stride)] /= sum;
        });
    }

    internal override Sym? Jvp(Sym node, Sym?[] tangents) => Apply(node, tangents[0]!);

    internal override Sym?[] Vjp(Sym node, Sym cotangent) => [Apply(node, cotangent)];

    internal override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
        => Simplify.Node(new Softmax(Axis + 1), node.Caller, inputs);

    // The Jacobian diag(y) − y yᵀ is symmetric, so both rules are one.
    private Sym Apply(Sym y, Sym v)
    {
        var mean = Ops.Sum(y * v, new Axes(Axis));
        return y * (v - Ops.Broadcast(mean, new Axes(Axis), y.Shape));
    }
}

/// <summary>log Σ exp(x) along an axis, which disappears; overflows nowhere.</summary>
internal sealed record LogSumExp(int Axis) : Primitive
{
    internal override Shape Infer(ReadOnlySpan<Shape> inputs) => Lines.Checked(this, Axis, inputs[0]).Without(Axis);

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
    {
        var (shape, x) = (shapes[0], inputs[0]);
        Lines.ForEach(shape, Axis, (line, start, stride) =>
        {
            var largest = x[Lines.Largest(x, start, stride, shape[Axis])];
            var sum = 0.0;
            for (var k = 0; k < shape[Axis]; k++)
                sum += Math.Exp(x[start + (k * stride)] - largest);
            result[line] = largest + Math.Log(sum);
        });
    }

    internal override Sym? Jvp(Sym node, Sym?[] tangents)
        => Ops.Sum(Ops.Softmax(node.Inputs[0], Axis) * tangents[0]!, new Axes(Axis));

    internal override Sym?[] Vjp(Sym node, Sym cotangent)
        => [Ops.Softmax(node.Inputs[0], Axis) * Ops.Broadcast(cotangent, new Axes(Axis), node.Inputs[0].Shape)];

    internal override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
        => Simplify.Node(new LogSumExp(Axis + 1), node.Caller, inputs);
}
