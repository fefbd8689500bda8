namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>What follow-ups that start from kept students tell first: from which.</summary>
public abstract record StartedFollowUp
{
    /// <summary>The part whose networks these are.</summary>
    public required string Part { get; init; }

    /// <summary>The word of the student.</summary>
    public required string Student { get; init; }

    /// <summary>The seeds.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    /// <summary>Steps of distillation that the student of each seed had.</summary>
    public required IReadOnlyList<int> DistilledSteps { get; init; }

    /// <summary>The beginning of what people read.</summary>
    private protected string Head => $"part {Part}, student of {Student} {SeedWords.After(DistilledSteps)}, {SeedWords.Of(Seeds)}";
}
