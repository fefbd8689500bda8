namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>Which kept students are a start.</summary>
public abstract record KeptStudentOptions
{
    /// <summary>The seed; null for all seeds of the run.</summary>
    public int? Seed { get; init; }

    /// <summary>The word of the student.</summary>
    public string Student { get; init; } = "images";
}
