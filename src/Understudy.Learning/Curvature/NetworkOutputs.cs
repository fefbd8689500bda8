using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>What a network answers.</summary>
public static class NetworkOutputs
{
    /// <summary>The outputs [N, C] on every example, in double precision.</summary>
    /// <exception cref="ArgumentException">Inputs or parameters do not fit the network.</exception>
    public static double[] Of(INetwork network, ExampleSet examples, ReadOnlySpan<double> parameters)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return Of(network, examples.Inputs, parameters);
    }

    /// <summary>The outputs [N, C] on rows of inputs, batch by batch.</summary>
    /// <param name="network">The network; where it couples examples, all are one batch.</param>
    /// <param name="inputs">[N, d].</param>
    /// <param name="parameters">[P], in the order of the layout.</param>
    /// <param name="options">Precision, batches and threads.</param>
    /// <param name="cancellation">Looked at once per batch.</param>
    /// <exception cref="ArgumentException">Inputs or parameters do not fit the network.</exception>
    public static double[] Of(
        INetwork network, ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters, OutputOptions? options = null, CancellationToken cancellation = default)
        => Of(network, new NumberRows(inputs), parameters, options, cancellation);

    /// <summary>The same of inputs in single precision.</summary>
    /// <inheritdoc cref="Of(INetwork, ReadOnlySpan{double}, ReadOnlySpan{double}, OutputOptions?, CancellationToken)"/>
    public static double[] Of(
        INetwork network, ReadOnlySpan<float> inputs, ReadOnlySpan<double> parameters, OutputOptions? options = null, CancellationToken cancellation = default)
        => Of(network, new NumberRows(inputs), parameters, options, cancellation);

    private static double[] Of(INetwork network, NumberRows inputs, ReadOnlySpan<double> parameters, OutputOptions? options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(network);
        options ??= new OutputOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchRows, 1, nameof(options));
        if (inputs.Length == 0 || inputs.Length % network.Inputs != 0 || parameters.Length != network.Layout.Count)
            throw new ArgumentException($"The network reads {network.Inputs} numbers and has {network.Layout.Count} parameters, but was given {inputs.Length} and {parameters.Length}.", nameof(inputs));
        var count = inputs.Length / network.Inputs;
        var rows = network.CouplesExamples ? count : Math.Min(options.BatchRows, count);
        var (x, symbols) = (Ops.Input("x", new Shape(rows, network.Inputs)), network.Layout.ToInputs());
        using var plan = Plan.Compile([network.Output(x, symbols)], new PlanOptions { Precision = options.Precision, Team = options.Team, Convolution = options.Convolution });
        for (var i = 0; i < symbols.Length; i++)
            plan.Write(symbols[i], network.Layout.Slots[i].Of(parameters));
        var outputs = new double[checked(count * network.Outputs)];
        for (var first = 0; first < count; first += rows)
        {
            cancellation.ThrowIfCancellationRequested();
            // the last batch is filled with examples of the one before
            var own = Math.Min(first, count - rows);
            inputs.Write(plan, x, own * network.Inputs, rows * network.Inputs);
            plan.Run();
            plan.Read(0, outputs.AsSpan(own * network.Outputs, rows * network.Outputs));
        }

        return outputs;
    }
}

/// <summary>How a network is evaluated on many examples.</summary>
public sealed record OutputOptions
{
    /// <summary>The type of the passes.</summary>
    public DType Precision { get; init; } = DType.F64;

    /// <summary>Examples of a batch, the unit of memory.</summary>
    public int BatchRows { get; init; } = 500;

    /// <summary>Threads; null for the caller's alone. Results do not depend on it.</summary>
    public Team? Team { get; init; }

    /// <summary>How convolutions are computed: a question of speed and last bits.</summary>
    public ConvolutionAlgorithm Convolution { get; init; } = ConvolutionAlgorithm.Direct;
}
