namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>How long the students of one word were distilled.</summary>
/// <param name="Student">Their word.</param>
/// <param name="DistilledSteps">Steps of distillation that the student of each seed had.</param>
public sealed record DistilledStudents(string Student, IReadOnlyList<int> DistilledSteps)
{
    /// <summary>"student of images after 8 steps".</summary>
    internal string Words => $"student of {Student} {SeedWords.After(DistilledSteps)}";

    /// <summary>Those of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="words">Their words; null for all at their end.</param>
    /// <param name="seeds">The seeds.</param>
    internal static IReadOnlyList<DistilledStudents> Of(FinishedRun run, IReadOnlyList<string>? words, IReadOnlyList<int> seeds)
        => [.. (words ?? run.Students).Select(word => new DistilledStudents(word, [.. seeds.Select(seed => run.StepsOf(word, seed))]))];
}
