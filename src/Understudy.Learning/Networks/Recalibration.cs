using Understudy.Engine;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Networks;

/// <summary>The statistics of batch normalizations over a whole data set.</summary>
public static class Recalibration
{
    /// <summary>Mean and biased variance before every batch normalization over all examples, one normalization after the other: each is measured with those before it in evaluation mode.</summary>
    /// <remarks>
    /// On one batch with all examples the network in evaluation mode answers what it does in training mode. Costs one pass where a batch holds all examples, otherwise as many as there are
    /// normalizations, each up to its normalization.
    /// </remarks>
    /// <param name="network">The network.</param>
    /// <param name="inputs">[N, d].</param>
    /// <param name="parameters">[P], in the order of the layout.</param>
    /// <param name="options">Precision, batches and threads.</param>
    /// <exception cref="ArgumentException">The inputs are no rows for the network, or the parameters are not as many as it has.</exception>
    public static IReadOnlyList<ChannelStatistics> Measure(LayeredNetwork network, ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters, RecalibrationOptions? options = null)
        => Measure(network, new NumberRows(inputs), parameters, options);

    /// <summary>The same of inputs in single precision.</summary>
    /// <inheritdoc cref="Measure(LayeredNetwork, ReadOnlySpan{double}, ReadOnlySpan{double}, RecalibrationOptions?)"/>
    public static IReadOnlyList<ChannelStatistics> Measure(LayeredNetwork network, ReadOnlySpan<float> inputs, ReadOnlySpan<double> parameters, RecalibrationOptions? options = null)
        => Measure(network, new NumberRows(inputs), parameters, options);

    private static List<ChannelStatistics> Measure(LayeredNetwork network, NumberRows inputs, ReadOnlySpan<double> parameters, RecalibrationOptions? options)
    {
        ArgumentNullException.ThrowIfNull(network);
        options ??= new RecalibrationOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchRows, 1, nameof(options));
        if (inputs.Length == 0 || inputs.Length % network.Inputs != 0 || parameters.Length != network.Layout.Count)
            throw new ArgumentException($"The network reads {network.Inputs} numbers and has {network.Layout.Count} parameters, but was given {inputs.Length} and {parameters.Length}.", nameof(inputs));
        var (known, channels) = (new List<ChannelStatistics>(), network.NormalizedChannels());
        // a batch with all examples is what training mode is about: it gives all statistics at once
        var taken = options.IsOnePass || options.BatchRows >= inputs.Length / network.Inputs ? channels.Count : 1;
        while (known.Count < channels.Count)
            known.AddRange(Next(network.WithFirst(known), [.. channels.Skip(known.Count).Take(taken)], inputs, parameters, options));
        return known;
    }

    /// <summary>The statistics of the first batch normalizations that have none.</summary>
    private static IEnumerable<ChannelStatistics> Next(
        LayeredNetwork network, int[] channels, NumberRows inputs, ReadOnlySpan<double> parameters, RecalibrationOptions options)
    {
        var examples = inputs.Length / network.Inputs;
        var rows = Math.Min(options.BatchRows, examples);
        var whole = examples / rows * rows;
        ChannelSums[] sums = [.. channels.Select(count => new ChannelSums(count))];
        Add(network, inputs, 0, whole, rows, parameters, options, sums);
        if (whole < examples)
            Add(network, inputs, whole, examples, examples - whole, parameters, options, sums);
        return sums.Select(sum => sum.Statistics());
    }

    private static void Add(
        LayeredNetwork network, NumberRows inputs, int first, int end, int rows, ReadOnlySpan<double> parameters, RecalibrationOptions options, ChannelSums[] sums)
    {
        using var meter = new StatisticsMeter(network, rows, sums.Length, options.Precision, options.Team);
        meter.MoveTo(parameters);
        for (; first < end; first += rows)
            meter.Add(inputs, first, sums);
    }
}

/// <summary>How statistics are measured.</summary>
public sealed record RecalibrationOptions
{
    /// <summary>The type of the passes; batches are put together in double precision.</summary>
    public DType Precision { get; init; } = DType.F64;

    /// <summary>Examples of a batch, the unit of memory: more are faster where they are all; results depend on it in their last bits.</summary>
    public int BatchRows { get; init; } = 500;

    /// <summary>Whether one pass gives all statistics, every batch normalized with its own: an estimate that is as many times cheaper as there are normalizations, and exact for the first one.</summary>
    public bool IsOnePass { get; init; }

    /// <summary>Threads; null for the caller's alone. Results do not depend on it.</summary>
    public Team? Team { get; init; }
}
