using Understudy.Lab.Claims;
using Understudy.Lab.Runs;
using Understudy.Learning.OnlineLearning;
using Understudy.Studies.Judging;
using Understudy.Studies.Specialization.Experiments;
using static System.FormattableString;
using static Understudy.Studies.Specialization.SpecializationClaims;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>The verdicts on online learning (S22, S23).</summary>
internal static class OnlineVerdicts
{
    private const string NeedsPart = "needs part online: run again with parts=[online]";

    // fewer could pass over the error between them
    private const int FewestTimes = 20;

    // order parameters are of order 1
    private const double Settled = 1e-6;

    internal static IEnumerable<Verdict> All(IReadOnlyList<RunRecord> runs)
    {
        yield return Overlay(OnlineEvidence.Of(runs));
        yield return NoiseFloor(runs);
    }

    private static Verdict Overlay(OnlineEvidence? evidence)
    {
        if (evidence is null)
            return S22.NotRun(NeedsPart);
        var part = evidence.Config.Online;
        if (part.Activation == FieldActivation.Relu)
            return S22.NotRun("needs online.activation=erf: the equations for relu lack a term of second order in the learning rate");
        if (part.TrainingSet is not null)
            return S22.NotRun("needs online.trainingSet=null: the equations know fresh samples only");
        if (part.Duration < OnlineTime)
            return S22.NotRun("needs online.duration of at least 30");
        // both begin with the same order parameters, so the first row says nothing
        OnlineRow[][] seeds =
        [
            .. evidence.Seeds.Where(seed => seed[^1].Time >= OnlineTime)
                .Select(seed => seed.Where(row => row.Time is > 0 and <= OnlineTime).ToArray()),
        ];
        if (seeds.Length == 0)
            return S22.NotRun(part.StopAt > 0 ? "needs online.stopAt=0: the part ended before t = 30" : "needs a part online that went on to t = 30: resume the run");
        var times = seeds.Min(seed => seed.Length);
        if (times < FewestTimes)
            return S22.NotRun(Invariant($"needs more of online.records: {times} times up to t = 30 are too few to see the largest error, {FewestTimes} are enough"));
        // where the equations stop being finite there is nothing to follow; a simulation that does so alone has left them
        OnlineRow[][] finite = [.. seeds.Where(seed => seed.All(row => double.IsFinite(row.Equations)))];
        double[] largest = [.. finite.Select(seed => seed.Max(row => row.Deviation))];
        var typical = Statistics.Mean([.. finite.Select(seed => Statistics.Mean([.. seed.Select(row => row.Deviation)]))]);
        var finding = Finding.Of("largest relative error of ε_g, mean over seeds:", Statistics.Bootstrap(largest, Statistics.Mean), Bar.AtMost(OnlineDeviation), largest.Length);
        var words = Invariant($"{finding.Words}; mean over times and seeds {Finding.Text(typical)}")
            + (finite.Length < seeds.Length ? Invariant($"; {seeds.Length - finite.Length} whose equations diverged left out") : "");
        return S22.Judge(finding.Outcome, words, Scale(part, finite.Length, times, evidence.LeftOut), finding.Estimate, finding.Seeds);
    }

    private static Verdict NoiseFloor(IReadOnlyList<RunRecord> runs)
    {
        var holding = runs.Where(run => run.Tables.Contains(OnlineExperiment.Floor)).ToArray();
        if (holding.Length == 0)
            return S23.NotRun(runs.Any(run => run.Tables.Contains(OnlineExperiment.Evaluations)) ? "needs numbers of nodes in online.noiseFloor.extraNodes" : NeedsPart);
        var part = ((SpecializationConfig)holding[^1].Config).Online;
        var (floor, m) = (part.NoiseFloor, part.TeacherNodes);
        if (floor.LearningRate > FloorLearningRate)
            return S23.NotRun("needs online.noiseFloor.learningRate of at most 0.05: the formula is the first order in it");
        var sizes = Rows(holding, part).GroupBy(row => row.StudentNodes).OrderBy(size => size.Key).ToArray();
        if (sizes.Any(size => size.Any(row => !(row.Speed <= Settled))))
            return S23.NotRun("needs a longer online.noiseFloor.duration: the fixed point was not reached");
        if (sizes.Length < 2)
            return S23.NotRun("needs two numbers of nodes in online.noiseFloor.extraNodes");
        double[] means = [.. sizes.Select(size => Statistics.Mean([.. size.Select(row => row.Error)]))];
        var increasing = Enumerable.Range(1, means.Length - 1).All(at => means[at] > means[at - 1]);
        var finding = Finding.All([.. sizes.Select((size, at) => Floor(m, [.. size], means[at]))]).And(increasing, increasing ? "increasing with K" : "not increasing with K");
        return S23.Judge(
            finding.Outcome, finding.Words + Simulated(holding[^1]),
            Invariant($"Equations, followed to t = {floor.Duration:N0} from {finding.Seeds} starts near the teacher, M = {m}, η = {floor.LearningRate}, σ = {floor.Noise}, T = I{Scales.Left(0, holding.Count(run => !Agrees(run, part)))}; the paper also simulates."),
            finding.Estimate, finding.Seeds);
    }

