using Understudy.Engine.Threading;
using Understudy.Lab;
using Understudy.Lab.Claims;
using Understudy.Lab.Configuration;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Studies.Kept;
using Understudy.Studies.Parts;
using Understudy.Studies.RandomTeacher.Drawing;
using Understudy.Studies.RandomTeacher.FollowUps;
using Understudy.Studies.RandomTeacher.Judging;
using Understudy.Studies.RandomTeacher.Parts;

namespace Understudy.Studies.RandomTeacher;

/// <summary>What does a student learn from a teacher that never saw anything?</summary>
/// <remarks>
/// Teacher and student have one architecture; the teacher is frozen as it was drawn, the student starts near it and learns its outputs on images, without labels. Both encoders are probed with
/// labels. Source: Sarnthein et al. 2023; the protocols are those of the random-teacher specification, sections 2 to 6.
/// </remarks>
public sealed class RandomTeacherStudy : Study<RandomTeacherConfig>, IEstimatesRuns, IKeepsNetworks
{
    /// <summary>Starting, reading images, judging, drawing and writing the report.</summary>
    private const double Around = 4;

    private const double ProgramBytes = 150e6;

    /// <summary>Longer than any run, and shorter than what a time span holds.</summary>
    private const double LongestSeconds = 1e11;

    /// <inheritdoc/>
    public override StudyCard Card { get; } = new(
        "random-teacher",
        "Distillation from a random teacher: a student learns features that its teacher does not have",
        "A network is drawn at random and frozen; a copy learns its outputs on images without labels. What do the student's features know that the teacher's do not, and where does training lead?",
        "Sarnthein, Bachmann, Anagnostidis and Hofmann 2023, Random Teachers are Good Teachers",
        [
            "Felix Sarnthein, Gregor Bachmann, Sotiris Anagnostidis, Thomas Hofmann. Random Teachers are Good Teachers. ICML 2023. arXiv:2302.12091.",
            "Alex Krizhevsky. Learning Multiple Layers of Features from Tiny Images. 2009 (CIFAR-10).",
            "E. Alpaydin, C. Kaynak. Optical Recognition of Handwritten Digits. UCI Machine Learning Repository, 1998 (the 8 x 8 digits, CC BY 4.0).",
        ],
        RandomTeacherClaims.All);

    /// <inheritdoc/>
    public RunEstimate Estimate(StudyConfig config, int threads)
    {
        var costs = RandomTeacherParts.Of((RandomTeacherConfig)config).Select(part => part.Cost).ToArray();
        return new RunEstimate(TimeSpan.FromSeconds(Math.Min(LongestSeconds, Around + (costs.Sum(cost => cost.Seconds) / threads))), (long)(ProgramBytes + costs.Max(cost => cost.Bytes)));
    }

    /// <inheritdoc/>
    public IReadOnlyList<KeptNetwork> Networks(RecordedRun run, Team team, Func<string, string> dataFolder) => RandomTeacherNetworks.Of(run, team, dataFolder);

    /// <inheritdoc/>
    public string Missing(RecordedRun run) => RandomTeacherNetworks.Missing(run);

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Needs(RandomTeacherConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        ImageSource[] sets = [config.Data.Set, .. config.Parts.Contains(RandomTeacherPart.Transfer) ? [config.Transfer.Set] : Array.Empty<ImageSource>()];
        return [.. sets.Select(Pictures.Name).OfType<string>().Distinct()];
    }

    /// <inheritdoc/>
    protected override void Run(RandomTeacherConfig config, RunContext run, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(run);
        var common = new Lazy<Probing>(() => new Probing(config, config.Data.Set, Pictures.Load(config.Data, run), run));
        PartSequence.Run([.. RandomTeacherParts.Of(config).Select(part => (part.Name, part.Cost.Seconds, (Action<PartProgress>)(progress => part.Run(run, common, progress, cancellation))))], run);
    }

    /// <inheritdoc/>
    public override IEnumerable<Verdict> Judge(IReadOnlyList<RunRecord> runs) => RandomTeacherJudge.Judge(runs);

    /// <inheritdoc/>
    public override IEnumerable<Figure> Draw(IReadOnlyList<RunRecord> runs) => RandomTeacherFigures.Draw(runs);
}
