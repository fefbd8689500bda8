using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;

namespace Understudy.Learning.Training;

/// <summary>The states of an optimizer and their next values, parameter by parameter.</summary>
internal sealed class OptimizerStep
{
    private readonly Optimizer _optimizer;
    private readonly Sym _descent;
    private readonly Sym? _decay;
    private readonly List<(Update Update, CarriedState Carried)> _states = [];
    private readonly (Sym First, Sym Second)? _corrections;

    /// <summary>Begins a step.</summary>
    /// <param name="optimizer">The rule.</param>
    /// <param name="descent">−η, a scalar.</param>
    /// <param name="decay">λ, a scalar, in place of the optimizer's constant; null for the constant.</param>
    /// <exception cref="ArgumentException">A number of the optimizer is outside of its range.</exception>
    internal OptimizerStep(Optimizer optimizer, Sym descent, Sym? decay = null)
    {
        optimizer.Check();
        (_optimizer, _descent, _decay) = (optimizer, descent, decay);
        if (optimizer.Rule != OptimizerRule.Adam)
            return;
        // powers of β by the step, so that nothing depends on where a run begins
        var first = State("beta1", Shape.Scalar, null, power => power * optimizer.Beta1, start: 1);
        var second = State("beta2", Shape.Scalar, null, power => power * optimizer.Beta2, start: 1);
        _corrections = (1 / (1 - first), 1 / (1 - second));
    }

    /// <summary>States and their next values.</summary>
    internal IEnumerable<Update> Updates => _states.Select(state => state.Update);

    /// <summary>What is carried from step to step.</summary>
    internal IEnumerable<CarriedState> Carried => _states.Select(state => state.Carried);

    /// <summary>The gradients of all trained parameters, shortened together to the optimizer's limit.</summary>
    internal Sym[] Clipped(IReadOnlyList<Sym> gradients)
    {
        if (_optimizer.ClipNorm == 0 || gradients.Count == 0)
            return [.. gradients];
        var square = gradients.Select(gradient => Ops.Sum(Ops.Square(gradient))).Aggregate((sum, next) => sum + next);
        // a gradient of 0 has an infinite inverse length, and stays as it is
        var factor = Ops.Min(Ops.Constant(1), _optimizer.ClipNorm * Ops.Rsqrt(square));
        return [.. gradients.Select(gradient => factor * gradient)];
    }

    /// <summary>The next value of a parameter.</summary>
    internal Sym Next(Sym parameter, Sym gradient)
    {
        var pull = Pull(parameter);
        if (pull is not null && _optimizer.DecayForm == DecayForm.Coupled)
            gradient += pull;
        var direction = Direction(parameter, gradient);
        return Ops.ScaledAdd(parameter, _descent, pull is not null && _optimizer.DecayForm == DecayForm.Decoupled ? direction + pull : direction);
    }

    /// <summary>λ·θ; null where the parameter does not decay.</summary>
    private Sym? Pull(Sym parameter)
    {
        if (!Decays(parameter) || (_decay is null && _optimizer.WeightDecay == 0))
            return null;
        return _decay is null ? _optimizer.WeightDecay * parameter : _decay * parameter;
    }

    private bool Decays(Sym parameter) => _optimizer.Decayed switch
    {
        DecayedParameters.Weights => parameter.Shape.Rank > 1,
        DecayedParameters.Vectors => parameter.Shape.Rank <= 1,
        _ => true,
    };

    private Sym Direction(Sym parameter, Sym gradient)
    {
        switch (_optimizer.Rule)
        {
            case OptimizerRule.Momentum:
                return State("velocity", parameter.Shape, parameter, velocity => (_optimizer.Momentum * velocity) + gradient);
            case OptimizerRule.Adam:
                var (first, second) = _corrections!.Value;
                var mean = State("mean", parameter.Shape, parameter, m => (_optimizer.Beta1 * m) + ((1 - _optimizer.Beta1) * gradient));
                var square = State("square", parameter.Shape, parameter, v => (_optimizer.Beta2 * v) + ((1 - _optimizer.Beta2) * Ops.Square(gradient)));
                return mean * first / (Ops.Sqrt(square * second) + _optimizer.Epsilon);
            default:
                return gradient;
        }
    }

    /// <summary>A state's value after this step.</summary>
    private Sym State(string label, Shape shape, Sym? parameter, Func<Sym, Sym> next, double start = 0)
    {
        var state = Ops.Input(label, shape);
        var value = next(state);
        _states.Add((new Update(state, value), new CarriedState(state, start, parameter)));
        return value;
    }
}
