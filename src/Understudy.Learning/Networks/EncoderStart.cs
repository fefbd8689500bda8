using Understudy.Engine.Random;

namespace Understudy.Learning.Networks;

/// <summary>How encoders of images are initialized (Sarnthein et al. 2023): convolutions normal by their fan-out, other layers as with <see cref="FanInUniform"/>.</summary>
/// <remarks>
/// A kernel [k, k, c, filters] is normal with standard deviation √(2 / (k² filters)) (He et al. 2015) and its bias 0; other weights and their biases are uniform in ±1/√fan-in; scales of
/// normalizations are 1 and shifts 0; class tokens and positions are standard normal.
/// </remarks>
public static class EncoderStart
{
    /// <summary>Drawn parameters.</summary>
    /// <param name="network">The network.</param>
    /// <param name="random">Random numbers by weight, class token and table of positions, counted from 0; of a weight node k has those of step k, of a table row t those of step t.</param>
    /// <exception cref="ArgumentException">The name of a parameter says none of these.</exception>
    public static double[] Of(INetwork network, Func<int, RandomSequence> random)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(random);
        var flat = new double[network.Layout.Count];
        var (slots, drawn) = (network.Layout.Slots, 0);
        for (var i = 0; i < slots.Count; i++)
        {
            var slot = slots[i];
            var values = slot.Of(flat.AsSpan());
            var bias = i + 1 < slots.Count && slots[i + 1].Is("bias") ? slots[i + 1].Of(flat.AsSpan()) : [];
            if (slot.Is("weight") && slot.Shape.Rank == 4)
                NormalStart.Fill(values, slot.Shape[-1], Math.Sqrt(2.0 / (slot.Shape[0] * slot.Shape[1] * slot.Shape[3])), random(drawn++));
            else if (slot.Is("weight"))
                FanInUniform.Fill(values, bias, slot.Shape[-1], 1, random(drawn++));
            else if (slot.Is("token") || slot.Is("positions"))
                Rows(values, slot.Shape[-1], random(drawn++));
            else if (slot.Is("scale"))
                values.Fill(1);
            else if (!slot.Is("shift") && !slot.Is("bias"))
                throw new ArgumentException($"The parameter {slot.Name} is not known to be a weight, a bias, a scale, a shift, a token or positions.", nameof(network));
        }

        return flat;
    }

    private static void Rows(Span<double> table, int width, RandomSequence sequence)
    {
        for (var row = 0; row < table.Length / width; row++)
            sequence.FillNormal(row, table.Slice(row * width, width));
    }
}
