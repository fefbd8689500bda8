using Understudy.Engine.Threading;
using Understudy.Learning.Geometry;

namespace Understudy.Learning.Curvature;

/// <summary>The gradients g_i = J_iᵀ r_i of single examples: their norms, their inner products, and themselves.</summary>
/// <remarks>
/// A fully connected layer's part of g_i is h_i δ_iᵀ, so that inner products are sums over layers of (δ_i·δ_j)(h_i·h_j + 1): norms and Gram matrices never need a vector of P
/// numbers. Any other network, and a block of parameters, goes by a reverse pass per example (<see cref="NetworkCurvature"/>), on one thread. Source: hessian specification, section 2.2.
/// </remarks>
public static class ExampleGradients
{
    /// <summary>‖g_i‖² of every example, [N].</summary>
    /// <remarks>Costs one forward and one backward pass.</remarks>
    public static double[] SquaredNorms(MlpPoint point, Team? team = null)
    {
        ArgumentNullException.ThrowIfNull(point);
        var norms = new double[point.Examples.Count];
        foreach (var (first, rows) in point.Chunks(4L * point.Network.Widths.Skip(1).Sum()))
        {
            var pass = new MlpPass(point, first, rows, team);
            var deltas = pass.Deltas(pass.Residuals(), 1);
            for (var layer = 0; layer < point.Network.Layers; layer++)
            {
                var (weights, biases) = pass.SquaredNorms(layer, deltas[layer]);
                FeatureRows.Add(biases, norms.AsSpan(first, rows));
                FeatureRows.Add(weights, norms.AsSpan(first, rows));
            }
        }

        return norms;
    }

    /// <summary>‖g_i‖² of every example, [N], of any network and block of its parameters.</summary>
    /// <remarks>Costs N reverse passes of one example; where the network couples examples, of all of them.</remarks>
    public static double[] SquaredNorms(NetworkCurvature curvature)
    {
        ArgumentNullException.ThrowIfNull(curvature);
        if (curvature.ClosedForm is { } point)
            return SquaredNorms(point, curvature.Team);
        using var source = curvature.Rows();
        var (norms, row) = (new double[source.Examples], new double[source.Size]);
        for (var i = 0; i < norms.Length; i++)
        {
            source.Fill(i, 1, 1, curvature.WriteResidual, row);
            norms[i] = Dense.Dot(row, row);
        }

        return norms;
    }

    /// <summary>g_i·g_j of all pairs, [N, N]; its eigenvalues over N are those of S that are not zero.</summary>
    /// <remarks>Costs N² Σ (n_l + n_l+1) multiply-adds and 24 N² bytes.</remarks>
    /// <exception cref="InvalidOperationException">There are more entries than an array holds.</exception>
    public static double[] Gram(MlpPoint point, Team? team = null)
    {
        ArgumentNullException.ThrowIfNull(point);
        return FactoredGram.Of(point, 1, pass => pass.Residuals(), team);
    }

    /// <summary>g_i·g_j of all pairs, [N, N], of any network and block of its parameters.</summary>
    /// <remarks>Costs N²·P/2 multiply-adds and N reverse passes, more often where N·P numbers take more than 64 MiB.</remarks>
    /// <exception cref="InvalidOperationException">There are more entries than an array holds.</exception>
    public static double[] Gram(NetworkCurvature curvature)
    {
        ArgumentNullException.ThrowIfNull(curvature);
        if (curvature.ClosedForm is { } point)
            return Gram(point, curvature.Team);
        using var source = curvature.Rows();
        return PulledGram.Of(source, 1, curvature.WriteResidual, curvature.Team);
    }

    /// <summary>The gradients themselves as rows, [count, P], of any network and block of its parameters.</summary>
    /// <param name="curvature">The network on its examples.</param>
    /// <param name="first">The first example.</param>
    /// <param name="count">How many: take them in chunks where N·P numbers do not fit into memory.</param>
    /// <exception cref="ArgumentOutOfRangeException">Some of the examples do not exist.</exception>
    public static double[] Rows(NetworkCurvature curvature, int first, int count)
    {
        ArgumentNullException.ThrowIfNull(curvature);
        Require(first, count, curvature.Examples);
        if (curvature.ClosedForm is { } point)
            return Rows(point, first, count, curvature.Team);
        using var source = curvature.Rows();
        var rows = new double[checked(count * source.Size)];
        source.Fill(first, count, 1, curvature.WriteResidual, rows);
        return rows;
    }

    /// <summary>The gradients themselves as rows, [count, P].</summary>
    /// <param name="point">The network on its examples.</param>
    /// <param name="first">The first example.</param>
    /// <param name="count">How many: take them in chunks where N·P numbers do not fit into memory.</param>
    /// <param name="team">Threads; null for the caller's alone.</param>
    /// <exception cref="ArgumentOutOfRangeException">Some of the examples do not exist.</exception>
    public static double[] Rows(MlpPoint point, int first, int count, Team? team = null)
    {
        ArgumentNullException.ThrowIfNull(point);
        Require(first, count, point.Examples.Count);
        var (network, rows) = (point.Network, new double[checked(count * point.Size)]);
        var pass = new MlpPass(point, first, count, team);
        var deltas = pass.Deltas(pass.Residuals(), 1);
        team.ForEach(count, example =>
        {
            var row = rows.AsSpan(example * point.Size, point.Size);
            var delta = new double[network.Widths.Max()];
            for (var layer = 0; layer < network.Layers; layer++)
            {
                var (before, width) = (network.Widths[layer], network.Widths[layer + 1]);
                for (var k = 0; k < width; k++)
                    delta[k] = deltas[layer][(k * count) + example];
                for (var i = 0; i < before; i++)
                {
                    var input = layer == 0 ? pass.Examples[(example * before) + i] : pass.Input(layer)[(i * count) + example];
                    FeatureRows.Scale(input, delta.AsSpan(0, width), row[(i * width)..]);
                }

                delta.AsSpan(0, width).CopyTo(row[(before * width)..]);
                row = row[((before + 1) * width)..];
            }
        });
        return rows;
    }

    private static void Require(int first, int count, int examples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + (long)count, examples, nameof(count));
    }
}
