using Understudy.Learning.Networks;

namespace Understudy.Learning.Landscape;

/// <summary>A change of parameters that leaves the function of a network as it is: hidden nodes in another order, and each with its incoming weights times a factor and its outgoing weights over it.</summary>
/// <remarks>Factors are ±1 for odd activations (tanh, erf), positive for rectifiers, 1 for others.</remarks>
public sealed class NodeSymmetry
{
    private readonly Mlp _network;
    private readonly int[][] _sources;
    private readonly double[][] _factors;

    private NodeSymmetry(Mlp network, int[][] sources, double[][] factors) => (_network, _sources, _factors) = (network, sources, factors);

    /// <summary>The change that changes nothing.</summary>
    public static NodeSymmetry Identity(Mlp network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var widths = network.Widths.Skip(1).SkipLast(1).ToArray();
        return new NodeSymmetry(network, [.. widths.Select(width => Enumerable.Range(0, width).ToArray())], [.. widths.Select(width => Enumerable.Repeat(1.0, width).ToArray())]);
    }

    /// <summary>A change of given order and factors.</summary>
    /// <param name="network">The network.</param>
    /// <param name="sources">By hidden layer and place, the node that comes there.</param>
    /// <param name="factors">By hidden layer and place, what its incoming weights are multiplied by.</param>
    /// <exception cref="ArgumentException">An order is no permutation of a layer, or a factor does not leave the function as it is.</exception>
    public static NodeSymmetry Of(Mlp network, IReadOnlyList<int[]> sources, IReadOnlyList<double[]> factors)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(factors);
        if (sources.Count != network.Layers - 1 || factors.Count != sources.Count)
            throw new ArgumentException($"The network has {network.Layers - 1} hidden layers, but was given orders for {sources.Count} and factors for {factors.Count}.", nameof(sources));
        for (var layer = 0; layer < sources.Count; layer++)
        {
            var width = network.Widths[layer + 1];
            if (!sources[layer].Order().SequenceEqual(Enumerable.Range(0, width)))
                throw new ArgumentException($"The order of hidden layer {layer} is no permutation of its {width} nodes.", nameof(sources));
            if (factors[layer].Length != width || !factors[layer].All(factor => IsAllowed(network.Activation, factor)))
                throw new ArgumentException($"Hidden layer {layer} needs {width} factors that its activation allows.", nameof(factors));
        }

        return new NodeSymmetry(network, [.. sources], [.. factors]);
    }

    /// <summary>By place, the node of a hidden layer that comes there.</summary>
    public ReadOnlySpan<int> Sources(int layer) => _sources[layer];

    /// <summary>By place, the factor of a node's incoming weights.</summary>
    public ReadOnlySpan<double> Factors(int layer) => _factors[layer];

    /// <summary>The changed parameters, with the same outputs but for rounding; without that where factors are powers of two.</summary>
    /// <exception cref="ArgumentException">The parameters are not those of the network.</exception>
    public double[] Apply(ReadOnlySpan<double> parameters)
    {
        if (parameters.Length != _network.Layout.Count)
            throw new ArgumentException($"The network has {_network.Layout.Count} parameters, but was given {parameters.Length}.", nameof(parameters));
        var result = parameters.ToArray();
        for (var layer = 0; layer < _network.Layers; layer++)
        {
            var (inputs, outputs) = (_network.Widths[layer], _network.Widths[layer + 1]);
            var (slot, biasSlot) = (_network.Layout.Slots[2 * layer], _network.Layout.Slots[(2 * layer) + 1]);
            var weights = slot.Of(parameters);
            var changed = slot.Of(result.AsSpan());
            for (var j = 0; j < outputs; j++)
            {
                var (source, factor) = layer < _sources.Length ? (_sources[layer][j], _factors[layer][j]) : (j, 1);
                biasSlot.Of(result.AsSpan())[j] = factor * biasSlot.Of(parameters)[source];
                for (var i = 0; i < inputs; i++)
                {
                    var (from, divisor) = layer > 0 ? (_sources[layer - 1][i], _factors[layer - 1][i]) : (i, 1);
                    changed[(i * outputs) + j] = factor / divisor * weights[(from * outputs) + source];
                }
            }
        }

        return result;
    }

    /// <summary>Whether ψ(−z) = −ψ(z).</summary>
    internal static bool IsOdd(NodeActivation activation) => activation.Kind is ActivationKind.Tanh or ActivationKind.Erf;

    /// <summary>This change, and after it another one of a single layer.</summary>
    internal NodeSymmetry Then(int layer, int[] sources, double[] factors)
    {
        int[][] order = [.. _sources];
        double[][] scale = [.. _factors];
        order[layer] = [.. sources.Select(k => _sources[layer][k])];
        scale[layer] = [.. sources.Select((k, j) => factors[j] * _factors[layer][k])];
        return Of(_network, order, scale);
    }

    private static bool IsAllowed(NodeActivation activation, double factor)
        => factor is 1 || (factor is -1 && IsOdd(activation)) || (activation.IsPiecewiseLinear && factor > 0 && double.IsFinite(factor));
}
