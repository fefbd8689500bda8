using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Studies.Specialization.Experiments;
using static System.FormattableString;

namespace Understudy.Studies.Specialization.Drawing;

/// <summary>F-phase over training settings: recovered share by learning rate and initial scale, and by slope and over-realization.</summary>
internal static class PhaseGridFigures
{
    private const double Level = 0.5;

    internal static IEnumerable<Figure> Draw(RunRecord run)
    {
        PhaseGridRow[] rows = [.. run.Table<PhaseGridRow>(PhaseGridExperiment.Evaluations)];
        if (Map([.. rows.Where(row => row.Grid == PhaseGrid.RateScale)], ("learning rate", row => row.LearningRate), ("deviation of the initial weights", row => row.Scale)) is { } rates)
        {
            yield return new Figure(
                "phase-rate-scale", "Recovered share of teacher nodes, by learning rate and scale of the initial weights",
                Caption + " " + Cells(rows.First(row => row.Grid == PhaseGrid.RateScale)) + " Grey: every student diverged.", [rates]);
        }

        if (Map([.. rows.Where(row => row.Grid == PhaseGrid.SlopeWidth)], ("slope", row => row.Slope), ("over-realization r", row => row.OverRealization)) is { } slopes)
        {
            yield return new Figure(
                "phase-slope-width", "Recovered share of teacher nodes, by slope of the activation and over-realization",
                Caption + " " + Cells(rows.First(row => row.Grid == PhaseGrid.SlopeWidth)), [slopes]);
        }
    }

    private const string Caption = "Share of teacher nodes with a student node that correlates above 0.95 with them on fresh data at the end of training, mean over the seeds that did not diverge.";

    private static string Cells(PhaseGridRow row) => row.Grid == PhaseGrid.RateScale
        ? Invariant($"N = {row.Samples:N0}, r = {row.OverRealization:0.##}, p = {row.FanOutDecay:0.##}.")
        : Invariant($"N = {row.Samples:N0}, p = {row.FanOutDecay:0.##}.");

    private static Panel? Map(IReadOnlyList<PhaseGridRow> rows, (string Title, Func<PhaseGridRow, double> Value) x, (string Title, Func<PhaseGridRow, double> Value) y)
    {
        if (rows.Count == 0)
            return null;
        double[] across = [.. rows.Select(x.Value).Distinct().Order()];
        double[] down = [.. rows.Select(y.Value).Distinct().OrderDescending()];
        double[] shares =
        [
            .. from vertical in down
               from horizontal in across
               select Share(rows.Where(row => x.Value(row).Equals(horizontal) && y.Value(row).Equals(vertical))),
        ];
        return new Panel(
            "", new Axis(x.Title, Categories: Labels(across)), new Axis(y.Title, Categories: Labels(down)),
            [
                new MatrixLayer("recovered share", down.Length, across.Length, shares, 0, 1, IsLabelled: true),
                new LineLayer("half of the nodes", Contour.Of(shares, down.Length, across.Length, Level)),
            ]);
    }

    private static double Share(IEnumerable<PhaseGridRow> cell)
    {
        double[] seeds = [.. cell.Select(row => row.Recovered).Where(share => !double.IsNaN(share))];
        return seeds.Length == 0 ? double.NaN : Statistics.Mean(seeds);
    }

    private static string[] Labels(double[] values) => [.. values.Select(value => Invariant($"{value:0.######}"))];
}
