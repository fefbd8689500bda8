using System.Globalization;
using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Learning.Probing;
using Understudy.Studies.Specialization.Judging;

namespace Understudy.Studies.Specialization.Drawing;

/// <summary>Figures of part multi-layer: correlation by layer against samples and epochs, and the L-shape of every layer.</summary>
internal static class MultiLayerFigures
{
    private const int MostPoints = 4500;

    /// <summary>F-multi-layer: mean best correlation of every layer against N, at the end.</summary>
    internal static Figure Samples(MultiLayerEvidence evidence) => new(
        "layers-samples", "Correlation of every hidden layer, by number of training samples",
        "Mean over the teacher nodes of a layer of the best correlation of a student node on fresh data, at the end of training; points are means over seeds, and bands their 95 % intervals. "
        + "Layer 1 is next to the inputs. Dashed lines are chance: what 95 % of the teacher nodes of a layer stay below with a fresh random student of the same size.",
        [.. evidence.Cells.GroupBy(cell => (cell.OverRealization, cell.Objective)).Select(group => new Panel(
            Title(group.Key.OverRealization, group.Key.Objective), new Axis("training samples N", Logarithmic: true), Correlation(),
            [
                .. Enumerable.Range(0, evidence.Layers).SelectMany(layer => Curve(
                    Layer(layer), [.. group.Select(cell => ((double)cell.Samples, Values(evidence.End(cell), layer)))])),
                .. Enumerable.Range(0, evidence.Layers).Select(layer => Chance(Layer(layer), [.. group.Select(cell => ((double)cell.Samples, Chances(evidence.End(cell), layer)))])),
                new LineLayer("dashed: chance level of the layer", [], SeriesRole.Reference, Dashed: true),
            ]))],
        Columns: 2);

    /// <summary>Mean best correlation of every layer against epochs, one panel per cell.</summary>
    internal static Figure Epochs(MultiLayerEvidence evidence) => new(
        "layers-epochs", "Correlation of every hidden layer during training",
        "Mean over the teacher nodes of a layer of the best correlation of a student node on fresh data, by epoch, for each number N of training samples; lines are means over seeds, and bands their 95 % intervals.",
        [.. evidence.Cells.Select(cell => new Panel(
            $"{Title(cell.OverRealization, cell.Objective)}, {Words(cell)}", new Axis("epochs", Min: -0.02 * cell.Epochs), Correlation(),
            [
                .. Enumerable.Range(0, evidence.Layers).SelectMany(layer => Curve(
                    Layer(layer), [.. evidence.Epochs(cell).Select(epoch => ((double)epoch, Values(evidence.At(cell, epoch), layer)))])),
                new RuleLayer("dashed: recovered above 0.95", SpecializationStatistics.Recovery),
            ]))],
        Columns: 2);

    /// <summary>P12: the loss against the teacher beside that against its copy without weak nodes; null where teachers have none.</summary>
    internal static Figure? Weak(MultiLayerEvidence evidence)
    {
        if (!evidence.Cells.Any(cell => evidence.End(cell).Any(layers => layers[0].StrongLoss is not null)))
            return null;
        return new Figure(
            "layers-weak", "Loss against the teacher, and against the teacher without its weak nodes",
            "Both losses of the same students on fresh data, by epoch, for each number N of training samples; lines are means over seeds, and bands their 95 % intervals. "
            + "Where the loss against the copy is the lower one, the student is nearer to the teacher without weak nodes than to the teacher itself.",
            [.. evidence.Cells.Select(cell => new Panel(
                $"{Title(cell.OverRealization, cell.Objective)}, {Words(cell)}", new Axis("epochs", Min: -0.02 * cell.Epochs), new Axis("loss", Logarithmic: true),
                [
                    .. Curve("teacher", Losses(evidence, cell, row => row.Loss)),
                    .. Curve("teacher without weak nodes", Losses(evidence, cell, row => row.StrongLoss ?? double.NaN)),
                ]))],
            Columns: 2);
    }

