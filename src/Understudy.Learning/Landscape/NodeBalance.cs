using Understudy.Learning.Networks;

namespace Understudy.Learning.Landscape;

/// <summary>Rectified nodes with incoming and outgoing weights of the same length, which takes their free scale away.</summary>
public static class NodeBalance
{
    private const int MaximumSweeps = 1000;
    private const double Tolerance = 1e-14;

    /// <summary>The rescaling that balances every hidden node of a rectifier network: |(w_in, b)| = |w_out|.</summary>
    /// <remarks>
    /// The point of least |θ| among all rescaled ones, so equal networks up to scale meet there. Layer by layer until factors settle, as one layer's outgoing weights are the next one's
    /// incoming weights. Nodes without incoming or without outgoing weights stay as they are.
    /// </remarks>
    /// <exception cref="ArgumentException">The activation is not piecewise linear, or the parameters are not those of the network.</exception>
    public static NodeSymmetry Of(Mlp network, ReadOnlySpan<double> parameters)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (!network.Activation.IsPiecewiseLinear)
            throw new ArgumentException("Only rectified nodes have a free scale.", nameof(network));
        var identity = NodeSymmetry.Identity(network);
        if (network.Layers == 1)
            return identity;
        int[][] sources = [.. Enumerable.Range(0, network.Layers - 1).Select(layer => identity.Sources(layer).ToArray())];
        double[][] factors = [.. sources.Select(layer => layer.Select(_ => 1.0).ToArray())];
        for (var sweep = 0; sweep < MaximumSweeps; sweep++)
        {
            var current = NodeSymmetry.Of(network, sources, factors).Apply(parameters);
            var change = 0.0;
            for (var layer = 0; layer < factors.Length; layer++)
            {
                for (var j = 0; j < factors[layer].Length; j++)
                {
                    var factor = Balancing(network, current, layer, j);
                    // the next layer of this sweep must see it
                    Rescale(network, current, layer, j, factor);
                    factors[layer][j] *= factor;
                    change = Math.Max(change, Math.Abs(factor - 1));
                }
            }

            if (change <= Tolerance)
                break;
        }

        return NodeSymmetry.Of(network, sources, factors);
    }

    /// <summary>Multiplies a node's incoming weights and bias by a factor, and divides its outgoing weights by it.</summary>
    internal static void Rescale(Mlp network, Span<double> parameters, int layer, int node, double factor)
    {
        var width = network.Widths[layer + 1];
        var incoming = network.Layout.Slots[2 * layer].Of(parameters);
        for (var i = node; i < incoming.Length; i += width)
            incoming[i] *= factor;
        network.Layout.Slots[(2 * layer) + 1].Of(parameters)[node] *= factor;
        Vectors.Scale(1 / factor, Outgoing(network, parameters, layer, node));
    }

    private static Span<double> Outgoing(Mlp network, Span<double> parameters, int layer, int node)
    {
        var outputs = network.Widths[layer + 2];
        return network.Layout.Slots[2 * (layer + 1)].Of(parameters).Slice(node * outputs, outputs);
    }

    /// <summary>√(|w_out| / |(w_in, b)|).</summary>
    private static double Balancing(Mlp network, Span<double> parameters, int layer, int node)
    {
        var width = network.Widths[layer + 1];
        var incoming = network.Layout.Slots[2 * layer].Of(parameters);
        var bias = network.Layout.Slots[(2 * layer) + 1].Of(parameters)[node];
        var sum = bias * bias;
        for (var i = node; i < incoming.Length; i += width)
            sum += incoming[i] * incoming[i];
        var factor = Math.Sqrt(Vectors.Norm(Outgoing(network, parameters, layer, node)) / Math.Sqrt(sum));
        return double.IsFinite(factor) && factor > 0 ? factor : 1;
    }
}
