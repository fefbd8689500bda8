using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;

namespace Understudy.Learning.Training;

/// <summary>The states of an optimizer and their next values, parameter by parameter.</summary>
internal sealed class OptimizerStep
{
    private readonly Optimizer _optimizer;
    private readonly Sym _descent;
    private readonly List<(Update Update, double Start)> _states = [];
    private readonly (Sym First, Sym Second)? _corrections;

    /// <summary>Begins a step.</summary>
    /// <param name="optimizer">The rule.</param>
    /// <param name="descent">−η, a scalar.</param>
    internal OptimizerStep(Optimizer optimizer, Sym descent)
    {
        (_optimizer, _descent) = (optimizer, descent);
        if (optimizer.Rule != OptimizerRule.Adam)
            return;
        // powers of β by the step, so that nothing depends on where a run begins
        var first = State("beta1", Shape.Scalar, power => power * optimizer.Beta1, start: 1);
        var second = State("beta2", Shape.Scalar, power => power * optimizer.Beta2, start: 1);
        _corrections = (1 / (1 - first), 1 / (1 - second));
    }

    /// <summary>States and their next values.</summary>
    internal IEnumerable<Update> Updates => _states.Select(state => state.Update);

    /// <summary>Every state with the value of all its elements before the first step.</summary>
    internal IReadOnlyList<(Sym State, double Start)> Starts => [.. _states.Select(state => (state.Update.State, state.Start))];

    /// <summary>The next value of a parameter.</summary>
    internal Sym Next(Sym parameter, Sym gradient)
    {
        if (_optimizer.WeightDecay != 0)
            gradient += _optimizer.WeightDecay * parameter;
        switch (_optimizer.Rule)
        {
            case OptimizerRule.Momentum:
                return Ops.ScaledAdd(parameter, _descent, State("velocity", parameter.Shape, velocity => (_optimizer.Momentum * velocity) + gradient));
            case OptimizerRule.Adam:
                var (first, second) = _corrections!.Value;
                var mean = State("mean", parameter.Shape, m => (_optimizer.Beta1 * m) + ((1 - _optimizer.Beta1) * gradient));
                var square = State("square", parameter.Shape, v => (_optimizer.Beta2 * v) + ((1 - _optimizer.Beta2) * Ops.Square(gradient)));
                return Ops.ScaledAdd(parameter, _descent, mean * first / (Ops.Sqrt(square * second) + _optimizer.Epsilon));
            default:
                return Ops.ScaledAdd(parameter, _descent, gradient);
        }
    }

    /// <summary>A state's value after this step.</summary>
    private Sym State(string label, Shape shape, Func<Sym, Sym> next, double start = 0)
    {
        var state = Ops.Input(label, shape);
        var value = next(state);
        _states.Add((new Update(state, value), start));
        return value;
    }
}
