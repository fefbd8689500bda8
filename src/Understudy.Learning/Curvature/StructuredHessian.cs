using System.Buffers;
using Understudy.Engine.LinearAlgebra;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>The closed form of the Hessian of a fully connected network, and of its parts G and R.</summary>
/// <remarks>
/// <para>With a_l = (h_l, 1) and W_l [n_l + 1, n_l+1], the bias as its last row, and for l ≤ m</para>
/// <para>M[(m,i',j'),(l,i,j)] = (1/N) Σ a_m,i' a_l,i s[(m,j'),(l,j)] + (1/N) Σ a_l,i δ_m,j' ∂h_m,i'/∂z_l,j (l &lt; m, i' no bias)</para>
/// <para>where s is the second derivative of the loss by pre-activations, <see cref="PreActivationCurvature"/>. G is the part of s that comes from the output's curvature; R is the rest of
/// s, which is zero for rectifiers, and the second sum. Both sums are products of two element-wise products, over examples: (a_m ∘ a_l) with s, (δ_m ∘ a_l) with ∂h/∂z. So every pair
/// of layers is a few large matrix products, and in the pair of a layer with itself only i ≤ i' and j ≤ j' are computed, a quarter of the block.</para>
/// <para>Only the lower triangle is summed up, then divided by N and mirrored. Places that different tiles write to are disjoint.</para>
/// </remarks>
internal sealed class StructuredHessian(MlpPoint point, ExactOptions options, double[] matrix, CancellationToken cancellation)
{
    // rows of one product, the share of work that threads claim
    private const int TileRows = 128;

    // columns of one product: 4,096 of 1,024 examples are 32 MiB
    private const int TileColumns = 4096;

    private readonly Mlp _network = point.Network;
    private readonly bool _hasOutputPart = options.Matrix != CurvatureMatrix.Residual;
    private readonly bool _hasNetworkPart = options.Matrix != CurvatureMatrix.GaussNewton;
    private double _done;

    /// <summary>Adds up all chunks of examples, in order.</summary>
    internal void Run(IProgress<double>? progress)
    {
        // the unit of progress is an entry of the lower triangle and an example; all counts are exact
        var total = 0.5 * point.Size * point.Size * point.Examples.Count;
        foreach (var (first, rows) in point.Chunks(PreActivationCurvature.NumbersPerExample(_network)))
        {
            var chunk = new PreActivationCurvature(point, new MlpPass(point, first, rows, options.Team), _hasOutputPart, _hasNetworkPart);
            for (var upper = 0; upper < _network.Layers; upper++)
            {
                for (var lower = 0; lower <= upper; lower++)
                {
                    AddCurvature(chunk, upper, lower);
                    if (_hasNetworkPart && lower < upper)
                        AddCoupling(chunk, upper, lower);
                    _done += (lower == upper ? 0.5 : 1) * rows * Count(upper) * Count(lower);
                    progress?.Report(_done / total);
                }
            }
        }

        for (var layer = 0; layer < _network.Layers; layer++)
            Complete(layer);
        Mirror();
    }

    private int Count(int layer) => (_network.Widths[layer] + 1) * _network.Widths[layer + 1];

    private int Offset(int layer) => _network.Layout.Slots[2 * layer].Offset;

    /// <summary>Σ a_m,i' a_l,i s[(m,j'),(l,j)].</summary>
    private void AddCurvature(PreActivationCurvature chunk, int upper, int lower)
    {
        if (!chunk.HasCurvature(upper))
            return;
        var (inputs, nodes) = (_network.Widths[lower] + 1, _network.Widths[lower + 1]);
        var (inputsAbove, nodesAbove) = (_network.Widths[upper] + 1, _network.Widths[upper + 1]);
        var isSame = upper == lower;
        var pairs = isSame ? inputs * (inputs + 1) / 2 : inputsAbove * inputs;
        for (var from = 0; from < nodesAbove;)
        {
            var (to, columns) = (from, 0);
            for (; to < nodesAbove && (columns == 0 || columns + Columns(to) <= TileColumns); to++)
                columns += Columns(to);
            var s = chunk.Curvature(upper, lower, from, to, columns);
            var (start, end) = (from, to);
            Add(chunk, pairs, Make, s, columns, (p, sums) => Scatter(Pair(p), start, end, sums));
            from = to;
        }

        int Columns(int node) => isSame ? node + 1 : nodes;

        // (i', i): all of them, or those with i ≤ i'
        (int Above, int Input) Pair(int p) => isSame ? InTriangle(p) : (p / inputs, p % inputs);

        void Make(int p, Span<double> row)
        {
            var (above, input) = Pair(p);
            FeatureRows.Multiply(chunk.Input(upper, above), chunk.Input(lower, input), row);
        }

        void Scatter((int Above, int Input) pair, int start, int end, ReadOnlySpan<double> sums)
        {
            var corner = ((Offset(upper) + (pair.Above * nodesAbove)) * point.Size) + Offset(lower) + (pair.Input * nodes);
            for (var node = start; node < end; node++)
            {
                var length = Columns(node);
                FeatureRows.Add(sums[..length], matrix.AsSpan(corner + (node * point.Size), length));
                sums = sums[length..];
            }
        }
    }

