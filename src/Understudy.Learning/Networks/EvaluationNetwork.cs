using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Networks;

/// <summary>A network in evaluation mode whose statistics of batch normalizations stand behind its parameters, so that one plan evaluates many trainings, each with its own.</summary>
/// <remarks>
/// The layout is that of the network, then <c>normalization.i.mean</c> [c] and <c>normalization.i.variance</c> [c] of every batch normalization, in order. A network without batch
/// normalizations has its own layout.
/// </remarks>
public sealed class EvaluationNetwork : INetwork
{
    private readonly IReadOnlyList<int> _channels;

    /// <summary>A network in evaluation mode.</summary>
    /// <param name="network">The network, in training mode where it knows modes.</param>
    public EvaluationNetwork(INetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Network = network;
        _channels = network is LayeredNetwork layered ? layered.NormalizedChannels() : [];
        Layout = new ParameterLayout([
            .. network.Layout.Slots.Select(slot => (slot.Name, slot.Shape)),
            .. _channels.SelectMany((channels, i) => new[] { ($"normalization.{i}.mean", new Shape(channels)), ($"normalization.{i}.variance", new Shape(channels)) })]);
    }

    /// <summary>The network whose mode this is.</summary>
    public INetwork Network { get; }

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <inheritdoc/>
    public int Inputs => Network.Inputs;

    /// <inheritdoc/>
    public int Outputs => Network.Outputs;

    /// <inheritdoc/>
    public double MultiplyAdds => Network.MultiplyAdds;

    /// <inheritdoc/>
    public bool CouplesExamples => _channels.Count == 0 && Network.CouplesExamples;

    /// <summary>Whether the network has batch normalizations.</summary>
    public bool HasStatistics => _channels.Count > 0;

    /// <summary>Parameters with statistics behind them, as one vector of this layout.</summary>
    /// <param name="parameters">Of the network.</param>
    /// <param name="statistics">Of each batch normalization, in order; null for mean 0 and variance 1.</param>
    /// <exception cref="ArgumentException">There are not as many as the network has.</exception>
    public double[] Point(ReadOnlySpan<double> parameters, IReadOnlyList<ChannelStatistics>? statistics = null)
    {
        if (parameters.Length != Network.Layout.Count)
            throw new ArgumentException($"The network has {Network.Layout.Count} parameters, but was given {parameters.Length}.", nameof(parameters));
        if (statistics is not null && !statistics.Select(each => each.Mean.Length).SequenceEqual(_channels))
            throw new ArgumentException($"The network has normalizations of {string.Join(", ", _channels)} channels, but was given statistics of {string.Join(", ", statistics.Select(each => each.Mean.Length))}.", nameof(statistics));
        var point = new double[Layout.Count];
        parameters.CopyTo(point);
        var rest = point.AsSpan(parameters.Length);
        for (var i = 0; i < _channels.Count; i++)
        {
            var mean = rest[.._channels[i]];
            var variance = rest.Slice(_channels[i], _channels[i]);
            statistics?[i].Mean.CopyTo(mean);
            if (statistics is null)
                variance.Fill(1);
            else
                statistics[i].Variance.CopyTo(variance);
            rest = rest[(2 * _channels[i])..];
        }

        return point;
    }

    /// <inheritdoc/>
    public Sym Output(Sym input, IReadOnlyList<Sym> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!HasStatistics)
            return Network.Output(input, parameters);
        var own = Network.Layout.Slots.Count;
        (Sym, Sym)[] statistics = [.. Enumerable.Range(0, _channels.Count).Select(i => (parameters[own + (2 * i)], parameters[own + (2 * i) + 1]))];
        return ((LayeredNetwork)Network).WithStatistics(statistics).Output(input, [.. parameters.Take(own)]);
    }
}