    /// <summary>F-L-shape of every layer: influence against usefulness, for the widest students on the most samples of a run.</summary>
    internal static Figure? LShape(MultiLayerEvidence evidence, RunRecord run)
    {
        var students = run.Table<LayerStudentRow>($"{PartNames.MultiLayer}.students").ToLookup(row => row.Cell);
        if (evidence.Cells.LastOrDefault(cell => cell.Objective == DistillationLoss.Mse && students.Contains(cell), evidence.Cells[^1]) is var shown && !students.Contains(shown))
            return null;
        var layers = students[shown].GroupBy(row => row.Layer).OrderBy(group => group.Key).ToArray();
        return new Figure(
            "layers-l-shape", "Influence of student nodes on the outputs, by usefulness",
            $"Every student node of every seed at the end of training, {Title(shown.OverRealization, shown.Objective)}, {Words(shown)}. Usefulness is the largest correlation with a teacher node of the layer; "
            + "influence is the root mean square of the derivative of the outputs by the node. An L-shape would leave influence only with nodes on the right.",
            [.. layers.Select(layer => new Panel(
                $"hidden layer {layer.Key}", new Axis("usefulness (largest correlation)", Min: 0, Max: 1.02), new Axis("influence √E β", Min: 0),
                [
                    new RuleLayer("dashed: specialized above 0.95", SpecializationStatistics.Recovery, Vertical: true),
                    new PointLayer("student node", [.. RecoveryFigures.Thinned(layer, MostPoints / layers.Length).Select(row => new XY(Math.Max(0, row.Usefulness), row.Influence))], SeriesRole.Student, Size: 10, Opacity: 0.5),
                ]))],
            Columns: 2).Sharing(x: true, y: false);
    }

    /// <summary>Means over seeds with the band of their intervals, where there are intervals.</summary>
    internal static IEnumerable<Layer> Curve(string series, IReadOnlyList<(double X, double[] Values)> points)
    {
        (double X, Estimate Mean)[] shown = [.. points.Where(point => point.Values.Length > 0).Select(point => (point.X, Statistics.Bootstrap(point.Values, Statistics.Mean)))];
        if (shown.All(point => double.IsFinite(point.Mean.Low)))
            yield return new BandLayer(series, [.. shown.Select(point => new XY(point.X, point.Mean.Low))], [.. shown.Select(point => new XY(point.X, point.Mean.High))]);
        yield return new LineLayer(series, [.. shown.Select(point => new XY(point.X, point.Mean.Value))], Markers: true);
    }

    private static LineLayer Chance(string series, IReadOnlyList<(double X, double[] Values)> points) => new(
        series, [.. points.Where(point => point.Values.Length > 0).Select(point => new XY(point.X, Statistics.Mean(point.Values)))], Dashed: true, Opacity: 0.7);

    private static double[] Values(IReadOnlyList<LayerRow[]> seeds, int layer) => [.. seeds.Select(layers => layers[layer].MeanBest)];

    private static IReadOnlyList<(double X, double[] Values)> Losses(MultiLayerEvidence evidence, LayerCell cell, Func<LayerRow, double> loss)
        => [.. evidence.Epochs(cell).Select(epoch => ((double)epoch, evidence.At(cell, epoch).Select(layers => loss(layers[0])).ToArray()))];

    private static double[] Chances(IReadOnlyList<LayerRow[]> seeds, int layer) => [.. seeds.Select(layers => layers[layer].ChanceBest).OfType<double>().Where(double.IsFinite)];

    private static Axis Correlation() => new("mean best correlation", Min: 0, Max: 1.03);

    private static string Layer(int layer) => FormattableString.Invariant($"hidden layer {layer + 1}");

    private static string Title(double overRealization, DistillationLoss objective)
        => string.Create(CultureInfo.InvariantCulture, $"r = {overRealization:0.##}, {(objective == DistillationLoss.Mse ? "squared error" : "cross-entropy")}");

    private static string Words(LayerCell cell) => string.Create(CultureInfo.InvariantCulture, $"N = {cell.Samples:N0}");
}
