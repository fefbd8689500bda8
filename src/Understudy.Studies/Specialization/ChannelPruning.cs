using Understudy.Learning.Networks;

namespace Understudy.Studies.Specialization;

/// <summary>Structured pruning of channels by the weights that read them; specification P11.</summary>
/// <remarks>
/// A channel whose reading weights are zeroed contributes nothing and gets no gradient, so a network with a mask over these weights and the
/// network without the channel have the same outputs and the same steps of training. Fine-tuning is done on the smaller one.
/// </remarks>
internal static class ChannelPruning
{
    /// <summary>Of every channel of every convolution the mean |w| over all weights that read it.</summary>
    /// <param name="network">Made by <see cref="ChannelNetworks.Of"/>.</param>
    /// <param name="flat">Its parameters.</param>
    internal static double[][] Importance(LayeredNetwork network, ReadOnlySpan<double> flat)
    {
        var weights = Weights(network);
        var importance = new double[weights.Length - 1][];
        for (var layer = 0; layer < importance.Length; layer++)
        {
            var sums = importance[layer] = new double[weights[layer].Shape[-1]];
            var reading = weights[layer + 1].Of(flat);
            var nodes = weights[layer + 1].Shape[-1];
            // the last but one axis of a kernel and the rows of a linear layer count channels fastest
            for (var i = 0; i < reading.Length; i++)
                sums[i / nodes % sums.Length] += Math.Abs(reading[i]) * sums.Length / reading.Length;
        }

        return importance;
    }

    /// <summary>The channels that stay, ascending: all but ⌊ratio·c⌋ of the least importance, the later ones of equals staying.</summary>
    internal static int[][] Kept(double[][] importance, IReadOnlyList<double> ratios)
        => [.. importance.Zip(ratios, (channels, ratio) => channels.Index().OrderBy(channel => channel.Item).Skip(Removed(channels.Length, ratio)).Select(channel => channel.Index).Order().ToArray())];

    /// <summary>How many channels a ratio takes away.</summary>
    internal static int Removed(int channels, double ratio) => (int)(ratio * channels);

    /// <summary>The parameters of the network that has only some of the channels.</summary>
    /// <param name="network">The whole network.</param>
    /// <param name="flat">Its parameters.</param>
    /// <param name="kept">The channels of each convolution that stay.</param>
    internal static double[] Shrunk(LayeredNetwork network, ReadOnlySpan<double> flat, int[][] kept)
    {
        var (shrunk, weights, layer) = (new List<double>(), Weights(network), -1);
        foreach (var slot in network.Layout.Slots)
        {
            var values = slot.Of(flat);
            var (nodes, isWeight) = (slot.Shape[-1], slot.Shape.Rank > 1);
            layer += isWeight ? 1 : 0;
            int[] columns = layer < kept.Length ? kept[layer] : [.. Enumerable.Range(0, nodes)];
            for (var row = 0; row < values.Length / nodes; row++)
            {
                // as in importance, rows of a weight count the channels it reads fastest
                if (isWeight && layer > 0 && Array.BinarySearch(kept[layer - 1], row % weights[layer - 1].Shape[-1]) < 0)
                    continue;
                foreach (var node in columns)
                    shrunk.Add(values[(row * nodes) + node]);
            }
        }

        return [.. shrunk];
    }

    /// <summary>The weights of the convolutions and of the linear layer, in order.</summary>
    private static ParameterSlot[] Weights(LayeredNetwork network) => [.. network.Layout.Slots.Where(slot => slot.Shape.Rank > 1)];
}
