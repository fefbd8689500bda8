using Understudy.Learning.Distillation;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Training;
using Understudy.Studies.Judging;
using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher.Judging;

/// <summary>How a run differs from the paper's protocol, in one sentence.</summary>
internal static class Scales
{
    private static readonly RandomTeacherStudy Study = new();

    /// <summary>Whether data, network and steps are the paper's: then its own numbers are the bars.</summary>
    internal static bool IsPaper(RandomTeacherConfig config)
        => config.Data is { Set: ImageSource.Cifar10, Gray: false, Train: 50_000, Test: 10_000, Size: null or 32 } && config.Training is { Batch: 256, Steps: >= 29_000, Objective: DistillationObjective.CrossEntropy, Rule: OptimizerRule.Adam, WeightDecay: 0, ClipNorm: 0, Alpha: <= 1e-3, KeepsConstants: false, TeacherTemperature: 1, StudentTemperature: 1 }
            && Schedule.Parse(config.Training.LearningRate).Equals(Schedule.Constant(1e-3)) && (config.Network.Shape is "-/lb/fn/wn/l/-" or "-/lb/fn/-/l/-")
            && config.Network is { Bottleneck: 256, Outputs: 65_536, Head: [2048, 2048] } && config.Probes is { Images: null, Epochs: 10, Neighbors: 20 } && (IsVgg(config) || IsResNet(config));

    /// <summary>VGG11 without normalization.</summary>
    internal static bool IsVgg(RandomTeacherConfig config) => config.Network is { Encoder: "vgg11", Normalization: Normalization.None };

    /// <summary>ResNet18 with batch normalization.</summary>
    internal static bool IsResNet(RandomTeacherConfig config) => config.Network is { Encoder: "resnet18", Normalization: Normalization.Batch };

    /// <summary>The sentence.</summary>
    /// <param name="config">The settings.</param>
    /// <param name="seeds">Over how many seeds.</param>
    /// <param name="leftOut">Runs with another protocol.</param>
    /// <param name="section">The section of the part, of which changes are named.</param>
    internal static string Of(RandomTeacherConfig config, int seeds, int leftOut, string section)
    {
        var (data, network, training) = (config.Data, config.Network, config.Training);
        var shape = Pictures.Shape(data);
        var (steps, normalization) = section switch
        {
            "valley" => (config.Valley.Steps, config.Valley.Normalization),
            "connectivity" => (config.Connectivity.Steps, config.Connectivity.Normalization),
            "tickets" => (config.Tickets.Steps, config.Tickets.Normalization),
            _ => (training.Steps, network.Normalization),
        };
        var changed = ChangedSettings.Of(Study, config, path => path.StartsWith($"{section}.", StringComparison.Ordinal) || path.StartsWith("network.", StringComparison.Ordinal) || path.StartsWith("training.", StringComparison.Ordinal)
            || (path.StartsWith("probes.", StringComparison.Ordinal) && path is not ("probes.moments" or "probes.validation")) || path == "data.test" || path == "data.folder");
        var others = leftOut == 0 ? "" : Invariant($"; {leftOut} {(leftOut == 1 ? "run" : "runs")} with other settings left out");
        return Invariant($"{data.Train:N0} images of {data.Set} at {shape[0]} x {shape[1]} x {shape[2]}, {network.Encoder} ({(normalization == Normalization.None ? "no" : normalization.ToString().ToLowerInvariant())} normalization), {steps:N0} steps of {training.Batch}, {seeds} seeds{changed}{others}; the paper: 50,000 images of CIFAR-10, VGG11 or ResNet18, 29,400 steps of 256, 3 seeds.");
    }
}
