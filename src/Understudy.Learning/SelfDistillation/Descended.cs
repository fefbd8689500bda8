using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Learning.Training;

namespace Understudy.Learning.SelfDistillation;

/// <summary>The next parameters of a student whose last layer may be frozen at the beginning.</summary>
/// <remarks>A frozen last layer has an optimizer of its own, which begins when the layer does: neither its moments nor their corrections know of the steps before, and its gradient is not among those that are clipped.</remarks>
internal sealed class Descended
{
    /// <summary>Descends.</summary>
    /// <param name="options">How.</param>
    /// <param name="parameters">All that are trained, those of the last layer last.</param>
    /// <param name="lastLayer">How many of them are the last layer's.</param>
    /// <param name="gradients">Of each.</param>
    /// <param name="descent">−η.</param>
    /// <param name="decay">λ; null for the optimizer's constant.</param>
    /// <param name="gate">1 where the last layer is trained, 0 where it is frozen; null where it always is trained.</param>
    internal Descended(ViewDistillationOptions options, Sym[] parameters, int lastLayer, IReadOnlyList<Sym> gradients, Sym descent, Sym? decay, Sym? gate)
    {
        var trunk = parameters.Length - (gate is null ? 0 : lastLayer);
        Sym[] trained = [.. gradients.Select((gradient, i) => i < trunk ? gradient : gate! * gradient)];
        var optimizer = new OptimizerStep(options.Optimizer, descent, decay);
        var ofTail = gate is null ? null : new OptimizerStep(options.Optimizer, descent, decay);
        var clipped = optimizer.Clipped(trained);
        Next = [.. parameters.Select((parameter, i) => i < trunk ? optimizer.Next(parameter, clipped[i]) : Ops.Select(gate!, ofTail!.Next(parameter, clipped[i]), parameter))];
        Updates =
        [
            .. parameters.Select((parameter, i) => new Update(parameter, Next[i])), .. optimizer.Updates,
            .. ofTail?.Updates.Select(update => new Update(update.State, Ops.Select(gate!, update.Next, update.State))) ?? [],
        ];
        Carried = [.. optimizer.Carried, .. ofTail?.Carried ?? []];
        SquaredGradient = trained.Select(gradient => Ops.Sum(Ops.Square(gradient))).Aggregate((sum, next) => sum + next);
    }

    /// <summary>The parameters after the step.</summary>
    internal Sym[] Next { get; }

    /// <summary>Parameters and states of the optimizer with their next values.</summary>
    internal IReadOnlyList<Update> Updates { get; }

    /// <summary>The optimizer's states.</summary>
    internal IReadOnlyList<CarriedState> Carried { get; }

    /// <summary>‖∇L‖² over what is trained, before clipping.</summary>
    internal Sym SquaredGradient { get; }
}
