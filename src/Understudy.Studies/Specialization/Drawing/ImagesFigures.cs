using System.Globalization;
using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Learning.Probing;
using Understudy.Studies.Judging;
using Understudy.Studies.Specialization.Judging;

namespace Understudy.Studies.Specialization.Drawing;

/// <summary>Figures of part images: correlation of every layer of channels, single teacher channels, and accuracy.</summary>
internal static class ImagesFigures
{
    private const int MostPoints = 4500;

    /// <summary>Mean best correlation of every layer against epochs, one curve per over-realization.</summary>
    internal static Figure Layers(ImagesEvidence evidence) => new(
        "images-layers", "Correlation of channels during training on images",
        "Mean over the channels of a teacher's layer of the best correlation of a student's channel, over all positions of test images, by epoch; lines are means over seeds, and bands their 95 % intervals. "
        + "Layer 1 is next to the images. Epoch 0, a fresh student, is the level of chance.",
        [.. from students in evidence.Cells.GroupBy(cell => cell.Teacher)
            from layer in Enumerable.Range(0, evidence.Layers)
            select new Panel(
                FormattableString.Invariant($"{Title(students.Key)}, layer {layer + 1}"), Epochs(evidence), new Axis("mean best correlation", Min: 0, Max: 1.03),
                [.. students.SelectMany(cell => MultiLayerFigures.Curve(Width(cell), [.. evidence.Evaluated(cell).Select(epoch => ((double)epoch, evidence.At(cell, epoch).Select(layers => layers[layer].MeanBest).ToArray()))]))])],
        Columns: evidence.Layers);

    /// <summary>best_j of every teacher channel against epochs, for the widest students of the pruned teachers, or of the others where there are none.</summary>
    internal static Figure Channels(ImagesEvidence evidence)
    {
        var cell = evidence.Cells[^1];
        var epochs = evidence.Evaluated(cell);
        var lines = Math.Max(1, MostPoints / (epochs.Count * evidence.Layers));
        return new Figure(
            "images-channels", "Best correlation of every teacher channel during training on images",
            $"{Title(cell.Teacher)}, {Width(cell)}: one line for each teacher channel of every seed, or as many as can be shown; the marked line is the median over the channels, averaged over seeds.",
            [.. Enumerable.Range(0, evidence.Layers).Select(layer => new Panel(
                FormattableString.Invariant($"layer {layer + 1}"), Epochs(evidence), new Axis("best correlation", Min: 0, Max: 1.03),
                [
                    .. evidence.Ended(cell).SelectMany(seed => Enumerable.Range(0, evidence.At(cell, evidence.Epochs, seed)![layer].Best.Count).Select(channel => (seed, channel))).Take(lines)
                        .Select((at, i) => new LineLayer(i == 0 ? "teacher channel" : "", [.. Best(evidence, cell, layer, at.seed, at.channel)], SeriesRole.Teacher, Opacity: 0.35)),
                    new LineLayer("median", [.. epochs.Select(epoch => new XY(epoch, Statistics.Mean([.. evidence.At(cell, epoch).Select(layers => layers[layer].MedianBest)])))], SeriesRole.Alternative, Markers: true),
                    new RuleLayer("dashed: recovered above 0.95", SpecializationStatistics.Recovery),
                ]))],
            Columns: Math.Min(2, evidence.Layers));
    }

    /// <summary>Test accuracy on the true labels against epochs, beside that of the teachers; a fresh student's, a tenth, would hide all differences.</summary>
    internal static Figure Accuracy(ImagesEvidence evidence) => new(
        "images-accuracy", "Accuracy of students on the true labels",
        "Share of test images whose label is the student's largest output, by epoch from the first evaluation after training began, with more images at the end than before; students see the teacher's outputs alone. Lines are means over seeds, and bands their 95 % intervals; the dashed line is the mean of the teachers.",
        [.. evidence.Cells.GroupBy(cell => cell.Teacher).Select(group => new Panel(
            Title(group.Key), Epochs(evidence), new Axis("test accuracy"),
            [
                .. group.SelectMany(cell => MultiLayerFigures.Curve(Width(cell), [.. evidence.Evaluated(cell).Where(epoch => epoch > 0).Select(epoch => ((double)epoch, evidence.At(cell, epoch).Select(layers => layers[0].Accuracy).ToArray()))])),
                new RuleLayer("dashed: teachers", Statistics.Mean(evidence.TeacherAccuracies(group.Key))),
            ]))],
        Columns: 2);

    private static IEnumerable<XY> Best(ImagesEvidence evidence, ImageCell cell, int layer, SeedId seed, int channel)
    {
        foreach (var epoch in evidence.Evaluated(cell))
        {
            if (evidence.At(cell, epoch, seed) is { } layers && double.IsFinite(layers[layer].Best[channel]))
                yield return new XY(epoch, layers[layer].Best[channel]);
        }
    }

    private static Axis Epochs(ImagesEvidence evidence) => new("epochs", Min: -0.02 * evidence.Epochs);

    private static string Title(TeacherChannels channels) => channels == TeacherChannels.Pruned ? "pruned teacher" : "unpruned teacher";

    private static string Width(ImageCell cell) => string.Create(CultureInfo.InvariantCulture, $"r = {cell.OverRealization:0.##}");
}