    /// <summary>What the last run simulated beside its equations; not judged, because a simulation settles slowly.</summary>
    private static string Simulated(RunRecord run)
    {
        var sizes = run.Table<SimulatedFloorRow>(OnlineExperiment.FloorSimulated).GroupBy(row => row.StudentNodes).OrderBy(size => size.Key).ToArray();
        return sizes.Length == 0 ? "" : Invariant($"; simulated at N = {sizes[0].First().Inputs}: ")
            + string.Join(", ", sizes.Select(size => Invariant($"K = {size.Key} {Statistics.Mean([.. size.Select(row => row.Error)]):0.000e0}")));
    }

    private static Finding Floor(int teacherNodes, NoiseFloorRow[] rows, double mean)
    {
        var (formula, errors) = (rows[0].Formula, rows.Select(row => Math.Abs(row.Error - row.Formula) / row.Formula).ToArray());
        return Finding.Of(
            Invariant($"M = {teacherNodes}, K = {rows[0].StudentNodes}: ε_g {mean:0.000e0}, formula {formula:0.000e0}, relative error"),
            Statistics.Bootstrap(errors, Statistics.Mean), Bar.AtMost(FloorDeviation), errors.Length);
    }

    /// <summary>One row per seed and number of nodes, of all runs with the settings of the last one but for the numbers of nodes.</summary>
    private static IEnumerable<NoiseFloorRow> Rows(RunRecord[] holding, OnlineConfig last)
        => from run in holding
           where Agrees(run, last)
           from row in run.Table<NoiseFloorRow>(OnlineExperiment.Floor)
           group row by (run.Config.Seed, row.Seed, row.StudentNodes) into seed
           select seed.First();

    private static bool Agrees(RunRecord run, OnlineConfig last) => ((SpecializationConfig)run.Config).Online is var own
        && own.TeacherNodes == last.TeacherNodes && Equations(own.NoiseFloor) == Equations(last.NoiseFloor);

    /// <summary>What decides the fixed point of the equations.</summary>
    private static NoiseFloorConfig Equations(NoiseFloorConfig floor) => floor with { ExtraNodes = [], SimulatedDuration = 0, SimulatedInputs = 0 };

    private static string Scale(OnlineConfig part, int seeds, int times, int leftOut)
    {
        var layers = part.Layers == OnlineLayers.First ? "first layer learned" : "both layers learned";
        return Invariant($"N = {part.Inputs:N0}, M = {part.TeacherNodes}, K = {part.StudentNodes}, {Words(part.Activation)}, {layers}, {Words(part.Initialization)} start, η = {part.LearningRate}, σ = {part.Noise}{Others(part)}, {seeds} seeds, {times} times up to t = 30{Scales.Left(0, leftOut)}; the equations hold for N → ∞.");
    }

    private static string Others(OnlineConfig part) => string.Concat(
        part.Batch > 1 ? Invariant($", batches of {part.Batch}") : "", part.MixedSigns ? ", teacher of mixed signs" : "",
        part.TeacherDensity < 1 ? Invariant($", teacher of density {part.TeacherDensity}") : "", part.TeacherGain.Equals(1) ? "" : Invariant($", teacher's weights times {part.TeacherGain}"));

    private static string Words(FieldActivation activation) => activation == FieldActivation.Linear ? "linear nodes" : "erf nodes";

    private static string Words(OnlineInitialization start) => start switch
    {
        OnlineInitialization.Large => "large",
        OnlineInitialization.Small => "small",
        OnlineInitialization.Mixed => "mixed",
        OnlineInitialization.Informed => "informed",
        _ => "denoiser",
    };
}
