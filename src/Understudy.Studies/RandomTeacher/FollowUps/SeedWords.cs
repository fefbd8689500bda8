namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>Seeds and starts in words.</summary>
internal static class SeedWords
{
    /// <summary>"seed 0", "seeds 0, 1, 2".</summary>
    internal static string Of(IReadOnlyList<int> seeds) => $"seed{(seeds.Count == 1 ? "" : "s")} {string.Join(", ", seeds)}";

    /// <summary>"fresh", "student".</summary>
    internal static string Of(StartKind start) => start == StartKind.Fresh ? "fresh" : "student";

    /// <summary>What a follow-up is not.</summary>
    internal static string NoInterval(RandomTeacherPart part) => $"means over the seeds of one run, without intervals and without a verdict: for these run part {PartNames.Of(part)}";
}
