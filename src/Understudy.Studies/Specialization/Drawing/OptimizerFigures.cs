using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Studies.Specialization.Judging;

namespace Understudy.Studies.Specialization.Drawing;

/// <summary>Figures of part optimizers.</summary>
internal static class OptimizerFigures
{
    /// <summary>Recovery against loss, rule by rule; null where no run holds the part.</summary>
    internal static Figure? Draw(IReadOnlyList<RunRecord> runs)
    {
        var rules = Enum.GetValues<DescentRule>().Select(rule => (Rule: rule, Evidence: Evidence.Of(runs, PartNames.OptimizersAt(rule))))
            .Where(item => item.Evidence is { Cells.Count: > 0 }).Select(item => (item.Rule, Evidence: item.Evidence!)).ToArray();
        if (rules.Length == 0)
            return null;
        var cells = rules.SelectMany(item => item.Evidence.Cells).Distinct().OrderBy(cell => cell.FanOutDecay).ThenBy(cell => cell.OverRealization).ToArray();
        return new Figure(
            "optimizers", "Recovered teacher nodes at equal loss, by rule of descent",
            "One point per epoch, from left to right: the median evaluation loss over seeds, and the mean share of teacher nodes with a student node that correlates above 0.95 with them on fresh data. "
            + "Where one line lies above another, its students have specialized further at the same loss.",
            [.. cells.Select(cell => new Panel(
                FormattableString.Invariant($"{RecoveryFigures.Width(cell)}, {RecoveryFigures.Words(cell.FanOutDecay)}"),
                new Axis("−log10 of evaluation loss"), new Axis("recovered share of teacher nodes", Min: -0.03, Max: 1.03),
                [.. rules.Select(item => new LineLayer(PartNames.Word(item.Rule), Points(item.Evidence, cell), Markers: true))]))],
            Columns: 3).Sharing(x: true, y: true);
    }

    private static XY[] Points(Evidence evidence, Cell cell) =>
    [
        .. Enumerable.Range(0, evidence.LastEpoch + 1).Select(epoch => evidence.At(cell, epoch).Values.Where(row => row.Loss > 0).ToArray()).Where(rows => rows.Length > 0)
            .Select(rows => new XY(-Math.Log10(Statistics.Median([.. rows.Select(row => row.Loss)])), Statistics.Mean([.. rows.Select(row => row.Recovered)]))),
    ];
}
