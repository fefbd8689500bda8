using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Networks;

/// <summary>Measures the statistics before the first batch normalizations of a network that have none, batch by batch, at any parameters, by one plan.</summary>
internal sealed class StatisticsMeter : IDisposable
{
    private readonly LayeredNetwork _network;
    private readonly Sym _x;
    private readonly Sym[] _parameters;
    private readonly (Sym Mean, Sym Variance)[] _known;
    private readonly Plan _plan;

    /// <summary>Compiles the measurement.</summary>
    /// <param name="network">The network in training mode, or with some of its first statistics fixed.</param>
    /// <param name="rows">Examples of a batch.</param>
    /// <param name="count">How many of its batch normalizations are measured.</param>
    /// <param name="precision">The type of the passes.</param>
    /// <param name="team">Threads within the plan.</param>
    /// <param name="known">The channels of those before them, whose statistics are given to <see cref="Know"/>; null for none.</param>
    internal StatisticsMeter(LayeredNetwork network, int rows, int count, DType precision, Team? team, IReadOnlyList<int>? known = null)
    {
        (_network, _x, _parameters) = (network, Ops.Input("x", new Shape(rows, network.Inputs)), network.Layout.ToInputs());
        _known = [.. (known ?? []).Select(channels => (Ops.Input("mean", new Shape(channels)), Ops.Input("variance", new Shape(channels))))];
        var statistics = network.WithStatistics(_known).OutputWithStatistics(_x, _parameters).Statistics.Take(count);
        _plan = Plan.Compile([.. statistics.SelectMany(pair => new[] { pair.Mean, pair.Variance })], new PlanOptions { Precision = precision, Team = team });
    }

    /// <summary>Sets the parameters.</summary>
    internal void MoveTo(ReadOnlySpan<double> parameters)
    {
        for (var i = 0; i < _parameters.Length; i++)
            _plan.Write(_parameters[i], _network.Layout.Slots[i].Of(parameters));
    }

    /// <summary>Sets the statistics of the normalizations before those that are measured.</summary>
    /// <param name="statistics">Mean and variance of each, in order; what stands behind them is not read.</param>
    internal void Know(ReadOnlySpan<double> statistics)
    {
        foreach (var (mean, variance) in _known)
        {
            var channels = mean.Shape.Count;
            _plan.Write(mean, statistics[..channels]);
            _plan.Write(variance, statistics.Slice(channels, channels));
            statistics = statistics[(2 * channels)..];
        }
    }

    /// <summary>Adds the statistics of a batch.</summary>
    /// <param name="inputs">Examples.</param>
    /// <param name="first">The first one of the batch.</param>
    /// <param name="sums">Of each normalization that is measured.</param>
    internal void Add(NumberRows inputs, int first, ChannelSums[] sums)
    {
        inputs.Write(_plan, _x, first * _network.Inputs, _x.Shape.Count);
        _plan.Run();
        for (var i = 0; i < sums.Length; i++)
            sums[i].Add(_x.Shape[0], _plan, i);
    }

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();
}

/// <summary>Mean and squared deviations of every channel, put together from batches (Chan, Golub and LeVeque 1983).</summary>
internal sealed class ChannelSums(int channels)
{
    private readonly double[] _means = new double[channels];
    private readonly double[] _squares = new double[channels];
    private readonly double[] _batchMeans = new double[channels];
    private readonly double[] _batchVariances = new double[channels];
    private double _rows;

    internal void Add(int rows, Plan plan, int place)
    {
        plan.Read(2 * place, _batchMeans);
        plan.Read((2 * place) + 1, _batchVariances);
        var total = _rows + rows;
        for (var channel = 0; channel < channels; channel++)
        {
            var change = _batchMeans[channel] - _means[channel];
            _means[channel] += change * (rows / total);
            _squares[channel] += (_batchVariances[channel] * rows) + (change * change * (_rows * rows / total));
        }

        _rows = total;
    }

    /// <summary>[c].</summary>
    internal ReadOnlySpan<double> Means => _means;

    /// <summary>The biased variances, [c].</summary>
    internal void CopyVariances(Span<double> variances)
    {
        for (var channel = 0; channel < channels; channel++)
            variances[channel] = _squares[channel] / _rows;
    }

    /// <summary>Both.</summary>
    internal ChannelStatistics Statistics()
    {
        var variances = new double[channels];
        CopyVariances(variances);
        return new ChannelStatistics(_means, variances);
    }
}
