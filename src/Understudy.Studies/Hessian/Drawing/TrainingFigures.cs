using Understudy.Lab.Figures;
using Understudy.Studies.Hessian.Judging;
using static System.FormattableString;

namespace Understudy.Studies.Hessian.Drawing;

/// <summary>Data and training: clusters, batches, blobs, gradients, the edge of stability.</summary>
internal static class TrainingFigures
{
    /// <summary>Scree plots with the counting rules, of the part's own settings or of a variant.</summary>
    internal static Figure Clusters(Recorded<OutlierRow> outliers, ClustersVariant? variant = null) => new(
        variant is { } one ? PartNames.Variant(one).Replace('.', '-') : "clusters",
        "How many eigenvalues stand out for k classes" + variant switch
        {
            null => "",
            ClustersVariant.FullBatch => ", all samples in every step",
            ClustersVariant.FullBatchTanh => ", all samples in every step and tanh",
            _ => ", covariance 10",
        },
        "Largest eigenvalues after training, one line per draw. The dashed line stands at k; the titles tell how many each rule counts.",
        [
            .. outliers.All.GroupBy(row => row.Classes).OrderBy(k => k.Key).Select(k => new Panel(
                Invariant($"k = {k.Key}: gap {Counts(k, row => row.Gap)}, ratio {Counts(k, row => row.Ratio)}, elbow {Counts(k, row => row.Elbow)}"),
                new Axis("rank j from the largest", Min: 1, Max: 30), new Axis("eigenvalue λ_j", Logarithmic: true),
                [
                    .. k.Select(row => new LineLayer("a draw", SpectrumFigures.Ranked(row.Top.Take(30)), SeriesRole.Student, Markers: true, Opacity: 0.7)),
                    new RuleLayer("dashed: k", k.Key, Vertical: true),
                ])),
        ], Columns: 3);

    /// <summary>Both ends after training with small and large batches.</summary>
    internal static Figure Batches(Recorded<BatchRow> batches) => new(
        "batches", "Small and large batches: both ends of the spectrum",
        Invariant($"After the same number of steps with the same learning rate, one line per seed. Large batches see every example many more times; losses are {Median(batches, small: false):0.0e0} (large) and {Median(batches, small: true):0.0e0} (small)."),
        [
            new Panel("largest", new Axis("rank from the largest", Min: 0), new Axis("eigenvalue λ", Logarithmic: true), [.. Lines(batches, row => SpectrumFigures.Ranked(row.Top))]),
            new Panel("smallest", new Axis("rank from the smallest", Min: 0), new Axis("−eigenvalue", Logarithmic: true), [.. Lines(batches, row => SpectrumFigures.Ranked(row.Bottom.Select(value => -value)))]),
        ], Columns: 2);

    /// <summary>λ₁ over the deviation of the blobs.</summary>
    internal static Figure Blobs(Recorded<BlobRow> blobs) => new(
        "blobs", "Two blobs, wider and wider",
        "The largest eigenvalue after training on two blobs in the plane against their deviation, one line per seed.",
        [
            new Panel("", new Axis("standard deviation of the blobs"), new Axis("largest eigenvalue λ₁", Logarithmic: true),
                [.. blobs.Seeds.Select(seed => new LineLayer("a seed", [.. seed.OrderBy(row => row.Deviation).Select(row => new XY(row.Deviation, row.Top[0]))], SeriesRole.Student, Markers: true, Opacity: 0.7))]),
        ]);

    /// <summary>The largest eigenvalues for several sizes of the network (E9).</summary>
    internal static Figure Sizes(Recorded<SizeRow> sizes) => new(
        "sizes", "Two blobs, two isolated eigenvalues",
        Invariant($"Largest eigenvalues of 2-h-h-2 after training until ‖∇L‖ is at most {sizes.Config.Sizes.GradientNorm:0.0e0}, one line per seed; titles tell how many seeds have two above the largest gap. The dashed line stands behind the second. A mark near a half without a second value is a network whose hidden nodes are all dead."),
        [
            .. sizes.All.GroupBy(row => row.Hidden).OrderBy(size => size.Key).Select(size => new Panel(
                Invariant($"h = {size.Key}: two in {size.Count(row => row.Gap == 2)} of {size.Count()}"), new Axis("rank j from the largest", Min: 0.5, Max: 12), new Axis("eigenvalue λ_j", Logarithmic: true, Min: 1e-8),
                [
                    .. size.Select(row => new LineLayer("a seed", SpectrumFigures.Ranked(row.Top.Take(12).Where(value => value > 1e-8)), SeriesRole.Student, Markers: true, Opacity: 0.7)),
                    new RuleLayer("dashed: behind the second", 2.5, Vertical: true),
                ])),
        ], Columns: 3);

    /// <summary>Shares of gradients in the top subspace.</summary>
    internal static Figure Subspaces(Recorded<SubspaceRow> subspaces) => new(
        "subspaces", "Gradients in the top subspace",
        Invariant($"Share of ‖g‖² in the space of the {Examples.Classes} largest eigenvalues of H during training, one line per seed: of mini-batches of {subspaces.Config.Widths.MiniBatch} (mean), and of the gradient over all examples."),
        [
            new Panel("", new Axis("step"), new Axis("share", Min: 0, Max: 1),
            [
                .. subspaces.Seeds.Select(seed => new LineLayer("mini-batches", [.. seed.Select(row => new XY(row.TrainingStep, row.Mini))], SeriesRole.Student, Markers: true, Opacity: 0.7)),
                .. subspaces.Seeds.Select(seed => new LineLayer("all examples", [.. seed.Select(row => new XY(row.TrainingStep, row.Full))], SeriesRole.Teacher, Markers: true, Opacity: 0.7)),
                new RuleLayer("dashed: bar of D3", HessianClaims.GradientShare),
            ]),
        ]);

    /// <summary>λ₁·η/2 over steps.</summary>
    internal static Figure Edge(Recorded<EdgeRow> edge) => new(
        "edge-of-stability", "The largest eigenvalue while full-batch descent goes on",
        "λ₁ in units of 2/η, one line per seed. At 1, the dashed line, descent on a quadratic loss would stop to descend.",
        [
            new Panel("sharpness", new Axis("step"), new Axis("λ₁·η/2", Min: 0),
            [
                .. edge.All.Select(row => new LineLayer(Invariant($"η = {row.LearningRate}"), [.. row.TrainingSteps.Zip(row.Sharpness, (step, value) => new XY(step, value))], Opacity: 0.7)),
                new RuleLayer("dashed: edge of stability", 1),
            ]),
            new Panel("loss", new Axis("step"), new Axis("loss", Logarithmic: true),
                [.. edge.All.Select(row => new LineLayer(Invariant($"η = {row.LearningRate}"), [.. row.TrainingSteps.Zip(row.Losses, (step, value) => new XY(step, value))], Opacity: 0.7))]),
        ], Columns: 2);

    private static IEnumerable<Layer> Lines(Recorded<BatchRow> batches, Func<BatchRow, XY[]> points) => batches.All.OrderBy(row => row.Batch)
        .Select(row => new LineLayer(Invariant($"batch {row.Batch}"), points(row), Markers: true, Opacity: 0.7));

    private static double Median(Recorded<BatchRow> batches, bool small)
        => Lab.Claims.Statistics.Median([.. batches.All.Where(row => (row.Batch == batches.Config.Batches.Small) == small).Select(row => row.Loss)]);

    private static string Counts(IEnumerable<OutlierRow> rows, Func<OutlierRow, int?> rule) => string.Join(" ", rows.Select(row => rule(row) is { } count ? Invariant($"{count}") : "–"));
}
