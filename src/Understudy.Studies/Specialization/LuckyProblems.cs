using static System.FormattableString;
using static Understudy.Studies.Specialization.SettingRules;

namespace Understudy.Studies.Specialization;

/// <summary>What settings of part lucky do not fit together, in sentences.</summary>
internal static class LuckyProblems
{
    internal static IEnumerable<string> Of(LuckyConfig part)
    {
        if (part.Widths.Count != 3 || part.Widths.Any(width => width < 1))
            yield return "lucky.widths must be three positive numbers: inputs, hidden nodes, outputs.";
        foreach (var problem in AtLeastOne("lucky.seeds", part.Seeds).Concat(Grid("lucky.overRealization", part.OverRealization, 1))
            .Concat(AtLeastOne("lucky.training.batch", part.Training.Batch)).Concat(AtLeastOne("lucky.training.epochs", part.Training.Epochs))
            .Concat(AtLeastOne("lucky.training.epochSteps", part.Training.EpochSteps)).Concat(AtLeastTwo("lucky.evaluation", part.Evaluation)))
            yield return problem;
        if (!(part.Training.LearningRate > 0))
            yield return Invariant($"lucky.training.learningRate ({part.Training.LearningRate}) must be positive.");
        if (!(part.Perturbation >= 0))
            yield return Invariant($"lucky.perturbation ({part.Perturbation}) must not be negative.");
    }
}
