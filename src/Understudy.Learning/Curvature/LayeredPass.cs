using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>The forward pass of a layered network over so many examples, kept for backward passes of any cotangents of the output.</summary>
internal sealed class LayeredPass : IDisposable
{
    private readonly LayeredNetwork _network;
    private readonly Sym _inputs;
    private readonly Sym[] _parameters;
    private readonly Sym _cotangents;
    private readonly int _layers;
    private readonly Plan _plan;

    internal LayeredPass(LayeredNetwork network, int rows, Team? team)
    {
        (_network, Rows) = (network, rows);
        (_inputs, _parameters, _cotangents) = (Ops.Input("x", rows, network.Inputs), network.Layout.ToInputs(), Ops.Input("u", rows, network.Outputs));
        var (output, layers) = network.OutputWithShifts(_inputs, _parameters, PatchLayer.HasFactors);
        Sym[] shifts = [.. layers.Select(layer => layer.Shift)];
        var deltas = Transforms.Vjp(output, _cotangents, shifts).Zip(shifts, (delta, shift) => delta ?? Ops.Constant(0, shift.Shape));
        _layers = layers.Count;
        _plan = Plan.Compile([output, .. layers.Select(layer => layer.Read), .. deltas], new PlanOptions { Precision = DType.F64, Varying = [_cotangents], Team = team });
        foreach (var shift in shifts)
            _plan.Write(shift, new double[shift.Shape.Count]);
    }

    /// <summary>Examples.</summary>
    internal int Rows { get; }

    /// <summary>Goes forward.</summary>
    /// <param name="inputs">[rows, d].</param>
    /// <param name="parameters">θ.</param>
    internal void Forward(ReadOnlySpan<double> inputs, ReadOnlySpan<double> parameters)
    {
        _plan.Write(_inputs, inputs);
        for (var i = 0; i < _parameters.Length; i++)
            _plan.Write(_parameters[i], _network.Layout.Slots[i].Of(parameters));
        _plan.Prepare();
    }

    /// <summary>f, [rows, C].</summary>
    internal void ReadOutputs(Span<double> outputs) => _plan.Read(0, outputs);

    /// <summary>What a layer with weights is applied to, [rows, …].</summary>
    internal void ReadValues(int layer, Span<double> values) => _plan.Read(1 + layer, values);

    /// <summary>Goes back from cotangents of the output, [rows, C].</summary>
    internal void Backward(ReadOnlySpan<double> cotangents)
    {
        _plan.Write(_cotangents, cotangents);
        _plan.Apply();
    }

    /// <summary>The derivatives by a layer's pre-activations, [rows, T, m].</summary>
    internal void ReadDeltas(int layer, Span<double> deltas) => _plan.Read(1 + _layers + layer, deltas);

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();
}
