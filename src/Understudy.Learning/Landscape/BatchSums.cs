using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Landscape;

/// <summary>Sums over the examples of one batch, at any parameters, by one plan.</summary>
internal sealed class BatchSums : IDisposable
{
    private readonly INetwork _network;
    private readonly ExampleSet _examples;
    private readonly TracedLoss _traced;
    private readonly Plan _plan;
    private readonly int[] _counts;
    private readonly double[] _inputs;
    private readonly double[] _targets;
    private int _first = -1;

    /// <summary>Compiles the sums.</summary>
    /// <param name="network">f.</param>
    /// <param name="loss">ℓ.</param>
    /// <param name="examples">Where batches are taken from.</param>
    /// <param name="rows">The examples of a batch.</param>
    /// <param name="total">What sums are divided by.</param>
    /// <param name="outputs">The sums as a graph.</param>
    /// <param name="team">Threads within the plan.</param>
    /// <param name="precision">The type of the passes; sums are added up in double precision by the caller.</param>
    internal BatchSums(
        INetwork network, OutputLoss loss, ExampleSet examples, int rows, int total, Func<TracedLoss, Sym[]> outputs, Team? team = null, DType precision = DType.F64)
    {
        (_network, _examples) = (network, examples);
        _traced = new TracedLoss(network, loss, rows, total, [.. network.Layout.Slots.Select(_ => true)]);
        var sums = outputs(_traced);
        _counts = [.. sums.Select(sum => sum.Shape.Count)];
        _plan = Plan.Compile(sums, new PlanOptions { Precision = precision, Team = team });
        _inputs = new double[_traced.Inputs.Shape.Count];
        _targets = new double[_traced.Targets.Shape.Count];
    }

    /// <summary>The examples of a batch.</summary>
    internal int Rows => _traced.Inputs.Shape[0];

    /// <summary>The numbers that <see cref="Run"/> gives.</summary>
    internal int Width => _counts.Sum();

    /// <summary>Sets the parameters.</summary>
    internal void MoveTo(ReadOnlySpan<double> parameters)
    {
        for (var i = 0; i < _traced.Parameters.Length; i++)
            _plan.Write(_traced.Parameters[i], _network.Layout.Slots[i].Of(parameters));
    }

    /// <summary>Takes examples that stand one behind the other.</summary>
    internal void Load(int first)
    {
        if (_first == first)
            return;
        _plan.Write(_traced.Inputs, _examples.Inputs.Slice(first * _examples.InputWidth, _inputs.Length));
        _plan.Write(_traced.Targets, _examples.Targets.Slice(first * _examples.TargetWidth, _targets.Length));
        _first = first;
    }

    /// <summary>Takes examples by their places.</summary>
    internal void Load(ReadOnlySpan<int> places)
    {
        var (d, w) = (_examples.InputWidth, _examples.TargetWidth);
        for (var i = 0; i < places.Length; i++)
        {
            _examples.Inputs.Slice(places[i] * d, d).CopyTo(_inputs.AsSpan(i * d));
            _examples.Targets.Slice(places[i] * w, w).CopyTo(_targets.AsSpan(i * w));
        }

        _plan.Write(_traced.Inputs, _inputs);
        _plan.Write(_traced.Targets, _targets);
        _first = -1;
    }

    /// <summary>Computes the sums, one output behind the other.</summary>
    internal void Run(Span<double> sums)
    {
        _plan.Run();
        var at = 0;
        for (var output = 0; output < _counts.Length; output++)
        {
            _plan.Read(output, sums.Slice(at, _counts[output]));
            at += _counts[output];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();
}
