using Understudy.Engine.Graphs;
using Understudy.Engine.Kernels;

namespace Understudy.Engine.Primitives;

/// <summary>A linear layer and its activation: act(x W + b).</summary>
/// <remarks>Operands x [batch, in], W [in, out], b [out] in this order. The slope is not negative, so that the result tells the sign.</remarks>
internal sealed record LinearAct(Activation Activation, double Slope) : Macro
{
    internal override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        var (x, w, b) = (inputs[0], inputs[1], inputs[2]);
        return x.Rank == 2 && w.Rank == 2 && b.Rank == 1 && x[1] == w[0] && w[1] == b[0]
            ? new Shape(x[0], w[1])
            : throw new ShapeException(Name, "x [batch, in], weights [in, out] and a bias [out]", inputs);
    }

    internal override Sym Expand(Sym[] inputs)
    {
        var z = Ops.MatMul(inputs[0], inputs[1]) + inputs[2];
        return Activation switch
        {
            Activation.Rectify => Ops.Rectify(z, Slope),
            Activation.Tanh => Ops.Tanh(z),
            _ => z,
        };
    }

    internal override Sym?[] Vjp(Sym node, Sym cotangent)
    {
        // The derivative of every activation is a function of its result, so the pre-activation need not be kept.
        var delta = Activation switch
        {
            Activation.Rectify => cotangent * Ops.Step(node, Slope),
            Activation.Tanh => cotangent * (1 - Ops.Square(node)),
            _ => cotangent,
        };
        return
        [
            Ops.MatMul(delta, node.Inputs[1], transposeRight: true),
            Ops.MatMul(node.Inputs[0], delta, transposeLeft: true),
            Ops.Sum(delta, new Axes(0)),
        ];
    }
}
