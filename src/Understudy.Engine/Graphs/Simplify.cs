using Understudy.Engine.Primitives;

namespace Understudy.Engine.Graphs;

/// <summary>Makes nodes, with local simplifications that keep the value.</summary>
/// <remarks>
/// A rule looks at the operands and at most at theirs. Composed rules may skip a node the caller holds (3 · (2 · x) is
/// 6 · x), which is why transforms act on inputs of the graph and not on nodes within.
/// </remarks>
internal static class Simplify
{
    internal static Sym Node(Primitive operation, string? caller, params Sym[] inputs)
        => Rule(operation, caller, inputs) ?? new Sym(operation, caller, inputs);

    private static Sym? Rule(Primitive operation, string? caller, Sym[] x) => operation switch
    {
        Affine affine => Of(affine, caller, x[0]),
        Step when x[0].Operation is Rectify { Slope: >= 0 } => Node(operation, caller, x[0].Inputs[0]),
        Unary unary => IsConstant(x[0], out var value) ? Ops.Constant(unary.Evaluate(value), x[0].Shape) : null,
        Binary binary when x[0].Shape == x[1].Shape => Of(binary, caller, x[0], x[1]),
        ScaledAdd when x[0].Shape == x[2].Shape && (IsZero(x[1]) || IsZero(x[2])) => x[0],
        Select when x[1] == x[2] && x[0].Shape == x[1].Shape => x[1],
        Reshape reshape => Of(reshape, caller, x[0]),
        Permute permute => Of(permute, caller, x[0]),
        Broadcast broadcast => Of(broadcast, caller, x[0]),
        Sum sum => Of(sum, caller, x[0]),
        Slice slice when slice.Infer([x[0].Shape]) is var shape
            => shape == x[0].Shape ? x[0] : IsConstant(x[0], out var value) ? Ops.Constant(value, shape) : null,
        Pad pad when pad.Infer([x[0].Shape]) is var shape
            => shape == x[0].Shape ? x[0] : IsZero(x[0]) ? Ops.Constant(0, shape) : null,
        Concat concat when x.Length == 1 && concat.Infer([x[0].Shape]) == x[0].Shape => x[0],
        MatMul product => Of(product, caller, x[0], x[1]),
        _ => null,
    };

    private static Sym? Of(Affine affine, string? caller, Sym x)
    {
        if (affine is { Scale: 1, Shift: 0 })
            return x;
        if (affine.Scale == 0)
            return Ops.Constant(affine.Shift, x.Shape);
        if (IsConstant(x, out var value))
            return Ops.Constant(affine.Evaluate(value), x.Shape);
        return x.Operation is Affine inner
            ? Node(new Affine(affine.Scale * inner.Scale, affine.Evaluate(inner.Shift)), caller, x.Inputs[0])
            : null;
    }

    private static Sym? Of(Binary binary, string? caller, Sym a, Sym b)
    {
        var (left, right) = (IsConstant(a, out var u), IsConstant(b, out var v));
        if (left && right)
            return Ops.Constant(binary.Evaluate(u, v), a.Shape);
        return binary switch
        {
            Add when left => Node(new Affine(1, u), caller, b),
            Add when right => Node(new Affine(1, v), caller, a),
            Subtract when left => Node(new Affine(-1, u), caller, b),
            Subtract when right => Node(new Affine(1, -v), caller, a),
            Multiply when left => Node(new Affine(u, 0), caller, b),
            Multiply when right => Node(new Affine(v, 0), caller, a),
            Divide when right => Node(new Affine(1 / v, 0), caller, a),
            _ => null,
        };
    }

    private static Sym? Of(Reshape reshape, string? caller, Sym x)
    {
        if (x.Shape == reshape.To)
            return x;
        if (x.Shape.Count != reshape.To.Count)
            return null;
        if (IsConstant(x, out var value))
            return Ops.Constant(value, reshape.To);
        return x.Operation is Reshape ? Node(reshape, caller, x.Inputs[0]) : null;
    }

    private static Sym? Of(Permute permute, string? caller, Sym x)
    {
        var shape = permute.Infer([x.Shape]);
        if (permute.Order.Equals(Axes.Range(0, x.Shape.Rank)))
            return x;
        if (IsConstant(x, out var value))
            return Ops.Constant(value, shape);
        if (x.Operation is not Permute inner)
            return null;
        var order = new int[shape.Rank];
        for (var axis = 0; axis < order.Length; axis++)
            order[axis] = inner.Order[permute.Order[axis]];
        return Node(new Permute(new Axes(order)), caller, x.Inputs[0]);
    }

