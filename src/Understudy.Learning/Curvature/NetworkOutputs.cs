using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>What a network answers, in double precision.</summary>
public static class NetworkOutputs
{
    private const int BatchRows = 500;

    /// <summary>The outputs [N, C] on every example.</summary>
    /// <exception cref="ArgumentException">Inputs or parameters do not fit the network.</exception>
    public static double[] Of(INetwork network, ExampleSet examples, ReadOnlySpan<double> parameters)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(examples);
        if (examples.InputWidth != network.Inputs || parameters.Length != network.Layout.Count)
            throw new ArgumentException($"The network reads {network.Inputs} numbers and has {network.Layout.Count} parameters, but was given {examples.InputWidth} and {parameters.Length}.", nameof(examples));
        var rows = Math.Min(examples.BatchRows(network, BatchRows), examples.Count);
        var (x, symbols) = (Ops.Input("x", new Shape(rows, network.Inputs)), network.Layout.ToInputs());
        using var plan = Plan.Compile([network.Output(x, symbols)], new PlanOptions { Precision = DType.F64 });
        for (var i = 0; i < symbols.Length; i++)
            plan.Write(symbols[i], network.Layout.Slots[i].Of(parameters));
        var (outputs, batch) = (new double[examples.Count * network.Outputs], new double[rows * network.Outputs]);
        var inputs = new double[rows * network.Inputs];
        for (var first = 0; first < examples.Count; first += rows)
        {
            // the last batch is filled with examples of the one before
            var own = Math.Min(first, examples.Count - rows);
            examples.Inputs.Slice(own * network.Inputs, inputs.Length).CopyTo(inputs);
            plan.Write(x, inputs);
            plan.Run();
            plan.Read(0, batch);
            batch.CopyTo(outputs.AsSpan(own * network.Outputs));
        }

        return outputs;
    }
}
