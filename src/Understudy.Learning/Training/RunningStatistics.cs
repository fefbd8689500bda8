using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Training;

/// <summary>The running statistics of batch normalizations during a training: s ← (1 − ρ)·s + ρ·batch, with the unbiased variance of the batch.</summary>
/// <remarks>Start at mean 0 and variance 1, so that with the usual ρ = 0.1 after 50 steps 0.5 % of the start is left (Ioffe and Szegedy 2015, as commonly implemented).</remarks>
internal sealed class RunningStatistics
{
    /// <summary>ρ, as commonly chosen.</summary>
    internal const double UsualMomentum = 0.1;

    private readonly (Sym Mean, Sym Variance)[] _states;
    private readonly Update[] _updates;

    /// <summary>Follows the statistics of a network's batch normalizations.</summary>
    /// <param name="measured">Mean and biased variance of the batch at each, and over how many numbers of a channel.</param>
    /// <param name="momentum">ρ, the weight of the newest batch, in (0, 1].</param>
    /// <exception cref="ArgumentException">The weight is outside of its range.</exception>
    internal RunningStatistics(IReadOnlyList<(Sym Mean, Sym Variance, int Numbers)> measured, double momentum = UsualMomentum)
        : this([measured], momentum)
    {
    }

    /// <summary>Follows the statistics of a network that sees several batches in a step, one after the other: each takes its share of what the ones before it left.</summary>
    /// <param name="passes">What was measured in each pass, of the same normalizations.</param>
    /// <param name="momentum">ρ, the weight of the newest batch, in (0, 1].</param>
    /// <exception cref="ArgumentException">The weight is outside of its range.</exception>
    internal RunningStatistics(IReadOnlyList<IReadOnlyList<(Sym Mean, Sym Variance, int Numbers)>> passes, double momentum = UsualMomentum)
    {
        if (!(momentum is > 0 and <= 1))
            throw new ArgumentException($"The weight of the newest batch ({momentum}) must be above 0 and at most 1.");
        _states = [.. passes[0].Select((pair, i) => (Ops.Input($"running.{i}.mean", pair.Mean.Shape), Ops.Input($"running.{i}.variance", pair.Variance.Shape)))];
        _updates = new Update[2 * _states.Length];
        for (var i = 0; i < _states.Length; i++)
        {
            var (mean, variance) = _states[i];
            foreach (var measured in passes)
            {
                var unbiased = momentum * measured[i].Numbers / Math.Max(1, measured[i].Numbers - 1);
                mean = ((1 - momentum) * mean) + (momentum * measured[i].Mean);
                variance = ((1 - momentum) * variance) + (unbiased * measured[i].Variance);
            }

            _updates[2 * i] = new Update(_states[i].Mean, mean);
            _updates[(2 * i) + 1] = new Update(_states[i].Variance, variance);
        }
    }

    /// <summary>Mean and variance of each normalization as they are before the step.</summary>
    internal IReadOnlyList<(Sym Mean, Sym Variance)> States => _states;

    /// <summary>Their next values.</summary>
    internal IReadOnlyList<Update> Updates => _updates;

    /// <summary>What is carried from step to step: mean and variance of the first normalization, then of the next.</summary>
    internal IEnumerable<CarriedState> Carried => _states.SelectMany(pair => new[] { new CarriedState(pair.Mean, 0), new CarriedState(pair.Variance, 1) });

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
