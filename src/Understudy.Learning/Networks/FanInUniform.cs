using Understudy.Engine.Random;

namespace Understudy.Learning.Networks;

/// <summary>How frameworks initialise fully connected layers unless told otherwise: uniform in ±1/√fan-in, biases too.</summary>
public static class FanInUniform
{
    /// <summary>Parameters whose weights and biases are uniform in ±scale/√fan-in.</summary>
    /// <param name="network">The network.</param>
    /// <param name="scale">A factor on all of them.</param>
    /// <param name="random">Random numbers by layer; node k has those of step k.</param>
    public static double[] Of(Mlp network, double scale, Func<int, RandomSequence> random)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(random);
        var flat = new double[network.Layout.Count];
        for (var layer = 0; layer < network.Layers; layer++)
        {
            var (inputs, width) = (network.Widths[layer], network.Widths[layer + 1]);
            var weight = network.Layout.Slots[2 * layer].Of(flat.AsSpan());
            var bias = network.Layout.Slots[(2 * layer) + 1].Of(flat.AsSpan());
            var (sequence, node, bound) = (random(layer), new double[inputs + 1], scale / Math.Sqrt(inputs));
            for (var k = 0; k < width; k++)
            {
                sequence.FillUniform(k, node);
                for (var i = 0; i < inputs; i++)
                    weight[(i * width) + k] = bound * ((2 * node[i]) - 1);
                bias[k] = bound * ((2 * node[inputs]) - 1);
            }
        }

        return flat;
    }
}
