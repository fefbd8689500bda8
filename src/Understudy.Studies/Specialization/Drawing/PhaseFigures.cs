using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Studies.Specialization.Judging;

namespace Understudy.Studies.Specialization.Drawing;

/// <summary>F-phase: recovered share of teacher nodes over two settings at once, as far as the grid of a part has two.</summary>
internal static class PhaseFigures
{
    private const int FewestValues = 2;

    /// <summary>Over-realization against fan-out decay, early and at the end.</summary>
    internal static Figure? Decay(Evidence evidence)
    {
        var (widths, decays) = (Values(evidence, cell => cell.OverRealization), Values(evidence, cell => cell.FanOutDecay));
        if (widths.Length < FewestValues || decays.Length < FewestValues)
            return null;
        int[] epochs = evidence.EarlyEpoch > 0 && evidence.EarlyEpoch < evidence.LastEpoch ? [evidence.EarlyEpoch, evidence.LastEpoch] : [evidence.LastEpoch];
        return new Figure(
            "phase-decay", "Recovered share of teacher nodes, by over-realization and fan-out decay",
            "Share of teacher nodes with a student node that correlates above 0.95 with them on fresh data, mean over seeds. The fan-out of teacher node j is divided by (j + 1)^p; r is the number of student nodes per teacher node.",
            [.. epochs.Select(epoch => Panel(
                evidence, epoch, $"after epoch {epoch} of {evidence.LastEpoch}", ("over-realization r", widths), ("fan-out decay p", decays),
                (cell, width, decay) => cell.OverRealization.Equals(width) && cell.FanOutDecay.Equals(decay)))],
            Columns: 2);
    }

    /// <summary>Training samples against over-realization, for every kind of data and decay.</summary>
    internal static Figure? Samples(Evidence evidence)
    {
        var (sizes, widths) = (Values(evidence, cell => cell.Samples), Values(evidence, cell => cell.OverRealization));
        if (sizes.Length < FewestValues || widths.Length < FewestValues)
            return null;
        var kinds = evidence.Cells.Select(cell => (cell.FanOutDecay, cell.Set)).Distinct().ToArray();
        return new Figure(
            "phase-samples", "Recovered share of teacher nodes, by training samples and over-realization",
            "Share of teacher nodes with a student node that correlates above 0.95 with them on fresh data at the end of training, mean over seeds.",
            [.. kinds.Select(kind => Panel(
                evidence, evidence.LastEpoch, $"{SamplesFigures.Word(kind.Set)}, {RecoveryFigures.Words(kind.FanOutDecay)}",
                ("training samples N", sizes), ("over-realization r", widths),
                (cell, size, width) => cell.Samples.Equals((int)size) && cell.OverRealization.Equals(width) && cell.FanOutDecay.Equals(kind.FanOutDecay) && cell.Set == kind.Set))]);
    }

    private static Panel Panel(
        Evidence evidence, int epoch, string title, (string Title, double[] Values) x, (string Title, double[] Values) y, Func<Cell, double, double, bool> isAt)
    {
        var shares = y.Values.SelectMany(down => x.Values.Select(across => Recovered(evidence, epoch, evidence.Cells.Where(cell => isAt(cell, across, down)))));
        return new Panel(
            title, new Axis(x.Title, Categories: Labels(x.Values)), new Axis(y.Title, Categories: Labels(y.Values)),
            [new MatrixLayer("recovered share", y.Values.Length, x.Values.Length, [.. shares], 0, 1, IsLabelled: true)]);
    }

    private static double Recovered(Evidence evidence, int epoch, IEnumerable<Cell> cells)
    {
        double[] seeds = [.. cells.SelectMany(cell => evidence.At(cell, epoch).Values).Select(row => row.Recovered)];
        return seeds.Length == 0 ? double.NaN : Statistics.Mean(seeds);
    }

    private static double[] Values(Evidence evidence, Func<Cell, double> value) => [.. evidence.Cells.Select(value).Distinct().Order()];

    private static string[] Labels(double[] values) => [.. values.Select(value => FormattableString.Invariant($"{value:0.##}"))];
}
