using Understudy.Learning.Landscape;

namespace Understudy.Learning.Pruning;

/// <summary>One training of a pruned network.</summary>
/// <param name="Round">How often it was pruned before, 0 for the whole network.</param>
/// <param name="Remaining">The prunable parameters that are left.</param>
/// <param name="Share">Those over all prunable parameters.</param>
/// <param name="Layers">How many are left of each prunable parameter, in the order of <see cref="MagnitudePruner.Prunable"/>.</param>
/// <param name="Evaluations">Loss and accuracy on the test examples after steps of the training, ascending; the last one is after the last step.</param>
public sealed record PruningRound(int Round, int Remaining, double Share, IReadOnlyList<int> Layers, IReadOnlyList<(long Step, LossAndAccuracy Value)> Evaluations)
{
    /// <summary>What the training ends with.</summary>
    public LossAndAccuracy Last => Evaluations[^1].Value;

    /// <summary>The evaluation of highest accuracy, the first of equal ones: selected on the test examples, as plots often show.</summary>
    public (long Step, LossAndAccuracy Value) Best => Evaluations.MaxBy(evaluation => evaluation.Value.Accuracy);
}

/// <summary>How far an iterative pruning is.</summary>
/// <param name="Round">The round, counted from 0; −1 while the point is trained that weights are rewound to.</param>
/// <param name="Step">The next step of its training.</param>
/// <param name="Done">The share of all steps that is done.</param>
public readonly record struct PruningProgress(int Round, long Step, double Done);
