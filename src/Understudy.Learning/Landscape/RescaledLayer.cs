using Understudy.Learning.Networks;

namespace Understudy.Learning.Landscape;

/// <summary>The same function with one layer of rectified nodes rescaled: (w_in, b, w_out) becomes (α w_in, α b, w_out/α).</summary>
/// <remarks>Shows which numbers of sharpness belong to the function and which to its parameters (Dinh et al. 2017).</remarks>
public static class RescaledLayer
{
    /// <summary>The rescaled parameters. With α a power of two the outputs are the same to the bit.</summary>
    /// <exception cref="ArgumentException">The activation is not piecewise linear, or the parameters are not those of the network.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such hidden layer, or α is not positive.</exception>
    public static double[] Of(Mlp network, ReadOnlySpan<double> parameters, int layer = 0, double alpha = 2)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, network.Layers - 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(alpha);
        if (!network.Activation.IsPiecewiseLinear)
            throw new ArgumentException("Only rectified nodes have a free scale.", nameof(network));
        if (parameters.Length != network.Layout.Count)
            throw new ArgumentException($"The network has {network.Layout.Count} parameters, but was given {parameters.Length}.", nameof(parameters));
        var result = parameters.ToArray();
        for (var node = 0; node < network.Widths[layer + 1]; node++)
            NodeBalance.Rescale(network, result, layer, node, alpha);
        return result;
    }
}
