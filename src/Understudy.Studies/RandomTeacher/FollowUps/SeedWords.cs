using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>Seeds, starts and steps in words.</summary>
internal static class SeedWords
{
    /// <summary>"seed 0", "seeds 0, 1, 2".</summary>
    internal static string Of(IReadOnlyList<int> seeds) => $"seed{(seeds.Count == 1 ? "" : "s")} {string.Join(", ", seeds)}";

    /// <summary>"fresh", "student".</summary>
    internal static string Of(StartKind start) => start == StartKind.Fresh ? "fresh" : "student";

    /// <summary>"1 step", "1,565 steps".</summary>
    internal static string Steps(int count) => Invariant($"{count:N0} step{(count == 1 ? "" : "s")}");

    /// <summary>How long students of some seeds were distilled: "after 1 step", "after 1, 6 steps", one number where all have had as many.</summary>
    internal static string After(params IReadOnlyList<int> counts)
        => counts.Distinct().Count() == 1 ? $"after {Steps(counts[0])}" : $"after {string.Join(", ", counts.Select(count => Invariant($"{count:N0}")))} steps";

    /// <summary>What a follow-up is not.</summary>
    internal static string NoInterval(RandomTeacherPart part) => $"means over the seeds of one run, without intervals and without a verdict: for these run part {PartNames.Of(part)}";
}
