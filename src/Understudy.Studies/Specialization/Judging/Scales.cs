using Understudy.Learning.Training;
using Understudy.Studies.Judging;
using static System.FormattableString;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>How a part of a run differs from the paper's protocol, in one sentence.</summary>
internal static class Scales
{
    /// <summary>Nodes of the published recovery figures.</summary>
    internal const int PublishedNodes = 20;

    private const int QuickSteps = 20_000;

    private static readonly SpecializationStudy Study = new();

    /// <summary>Settings that a sentence tells in its own words, that are grids, or that only say how much is recorded.</summary>
    private static readonly string[] Named =
    [
        "seeds", "slopes", "measures.matrices", "measures.curvature", "measures.during", "measures.stages", "measures.jacobians", "widths", "overRealization", "rule", "freezeFirstLayer", "teacher.nodes", "teacher.outputs", "teacher.fanOutDecay", "teacher.file", "teacher.network", "teacher.index", "student.overRealization",
        "data.dimension", "data.samples", "data.sets", "data.deviation", "data.kind", "training.learningRate", "training.batch", "training.epochs", "training.epochSteps",
        "training.learningRates", "training.rateStarts", "training.samplesSeen", "training.losses", "networks.hidden", "networks.outputs", "networks.overRealization",
        "data.set", "data.pooling", "data.training", "data.shift", "data.mirrored", "teacher.channels", "teacher.shared", "teacher.training.batch", "teacher.training.epochs", "teacher.training.optimizer", "teacher.training.learningRates", "teacher.training.rateStarts",
        "students.ofUnpruned", "students.ofPruned", "students.training.batch", "students.training.epochs", "students.training.optimizer", "students.training.learningRates", "students.training.rateStarts",
    ];

    /// <summary>Whether the bars of the quick preset govern: fewer nodes than published, and no longer than the preset.</summary>
    internal static bool IsQuick(RecoveryConfig part)
        => part.Teacher.Nodes < PublishedNodes && (long)part.Training.Epochs * part.Training.EpochSteps <= QuickSteps;

    internal static string TwoLayer(Evidence evidence) => Recovery(
        evidence, evidence.Config.TwoLayer, "twoLayer",
        "the paper: m = 20, C = 50, d = 100, N = 10,000, learning rate 0.01, 100,000 steps, 32 seeds.");

    internal static string Dynamics(Evidence evidence) => Recovery(
        evidence, evidence.Config.Dynamics, "dynamics",
        "the paper: m = 5, C = 50, d = 100, N = 1,000, learning rate 0.01, 4,000 steps, 32 seeds.");

    /// <summary>One evidence per slope; students and runs left out are counted over all of them.</summary>
    internal static string Leaky(IReadOnlyList<Evidence> slopes) => Recovery(
        slopes[^1], slopes[^1].Config.Leaky.ToRecovery(), "leaky",
        $"{Number(slopes.Count, "slope")}; the simulator: Gaussian inputs, d = 50, m = 10, C = 20, N = 5,000, learning rate 0.02, 20,000 steps, 4 seeds, slopes 0.1 and 0.5.",
        slopes.Sum(slope => slope.Diverged), slopes.Sum(slope => slope.LeftOut), slopes.Sum(slope => slope.Blind));

    internal static string Samples(Evidence evidence)
    {
        var part = evidence.Config.Samples;
        return Invariant($"{Inputs(evidence, part.Data.Dimension)}, m = {part.Teacher.Nodes}, C = {part.Teacher.Outputs}{Given(part.Teacher)}, learning rate {part.Training.LearningRate}, {Steps(part.Training):N0} steps, {Number(evidence.Config.Seeds ?? part.Seeds, "seed")}{Slope(evidence.Config.Slope)}{Changed(evidence.Config, "samples")}{Left(evidence.Diverged, evidence.LeftOut, evidence.Blind)}; the paper: m = 5, C = 50, d = 100, learning rate 0.01, 100,000 steps, 32 seeds.");
    }

    internal static string Lucky(SpecializationConfig config, int leftOut)
    {
        var part = config.Lucky;
        var rule = part.Rule == StepRule.Gradient ? "true gradient" : "averaged update";
        var layers = part.FreezeFirstLayer ? ", first layer frozen" : "";
        return Invariant($"Widths {string.Join("-", part.Widths)}, {rule}{layers}, learning rate {part.Training.LearningRate}, batch {part.Training.Batch}, {Steps(part.Training):N0} steps, {Number(config.Seeds ?? part.Seeds, "seed")}{Changed(config, "lucky")}{Left(0, leftOut)}; published: widths 10-20-30, an averaged update, learning rate 0.05, batch 64, 20,000 steps, one run.");
    }

    internal static string MultiLayer(MultiLayerEvidence evidence, string published)
    {
        var part = evidence.Config.MultiLayer;
        var rates = Rates(part.Training.LearningRates, part.Training.RateStarts);
        var sets = string.Join(", ", evidence.Cells.Select(cell => Invariant($"{cell.Samples:N0} × {cell.Epochs}")).Distinct());
        var left = Left(evidence.Diverged, evidence.LeftOut);
        return Invariant($"{(part.Data.Kind == InputKind.Uniform ? "Uniform inputs of width" : "Gaussian inputs of deviation")} {part.Data.Deviation}, d = {part.Data.Dimension}, hidden {string.Join("-", part.Networks.Hidden)}, C = {part.Networks.Outputs}, batch {part.Training.Batch}, learning rate {rates}, samples × epochs {sets}, {Number(evidence.Config.Seeds ?? part.Seeds, "seed")}{Slope(evidence.Config.Slope)}{Changed(evidence.Config, "multiLayer")}{left}; {published}");
    }