    /// <summary>Σ a_l,i δ_m,j' ∂h_m,i'/∂z_l,j: how a weight of the lower layer changes what reaches a weight of the upper one.</summary>
    private void AddCoupling(PreActivationCurvature chunk, int upper, int lower)
    {
        var (inputs, nodes) = (_network.Widths[lower] + 1, _network.Widths[lower + 1]);
        var (between, nodesAbove) = (_network.Widths[upper], _network.Widths[upper + 1]);
        // right above, h_i' depends on z_i' alone
        var isNext = upper == lower + 1;
        var derivatives = chunk.Derivatives(upper, lower);
        var atOnce = isNext ? nodes : Math.Max(1, TileColumns / nodes) * nodes;
        var all = isNext ? nodes : between * nodes;
        for (var first = 0; first < all; first += atOnce)
        {
            var (start, columns) = (first, Math.Min(atOnce, all - first));
            Add(
                chunk,
                nodesAbove * inputs,
                (p, row) => FeatureRows.Multiply(chunk.Delta(upper, p / inputs), chunk.Input(lower, p % inputs), row),
                derivatives.AsMemory(start * chunk.Rows, columns * chunk.Rows),
                columns,
                (p, sums) => Scatter(p / inputs, p % inputs, start, sums));
        }

        void Scatter(int nodeAbove, int input, int start, ReadOnlySpan<double> sums)
        {
            var column = Offset(lower) + (input * nodes);
            if (isNext)
            {
                for (var node = 0; node < nodes; node++)
                    matrix[((Offset(upper) + (node * nodesAbove) + nodeAbove) * point.Size) + column + node] += sums[node];
                return;
            }

            for (var at = 0; at < sums.Length; at += nodes)
            {
                var row = Offset(upper) + ((start + at) / nodes * nodesAbove) + nodeAbove;
                FeatureRows.Add(sums.Slice(at, nodes), matrix.AsSpan((row * point.Size) + column, nodes));
            }
        }
    }

    /// <summary>Multiplies rows [count, rows] that are made as they are needed by the transpose of [columns, rows], and hands each row of sums [columns] on.</summary>
    private void Add(PreActivationCurvature chunk, int count, MakeRow make, ReadOnlyMemory<double> right, int columns, TakeRow take)
    {
        options.Team.ForEach((count + TileRows - 1) / TileRows, tile =>
        {
            cancellation.ThrowIfCancellationRequested();
            var (first, rows) = (tile * TileRows, Math.Min(TileRows, count - (tile * TileRows)));
            var left = ArrayPool<double>.Shared.Rent(rows * chunk.Rows);
            var sums = ArrayPool<double>.Shared.Rent(rows * columns);
            for (var row = 0; row < rows; row++)
                make(first + row, left.AsSpan(row * chunk.Rows, chunk.Rows));
            Products.Multiply(rows, columns, chunk.Rows, left, right.Span, sums, transposeRight: true);
            for (var row = 0; row < rows; row++)
                take(first + row, sums.AsSpan(row * columns, columns));
            ArrayPool<double>.Shared.Return(left);
            ArrayPool<double>.Shared.Return(sums);
        });
    }

    /// <summary>Fills the upper triangles of the blocks (i', i), i &lt; i', of one layer, in which only j ≤ j' was summed up.</summary>
    private void Complete(int layer)
    {
        var (inputs, nodes, size) = (_network.Widths[layer] + 1, _network.Widths[layer + 1], point.Size);
        options.Team.ForEach(inputs, inputAbove =>
        {
            for (var input = 0; input < inputAbove; input++)
            {
                var corner = ((Offset(layer) + (inputAbove * nodes)) * size) + Offset(layer) + (input * nodes);
                for (var node = 0; node < nodes; node++)
                {
                    for (var other = 0; other < node; other++)
                        matrix[corner + (other * size) + node] = matrix[corner + (node * size) + other];
                }
            }
        });
    }

    /// <summary>Divides the lower triangle by N and copies it to the upper one.</summary>
    private void Mirror()
    {
        // a square of each triangle in the first-level cache
        const int side = 32;
        var (size, scale) = (point.Size, 1.0 / point.Examples.Count);
        options.Team.ForEach((size + side - 1) / side, block =>
        {
            var (top, bottom) = (block * side, Math.Min(size, (block + 1) * side));
            for (var row = top; row < bottom; row++)
                FeatureRows.Scale(scale, matrix.AsSpan(row * size, row + 1), matrix.AsSpan(row * size, row + 1));
            for (var left = 0; left <= top; left += side)
            {
                for (var column = left; column < Math.Min(bottom, left + side); column++)
                {
                    for (var row = Math.Max(top, column + 1); row < bottom; row++)
                        matrix[(column * size) + row] = matrix[(row * size) + column];
                }
            }
        });
    }

    /// <summary>The row and the column of entry p of a lower triangle that is counted row by row; the root of a square is exact.</summary>
    private static (int Row, int Column) InTriangle(int p)
    {
        var row = (int)((Math.Sqrt((8L * p) + 1) - 1) / 2);
        return (row, p - (row * (row + 1) / 2));
    }

    private delegate void MakeRow(int index, Span<double> row);

    private delegate void TakeRow(int index, ReadOnlySpan<double> sums);
}
