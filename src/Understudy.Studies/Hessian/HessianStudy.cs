using Understudy.Engine.Threading;
using Understudy.Lab;
using Understudy.Lab.Claims;
using Understudy.Lab.Configuration;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Studies.Hessian.Drawing;
using Understudy.Studies.Hessian.Judging;
using Understudy.Studies.Hessian.Parts;
using Understudy.Studies.Kept;
using Understudy.Studies.Parts;

namespace Understudy.Studies.Hessian;

/// <summary>What does the loss of an over-parametrized network look like to second order?</summary>
/// <remarks>
/// The spectrum of H = ∇²L over all parameters, L the mean loss over examples without weight decay: a bulk near 0 and a few outliers. Sources: Sagun et al. 2016,
/// 2017; the protocols are those of the hessian specification, sections 5 and 7.
/// </remarks>
public sealed class HessianStudy : Study<HessianConfig>, IEstimatesRuns, IKeepsNetworks
{
    /// <summary>Starting, judging, drawing and writing the report.</summary>
    private const double Around = 1.6;

    private const double ProgramBytes = 90e6;

    /// <inheritdoc/>
    public override StudyCard Card { get; } = new(
        "hessian",
        "Curvature of over-parametrized networks: a bulk at zero and a few outliers",
        "After training, which eigenvalues of the loss's Hessian stand out, how many are negative or zero, what decides it, and are small- and large-batch solutions in one basin?",
        "Sagun, Evci, Güney, Dauphin and Bottou 2017, Empirical Analysis of the Hessian of Over-Parametrized Neural Networks",
        [
            "Levent Sagun, Utku Evci, V. Uğur Güney, Yann Dauphin, Léon Bottou. Empirical Analysis of the Hessian of Over-Parametrized Neural Networks. ICLR 2018 workshop. arXiv:1706.04454.",
            "Levent Sagun, Léon Bottou, Yann LeCun. Singularity of the Hessian in Deep Learning. 2016. arXiv:1611.07476.",
            "E. Alpaydin, C. Kaynak. Optical Recognition of Handwritten Digits. UCI Machine Learning Repository, 1998 (the 8 x 8 digits, CC BY 4.0).",
        ],
        HessianClaims.All);

    /// <inheritdoc/>
    public RunEstimate Estimate(StudyConfig config, int threads)
    {
        var costs = HessianParts.Of((HessianConfig)config).Select(part => part.Cost(threads)).ToArray();
        return new RunEstimate(TimeSpan.FromSeconds(Around + (costs.Sum(cost => cost.Seconds) / threads)), (long)(ProgramBytes + costs.Max(cost => cost.Bytes)));
    }

    /// <inheritdoc/>
    public IReadOnlyList<KeptNetwork> Networks(RecordedRun run, Team team, Func<string, string> dataFolder) => HessianNetworks.Of(run, team, dataFolder);

    /// <inheritdoc/>
    public string Missing(RecordedRun run) => HessianNetworks.Missing(run);

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Needs(HessianConfig config) => Examples.Needs(config);

    /// <inheritdoc/>
    protected override void Run(HessianConfig config, RunContext run, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(run);
        PartSequence.Run([.. HessianParts.Of(config).Select(part => (part.Name, part.Seconds, (Action<PartProgress>)(progress => part.Run(run, progress, cancellation))))], run);
    }

    /// <inheritdoc/>
    public override IEnumerable<Verdict> Judge(IReadOnlyList<RunRecord> runs) => HessianJudge.Judge(runs);

    /// <inheritdoc/>
    public override IEnumerable<Figure> Draw(IReadOnlyList<RunRecord> runs) => HessianFigures.Draw(runs);
}
