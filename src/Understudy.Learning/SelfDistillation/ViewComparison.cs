using Understudy.Engine.Graphs;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;

namespace Understudy.Learning.SelfDistillation;

/// <summary>What of student and teacher is compared, and the loss.</summary>
internal sealed class ViewComparison
{
    private readonly LayeredNetwork? _predictor;

    /// <summary>Begins a step.</summary>
    internal ViewComparison(ViewDistillationOptions options)
    {
        (IsCosine, _predictor) = (options.Objective == ViewObjective.Cosine, options.PredictorNetwork);
        Predictor = _predictor?.Layout.ToInputs() ?? [];
    }

    /// <summary>Whether directions of bottlenecks are compared, not outputs.</summary>
    internal bool IsCosine { get; }

    /// <summary>The predictor's parameters; empty for none.</summary>
    internal Sym[] Predictor { get; }

    /// <summary>What a teacher answers: outputs [rows, m], or bottlenecks [rows, k] of length 1.</summary>
    internal Sym Answer(ProjectedEncoder network, Sym bottleneck, Sym[] parameters) => IsCosine ? Direction(bottleneck) : network.Project(bottleneck, network.TailSymbols(parameters));

    /// <summary>The same of a student, behind its predictor.</summary>
    internal Sym Predicted(ProjectedEncoder network, Sym bottleneck, Sym[] parameters) => Answer(network, _predictor is null ? bottleneck : _predictor.Output(bottleneck, Predictor), parameters);

    /// <summary>The mean over rows of −Σ p log q, or of 2 − 2 cos.</summary>
    /// <param name="own">What the student answers.</param>
    /// <param name="targets">p, or the mean of directions: the loss is linear in both.</param>
    /// <param name="sharpness">1 / τ_S; null for the cosine.</param>
    internal Sym Loss(Sym own, Sym targets, Sym? sharpness)
        => IsCosine ? 2 - (2.0 / own.Shape[0] * Ops.Sum(own * targets)) : Ops.SoftmaxCrossEntropy(sharpness! * own, targets);

    private static Sym Direction(Sym rows) => new UnitLengthLayer().Apply(rows, []);
}
