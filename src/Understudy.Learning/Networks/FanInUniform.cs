using Understudy.Engine;
using Understudy.Engine.Random;

namespace Understudy.Learning.Networks;

/// <summary>How frameworks initialise layers unless told otherwise: weights and biases uniform in ±1/√fan-in, scales of normalizations 1 and shifts 0.</summary>
public static class FanInUniform
{
    /// <summary>Parameters whose weights and biases are uniform in ±scale/√fan-in.</summary>
    /// <param name="network">The network; a weight […, nodes] has the last axis for the nodes, and its bias follows it.</param>
    /// <param name="scale">A factor on weights and biases.</param>
    /// <param name="random">Random numbers by weight, counted from 0; node k has those of step k.</param>
    /// <exception cref="ArgumentException">A parameter is neither weight, bias, scale nor shift by its name, or has its nodes elsewhere, as in an <see cref="ImportedNetwork"/>.</exception>
    public static double[] Of(INetwork network, double scale, Func<int, RandomSequence> random)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(random);
        var flat = new double[network.Layout.Count];
        var (slots, layer) = (network.Layout.Slots, 0);
        for (var i = 0; i < slots.Count; i++)
        {
            var values = slots[i].Of(flat.AsSpan());
            if (slots[i].Is("weight") && slots[i].Shape.Rank > 1)
            {
                var hasBias = i + 1 < slots.Count && slots[i + 1].Is("bias");
                if (hasBias && slots[i + 1].Shape != new Shape(slots[i].Shape[-1]))
                    throw new ArgumentException($"The weight {slots[i].Name} {slots[i].Shape} and the bias {slots[i + 1].Shape} do not have the same nodes along their last axis, as the networks of this library do.", nameof(network));
                Fill(values, hasBias ? slots[i + 1].Of(flat.AsSpan()) : [], slots[i].Shape[-1], scale, random(layer++));
                i += hasBias ? 1 : 0;
            }
            else if (slots[i].Is("scale"))
                values.Fill(1);
            else if (!slots[i].Is("shift"))
                throw new ArgumentException($"The parameter {slots[i].Name} is not known to be a weight, a bias, a scale or a shift.", nameof(network));
        }

        return flat;
    }

    /// <summary>A weight […, nodes] and its bias, which may be missing, uniform in ±scale/√fan-in.</summary>
    internal static void Fill(Span<double> weight, Span<double> bias, int nodes, double scale, RandomSequence sequence)
    {
        var inputs = weight.Length / nodes;
        var (node, bound) = (new double[inputs + 1], scale / Math.Sqrt(inputs));
        for (var k = 0; k < nodes; k++)
        {
            sequence.FillUniform(k, node);
            for (var i = 0; i < inputs; i++)
                weight[(i * nodes) + k] = bound * ((2 * node[i]) - 1);
            if (!bias.IsEmpty)
                bias[k] = bound * ((2 * node[inputs]) - 1);
        }
    }
}
