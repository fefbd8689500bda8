using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Threading;

namespace Understudy.Learning.Curvature;

/// <summary>Inner products of the vectors J_iᵀ u_ic that several cotangents u_ic of every example pull back, by the factors of each layer.</summary>
internal static class FactoredGram
{
    /// <summary>[N·columns, N·columns]; row i·columns + c belongs to cotangent c of example i.</summary>
    /// <exception cref="InvalidOperationException">An array does not hold so many numbers.</exception>
    internal static double[] Of(MlpPoint point, int columns, Func<MlpPass, double[]> cotangents, Team? team)
    {
        var (network, count) = (point.Network, point.Examples.Count);
        var size = Side(count, columns);
        var gram = new double[size * size];
        var (byDeltas, byInputs) = (new double[gram.Length], new double[count * count]);
        var pass = new MlpPass(point, 0, count, team);
        var deltas = pass.Deltas(cotangents(pass), columns);
        for (var layer = 0; layer < network.Layers; layer++)
        {
            var (before, width) = (network.Widths[layer], network.Widths[layer + 1]);
            var rows = ByExample(deltas[layer], width, columns, count);
            Products.Multiply(size, size, width, rows, rows, byDeltas, transposeRight: true, team: team);
            if (layer == 0)
                Products.Multiply(count, count, before, pass.Examples, pass.Examples, byInputs, transposeRight: true, team: team);
            else
                Products.Multiply(count, count, before, pass.Input(layer), pass.Input(layer), byInputs, transposeLeft: true, team: team);
            team.ForEach(count, i =>
            {
                for (var at = i * columns * size; at < (i + 1) * columns * size;)
                {
                    for (var j = 0; j < count; j++)
                    {
                        var factor = byInputs[(i * count) + j] + 1;
                        for (var end = at + columns; at < end; at++)
                            gram[at] += byDeltas[at] * factor;
                    }
                }
            });
        }

        return gram;
    }

    /// <summary>N·columns.</summary>
    /// <exception cref="InvalidOperationException">An array does not hold the square of it.</exception>
    internal static int Side(int count, int columns)
    {
        var entries = (double)count * columns * count * columns;
        return entries <= Array.MaxLength
            ? count * columns
            : throw new InvalidOperationException($"The Gram matrix of {(long)count * columns:N0} gradients has {entries:N0} entries, more than an array holds: take fewer examples, or products.");
    }

    /// <summary>[n, columns, N] becomes [N, columns, n].</summary>
    private static double[] ByExample(double[] features, int width, int columns, int count)
    {
        var result = new double[features.Length];
        for (var k = 0; k < width; k++)
        {
            for (var c = 0; c < columns; c++)
            {
                for (var i = 0; i < count; i++)
                    result[(((i * columns) + c) * width) + k] = features[(((k * columns) + c) * count) + i];
            }
        }

        return result;
    }
}