    internal static string Images(ImagesEvidence evidence)
    {
        var part = evidence.Config.Images;
        var extents = ImagePixels.Extents(part.Data);
        var changed = (part.Data.Shift, part.Data.Mirrored) switch
        {
            (0, false) => "",
            (0, true) => ", mirrored at random",
            (var shift, false) => $", shifted by up to {shift} at random",
            (var shift, true) => $", shifted by up to {shift} and mirrored at random",
        };
        var (name, teachers) = (part.Data.Set == LabelledImages.Cifar10 ? "CIFAR-10" : "the digits", part.Teacher.Shared ? ", one teacher for all seeds" : "");
        return Invariant($"{part.Data.Training:N0} images of {name} at {extents[0]} × {extents[1]}{changed}, channels {string.Join("-", part.Teacher.Channels)}, teacher {Words(part.Teacher.Training)}, students {Words(part.Students.Training)}, {Number(evidence.Config.Seeds ?? part.Seeds, "seed")}{teachers}{Slope(evidence.Config.Slope)}{Changed(evidence.Config, "images")}{Left(evidence.Diverged, evidence.LeftOut)}; the paper: 50,000 images of 32 × 32, shifted by up to 4 and mirrored at random, channels 64-64-64-64, batches of 128 and 200 epochs for one teacher, 64 and 100 for students, accuracy of the best epoch.");
    }

    private static string Words(ImagesTrainingConfig training) => Invariant($"{training.Epochs} epochs of batches of {training.Batch} by {training.Optimizer.ToString().ToLowerInvariant()}, learning rate {Rates(training.LearningRates, training.RateStarts)}");

    private static string Rates(IReadOnlyList<double> rates, IReadOnlyList<double> starts)
        => string.Join(", then ", rates.Zip(starts, (rate, start) => Invariant(start == 0 ? $"{rate}" : (FormattableString)$"{rate} after {100 * start:0.##} % of the epochs")));

    private static string Recovery(Evidence evidence, RecoveryConfig part, string section, string published)
        => Recovery(evidence, part, section, published, evidence.Diverged, evidence.LeftOut, evidence.Blind, Slope(evidence.Config.Slope));

    private static string Recovery(Evidence evidence, RecoveryConfig part, string section, string published, int diverged, int leftOut, int blind, string slope = "")
        => Invariant($"{Inputs(evidence, part.Data.Dimension)}, m = {part.Teacher.Nodes}, C = {part.Teacher.Outputs}{Given(part.Teacher)}, N = {part.Data.Samples:N0}, learning rate {part.Training.LearningRate}, {Steps(part.Training):N0} steps, {Number(evidence.Config.Seeds ?? part.Seeds, "seed")}{slope}{Changed(evidence.Config, section)}{Left(diverged, leftOut, blind)}; {published}");

    /// <summary>Settings of a section, and of all parts, that are not the defaults and that the sentence does not name otherwise.</summary>
    private static string Changed(SpecializationConfig config, string section)
    {
        return ChangedSettings.Of(Study, config, path => path is "asPublished" or "precision" or "data.subspaceNoise"
            || (path.StartsWith(section + ".", StringComparison.Ordinal) && !IsNamed(path[(section.Length + 1)..])));
    }

    private static bool IsNamed(string path) => Named.Any(name => path == name || path.StartsWith(name + ".", StringComparison.Ordinal));

    private static string Given(TeacherConfig teacher) => teacher.File.Length == 0 ? "" : ", a teacher from a file that all seeds share";

    private static string Slope(double slope) => slope == 0 ? "" : Invariant($", slope {slope} where the paper has 0");

    private static string Inputs(Evidence evidence, int dimension)
    {
        var data = evidence.Config.Data;
        return data.Kind switch
        {
            InputKind.Gaussian when data.Subspace is { } subspace => Invariant($"Gaussian inputs in a random subspace of {subspace} dimensions, d = {dimension}, where the paper has the whole space"),
            InputKind.Gaussian => Invariant($"Gaussian inputs, d = {dimension}"),
            InputKind.Uniform => Invariant($"Uniform inputs, d = {dimension}"),
            _ when data.Dimension.Count is { } components => Invariant($"Pixels of {PixelInputs.SetName(data.Kind)}, {components} principal components, where the paper has Gaussian inputs"),
            _ => $"All pixels of {PixelInputs.SetName(data.Kind)}, where the paper has Gaussian inputs",
        };
    }

    internal static string Left(int diverged, int leftOut, int blind = 0)
        => (blind > 0 ? $", {Number(blind, "student")} left out whose data cross no teacher boundary" : "") + (diverged > 0 ? $", {Number(diverged, "diverged student")} left out" : "") + (leftOut > 0 ? $", {Number(leftOut, "run")} of another protocol left out" : "");

    private static string Number(int count, string thing) => count == 1 ? $"1 {thing}" : Invariant($"{count} {thing}s");

    private static long Steps(TrainingConfig training) => (long)training.Epochs * training.EpochSteps;

    private static long Steps(LuckyTrainingConfig training) => (long)training.Epochs * training.EpochSteps;
}
