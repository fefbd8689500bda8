using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Studies.Specialization;

/// <summary>Convolutional networks whose nodes are channels; specification section 1.1.</summary>
internal static class ChannelNetworks
{
    private const int Kernel = 3;

    /// <summary>Pixels of rows and columns that a convolution without padding takes away.</summary>
    internal const int Lost = Kernel - 1;

    /// <summary>A network in training mode.</summary>
    /// <param name="image">[h, w, c].</param>
    /// <param name="channels">Of each convolution.</param>
    /// <param name="outputs">C.</param>
    /// <param name="normalization">Where batch normalizations stand.</param>
    /// <param name="slope">Of the activation for negative arguments.</param>
    internal static LayeredNetwork Of(Shape image, IReadOnlyList<int> channels, int outputs, ChannelNormalization normalization, double slope)
    {
        var activation = new ActivationLayer(NodeActivation.LeakyRelu(slope));
        var layers = new List<ILayer>();
        foreach (var count in channels)
        {
            layers.Add(new ConvolutionLayer(count, Kernel, padding: 0));
            layers.AddRange(normalization switch
            {
                ChannelNormalization.AfterActivation => [activation, new BatchNormLayer()],
                ChannelNormalization.BeforeActivation => [new BatchNormLayer(), activation],
                _ => [activation],
            });
        }

        return new LayeredNetwork(image, [.. layers, new DenseLayer(outputs)]);
    }

    /// <summary>The output with what the channels of every convolution did, [batch, h, w, c], after its last operation.</summary>
    internal static (Sym Output, IReadOnlyList<Sym> Channels) OutputWithChannels(LayeredNetwork network, Sym input, IReadOnlyList<Sym> parameters)
    {
        // what a convolution or the linear layer reads is what the convolution below made
        var (output, read) = network.OutputWithRead(input, parameters, layer => layer is ConvolutionLayer or DenseLayer);
        return (output, [.. read.Skip(1)]);
    }

    /// <summary>Parameters with which the network that normalizes by mean 0 and variance 1 does what this one does with given statistics.</summary>
    /// <remarks>
    /// A channel with mean μ and variance v is scaled by γ/√(v + ε) and shifted by β − γ μ/√(v + ε); the network of <see cref="LayeredNetwork.InEvaluationMode"/> without statistics
    /// divides by √(1 + ε) itself.
    /// </remarks>
    /// <param name="network">In training mode.</param>
    /// <param name="flat">Its parameters.</param>
    /// <param name="statistics">Of each batch normalization.</param>
    internal static double[] Folded(LayeredNetwork network, double[] flat, IReadOnlyList<ChannelStatistics> statistics)
    {
        var folded = flat.ToArray();
        var (epsilon, next) = (new BatchNormLayer().Epsilon, 0);
        for (var i = 0; i < network.Layout.Slots.Count; i++)
        {
            if (!network.Layout.Slots[i].Name.EndsWith(".scale", StringComparison.Ordinal))
                continue;
            var scale = network.Layout.Slots[i].Of(folded.AsSpan());
            var shift = network.Layout.Slots[i + 1].Of(folded.AsSpan());
            var mean = statistics[next].Mean;
            var variance = statistics[next].Variance;
            for (var channel = 0; channel < scale.Length; channel++)
            {
                var factor = scale[channel] / Math.Sqrt(variance[channel] + epsilon);
                shift[channel] -= factor * mean[channel];
                scale[channel] = factor * Math.Sqrt(1 + epsilon);
            }

            next++;
        }

        return folded;
    }
}
