using Understudy.Learning.Curvature;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Landscape;

/// <summary>Gives the hidden nodes of an interpolated network the activity that interpolation takes from them.</summary>
/// <remarks>
/// Each node's incoming weights and bias are changed so that mean and standard deviation of its pre-activation are (1 − t) times those in A plus t times those in B, layer by layer
/// (Jordan et al. 2023). Nodes that never change keep their weights and get the mean. The output layer stays.
/// </remarks>
public sealed class ActivationRepair : IDisposable
{
    private readonly Mlp _network;
    private readonly LayerActivity _activity;
    private readonly (double[] Means, double[] Deviations)[] _ofA;
    private readonly (double[] Means, double[] Deviations)[] _ofB;

    /// <summary>Takes the statistics of both ends.</summary>
    /// <param name="network">f.</param>
    /// <param name="a">A.</param>
    /// <param name="b">B, its nodes matched to those of A.</param>
    /// <param name="examples">On which statistics are taken.</param>
    /// <exception cref="ArgumentException">A point is not as long as the network's, or examples are not as wide.</exception>
    public ActivationRepair(Mlp network, double[] a, double[] b, ExampleSet examples)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(examples);
        if (examples.InputWidth != network.Inputs)
            throw new ArgumentException($"The network reads {network.Inputs} numbers, but the examples have {examples.InputWidth}.", nameof(examples));
        _network = network;
        _activity = new LayerActivity(network, examples.Inputs, examples.Count);
        (_ofA, _ofB) = (Statistics(a), Statistics(b));
    }

    /// <summary>Repairs the parameters at t between A and B, in place.</summary>
    public void Apply(double t, double[] parameters)
    {
        for (var layer = 0; layer < _network.Layers - 1; layer++)
        {
            _activity.Run(parameters);
            var (means, deviations) = _activity.Moments(layer);
            var width = means.Length;
            var weights = _network.Layout.Slots[2 * layer].Of(parameters.AsSpan());
            var biases = _network.Layout.Slots[(2 * layer) + 1].Of(parameters.AsSpan());
            for (var j = 0; j < width; j++)
            {
                var mean = ((1 - t) * _ofA[layer].Means[j]) + (t * _ofB[layer].Means[j]);
                var deviation = ((1 - t) * _ofA[layer].Deviations[j]) + (t * _ofB[layer].Deviations[j]);
                var factor = deviations[j] > 0 ? deviation / deviations[j] : 1;
                for (var i = j; i < weights.Length; i += width)
                    weights[i] *= factor;
                biases[j] = (factor * (biases[j] - means[j])) + mean;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _activity.Dispose();

    private (double[] Means, double[] Deviations)[] Statistics(double[] parameters)
    {
        _activity.Run(parameters);
        return [.. Enumerable.Range(0, _network.Layers - 1).Select(_activity.Moments)];
    }
}
