using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>From the settings to the parts they ask for.</summary>
internal static class RandomTeacherParts
{
    /// <summary>The parts of a run, in its order.</summary>
    internal static IReadOnlyList<ConditionsPart> Of(RandomTeacherConfig config) => [.. config.Parts.Select(part => Of(config, part))];

    /// <summary>The word of a start's distance.</summary>
    internal static string Alpha(double alpha) => Invariant($"alpha {alpha}");

    /// <summary>One part.</summary>
    internal static ConditionsPart Of(RandomTeacherConfig config, RandomTeacherPart part)
    {
        var usual = Condition.Of(config, PartNames.Images);
        ConditionsPart Compared(IEnumerable<Condition> conditions) => new SweepPart(config, part, [.. conditions]);
        return part switch
        {
            RandomTeacherPart.Distillation => new DistillationPart(config),
            RandomTeacherPart.Valley => new ValleyPart(config),
            RandomTeacherPart.Transfer => new TransferPart(config),
            RandomTeacherPart.Restart => new RestartPart(config),
            RandomTeacherPart.Connectivity => new ConnectivityPart(config),
            RandomTeacherPart.Tickets => new TicketsPart(config),
            RandomTeacherPart.Layers => new LayersPart(config),
            RandomTeacherPart.Controls => new ControlsPart(config),
            RandomTeacherPart.Targets => new TargetsPart(config),
            RandomTeacherPart.Ladder => new LadderPart(config),
            RandomTeacherPart.Locality => Compared(config.Locality.Alphas.Select(alpha => usual with { Name = Alpha(alpha), Alpha = alpha })),
            RandomTeacherPart.Sizes => Compared(config.Sizes.Images.Select(images => usual with { Name = Invariant($"{images}"), Images = images })),
            RandomTeacherPart.Architectures => Compared(config.Architectures.Encoders.Select(encoder => usual with { Name = encoder, Network = usual.Network with { Encoder = encoder } })),
            RandomTeacherPart.Outputs => Compared(config.Outputs.Outputs.Select(outputs => usual with { Name = Invariant($"{outputs}"), Network = usual.Network with { Outputs = outputs } })),
            RandomTeacherPart.Bottlenecks => Compared(config.Bottlenecks.Shapes.Select(shape => usual with { Name = shape, Network = usual.Network with { Shape = shape } })),
            _ => throw new ArgumentOutOfRangeException(nameof(part), part, "There is no such part."),
        };
    }
}
