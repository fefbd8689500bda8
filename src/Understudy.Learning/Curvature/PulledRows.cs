using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Curvature;

/// <summary>Vectors J_iᵀ u of single examples of any network, by reverse passes, for a block of its parameters.</summary>
/// <remarks>
/// A pass per cotangent u; the forward pass of an example is kept for all of its cotangents. Where a network couples examples, J_i is the derivative of the outputs on example i with
/// what the others add to it, and every pass takes all of them. Not for two threads at once. Source: hessian specification, section 2.2.
/// </remarks>
internal sealed class PulledRows : IDisposable
{
    private readonly INetwork _network;
    private readonly ExampleSet _examples;
    private readonly TracedLoss _traced;
    private readonly Sym _weights;
    private readonly Plan _plan;
    private readonly double[] _outputs;
    private readonly double[] _cotangents;
    private int _prepared = -1;

    /// <summary>Rows at a point.</summary>
    /// <param name="network">f.</param>
    /// <param name="examples">The inputs.</param>
    /// <param name="parameters">θ.</param>
    /// <param name="isChosen">By slot, whether a parameter is in the block.</param>
    /// <param name="precision">The type of the passes.</param>
    internal PulledRows(INetwork network, ExampleSet examples, double[] parameters, bool[] isChosen, DType precision)
    {
        (_network, _examples) = (network, examples);
        var rows = examples.BatchRows(network, 1);
        // no loss takes part; half squared errors have targets of the outputs' shape, which nothing reads
        _traced = new TracedLoss(network, OutputLoss.HalfSquared, rows, rows, isChosen);
        _weights = Ops.Input("u", _traced.Output.Shape);
        _plan = Plan.Compile(_traced.Pulled(_weights), new PlanOptions { Precision = precision, Varying = [_weights] });
        foreach (var (slot, parameter) in network.Layout.Slots.Zip(_traced.Parameters))
            _plan.Write(parameter, slot.Of<double>(parameters));
        _outputs = NetworkOutputs.Of(network, examples.Inputs, parameters, new OutputOptions { Precision = precision });
        _cotangents = new double[rows * network.Outputs];
        Size = _traced.Chosen.Sum(parameter => parameter.Shape.Count);
    }

    /// <summary>P, the parameters of the block.</summary>
    internal int Size { get; }

    /// <summary>C.</summary>
    internal int Outputs => _network.Outputs;

    /// <summary>N.</summary>
    internal int Examples => _examples.Count;

    /// <summary>The numbers of rows that fit into 64 MiB, but at least those of one example.</summary>
    internal int ExamplesAtOnce(int columns) => (int)Math.Clamp((1L << 23) / ((long)columns * Size), 1, Examples);

    /// <summary>The rows of some examples, [count·columns, P].</summary>
    /// <param name="first">The first example.</param>
    /// <param name="count">How many.</param>
    /// <param name="columns">Cotangents of one example.</param>
    /// <param name="rule">Writes them, [columns, C], given the output.</param>
    /// <param name="rows">Becomes the rows.</param>
    internal void Fill(int first, int count, int columns, CotangentRule rule, Span<double> rows)
    {
        var cotangents = new double[columns * Outputs];
        for (var i = first; i < first + count; i++)
        {
            rule(_outputs.AsSpan(i * Outputs, Outputs), i, cotangents);
            for (var column = 0; column < columns; column++)
            {
                Pull(i, cotangents.AsSpan(column * Outputs, Outputs), rows[..Size]);
                rows = rows[Size..];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();

    private void Pull(int example, ReadOnlySpan<double> cotangent, Span<double> row)
    {
        var isCoupled = _network.CouplesExamples;
        if (isCoupled)
            _cotangents.AsSpan().Clear();
        cotangent.CopyTo(_cotangents.AsSpan(isCoupled ? example * Outputs : 0, Outputs));
        Prepare(isCoupled ? 0 : example);
        _plan.Write(_weights, _cotangents);
        _plan.Apply();
        for (var i = 0; i < _traced.Chosen.Length; i++)
        {
            var length = _traced.Chosen[i].Shape.Count;
            _plan.Read(i, row[..length]);
            row = row[length..];
        }
    }

    private void Prepare(int first)
    {
        if (_prepared == first)
            return;
        _plan.Write(_traced.Inputs, _examples.Inputs.Slice(first * _network.Inputs, _traced.Inputs.Shape[0] * _network.Inputs));
        _plan.Prepare();
        _prepared = first;
    }
}
