using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Training;

/// <summary>Evaluates one network on blocks of rows, and keeps what its hidden nodes did.</summary>
/// <remarks>Shapes: inputs [rows, d]; layer l gives [rows, n_l]; the output is [rows, C]. Fewer rows than compiled for may be given. Allocates nothing per run.</remarks>
public sealed class ForwardPass : IDisposable
{
    private readonly Plan _plan;
    private readonly Mlp _network;
    private readonly Sym _x;
    private readonly Sym[] _parameters;
    private readonly float[][] _hidden;
    private readonly float[][] _preActivations;
    private readonly float[] _inputs;
    private readonly int _rows;
    private int _filled;

    private ForwardPass(Mlp network, int rows, DType precision)
    {
        (_network, _rows) = (network, rows);
        _x = Ops.Input("x", new Shape(rows, network.Widths[0]));
        _parameters = network.Parameters();
        var layers = network.PreActivations(_x, _parameters);
        var outputs = new List<Sym>(layers);
        foreach (var layer in layers[..^1])
            outputs.Add(network.Activation.Of(layer));
        _plan = Plan.Compile(outputs, new PlanOptions { Precision = precision });
        _preActivations = [.. layers.Select(layer => new float[layer.Shape.Count])];
        _hidden = [.. layers[..^1].Select(layer => new float[layer.Shape.Count])];
        _inputs = new float[_x.Shape.Count];
    }

    /// <summary>Compiles the evaluation of up to <paramref name="rows"/> rows at a time.</summary>
    public static ForwardPass Compile(Mlp network, int rows, DType precision = DType.F32)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        return new ForwardPass(network, rows, precision);
    }

    /// <summary>The largest number of rows of a run.</summary>
    public int Rows => _rows;

    /// <summary>The output [rows, C] of the last run.</summary>
    public ReadOnlySpan<float> Output => PreActivation(_network.Layers - 1);

    /// <summary>Sets the network's parameters.</summary>
    public void SetParameters(ReadOnlySpan<double> flat)
    {
        if (flat.Length != _network.Layout.Count)
            throw new ArgumentException($"The network has {_network.Layout.Count} parameters, but was given {flat.Length}.", nameof(flat));
        for (var i = 0; i < _parameters.Length; i++)
            _plan.Write(_parameters[i], _network.Layout.Slots[i].Of(flat));
    }

    /// <summary>Evaluates rows of d numbers.</summary>
    /// <exception cref="ArgumentException">The numbers are not whole rows, or more rows than compiled for.</exception>
    public void Run(ReadOnlySpan<float> inputs)
    {
        var width = _network.Widths[0];
        if (inputs.Length == 0 || inputs.Length % width != 0 || inputs.Length / width > _rows)
            throw new ArgumentException($"{inputs.Length} numbers are not between 1 and {_rows} rows of {width}.", nameof(inputs));
        _filled = inputs.Length / width;
        if (_filled == _rows)
        {
            _plan.Write(_x, inputs);
        }
        else
        {
            inputs.CopyTo(_inputs);
            _inputs.AsSpan(inputs.Length).Clear();
            _plan.Write(_x, _inputs);
        }

        _plan.Run();
        for (var layer = 0; layer < _preActivations.Length; layer++)
            _plan.Read(layer, _preActivations[layer]);
        for (var layer = 0; layer < _hidden.Length; layer++)
            _plan.Read(_preActivations.Length + layer, _hidden[layer]);
    }

    /// <summary>The pre-activations [rows, n] of a layer in the last run; of the last layer the output.</summary>
    public ReadOnlySpan<float> PreActivation(int layer) => _preActivations[layer].AsSpan(0, _filled * _network.Widths[layer + 1]);

    /// <summary>The post-activations [rows, n] of a hidden layer in the last run.</summary>
    public ReadOnlySpan<float> Hidden(int layer) => _hidden[layer].AsSpan(0, _filled * _network.Widths[layer + 1]);

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();
}
