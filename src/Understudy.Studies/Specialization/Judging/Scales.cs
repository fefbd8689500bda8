using System.Globalization;
using Understudy.Learning.Training;

namespace Understudy.Studies.Specialization.Judging;

/// <summary>How a part of a run differs from the paper's protocol, in one sentence.</summary>
internal static class Scales
{
    /// <summary>Nodes of the published recovery figures.</summary>
    internal const int PublishedNodes = 20;

    private const int QuickSteps = 20_000;

    /// <summary>Whether the bars of the quick preset govern: fewer nodes than published, and no longer than the preset.</summary>
    internal static bool IsQuick(RecoveryConfig part)
        => part.Teacher.Nodes < PublishedNodes && (long)part.Training.Epochs * part.Training.EpochSteps <= QuickSteps;

    internal static string TwoLayer(Evidence evidence) => Recovery(
        evidence, evidence.Config.TwoLayer,
        "the paper: m = 20, C = 50, d = 100, N = 10,000, learning rate 0.01, 100,000 steps, 32 seeds.");

    internal static string Dynamics(Evidence evidence) => Recovery(
        evidence, evidence.Config.Dynamics,
        "the paper: m = 5, C = 50, d = 100, N = 1,000, learning rate 0.01, 4,000 steps, 32 seeds.");

    internal static string Leaky(Evidence evidence, int slopes) => Recovery(
        evidence, evidence.Config.Leaky.ToRecovery(),
        $"{Number(slopes, "slope")}; the simulator: the same with slopes 0.1 and 0.5 and 4 seeds.");

    internal static string Samples(Evidence evidence)
    {
        var part = evidence.Config.Samples;
        return Invariant($"{Inputs(evidence, part.Data.Dimension)}, m = {part.Teacher.Nodes}, C = {part.Teacher.Outputs}, learning rate {part.Training.LearningRate}, {Steps(part.Training):N0} steps, {Number(evidence.Config.Seeds ?? part.Seeds, "seed")}{Left(evidence)}; the paper: m = 5, C = 50, d = 100, learning rate 0.01, 100,000 steps, 32 seeds.");
    }

    internal static string Lucky(SpecializationConfig config)
    {
        var part = config.Lucky;
        var rule = part.Rule == StepRule.Gradient ? "true gradient" : "averaged update";
        var layers = part.FreezeFirstLayer ? ", first layer frozen" : "";
        return Invariant($"Widths {string.Join("-", part.Widths)}, {rule}{layers}, learning rate {part.Training.LearningRate}, batch {part.Training.Batch}, {Steps(part.Training):N0} steps, {Number(config.Seeds ?? part.Seeds, "seed")}; published: widths 10-20-30, an averaged update, learning rate 0.05, batch 64, 20,000 steps, one run.");
    }

    internal static string MultiLayer(MultiLayerEvidence evidence)
    {
        var part = evidence.Config.MultiLayer;
        var rates = string.Join(", then ", part.Training.LearningRates.Zip(part.Training.RateStarts, (rate, start) => Invariant(start == 0 ? $"{rate}" : (FormattableString)$"{rate} after {100 * start:0.##} % of the epochs")));
        var sets = string.Join(", ", evidence.Cells.Select(cell => Invariant($"{cell.Samples:N0} × {cell.Epochs}")).Distinct());
        var left = (evidence.Diverged > 0 ? $", {Number(evidence.Diverged, "diverged student")} left out" : "") + (evidence.LeftOut > 0 ? $", {Number(evidence.LeftOut, "run")} of another protocol left out" : "");
        return Invariant($"Gaussian inputs of deviation {part.Data.Deviation}, d = {part.Data.Dimension}, hidden {string.Join("-", part.Networks.Hidden)}, C = {part.Networks.Outputs}, batch {part.Training.Batch}, learning rate {rates}, samples × epochs {sets}, {Number(evidence.Config.Seeds ?? part.Seeds, "seed")}{left}; the paper: hidden 50-75-100-125, N = 5,000 to 500,000, 200 epochs, learning rate 0.2, then 0.1 after 20 epochs, 10 seeds.");
    }

    private static string Recovery(Evidence evidence, RecoveryConfig part, string published)
        => Invariant($"{Inputs(evidence, part.Data.Dimension)}, m = {part.Teacher.Nodes}, C = {part.Teacher.Outputs}, N = {part.Data.Samples:N0}, learning rate {part.Training.LearningRate}, {Steps(part.Training):N0} steps, {Number(evidence.Config.Seeds ?? part.Seeds, "seed")}{Left(evidence)}; {published}");

    private static string Inputs(Evidence evidence, int dimension)
    {
        var data = evidence.Config.Data;
        return data.Kind switch
        {
            InputKind.Gaussian => Invariant($"Gaussian inputs, d = {dimension}"),
            InputKind.Uniform => Invariant($"Uniform inputs, d = {dimension}"),
            _ when data.Dimension.Count is { } components => Invariant($"Pixels of {PixelInputs.SetName(data.Kind)}, {components} principal components, where the paper has Gaussian inputs"),
            _ => $"All pixels of {PixelInputs.SetName(data.Kind)}, where the paper has Gaussian inputs",
        };
    }

    private static string Left(Evidence evidence)
        => (evidence.Diverged > 0 ? $", {Number(evidence.Diverged, "diverged student")} left out" : "")
            + (evidence.LeftOut > 0 ? $", {Number(evidence.LeftOut, "run")} of another protocol left out" : "");

    private static string Number(int count, string thing) => count == 1 ? $"1 {thing}" : Invariant($"{count} {thing}s");

    private static long Steps(TrainingConfig training) => (long)training.Epochs * training.EpochSteps;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
