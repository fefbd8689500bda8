using Understudy.Lab.Claims;
using Understudy.Lab.Runs;

namespace Understudy.Studies.Hessian.Judging;

/// <summary>From recorded runs to one verdict per claim; nothing is trained and nothing remembered.</summary>
internal static class HessianJudge
{
    internal static IEnumerable<Verdict> Judge(IReadOnlyList<RunRecord> runs)
    {
        var evidence = new Evidence(runs);
        Verdict[] verdicts = [.. new SpectrumVerdicts(evidence.Spectra, evidence.Wide).All(), .. WidthDetailVerdicts.All(evidence), .. TrainingVerdicts.All(evidence), .. LandscapeVerdicts.All(evidence)];
        return HessianClaims.All.Select(claim => verdicts.Single(verdict => verdict.Claim == claim));
    }
}
