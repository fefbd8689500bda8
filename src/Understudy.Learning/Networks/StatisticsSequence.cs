using Understudy.Learning.Curvature;

namespace Understudy.Learning.Networks;

/// <summary>The statistics of all batch normalizations over the same examples at any parameters, as <see cref="Recalibration"/> gives them, with plans that are compiled once.</summary>
/// <remarks>Each normalization is measured with those before it in evaluation mode, or all in one pass. Not for two threads at once.</remarks>
internal sealed class StatisticsSequence : IDisposable
{
    private readonly int[] _channels;
    private readonly int _examples;
    private readonly int _rows;
    private readonly List<(StatisticsMeter Whole, StatisticsMeter? Last, int Count)> _passes = [];

    /// <summary>Compiles a plan for each pass.</summary>
    /// <param name="network">The network in training mode.</param>
    /// <param name="examples">How many; those that do not fill the last batch have one of their own.</param>
    /// <param name="options">Precision and batches; its team is not used.</param>
    internal StatisticsSequence(LayeredNetwork network, int examples, RecalibrationOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchRows, 1, nameof(options));
        (_channels, _examples, _rows) = ([.. network.NormalizedChannels()], examples, Math.Min(options.BatchRows, examples));
        // a batch with all examples is what training mode is about: it gives all statistics at once
        var atOnce = options.IsOnePass || _rows == examples ? _channels.Length : 1;
        for (var known = 0; known < _channels.Length; known += atOnce)
        {
            StatisticsMeter Compile(int rows) => new(network, rows, atOnce, options.Precision, null, _channels[..known]);
            _passes.Add((Compile(_rows), examples % _rows == 0 ? null : Compile(examples % _rows), atOnce));
        }
    }

    /// <summary>The numbers of all statistics.</summary>
    internal int Width => 2 * _channels.Sum();

    /// <summary>Measures.</summary>
    /// <param name="inputs">The examples.</param>
    /// <param name="parameters">θ.</param>
    /// <param name="statistics">Becomes mean and variance of each normalization, in order; not checked: at parameters that diverged they are no numbers.</param>
    internal void Measure(NumberRows inputs, ReadOnlySpan<double> parameters, Span<double> statistics)
    {
        var (next, at) = (0, 0);
        foreach (var (whole, last, count) in _passes)
        {
            ChannelSums[] sums = [.. _channels.Skip(next).Take(count).Select(channels => new ChannelSums(channels))];
            Prepare(whole, parameters, statistics);
            for (var batch = 0; batch < _examples / _rows; batch++)
                whole.Add(inputs, batch * _rows, sums);
            if (last is not null)
            {
                Prepare(last, parameters, statistics);
                last.Add(inputs, _examples / _rows * _rows, sums);
            }

            foreach (var sum in sums)
            {
                var channels = sum.Means.Length;
                sum.Means.CopyTo(statistics[at..]);
                sum.CopyVariances(statistics.Slice(at + channels, channels));
                at += 2 * channels;
            }

            next += count;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (whole, last, _) in _passes)
        {
            whole.Dispose();
            last?.Dispose();
        }
    }

    private static void Prepare(StatisticsMeter meter, ReadOnlySpan<double> parameters, ReadOnlySpan<double> statistics)
    {
        meter.MoveTo(parameters);
        meter.Know(statistics);
    }
}
