using Understudy.Lab.Claims;
using Understudy.Lab.Runs;

namespace Understudy.Studies.RandomTeacher.Judging;

/// <summary>From recorded runs to one verdict per claim; nothing is trained and nothing remembered.</summary>
internal static class RandomTeacherJudge
{
    internal static IEnumerable<Verdict> Judge(IReadOnlyList<RunRecord> runs)
    {
        var evidence = new Evidence(runs);
        Verdict[] verdicts = [.. MainVerdicts.All(evidence), .. ValleyVerdicts.All(evidence), .. SweepVerdicts.All(evidence), .. SupervisedVerdicts.All(evidence)];
        return RandomTeacherClaims.All.Select(claim => verdicts.Single(verdict => verdict.Claim == claim));
    }
}
