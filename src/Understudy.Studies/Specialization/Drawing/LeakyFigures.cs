using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Studies.Specialization.Judging;

namespace Understudy.Studies.Specialization.Drawing;

/// <summary>F-leaky: recovery by over-realization for several slopes of the activation.</summary>
internal static class LeakyFigures
{
    internal static Figure Recovery(IReadOnlyList<(double Slope, Evidence Evidence)> slopes)
    {
        var decays = slopes.SelectMany(item => item.Evidence.Cells).Select(cell => cell.FanOutDecay).Distinct().Order().ToArray();
        return new Figure(
            "leaky-recovery", "Recovery with leaky activations, by over-realization",
            "Mean over teacher nodes of the best correlation of a student node on fresh data at the end of training. Every point is one seed; lines join the means over seeds. Teacher and students have the same slope for negative arguments.",
            [.. decays.Select(decay => new Panel(
                FormattableString.Invariant($"p = {decay:0.##}"), new Axis("student nodes per teacher node, r", Min: 0), new Axis("mean best correlation", Max: 1.01),
                [
                    .. slopes.SelectMany(item => Layers(item.Slope, item.Evidence, decay)),
                    new RuleLayer("dashed, level: the bar of 0.98 for r ≥ 2", SpecializationClaims.LeakyBest),
                ]))]);
    }

    private static IEnumerable<Layer> Layers(double slope, Evidence evidence, double decay)
    {
        var name = FormattableString.Invariant($"students with slope {slope}");
        var cells = evidence.Cells.Where(cell => cell.FanOutDecay.Equals(decay)).ToArray();
        yield return new LineLayer(name, [.. cells.Select(cell => new XY(cell.OverRealization, Statistics.Mean([.. Best(evidence, cell)])))], Markers: false);
        yield return new PointLayer(name, [.. cells.SelectMany(cell => Best(evidence, cell).Select(best => new XY(cell.OverRealization, best)))]);
    }

    private static IEnumerable<double> Best(Evidence evidence, Cell cell) => evidence.At(cell, evidence.LastEpoch).Values.Select(row => row.MeanBest);
}
