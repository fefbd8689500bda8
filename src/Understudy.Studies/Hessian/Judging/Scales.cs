using Understudy.Studies.Judging;
using static System.FormattableString;

namespace Understudy.Studies.Hessian.Judging;

/// <summary>How a part of a run differs from the paper's protocol, in one sentence.</summary>
internal static class Scales
{
    private static readonly HessianStudy Study = new();

    internal static string Widths<TRow>(Recorded<TRow> of)
        where TRow : notnull
    {
        var (part, data) = (of.Config.Widths, of.Config.Widths.Data);
        return Invariant($"{Pictures(data)}, {Examples.Inputs(data.Set)}-n-10 ReLU with n = {string.Join(", ", part.Hidden)}{(part.Wide.Count > 0 ? $" (and {string.Join(", ", part.Wide)} without the whole matrix)" : "")}, {Descent(part.Training)}, {Seeds(of)}{Changed(of, "widths", "data", "hidden", "wide", "training")}; the paper: 1,000 MNIST images, n = 10, 30, 50, 70, step size and number of steps not stated.");
    }

    internal static string Clusters(Recorded<OutlierRow> of)
    {
        var part = of.Config.Clusters;
        return Invariant($"{part.Dimension}-{string.Join("-", part.Hidden)}-k {(part.Activation == CurvedActivation.Relu ? "ReLU" : "tanh")}, k = {string.Join(", ", part.Classes)}, {part.Samples:N0} samples, covariance {part.Covariance}, {(part.Batch == 0 ? "all samples" : $"batch {part.Batch}")}, {Descent(part.Training)}, {Seeds(of)}{Changed(of, "clusters", "dimension", "hidden", "activation", "classes", "samples", "covariance", "batch", "training", "top", "cutOff", "variants")}; the paper: 100-30-30-k, k = 2, 5, 10, 20, 50, nothing else stated.");
    }

    internal static string Batches(Recorded<BatchRow> of)
    {
        var part = of.Config.Batches;
        return Invariant($"{Pictures(part.Data)}, {Network(part.Filters, part.Hidden)}, batches of {part.Small} and {part.Large}, {Descent(part.Training)}, {Seeds(of)}{Changed(of, "batches", "data", "filters", "hidden", "small", "large", "training")}; the paper: a convolutional network, 1,000 MNIST images, batches of 10 and 512, rate and steps not stated.");
    }

    internal static string Path<TRow>(Recorded<TRow> of)
        where TRow : notnull
    {
        var part = of.Config.Path;
        return Invariant($"{Pictures(part.Data)}, {Network(part.Filters, part.Hidden, part.Kernel)}, batches of {part.Large}, then {part.Small}, {Descent(part.Training)} each, {Seeds(of)}{Changed(of, "path", "data", "filters", "kernel", "hidden", "small", "large", "training", "points")}; the paper: AlexNet on CIFAR-10, batches of 1,000, then 32, 25,000 steps each.");
    }

    internal static string Blobs(Recorded<BlobRow> of)
    {
        var part = of.Config.Blobs;
        return Invariant($"2-{string.Join("-", part.Hidden)}-2 ReLU, {part.Samples} samples, {Descent(part.Training)}, {Seeds(of)}{Changed(of, "blobs", "hidden", "samples", "training", "deviations")}; the paper: two hidden layers of up to 18 nodes, about 100 samples of each blob, steps until the gradient is 1e-4.");
    }

    internal static string Matrices(Recorded<MatrixRow> of)
        => Invariant($"Logistic regression at zero weights without bias, {string.Join(", ", of.All.Select(row => $"{row.Parameters} x {row.Examples}").Distinct())} parameters and samples, {Seeds(of)}{Changed(of, "matrices", "ratios", "area")}; the paper: α = 0.2 and 1, and 0.02, 1 and 2 for two blobs, sizes not stated.");

    internal static string Lines(Recorded<LineRow> of)
    {
        var part = of.Config.Lines;
        return Invariant($"{Pictures(part.Data)}, fully connected with {string.Join("-", part.Hidden)} ReLU nodes, all samples and batches of {part.Batch}, {Descent(part.Training)}, {part.Moments} moments, {Seeds(of)}{Changed(of, "lines", "data", "hidden", "batch", "training", "moments", "points")}; the paper states neither sizes nor steps.");
    }

    internal static string Edge(Recorded<EdgeRow> of)
    {
        var part = of.Config.Edge;
        return Invariant($"{Pictures(part.Data)}, {string.Join("-", part.Hidden)} tanh nodes, half squared error, all samples, learning rates {string.Join(", ", part.LearningRates)}, {part.Steps:N0} steps, measured every {part.Every}, {Seeds(of)}{Changed(of, "edge", "data", "hidden", "learningRates", "steps", "every")}; the paper: two hidden layers of 200 nodes, 5,000 CIFAR-10 images.");
    }

    private static string Pictures(PicturesConfig data) => data.Set switch
    {
        PictureSet.Digits => Invariant($"{data.Samples:N0} digits of 8 x 8"),
        PictureSet.Mnist => Invariant($"{data.Samples:N0} MNIST images"),
        PictureSet.FashionMnist => Invariant($"{data.Samples:N0} Fashion-MNIST images"),
        PictureSet.Cifar10 => Invariant($"{data.Samples:N0} CIFAR-10 images"),
        _ => Invariant($"{data.Samples:N0} normal inputs with random labels"),
    };

    private static string Network(IReadOnlyList<int> filters, IReadOnlyList<int> hidden, int kernel = 3)
        => (filters.Count == 0 ? "fully connected with " : $"convolutions with {string.Join("-", filters)} filters of {kernel} x {kernel} and pools of 2 x 2, then ") + $"{string.Join("-", hidden)} ReLU nodes";

    private static string Descent(DescentConfig training) => Invariant($"learning rate {training.LearningRate}, {training.Steps:N0} steps");

    private static string Seeds<TRow>(Recorded<TRow> of)
        where TRow : notnull
        => Number(of.Seeds.Count, "seed") + (of.LeftOut > 0 ? $", {Number(of.LeftOut, "run")} of another protocol left out" : "");

    private static string Number(int count, string thing) => count == 1 ? $"1 {thing}" : Invariant($"{count} {thing}s");

    private static string Changed<TRow>(Recorded<TRow> of, string section, params string[] named)
        where TRow : notnull
        => ChangedSettings.Of(Study, of.Config, path => path.StartsWith(section + ".", StringComparison.Ordinal) && path != section + ".seeds"
            && !named.Any(name => path == $"{section}.{name}" || path.StartsWith($"{section}.{name}.", StringComparison.Ordinal)));
}
