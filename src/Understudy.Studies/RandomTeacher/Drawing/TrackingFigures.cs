using Understudy.Lab.Figures;
using Understudy.Studies.RandomTeacher.Judging;
using Understudy.Studies.RandomTeacher.Parts;
using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher.Drawing;

/// <summary>What was tracked of students of images while they were trained.</summary>
internal static class TrackingFigures
{
    /// <summary>Scales of layers, noise of the gradient and embeddings; null where none of it was tracked.</summary>
    /// <param name="evidence">The runs.</param>
    /// <param name="part">Which part's students.</param>
    /// <param name="name">Of the figure.</param>
    /// <param name="title">Of the figure.</param>
    internal static Figure? Of(Evidence evidence, RandomTeacherPart part, string name, string title)
    {
        if (evidence.TrainedBy(part) is not { } config)
            return null;
        var table = PartNames.Of(part);
        ActivationRow[] activations = [.. evidence.Trained<ActivationRow>(part, Tracking.ActivationTable(table)).Where(row => row.Condition == PartNames.Images)];
        VectorRow[] vectors = [.. evidence.Trained<VectorRow>(part, Tracking.VectorTable(table)).Where(row => row.Condition == PartNames.Images)];
        FeatureRow[] features = [.. evidence.Trained<FeatureRow>(part, Tracking.FeatureTable(table)).Where(row => row.Condition == PartNames.Images)];
        Panel[] panels = [.. Scales(activations), .. Noise(vectors, config.Training.Batch), .. Histograms(features)];
        return panels.Length == 0 ? null : new Figure(
            name, title,
            "Students of images in evaluation mode. Scales: root mean square of what every layer gives, mean over seeds. Gradient: norm of ∇KL over a hundred images, and the deviation that a batch's has by its images alone; a line per seed. Embeddings: how their numbers are distributed, of the first seed.",
            panels, Columns: Math.Min(2, panels.Length));
    }

    private static IEnumerable<Panel> Scales(ActivationRow[] rows)
    {
        if (rows.Length == 0)
            yield break;
        yield return new Panel("scales of layers", new Axis("layer, from the images (0) to the outputs"), new Axis("root mean square", Logarithmic: true),
        [
            .. Moments(rows.Select(row => row.TrainingSteps)).Select(steps => new LineLayer(
                After(steps), [.. rows.Where(row => row.TrainingSteps == steps).GroupBy(row => row.Place).OrderBy(place => place.Key).Select(place => new XY(place.Key, place.Average(row => row.Rms))).Where(point => point.Y > 0)], Markers: true)),
        ]);
    }

    private static IEnumerable<Panel> Noise(VectorRow[] rows, int batch)
    {
        var whole = rows.Where(row => row.GradientVariance is not null).ToArray();
        if (whole.Length == 0)
            yield break;
        IEnumerable<Layer> Lines(string line, SeriesRole role, bool isDashed, Func<VectorRow, double> of) => whole.GroupBy(row => row.Seed).Select(seed => new LineLayer(
            line, [.. seed.OrderBy(row => row.TrainingSteps).Select(row => new XY(row.TrainingSteps, of(row))).Where(point => point.Y > 0)], role, isDashed, Opacity: 0.8));
        yield return new Panel("gradient and its noise", new Axis("step", Logarithmic: true), new Axis("‖∇KL‖", Logarithmic: true),
            [.. Lines("norm", SeriesRole.Student, false, row => row.GradientNorm), .. Lines(Invariant($"deviation of a batch of {batch}"), SeriesRole.Teacher, true, row => Math.Sqrt(row.GradientVariance!.Value / batch))]);
    }

    private static IEnumerable<Panel> Histograms(FeatureRow[] rows)
    {
        if (rows.Length == 0)
            yield break;
        var own = rows.Where(row => row.Seed == rows[0].Seed).ToArray();
        yield return new Panel("embeddings", new Axis("number of an embedding"), new Axis("density", Logarithmic: true),
        [
            .. Moments(own.Select(row => row.TrainingSteps)).Select(steps => new LineLayer(After(steps), Density(own.First(row => row.TrainingSteps == steps).Histogram))),
        ]);
    }

    /// <summary>The first, the middle and the last.</summary>
    private static IEnumerable<int> Moments(IEnumerable<int> steps)
    {
        int[] all = [.. steps.Distinct().Order()];
        return new[] { all[0], all[all.Length / 2], all[^1] }.Distinct();
    }

    private static XY[] Density(HistogramCounts histogram)
    {
        var (width, all) = ((histogram.High - histogram.Low) / histogram.Counts.Count, histogram.Counts.Sum());
        // numbers that are all the same have no density
        return width > 0 ? [.. histogram.Counts.Select((count, i) => new XY(histogram.Low + ((i + 0.5) * width), count / (all * width))).Where(point => point.Y > 0)] : [];
    }

    private static string After(int steps) => Invariant($"after {steps:N0} step{(steps == 1 ? "" : "s")}");
}
