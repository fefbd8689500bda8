using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Studies.Specialization.Judging;

namespace Understudy.Studies.Specialization.Drawing;

/// <summary>Figures of part two-layer: recovery, convergence, L-shape.</summary>
internal static class RecoveryFigures
{
    private const int MostPoints = 4500;

    /// <summary>F-recovery: the recovery rate by index of the teacher node, early and late.</summary>
    internal static Figure Recovery(Evidence evidence) => new(
        "recovery", "How often each teacher node is recovered",
        "Share of seeds in which a student node correlates above 0.95 with each teacher node, from the largest fan-out (0) to the smallest; "
        + "r is the number of student nodes per teacher node, and the fan-out of teacher node j is divided by (j + 1)^p.",
        [.. Decays(evidence).Select(decay => new Panel(
            Decay(decay), new Axis("teacher node, strong to weak", Categories: Nodes(evidence)), new Axis("recovery rate (share of seeds)", Min: -0.03, Max: 1.03),
            [.. At(evidence, decay).SelectMany(cell => RecoveryLines(evidence, cell)), .. Stages(evidence)]))],
        Columns: 3);

    /// <summary>F-convergence: the evaluation loss by epoch, median and quartiles over seeds.</summary>
    internal static Figure Convergence(Evidence evidence) => new Figure(
        "convergence", "Evaluation loss during training",
        "Median over seeds of log10 of the student's evaluation loss, with the band between the quartiles; r is the number of student nodes per teacher node.",
        [.. Decays(evidence).Select(decay => new Panel(
            Decay(decay), new Axis("epoch"), new Axis("log10 of evaluation loss (MSE)"), [.. At(evidence, decay).SelectMany(cell => LossLayers(evidence, cell))]))],
        Columns: 3).Sharing(x: true, y: true);

    /// <summary>F-L-shape: fan-out against usefulness of every student node.</summary>
    internal static Figure LShape(Evidence evidence, RunRecord run)
    {
        var cells = evidence.Cells;
        var students = run.Table<StudentRow>($"{PartNames.TwoLayer}.students").ToLookup(row => row.Cell);
        return new Figure(
            "l-shape", "Fan-out of student nodes, by their best correlation with a teacher node",
            "One point per student node of all seeds: its best correlation with a teacher node over the training set, and the norm of its fan-out. "
            + "Rows: fan-out decay p of the teacher; columns: student nodes per teacher node, r. A specialized node stands at 1.",
            [.. cells.Select(cell => new Panel(
                $"{Words(cell.FanOutDecay)}, {Width(cell)}", new Axis("best correlation", Min: 0, Max: 1.03), new Axis("fan-out ‖v‖", Min: 0),
                [new PointLayer("student node", [.. Thinned(students[cell], MostPoints / cells.Count).Select(row => new XY(row.TrainUsefulness, row.FanOut))], SeriesRole.Student, Size: 10, Opacity: 0.5)]))],
            Columns: Math.Max(1, cells.Count(cell => cell.FanOutDecay.Equals(cells[0].FanOutDecay)))).Sharing(x: true, y: true);
    }

    /// <summary>p = 1.</summary>
    internal static string Words(double decay) => FormattableString.Invariant($"p = {decay:0.##}");

    /// <summary>fan-out decay p = 1.</summary>
    internal static string Decay(double decay) => $"fan-out decay {Words(decay)}";

    /// <summary>r = 2.</summary>
    internal static string Width(Cell cell) => FormattableString.Invariant($"r = {cell.OverRealization:0.##}");

    /// <summary>Every so many rows, so that at most that many stay.</summary>
    internal static IEnumerable<T> Thinned<T>(IEnumerable<T> rows, int most)
    {
        var all = rows.ToArray();
        var stride = Math.Max(1, (all.Length + most - 1) / Math.Max(1, most));
        return all.Where((_, i) => i % stride == 0);
    }

    private static string Student(Cell cell) => $"student {Width(cell)}";

    private static string[] Nodes(Evidence evidence) => [.. Enumerable.Range(0, evidence.Config.TwoLayer.Teacher.Nodes).Select(node => FormattableString.Invariant($"{node}"))];

    /// <summary>Nothing to see but an entry in the legend.</summary>
    private static IEnumerable<Layer> Stages(Evidence evidence)
    {
        if (evidence.EarlyEpoch < evidence.LastEpoch)
            yield return new LineLayer($"dashed: after epoch {evidence.EarlyEpoch} of {evidence.LastEpoch}", [], SeriesRole.Reference, Dashed: true);
    }

    private static IEnumerable<double> Decays(Evidence evidence) => evidence.Cells.Select(cell => cell.FanOutDecay).Distinct();

    private static IEnumerable<Cell> At(Evidence evidence, double decay) => evidence.Cells.Where(cell => cell.FanOutDecay.Equals(decay));

    private static IEnumerable<Layer> RecoveryLines(Evidence evidence, Cell cell)
    {
        if (evidence.EarlyEpoch < evidence.LastEpoch)
            yield return new LineLayer(Student(cell), Points(evidence, cell, evidence.EarlyEpoch), Dashed: true, Opacity: 0.7);
        yield return new LineLayer(Student(cell), Points(evidence, cell, evidence.LastEpoch), Markers: true);
    }

    private static XY[] Points(Evidence evidence, Cell cell, int epoch)
        => [.. RecoveryCurve.Rates(RecoveryCurve.BySeed(evidence, cell, epoch)).Select((rate, index) => new XY(index, rate)).Where(point => !double.IsNaN(point.Y))];

    private static IEnumerable<Layer> LossLayers(Evidence evidence, Cell cell)
    {
        var epochs = Enumerable.Range(0, evidence.LastEpoch + 1).Select(epoch => (Epoch: epoch, Losses: Losses(evidence, cell, epoch)))
            .Where(item => item.Losses.Length > 0).ToArray();
        yield return new BandLayer(Student(cell), Quantile(epochs, 0.25), Quantile(epochs, 0.75));
        yield return new LineLayer(Student(cell), Quantile(epochs, 0.5));
    }

    private static double[] Losses(Evidence evidence, Cell cell, int epoch)
        => [.. evidence.At(cell, epoch).Values.Where(row => row.Loss > 0).Select(row => Math.Log10(row.Loss))];

    private static XY[] Quantile(IEnumerable<(int Epoch, double[] Losses)> epochs, double q)
        => [.. epochs.Select(item => new XY(item.Epoch, Statistics.Quantile(item.Losses, q)))];
}
