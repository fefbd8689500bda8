using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Landscape;

/// <summary>What the hidden nodes of a network do on a set of inputs, in double precision.</summary>
internal sealed class LayerActivity : IDisposable
{
    private readonly Mlp _network;
    private readonly Plan _plan;
    private readonly Sym _inputs;
    private readonly Sym[] _parameters;

    /// <param name="network">f.</param>
    /// <param name="inputs">[N, d].</param>
    /// <param name="count">N.</param>
    internal LayerActivity(Mlp network, ReadOnlySpan<double> inputs, int count)
    {
        (_network, Count) = (network, count);
        _inputs = Ops.Input("x", new Shape(count, network.Inputs));
        _parameters = network.Parameters();
        _plan = Plan.Compile(network.PreActivations(_inputs, _parameters), new PlanOptions { Precision = DType.F64 });
        _plan.Write(_inputs, inputs);
    }

    /// <summary>N.</summary>
    internal int Count { get; }

    /// <summary>Computes all layers at some parameters.</summary>
    internal void Run(ReadOnlySpan<double> parameters)
    {
        for (var i = 0; i < _parameters.Length; i++)
            _plan.Write(_parameters[i], _network.Layout.Slots[i].Of(parameters));
        _plan.Run();
    }

    /// <summary>The pre-activations [N, n] of a layer in the last run.</summary>
    internal double[] PreActivations(int layer)
    {
        var values = new double[Count * _network.Widths[layer + 1]];
        _plan.Read(layer, values);
        return values;
    }

    /// <summary>Mean and standard deviation of every node's pre-activation in the last run.</summary>
    internal (double[] Means, double[] Deviations) Moments(int layer) => Moments(PreActivations(layer), _network.Widths[layer + 1]);

    /// <summary>Mean and standard deviation of every column of a matrix.</summary>
    internal static (double[] Means, double[] Deviations) Moments(ReadOnlySpan<double> matrix, int columns)
    {
        var (means, deviations, rows) = (new double[columns], new double[columns], matrix.Length / columns);
        for (var i = 0; i < matrix.Length; i++)
            means[i % columns] += matrix[i] / rows;
        for (var i = 0; i < matrix.Length; i++)
        {
            var off = matrix[i] - means[i % columns];
            deviations[i % columns] += off * off / rows;
        }

        for (var j = 0; j < columns; j++)
            deviations[j] = Math.Sqrt(deviations[j]);
        return (means, deviations);
    }

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();
}
