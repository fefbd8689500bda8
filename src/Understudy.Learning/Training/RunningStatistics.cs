using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Training;

/// <summary>The moving averages of batch statistics that a network takes in evaluation mode: s ← (1 − ρ)·s + ρ·batch, with the unbiased variance of the batch.</summary>
/// <remarks>They start at mean 0 and variance 1 (Ioffe and Szegedy 2015).</remarks>
internal sealed class RunningStatistics
{
    private readonly List<Update> _updates = [];

    /// <summary>Averages over what batch normalizations read.</summary>
    /// <param name="normalized">The value that each batch normalization is applied to, [batch, …, c], in order.</param>
    /// <param name="momentum">ρ, the weight of the newest batch, in (0, 1].</param>
    /// <exception cref="ArgumentException">The weight is outside of its range, or a batch has one number per channel and so no unbiased variance.</exception>
    internal RunningStatistics(IReadOnlyList<Sym> normalized, double momentum)
    {
        if (!(momentum is > 0 and <= 1))
            throw new ArgumentException($"The weight of the newest batch ({momentum}) must be above 0 and at most 1.");
        Channels = [.. normalized.Select(value => value.Shape[-1])];
        for (var i = 0; i < normalized.Count; i++)
        {
            var each = normalized[i].Shape.Count / Channels[i];
            if (each < 2)
                throw new ArgumentException("An unbiased variance needs at least two numbers of a channel: a batch of one example has none.");
            var (mean, variance) = Ops.BatchStatistics(normalized[i]);
            Add($"mean.{i}", mean, momentum, momentum);
            Add($"variance.{i}", variance, momentum, momentum * each / (each - 1));
        }
    }

    /// <summary>The channels of every batch normalization, in order.</summary>
    internal IReadOnlyList<int> Channels { get; }

    /// <summary>The numbers of all averages.</summary>
    internal int Count => 2 * Channels.Sum();

    /// <summary>The averages and their next values.</summary>
    internal IReadOnlyList<Update> Updates => _updates;

    /// <summary>The averages: mean and variance of the first batch normalization, then of the next.</summary>
    internal IEnumerable<CarriedState> Carried => _updates.Select((update, i) => new CarriedState(update.State, i % 2));

    /// <summary>The averages as a network takes them.</summary>
    /// <param name="flat">The states' numbers, one behind the other.</param>
    internal IReadOnlyList<ChannelStatistics> Of(ReadOnlySpan<double> flat)
    {
        var statistics = new List<ChannelStatistics>(Channels.Count);
        foreach (var channels in Channels)
        {
            statistics.Add(new ChannelStatistics(flat[..channels], flat.Slice(channels, channels)));
            flat = flat[(2 * channels)..];
        }

        return statistics;
    }

    private void Add(string label, Sym batch, double momentum, double weight)
    {
        var state = Ops.Input(label, batch.Shape);
        _updates.Add(new Update(state, ((1 - momentum) * state) + (weight * batch)));
    }
}
