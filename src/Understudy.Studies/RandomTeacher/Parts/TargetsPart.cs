using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>Students of labels, of random logits and of pixels beside those of a random teacher, all from the teacher's start.</summary>
internal sealed class TargetsPart(RandomTeacherConfig config) : ConditionsPart(config, RandomTeacherPart.Targets, All(config), config.Training.Steps)
{
    /// <inheritdoc/>
    protected override double ContinueBytes
        => Conditions.Sum(condition => condition.Target is { } target ? 4.0 * (target.HasOwnRows ? Config.Seeds : 1) * condition.Images * condition.Network.Outputs : 0);

    /// <summary>Heads differ, encoders do not: a seed's teacher is probed once.</summary>
    protected override bool HasOneTeacher => true;

    /// <summary>Nothing that a teacher answers is learned.</summary>
    protected override bool HasGlances => false;

    /// <summary>The word of a share of labels that are drawn: 15 digits hide that 100 times a share is rounded.</summary>
    internal static string Labels(double noise) => Invariant($"labels, {100 * noise:G15}% drawn");

    private static IReadOnlyList<Condition> All(RandomTeacherConfig config)
    {
        var usual = Condition.Of(config, PartNames.Images);
        Condition Of(string name, Target target, int outputs)
            => usual with { Name = name, Target = target, Network = usual.Network with { Outputs = outputs, Shape = Target.Shape, Bottleneck = Math.Max(1, usual.Network.Bottleneck) } };
        return
        [
            usual,
            .. config.Targets.LabelNoise.Select(noise => Of(Labels(noise), new Target(TargetKind.Labels, noise), Pictures.ClassesOf(config.Data.Set))),
            .. config.Targets.Temperatures.Select(temperature => Of(Invariant($"normal logits, T {temperature}"), new Target(TargetKind.Logits, temperature), config.Targets.Outputs)),
            .. config.Targets.Inputs ? [Of("pixels", new Target(TargetKind.Inputs), Pictures.Shape(config.Data).Count)] : Array.Empty<Condition>(),
        ];
    }
}
