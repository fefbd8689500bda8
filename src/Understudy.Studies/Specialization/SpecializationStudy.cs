using Understudy.Engine.Threading;
using Understudy.Lab;
using Understudy.Lab.Claims;
using Understudy.Lab.Configuration;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Studies.Kept;
using Understudy.Studies.Parts;
using Understudy.Studies.Specialization.Drawing;
using Understudy.Studies.Specialization.Judging;
using Understudy.Studies.Specialization.Kept;
using Understudy.Studies.Specialization.Parts;

namespace Understudy.Studies.Specialization;

/// <summary>Do the nodes of a wider student specialize, one by one, to the nodes of its teacher?</summary>
/// <remarks>
/// Teacher f*(x) = V* ψ(W* x + b*) + c*, student f(x) = V ψ(W x + b) + c with r times as many hidden nodes, trained by stochastic
/// gradient descent on ½‖f* − f‖². The measure is the correlation ρ_jk of the activation of teacher node j with that of student
/// node k over fresh inputs. Source: Tian 2020; the protocols are those of specification sections 4.1 and 9.
/// </remarks>
public sealed class SpecializationStudy : Study<SpecializationConfig>, IEstimatesRuns, IKeepsNetworks
{
    /// <inheritdoc/>
    public override StudyCard Card { get; } = new(
        "specialization",
        "Student nodes specialise to teacher nodes",
        "A student with more hidden nodes than its teacher learns the teacher's outputs. Does every teacher node get a student node of its own, in which order, from how many samples, and what becomes of the other students?",
        "Tian 2020, Student Specialization in Deep Rectified Networks With Finite Width and Input Dimension",
        [
            "Yuandong Tian. Student Specialization in Deep Rectified Networks With Finite Width and Input Dimension. ICML 2020, PMLR 119, 9470-9480. arXiv:1909.13458.",
            "Yuandong Tian, Tina Jiang, Qucheng Gong, Ari Morcos. Luck Matters: Understanding Training Dynamics of Deep ReLU Networks. 2019. arXiv:1905.13405.",
            "David Saad, Sara A. Solla. On-line learning in soft committee machines. Physical Review E 52, 4225-4243, 1995.",
            "Sebastian Goldt, Madhu S. Advani, Andrew M. Saxe, Florent Krzakala, Lenka Zdeborová. Dynamics of Stochastic Gradient Descent for Two-Layer Neural Networks in the Teacher-Student Setup. NeurIPS 2019. arXiv:1906.08632.",
        ],
        SpecializationClaims.All);

    /// <inheritdoc/>
    public RunEstimate Estimate(StudyConfig config, int threads) => SpecializationEstimate.Of((SpecializationConfig)config, threads);

    /// <inheritdoc/>
    public IReadOnlyList<KeptNetwork> Networks(RecordedRun run, Team team, Func<string, string> dataFolder) => SpecializationNetworks.Of(run, team, dataFolder);

    /// <inheritdoc/>
    public string Missing(RecordedRun run) => SpecializationNetworks.Missing(run);

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Needs(SpecializationConfig config) => [.. PixelInputs.Needs(config).Union(ImagePixels.Needs(config))];

    /// <inheritdoc/>
    protected override void Run(SpecializationConfig config, RunContext run, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(run);
        var inputs = new SharedInputs(config, run);
        PartSequence.Run(
            [.. SpecializationParts.Of(config).Select(part => (part.Name, part.Cost.Seconds, (Action<PartProgress>)(progress => part.Run(run, inputs, progress, cancellation))))], run);
    }

    /// <inheritdoc/>
    public override IEnumerable<Verdict> Judge(IReadOnlyList<RunRecord> runs) => SpecializationJudge.Judge(runs);

    /// <inheritdoc/>
    public override IEnumerable<Figure> Draw(IReadOnlyList<RunRecord> runs) => SpecializationFigures.Draw(runs);
}