    private static Sym? Of(Broadcast broadcast, string? caller, Sym x)
    {
        broadcast.Infer([x.Shape]);
        if (broadcast.Inserted.Count == 0)
            return x;
        if (IsConstant(x, out var value))
            return Ops.Constant(value, broadcast.To);
        if (x.Operation is not Broadcast inner)
            return null;
        var inserted = new List<int>(broadcast.Inserted.Values.ToArray());
        var kept = Kept(broadcast.Inserted, broadcast.To.Rank);
        foreach (var axis in inner.Inserted.Values)
            inserted.Add(kept[axis]);
        inserted.Sort();
        return Node(new Broadcast(new Axes([.. inserted]), broadcast.To), caller, x.Inputs[0]);
    }

    private static Sym? Of(Sum sum, string? caller, Sym x)
    {
        var shape = sum.Infer([x.Shape]);
        if (sum.Over.Count == 0)
            return x;
        if (IsConstant(x, out var value))
            return Ops.Constant(value * (x.Shape.Count / shape.Count), shape);
        if (x.Operation is Sum inner)
        {
            var kept = Kept(inner.Over, x.Inputs[0].Shape.Rank);
            var over = new List<int>(inner.Over.Values.ToArray());
            foreach (var axis in sum.Over.Values)
                over.Add(kept[axis]);
            over.Sort();
            return Node(new Sum(new Axes([.. over])), caller, x.Inputs[0]);
        }

        return x.Operation is Broadcast broadcast ? OfBroadcast(sum, broadcast, caller, x.Inputs[0], shape) : null;
    }

    /// <summary>Axes that were inserted only to be summed over are a factor.</summary>
    private static Sym? OfBroadcast(Sum sum, Broadcast broadcast, string? caller, Sym x, Shape shape)
    {
        var (factor, over, inserted) = (1, new List<int>(), new List<int>());
        var (source, target) = (0, 0);
        for (var axis = 0; axis < broadcast.To.Rank; axis++)
        {
            var isInserted = broadcast.Inserted.Contains(axis);
            switch (isInserted, sum.Over.Contains(axis))
            {
                case (true, true):
                    factor *= broadcast.To[axis];
                    break;
                case (true, false):
                    inserted.Add(target++);
                    break;
                case (false, true):
                    over.Add(source);
                    break;
                default:
                    target++;
                    break;
            }

            source += isInserted ? 0 : 1;
        }

        if (inserted.Count == broadcast.Inserted.Count)
            return null;
        var rest = Node(new Sum(new Axes([.. over])), caller, x);
        return Node(new Broadcast(new Axes([.. inserted]), shape), caller, Node(new Affine(factor, 0), caller, rest));
    }

    private static Sym? Of(MatMul product, string? caller, Sym a, Sym b)
    {
        var shape = product.Infer([a.Shape, b.Shape]);
        if (IsZero(a) || IsZero(b))
            return Ops.Constant(0, shape);

        // A product reads its operands transposed for free.
        var (left, right) = (IsTranspose(a), IsTranspose(b));
        return left || right
            ? Node(
                new MatMul(product.TransposeLeft ^ left, product.TransposeRight ^ right),
                caller,
                left ? a.Inputs[0] : a,
                right ? b.Inputs[0] : b)
            : null;
    }

    private static bool IsTranspose(Sym x)
    {
        var rank = x.Shape.Rank;
        return x.Operation is Permute { Order: var order }
            && order[rank - 1] == rank - 2
            && order[rank - 2] == rank - 1
            && order.Values[..(rank - 2)].SequenceEqual(Axes.Range(0, rank - 2).Values);
    }

    /// <summary>The axes of a rank that are not in the list, in order.</summary>
    private static int[] Kept(Axes dropped, int rank) => Indexing.Dropping(dropped, Axes.Range(0, rank).Values);

    private static bool IsZero(Sym x) => IsConstant(x, out var value) && value == 0;

    private static bool IsConstant(Sym x, out double value)
    {
        value = x.Operation is Constant constant ? constant.Value : 0;
        return x.Operation is Constant;
    }
}
