using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.Networks;

/// <summary>The statistics of batch normalizations over a whole data set.</summary>
public static class Recalibration
{
    /// <summary>Mean and biased variance before every batch normalization over all examples, one normalization after the other: each is measured with those before it in evaluation mode.</summary>
    /// <remarks>
    /// On one batch with all examples the network in evaluation mode answers what it does in training mode. Costs as many passes as there are normalizations, each up to its normalization,
    /// and the memory of a batch.
    /// </remarks>
    /// <param name="network">The network.</param>
    /// <param name="inputs">[N, d].</param>
    /// <param name="parameters">[P], in the order of the layout.</param>
    /// <param name="options">Precision, batches and threads.</param>
    /// <exception cref="ArgumentException">The inputs are no rows for the network, or the parameters are not as many as it has.</exception>
    public static IReadOnlyList<ChannelStatistics> Measure(LayeredNetwork network, ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters, RecalibrationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        options ??= new RecalibrationOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchRows, 1, nameof(options));
        if (inputs.IsEmpty || inputs.Length % network.Inputs != 0 || parameters.Length != network.Layout.Count)
            throw new ArgumentException($"The network reads {network.Inputs} numbers and has {network.Layout.Count} parameters, but was given {inputs.Length} and {parameters.Length}.", nameof(inputs));
        var known = new List<ChannelStatistics>();
        for (var count = network.NormalizedChannels().Count; known.Count < count;)
            known.Add(Next(network.WithFirst(known), inputs, parameters, options));
        return known;
    }

    /// <summary>The statistics of the first batch normalization that has none.</summary>
    private static ChannelStatistics Next(LayeredNetwork network, ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters, RecalibrationOptions options)
    {
        var examples = inputs.Length / network.Inputs;
        var rows = Math.Min(options.BatchRows, examples);
        var whole = examples / rows * rows;
        var sums = new ChannelSums();
        Add(network, inputs[..(whole * network.Inputs)], rows, parameters, options, sums);
        if (whole < examples)
            Add(network, inputs[(whole * network.Inputs)..], examples - whole, parameters, options, sums);
        return sums.Statistics();
    }

    private static void Add(
        LayeredNetwork network, ReadOnlySpan<double> inputs, int rows, ReadOnlySpan<double> parameters, RecalibrationOptions options, ChannelSums sums)
    {
        var (x, symbols) = (Ops.Input("x", new Shape(rows, network.Inputs)), network.Layout.ToInputs());
        var (mean, variance) = network.OutputWithStatistics(x, symbols).Statistics[0];
        using var plan = Plan.Compile([mean, variance], new PlanOptions { Precision = options.Precision, Team = options.Team });
        for (var i = 0; i < symbols.Length; i++)
            plan.Write(symbols[i], network.Layout.Slots[i].Of(parameters));
        double[] means = new double[mean.Shape.Count], variances = new double[means.Length];
        for (; !inputs.IsEmpty; inputs = inputs[(rows * network.Inputs)..])
        {
            plan.Write(x, inputs[..(rows * network.Inputs)]);
            plan.Run();
            plan.Read(0, means);
            plan.Read(1, variances);
            sums.Add(rows, means, variances);
        }
    }

    /// <summary>Mean and squared deviations of every channel, put together from batches (Chan, Golub and LeVeque 1983).</summary>
    private sealed class ChannelSums
    {
        private double[] _means = [];
        private double[] _squares = [];
        private double _rows;

        internal void Add(int rows, double[] means, double[] variances)
        {
            if (_rows == 0)
                (_means, _squares) = (new double[means.Length], new double[means.Length]);
            var total = _rows + rows;
            for (var channel = 0; channel < means.Length; channel++)
            {
                var change = means[channel] - _means[channel];
                _means[channel] += change * (rows / total);
                _squares[channel] += (variances[channel] * rows) + (change * change * (_rows * rows / total));
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

    /// <summary>Examples of a batch, the unit of memory; results depend on it in their last bits.</summary>
    public int BatchRows { get; init; } = 500;

    /// <summary>Threads; null for the caller's alone. Results do not depend on it.</summary>
    public Team? Team { get; init; }
}
