using Understudy.Engine.Random;

namespace Understudy.Learning.Networks;

/// <summary>Weights normal with one standard deviation, biases 0, normalizations with scale 1 and shift 0: the start of projection heads, with 0.02 (Caron et al. 2021).</summary>
public static class NormalStart
{
    /// <summary>Drawn parameters.</summary>
    /// <param name="network">A network of weights, biases and normalizations.</param>
    /// <param name="deviation">The standard deviation.</param>
    /// <param name="random">Random numbers by weight, counted from 0; node k has those of step k.</param>
    /// <exception cref="ArgumentException">A parameter is nothing of that by its name.</exception>
    public static double[] Of(INetwork network, double deviation, Func<int, RandomSequence> random)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(random);
        var (flat, drawn) = (new double[network.Layout.Count], 0);
        foreach (var slot in network.Layout.Slots)
        {
            if (slot.Is("weight"))
                Fill(slot.Of(flat.AsSpan()), slot.Shape[-1], deviation, random(drawn++));
            else if (slot.Is("scale"))
                slot.Of(flat.AsSpan()).Fill(1);
            else if (!slot.Is("bias") && !slot.Is("shift"))
                throw new ArgumentException($"The parameter {slot.Name} is not known to be a weight or a bias, or scale or shift of a normalization.", nameof(network));
        }

        return flat;
    }

    /// <summary>A weight […, nodes].</summary>
    internal static void Fill(Span<double> weight, int nodes, double deviation, RandomSequence sequence)
    {
        var node = new double[weight.Length / nodes];
        for (var k = 0; k < nodes; k++)
        {
            sequence.FillNormal(k, node);
            for (var i = 0; i < node.Length; i++)
                weight[(i * nodes) + k] = deviation * node[i];
        }
    }
}
