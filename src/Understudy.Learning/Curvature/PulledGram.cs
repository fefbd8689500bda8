using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Threading;

namespace Understudy.Learning.Curvature;

/// <summary>Inner products of rows J_iᵀ u_ic of any network, chunk by chunk where they do not fit into memory.</summary>
internal static class PulledGram
{
    /// <summary>[N·columns, N·columns]; row i·columns + c belongs to cotangent c of example i.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="columns">Cotangents of one example.</param>
    /// <param name="rule">Writes them.</param>
    /// <param name="team">Threads of the products.</param>
    /// <param name="examplesAtOnce">The examples of a chunk; 0 for as many as fit into memory.</param>
    /// <exception cref="InvalidOperationException">An array does not hold so many numbers.</exception>
    internal static double[] Of(PulledRows source, int columns, CotangentRule rule, Team? team, int examplesAtOnce = 0)
    {
        var size = FactoredGram.Side(source.Examples, columns);
        var gram = new double[size * size];
        var atOnce = examplesAtOnce > 0 ? examplesAtOnce : source.ExamplesAtOnce(columns);
        var (left, right) = (new double[checked(atOnce * columns * source.Size)], atOnce < source.Examples ? new double[checked(atOnce * columns * source.Size)] : []);
        for (var first = 0; first < source.Examples; first += atOnce)
        {
            var rows = Math.Min(atOnce, source.Examples - first);
            source.Fill(first, rows, columns, rule, left);
            for (var second = 0; second <= first; second += atOnce)
            {
                if (second < first)
                    source.Fill(second, atOnce, columns, rule, right);
                var other = second < first ? right : left;
                Place(left, rows * columns, other, second < first ? atOnce * columns : rows * columns, source.Size, gram, size, first * columns, second * columns, team);
            }
        }

        return gram;
    }

    /// <summary>A block below the diagonal and its mirror image.</summary>
    private static void Place(double[] left, int rows, double[] right, int columns, int width, double[] gram, int size, int top, int start, Team? team)
    {
        var block = new double[rows * columns];
        Products.Multiply(rows, columns, width, left.AsSpan(0, rows * width), right.AsSpan(0, columns * width), block, transposeRight: true, team: team);
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                gram[((top + i) * size) + start + j] = block[(i * columns) + j];
                gram[((start + j) * size) + top + i] = block[(i * columns) + j];
            }
        }
    }
}
