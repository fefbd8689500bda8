using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Training;

/// <summary>The running statistics of batch normalizations during a training: after each step 0.9 of the old and 0.1 of the batch's, of which the variance is the unbiased one.</summary>
/// <remarks>Start at mean 0 and variance 1, so that after 50 steps 0.5 % of the start is left (Ioffe and Szegedy 2015, as commonly implemented).</remarks>
internal sealed class RunningStatistics
{
    private const double Momentum = 0.1;

    private readonly (Sym Mean, Sym Variance)[] _states;
    private readonly Update[] _updates;

    /// <summary>Follows the statistics of a network's batch normalizations.</summary>
    /// <param name="measured">Mean and biased variance of the batch at each, and over how many numbers of a channel.</param>
    internal RunningStatistics(IReadOnlyList<(Sym Mean, Sym Variance, int Numbers)> measured)
    {
        _states = [.. measured.Select((pair, i) => (Ops.Input($"running.{i}.mean", pair.Mean.Shape), Ops.Input($"running.{i}.variance", pair.Variance.Shape)))];
        _updates = new Update[2 * _states.Length];
        for (var i = 0; i < _states.Length; i++)
        {
            var (mean, variance) = _states[i];
            var unbiased = Momentum * measured[i].Numbers / Math.Max(1, measured[i].Numbers - 1);
            _updates[2 * i] = new Update(mean, ((1 - Momentum) * mean) + (Momentum * measured[i].Mean));
            _updates[(2 * i) + 1] = new Update(variance, ((1 - Momentum) * variance) + (unbiased * measured[i].Variance));
        }
    }

    /// <summary>Their next values.</summary>
    internal IReadOnlyList<Update> Updates => _updates;

    /// <summary>Every state with the value of all its elements before the first step.</summary>
    internal IReadOnlyList<(Sym State, double Start)> Starts => [.. _states.SelectMany(pair => new[] { (pair.Mean, 0.0), (pair.Variance, 1.0) })];

    /// <summary>Reads the values of a state.</summary>
    internal delegate void Reader(Sym state, Span<double> values);

    /// <summary>The statistics as they are now.</summary>
    internal IReadOnlyList<ChannelStatistics> Read(Reader read)
    {
        var all = new ChannelStatistics[_states.Length];
        for (var i = 0; i < all.Length; i++)
        {
            var (mean, variance) = (new double[_states[i].Mean.Shape.Count], new double[_states[i].Variance.Shape.Count]);
            read(_states[i].Mean, mean);
            read(_states[i].Variance, variance);
            all[i] = new ChannelStatistics(mean, variance);
        }

        return all;
    }
}
