namespace Understudy.Studies.RandomTeacher.Judging;

/// <summary>What of a configuration a part reads alone.</summary>
internal static class Sections
{
    /// <summary>A configuration with nothing but the section of a part.</summary>
    internal static RandomTeacherConfig Of(RandomTeacherConfig config, RandomTeacherPart part) => part switch
    {
        RandomTeacherPart.Distillation => new() { Distillation = config.Distillation with { Keep = false } },
        RandomTeacherPart.Valley => new() { Valley = config.Valley with { Plane = 0, PlaneImages = 0 } },
        RandomTeacherPart.Locality => new() { Locality = config.Locality },
        RandomTeacherPart.Sizes => new() { Sizes = config.Sizes },
        RandomTeacherPart.Transfer => new() { Transfer = config.Transfer },
        RandomTeacherPart.Architectures => new() { Architectures = config.Architectures },
        RandomTeacherPart.Outputs => new() { Outputs = config.Outputs },
        RandomTeacherPart.Bottlenecks => new() { Bottlenecks = config.Bottlenecks },
        RandomTeacherPart.Connectivity => new() { Connectivity = config.Connectivity },
        RandomTeacherPart.Controls => new() { Controls = config.Controls },
        RandomTeacherPart.Targets => new() { Targets = config.Targets },
        RandomTeacherPart.Layers => new() { Layers = config.Layers },
        RandomTeacherPart.Tickets => new() { Tickets = config.Tickets },
        RandomTeacherPart.Ladder => new() { Ladder = config.Ladder },
        _ => new(),
    };

    /// <summary>Steps of distillation of a part.</summary>
    internal static int Steps(RandomTeacherConfig config, RandomTeacherPart part) => part switch
    {
        RandomTeacherPart.Valley => config.Valley.Steps,
        RandomTeacherPart.Connectivity => config.Connectivity.Steps,
        RandomTeacherPart.Tickets => config.Tickets.Steps,
        _ => config.Training.Steps,
    };
}
