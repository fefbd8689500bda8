using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>The matrix product of two operands, each read transposed where its flag says so.</summary>
/// <remarks>Shapes a [l…, m, k] and b [l…, k, n] as read; leading axes l are equal and gone through side by side.</remarks>
internal sealed record MatMul(bool TransposeLeft, bool TransposeRight) : Primitive
{
    internal override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        var (a, b) = (inputs[0], inputs[1]);
        if (a.Rank < 2 || b.Rank < 2 || a.Rank != b.Rank)
            throw new ShapeException(Name, "two matrices, or two stacks of equally many axes", inputs);
        if (!a.Extents[..^2].SequenceEqual(b.Extents[..^2]))
            throw new ShapeException(Name, "equal leading axes", inputs);
        var (m, k) = TransposeLeft ? (a[-1], a[-2]) : (a[-2], a[-1]);
        var (inner, n) = TransposeRight ? (b[-1], b[-2]) : (b[-2], b[-1]);
        return k == inner
            ? new Shape([.. a.Extents[..^2], m, n])
            : throw new ShapeException(Name + Flags, "equal inner extents", inputs);
    }

    private string Flags => (TransposeLeft, TransposeRight) switch
    {
        (false, false) => "",
        (true, false) => " with the left operand transposed",
        (false, true) => " with the right operand transposed",
        _ => " with both operands transposed",
    };

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
    {
        var to = Infer(shapes);
        var (a, b) = (inputs[0], inputs[1]);
        var (m, n, k) = (to[-2], to[-1], TransposeLeft ? shapes[0][-2] : shapes[0][-1]);
        for (var matrix = 0; matrix < to.Product(0, to.Rank - 2); matrix++)
        {
            var (left, right) = (matrix * m * k, matrix * k * n);
            for (var i = 0; i < m; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    var sum = 0.0;
                    for (var p = 0; p < k; p++)
                        sum += a[left + (TransposeLeft ? (p * m) + i : (i * k) + p)] * b[right + (TransposeRight ? (j * k) + p : (p * n) + j)];
                    result[(matrix * m * n) + (i * n) + j] = sum;
                }
            }
        }
    }

    internal override Sym? Jvp(Sym node, Sym?[] tangents)
        => Transforms.Total(
            tangents[0] is { } da ? Simplify.Node(this, null, da, node.Inputs[1]) : null,
            tangents[1] is { } db ? Simplify.Node(this, null, node.Inputs[0], db) : null);

    internal override Sym?[] Vjp(Sym node, Sym g)
    {
        var (a, b) = (node.Inputs[0], node.Inputs[1]);
        var left = TransposeLeft
            ? Ops.MatMul(b, g, transposeLeft: TransposeRight, transposeRight: true)
            : Ops.MatMul(g, b, transposeRight: !TransposeRight);
        var right = TransposeRight
            ? Ops.MatMul(g, a, transposeLeft: true, transposeRight: TransposeLeft)
            : Ops.MatMul(a, g, transposeLeft: !TransposeLeft);
        return [left, right];
    }

    internal override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
    {
        if (replicated[0] && !replicated[1] && !TransposeLeft && node.Shape.Rank == 2)
        {
            // Every replica multiplies by one shared matrix: one product whose rows are those of all replicas.
            var (m, k) = (inputs[0].Shape[-2], inputs[0].Shape[-1]);
            var stacked = Ops.Reshape(inputs[0], new Shape(replicas * m, k));
            return Ops.Reshape(Simplify.Node(this, node.Caller, stacked, inputs[1]), node.Shape.With(0, replicas));
        }

        // A shared left operand stays a broadcast, which a plan may read once for the products of all replicas.
        return Simplify.Node(this, node.Caller, OnEvery(inputs, replicated, replicas));
    }
}
