using Understudy.Lab.Claims;
using Understudy.Lab.Runs;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>From recorded runs to one verdict per claim; nothing is trained and nothing remembered.</summary>
internal static class SpecializationJudge
{
    internal static IEnumerable<Verdict> Judge(IReadOnlyList<RunRecord> runs)
    {
        var twoLayer = Evidence.Of(runs, PartNames.TwoLayer);
        var (samples, dynamics, slopes) = (Evidence.Of(runs, PartNames.Samples), Evidence.Of(runs, PartNames.Dynamics), LeakyVerdicts.Slopes(runs));
        var shapes = new ShapeVerdicts(twoLayer);
        Verdict[] verdicts =
        [
            .. new RecoveryVerdicts(twoLayer).All(),
            new DynamicsVerdicts(dynamics).Order(),
            shapes.FanOut(),
            GeometryVerdicts.Certificates(twoLayer, [samples, dynamics, .. slopes.Select(item => item.Evidence)]),
            .. new SamplesVerdicts(samples).All(),
            .. new MultiLayerVerdicts(MultiLayerEvidence.Of(runs)).All(),
            .. new ImagesVerdicts(ImagesEvidence.Of(runs)).All(),
            shapes.Convergence(),
            LuckyVerdicts.Ratio(runs),
            .. OnlineVerdicts.All(runs),
            new LeakyVerdicts(slopes).Recovery(),
        ];
        return SpecializationClaims.All.Select(claim => verdicts.Single(verdict => verdict.Claim == claim));
    }
}
