using static System.FormattableString;

namespace Understudy.Studies.Specialization;

/// <summary>What options of part multi-layer do not fit together, in sentences.</summary>
internal static class MultiLayerOptionProblems
{
    /// <summary>Every step of an adversary is part of the compiled step.</summary>
    private const int MostSteps = 100;

    internal static IEnumerable<string> Of(MultiLayerConfig part)
    {
        var (networks, data) = (part.Networks, part.Data);
        foreach (var (path, value) in new[] { ("networks.fanOutDecay", networks.FanOutDecay), ("networks.perturbation", networks.Perturbation), ("data.labelNoise", data.LabelNoise), ("training.weightDecay", part.Training.WeightDecay), ("training.jacobianPenalty", part.Training.JacobianPenalty), ("training.adversary.radius", part.Training.Adversary.Radius) })
        {
            if (!(value >= 0) || !double.IsFinite(value))
                yield return Invariant($"multiLayer.{path} ({value}) must not be negative.");
        }

        if (!(part.Training.Momentum is >= 0 and < 1))
            yield return Invariant($"multiLayer.training.momentum ({part.Training.Momentum}) must be at least 0 and below 1.");
        if (!(part.Training.Dropout is >= 0 and < 1))
            yield return Invariant($"multiLayer.training.dropout ({part.Training.Dropout}) must be at least 0 and below 1.");
        if (part.Training.Adversary.Steps is < 1 or > MostSteps)
            yield return Invariant($"multiLayer.training.adversary.steps ({part.Training.Adversary.Steps}) must lie between 1 and {MostSteps}.");
        if (part.Training.Adversary.Radius > 0 && data.LabelNoise > 0)
            yield return "multiLayer.data.labelNoise must be 0 with multiLayer.training.adversary: perturbed inputs have the teacher's own labels.";
        if (!(part.Training.Suppression >= 1) || !double.IsFinite(part.Training.Suppression))
            yield return Invariant($"multiLayer.training.suppression ({part.Training.Suppression}) must be at least 1, which is none.");
        if (!(networks.WeakFraction is >= 0 and < 1))
            yield return Invariant($"multiLayer.networks.weakFraction ({networks.WeakFraction}) must be at least 0 and below 1.");
        else if (networks.WeakFraction > 0 && networks.Hidden.All(width => LayeredNetworks.Weak(networks.WeakFraction, width) == 0))
            yield return Invariant($"multiLayer.networks.weakFraction ({networks.WeakFraction}) is less than one node of every hidden layer.");
        if (data.Kind is not (InputKind.Gaussian or InputKind.Uniform))
            yield return "multiLayer.data.kind must be gaussian or uniform: this part has no images.";
        if (data.Regenerate && data.Kind != InputKind.Gaussian)
            yield return "multiLayer.data.regenerate needs multiLayer.data.kind=gaussian.";
        if (data.Regenerate && data.LabelNoise > 0)
            yield return "multiLayer.data.labelNoise must be 0 with multiLayer.data.regenerate: new samples have the teacher's own labels.";
    }
}
