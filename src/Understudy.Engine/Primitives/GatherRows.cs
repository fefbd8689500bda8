using Understudy.Engine.Graphs;

namespace Understudy.Engine.Primitives;

/// <summary>Picks rows by index. The transpose of <see cref="ScatterAddRows"/>.</summary>
/// <remarks>
/// Operands x [n, …] and indices [m], whole numbers from 0 to n − 1; the result is [m, …]. With more axes,
/// x [l…, n, …] and indices [l…, m], the leading axes l are gone through side by side.
/// </remarks>
internal sealed record GatherRows : Primitive
{
    internal override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        var (x, indices) = (inputs[0], inputs[1]);
        return TableRows.Fit(x, indices, compared: indices.Rank - 1)
            ? new Shape([.. indices.Extents, .. x.Extents[indices.Rank..]])
            : throw new ShapeException(Name, "x [n, …] and indices [m], or both with equal leading axes", inputs);
    }

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
    {
        var rows = shapes[0][shapes[1].Rank - 1];
        TableRows.ForEach(shapes[0], shapes[1], inputs[1], rows, (gathered, all) => result[gathered] = inputs[0][all]);
    }

    internal override Sym? Jvp(Sym node, Sym?[] tangents) => tangents[0] is { } dx ? Ops.GatherRows(dx, node.Inputs[1]) : null;

    internal override Sym?[] Vjp(Sym node, Sym cotangent)
    {
        var indices = node.Inputs[1];
        return [Ops.ScatterAddRows(cotangent, indices, node.Inputs[0].Shape[indices.Shape.Rank - 1]), null];
    }

    internal override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
    {
        var (x, indices) = (inputs[0], inputs[1]);
        if (!replicated[0] && node.Inputs[1].Shape.Rank == 1)
        {
            // Every replica reads one shared table, typically the training set: one gather, no copies of the table.
            var flat = Ops.Reshape(indices, new Shape(indices.Shape.Count));
            return Ops.Reshape(Simplify.Node(this, node.Caller, x, flat), node.Shape.With(0, replicas));
        }

        return Simplify.Node(this, node.Caller, OnEvery(inputs, replicated, replicas));
    }
}

/// <summary>Adds rows to a table of zeros at the given indices. The transpose of <see cref="GatherRows"/>.</summary>
/// <remarks>
/// Operands x [m, …] and indices [m], whole numbers from 0 to Rows − 1; the result is [Rows, …]. Leading axes as in
/// <see cref="GatherRows"/>. Rows with the same index are added in increasing order.
/// </remarks>
internal sealed record ScatterAddRows(int Rows) : Primitive
{
    internal override Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        var (x, indices) = (inputs[0], inputs[1]);
        return TableRows.Fit(x, indices, compared: indices.Rank)
            ? new Shape([.. indices.Extents[..^1], Rows, .. x.Extents[indices.Rank..]])
            : throw new ShapeException(Name, "x [m, …] and indices [m], or both with equal leading axes", inputs);
    }

    internal override void Evaluate(ReadOnlySpan<Shape> shapes, double[][] inputs, double[] result)
        => TableRows.ForEach(Infer(shapes), shapes[1], inputs[1], Rows, (scattered, all) => result[all] += inputs[0][scattered]);

    internal override Sym? Jvp(Sym node, Sym?[] tangents) => tangents[0] is { } dx ? Ops.ScatterAddRows(dx, node.Inputs[1], Rows) : null;

    internal override Sym?[] Vjp(Sym node, Sym cotangent) => [Ops.GatherRows(cotangent, node.Inputs[1]), null];

    internal override Sym Replicate(Sym node, Sym[] inputs, bool[] replicated, int replicas)
        => Simplify.Node(this, node.Caller, OnEvery(inputs, replicated, replicas));
}

/// <summary>What picking rows and adding rows have in common.</summary>
internal static class TableRows
{
    internal static bool Fit(Shape x, Shape indices, int compared)
        => indices.Rank >= 1 && x.Rank >= indices.Rank && x.Extents[..compared].SequenceEqual(indices.Extents[..compared]);

    /// <summary>Visits the element pairs (in the picked rows, in the whole table).</summary>
    internal static void ForEach(Shape table, Shape indices, double[] index, int rows, Action<int, int> visit)
    {
        var width = table.Product(indices.Rank, table.Rank);
        var picked = indices[-1];
        for (var i = 0; i < index.Length; i++)
        {
            var row = (int)index[i];
            if (row != index[i] || row < 0 || row >= rows)
                throw new ArgumentOutOfRangeException(nameof(index), index[i], $"A row index is a whole number from 0 to {rows - 1}.");
            for (var column = 0; column < width; column++)
                visit((i * width) + column, (((i / picked * rows) + row) * width) + column);
        }
    }
}
