using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Studies.Specialization.Judging;
using Understudy.Studies.Specialization.Parts;

namespace Understudy.Studies.Specialization.Drawing;

/// <summary>Figures of part two-layer: recovery, convergence, L-shape.</summary>
internal static class RecoveryFigures
{
    private const int MostPoints = 4500;

    /// <summary>F-recovery: the recovery rate by index of the teacher node, early and late.</summary>
    internal static Figure Recovery(Evidence evidence) => new(
        "recovery", "Which teacher nodes are recovered",
        $"Share of seeds in which a student node correlates above 0.95 with each teacher node; solid at the end, dashed after epoch {evidence.EarlyEpoch}. "
        + "Weak nodes (right) are missed first; wider students keep more of them.",
        [.. Decays(evidence).Select(decay => new Panel(
            Words(decay), new Axis("teacher node, from strong to weak (index)"), new Axis("recovery rate (share of seeds)", Min: 0, Max: 1),
            [.. At(evidence, decay).SelectMany(cell => RecoveryLines(evidence, cell)), new RuleLayer("half", 0.5)]))],
        Columns: 3);

    /// <summary>F-convergence: the evaluation loss by epoch, median and quartiles over seeds.</summary>
    internal static Figure Convergence(Evidence evidence) => new(
        "convergence", "How the evaluation loss falls",
        "Median over seeds of log10 of the evaluation loss, with the band between the quartiles. A student of the teacher's width falls fastest where it succeeds (p = 0) and is stuck where it misses nodes.",
        [.. Decays(evidence).Select(decay => new Panel(
            Words(decay), new Axis("epoch"), new Axis("log10 evaluation loss (mean squared error)"), [.. At(evidence, decay).SelectMany(cell => LossLayers(evidence, cell))]))],
        Columns: 3);

    /// <summary>F-L-shape: fan-out against usefulness of every student node.</summary>
    internal static Figure LShape(Evidence evidence, RunRecord run)
    {
        var cells = evidence.Cells;
        var students = run.Table<StudentRow>($"{TwoLayerParts.TwoLayer}.students").ToLookup(row => row.Cell);
        return new Figure(
            "l-shape", "Students without a teacher node have a small fan-out",
            "One point per student node: its best correlation with a teacher node over the training set, and the norm of its fan-out. Large fan-outs sit at correlation 1 (the upright of the L); the other nodes lie flat.",
            [.. cells.Select(cell => new Panel(
                $"{Words(cell.FanOutDecay)}, {Width(cell)}", new Axis("usefulness: best correlation with a teacher node", Min: 0, Max: 1), new Axis("fan-out ‖v‖", Min: 0),
                [new PointLayer("student node", [.. Thinned(students[cell], MostPoints / cells.Count).Select(row => new XY(row.TrainUsefulness, row.FanOut))], SeriesRole.Student, Size: 10, Opacity: 0.5)]))],
            Columns: Math.Max(1, cells.Count(cell => cell.FanOutDecay.Equals(cells[0].FanOutDecay))));
    }

    /// <summary>p = 1.</summary>
    internal static string Words(double decay) => FormattableString.Invariant($"p = {decay:0.##}");

    /// <summary>r = 2.</summary>
    internal static string Width(Cell cell) => FormattableString.Invariant($"r = {cell.OverRealization:0.##}");

    /// <summary>Every so many rows, so that at most that many stay.</summary>
    internal static IEnumerable<T> Thinned<T>(IEnumerable<T> rows, int most)
    {
        var all = rows.ToArray();
        var stride = Math.Max(1, (all.Length + most - 1) / Math.Max(1, most));
        return all.Where((_, i) => i % stride == 0);
    }

    private static IEnumerable<double> Decays(Evidence evidence) => evidence.Cells.Select(cell => cell.FanOutDecay).Distinct();

    private static IEnumerable<Cell> At(Evidence evidence, double decay) => evidence.Cells.Where(cell => cell.FanOutDecay.Equals(decay));

    private static IEnumerable<Layer> RecoveryLines(Evidence evidence, Cell cell)
    {
        if (evidence.EarlyEpoch < evidence.LastEpoch)
            yield return new LineLayer(Width(cell), Points(evidence, cell, evidence.EarlyEpoch), Dashed: true, Opacity: 0.7);
        yield return new LineLayer(Width(cell), Points(evidence, cell, evidence.LastEpoch), Markers: true);
    }

    private static XY[] Points(Evidence evidence, Cell cell, int epoch)
        => [.. RecoveryCurve.Rates(RecoveryCurve.BySeed(evidence, cell, epoch)).Select((rate, index) => new XY(index, rate)).Where(point => !double.IsNaN(point.Y))];

    private static IEnumerable<Layer> LossLayers(Evidence evidence, Cell cell)
    {
        var epochs = Enumerable.Range(0, evidence.LastEpoch + 1).Select(epoch => (Epoch: epoch, Losses: Losses(evidence, cell, epoch)))
            .Where(item => item.Losses.Length > 0).ToArray();
        yield return new BandLayer(Width(cell), Quantile(epochs, 0.25), Quantile(epochs, 0.75));
        yield return new LineLayer(Width(cell), Quantile(epochs, 0.5));
    }

    private static double[] Losses(Evidence evidence, Cell cell, int epoch)
        => [.. evidence.At(cell, epoch).Values.Where(row => row.Loss > 0).Select(row => Math.Log10(row.Loss))];

    private static XY[] Quantile(IEnumerable<(int Epoch, double[] Losses)> epochs, double q)
        => [.. epochs.Select(item => new XY(item.Epoch, Statistics.Quantile(item.Losses, q)))];
}
