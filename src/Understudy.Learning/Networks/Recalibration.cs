using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
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
        var taken = options.BatchRows >= inputs.Length / network.Inputs ? channels.Count : 1;
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
        var (x, symbols) = (Ops.Input("x", new Shape(rows, network.Inputs)), network.Layout.ToInputs());
        var statistics = network.OutputWithStatistics(x, symbols).Statistics.Take(sums.Length);
        using var plan = Plan.Compile([.. statistics.SelectMany(pair => new[] { pair.Mean, pair.Variance })], new PlanOptions { Precision = options.Precision, Team = options.Team });
        for (var i = 0; i < symbols.Length; i++)
            plan.Write(symbols[i], network.Layout.Slots[i].Of(parameters));
        for (; first < end; first += rows)
        {
            inputs.Write(plan, x, first * network.Inputs, rows * network.Inputs);
            plan.Run();
            for (var i = 0; i < sums.Length; i++)
                sums[i].Add(rows, plan, i);
        }
    }

    /// <summary>Mean and squared deviations of every channel, put together from batches (Chan, Golub and LeVeque 1983).</summary>
    private sealed class ChannelSums(int channels)
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

        internal ChannelStatistics Statistics() => new(_means, [.. _squares.Select(sum => sum / _rows)]);
    }
}

/// <summary>How statistics are measured.</summary>
public sealed record RecalibrationOptions
{
    /// <summary>The type of the passes; batches are put together in double precision.</summary>
    public DType Precision { get; init; } = DType.F64;

    /// <summary>Examples of a batch, the unit of memory: more are faster where they are all; results depend on it in their last bits.</summary>
    public int BatchRows { get; init; } = 500;

    /// <summary>Threads; null for the caller's alone. Results do not depend on it.</summary>
    public Team? Team { get; init; }
}
