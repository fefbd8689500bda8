using Understudy.Lab.Claims;
using Understudy.Lab.Runs;
using Understudy.Studies.Specialization.Parts;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>From recorded runs to one verdict per claim; nothing is trained and nothing remembered.</summary>
internal static class SpecializationJudge
{
    internal static IEnumerable<Verdict> Judge(IReadOnlyList<RunRecord> runs)
    {
        var twoLayer = Evidence.Of(runs, TwoLayerParts.TwoLayer);
        var shapes = new ShapeVerdicts(twoLayer);
        Verdict[] verdicts =
        [
            .. new RecoveryVerdicts(twoLayer).All(),
            new DynamicsVerdicts(Evidence.Of(runs, TwoLayerParts.Dynamics)).Order(),
            shapes.FanOut(),
            GeometryVerdicts.Certificates(twoLayer),
            .. new SamplesVerdicts(Evidence.Of(runs, TwoLayerParts.Samples)).All(),
            .. new MultiLayerVerdicts(MultiLayerEvidence.Of(runs)).All(),
            shapes.Convergence(),
            LuckyVerdicts.Ratio(runs),
            .. OnlineVerdicts.All(runs),
            new LeakyVerdicts(LeakyVerdicts.Slopes(runs)).Recovery(),
        ];
        return SpecializationClaims.All.Select(claim => verdicts.Single(verdict => verdict.Claim == claim));
    }
}
