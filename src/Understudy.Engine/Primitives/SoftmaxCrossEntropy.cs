using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>The cross-entropy of softmax(z) against target probabilities p, averaged over rows: mean of log Σ exp(z) − Σ p z.</summary>
/// <remarks>Operands z [rows, classes], p [rows, classes] in this order; rows of p add up to one. The result is a scalar.</remarks>
internal sealed record SoftmaxCrossEntropy : Macro
{
    internal override Shape Infer(ReadOnlySpan<Shape> inputs)
        => inputs[0].Rank == 2 && inputs[0] == inputs[1]
            ? Shape.Scalar
            : throw new ShapeException(Name, "logits and targets of one shape [rows, classes]", inputs);

    internal override Sym Expand(Sym[] inputs)
    {
        var (z, p) = (inputs[0], inputs[1]);
        return Ops.Mean(Ops.LogSumExp(z, 1) - Ops.Sum(p * z, new Axes(1)));
    }

    internal override Sym?[] Vjp(Sym node, Sym cotangent)
    {
        var (z, p) = (node.Inputs[0], node.Inputs[1]);
        var share = cotangent * (1.0 / z.Shape[0]);
        return [(Ops.Softmax(z, 1) - p) * share, -(z * share)];
    }
}
