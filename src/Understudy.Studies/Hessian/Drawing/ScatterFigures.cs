using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Studies.Hessian.Judging;
using static System.FormattableString;

namespace Understudy.Studies.Hessian.Drawing;

/// <summary>Many starts of one network.</summary>
internal static class ScatterFigures
{
    private const int Bins = 40;

    /// <summary>How λ₁ after training is spread over starts, and where it stands against the loss.</summary>
    internal static Figure Starts(Recorded<StartRow> starts)
    {
        StartRow[] ended = [.. starts.All.Where(row => !row.IsDiverged)];
        double[] largest = [.. ended.Select(row => row.Largest)];
        var diverged = starts.All.Count() - ended.Length;
        if (ended.Length == 0)
        {
            return new Figure("starts", "The largest eigenvalue after training from many starts",
                Invariant($"Every one of {diverged:N0} starts diverged: there is nothing to draw. Lower scatter.training.learningRate."), []);
        }

        var (median, low, high) = (Statistics.Median(largest), Statistics.Quantile(largest, 0.05), Statistics.Quantile(largest, 0.95));
        return new Figure(
            "starts", "The largest eigenvalue after training from many starts",
            Invariant($"{largest.Length:N0} starts on a sphere of radius {starts.Config.Scatter.Radius}, {starts.Seeds.Count} draw(s) of the samples, {starts.Config.Scatter.Training.Steps:N0} steps{(diverged > 0 ? Invariant($"; {diverged:N0} more diverged") : "")}. Left: λ₁, median {median:0.###}, 90 % of them from {low:0.###} to {high:0.###}. Right: against the loss at that point."),
            [
                new Panel("all starts", new Axis("largest eigenvalue λ₁", Logarithmic: true), new Axis("starts", Min: 0), [Histogram(largest), new RuleLayer("dashed: median", median, Vertical: true)]),
                new Panel("and their losses", new Axis("loss", Logarithmic: true), new Axis("largest eigenvalue λ₁", Logarithmic: true),
                    [new PointLayer("a start", [.. ended.Where(row => row is { Loss: > 0, Largest: > 0 }).Select(row => new XY(row.Loss, row.Largest))], SeriesRole.Student, Size: 8, Opacity: 0.4)]),
            ], Columns: 2);
    }

    /// <summary>Counts between edges of equal ratios; networks without any curvature have no place on the axis.</summary>
    private static BarLayer Histogram(double[] values)
    {
        double[] positive = [.. values.Where(value => value > 0)];
        var (low, high) = positive.Length == 0 ? (1, 1) : (positive.Min(), positive.Max());
        // all values may be one
        var width = high > low ? Math.Log(high / low) / Bins : 1;
        var counts = new double[Bins];
        foreach (var value in positive)
            counts[Math.Min(Bins - 1, (int)(Math.Log(value / low) / width))]++;
        return new BarLayer("λ₁", [.. Enumerable.Range(0, Bins + 1).Select(i => low * Math.Exp(i * width))], counts, SeriesRole.Student);
    }
}
