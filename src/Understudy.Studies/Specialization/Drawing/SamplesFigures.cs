using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Studies.Specialization.Judging;

namespace Understudy.Studies.Specialization.Drawing;

/// <summary>F-sample size: recovery and losses against the number of training samples.</summary>
internal static class SamplesFigures
{
    internal static Figure Sizes(Evidence evidence)
    {
        var kinds = evidence.Cells.Select(cell => (cell.OverRealization, cell.FanOutDecay, cell.Set)).Distinct().ToArray();
        var widths = kinds.Select(kind => (kind.OverRealization, kind.FanOutDecay)).Distinct().ToArray();
        return new Figure(
            "sample-size", "Correlation and loss, by number of training samples",
            "Mean over teacher nodes of the best correlation of a student node on fresh data (left), and median losses of the students (right; solid: evaluation, dashed: training); points are means over seeds, and bands span the seeds. "
            + "The vertical line marks the smallest N whose mean exceeds 0.95.",
            [.. widths.SelectMany(width => (Panel[])[Recovery(evidence, width), Losses(evidence, width)])],
            Columns: 2);
    }

    private static Panel Recovery(Evidence evidence, (double OverRealization, double FanOutDecay) width)
    {
        var layers = new List<Layer> { new RuleLayer("dashed, level: sufficient above 0.95", SpecializationClaims.SamplesThreshold) };
        foreach (var set in Enum.GetValues<TrainingSet>())
        {
            var cells = SamplesVerdicts.Curve(evidence, width.OverRealization, width.FanOutDecay, set);
            if (cells.Count == 0)
                continue;
            layers.Add(new BandLayer(Kind(evidence, set), Curve(evidence, cells, row => row.MeanBest, values => values.Min()), Curve(evidence, cells, row => row.MeanBest, values => values.Max())));
            layers.Add(new LineLayer(Kind(evidence, set), Curve(evidence, cells, row => row.MeanBest, values => Statistics.Mean(values)), Markers: true));
            var enough = SamplesVerdicts.SmallestSufficient(evidence.Paired(cells, evidence.LastEpoch, row => row.MeanBest), cells);
            if (set == TrainingSet.Plain && double.IsFinite(enough))
                layers.Add(new RuleLayer("dashed, upright: smallest sufficient N", enough, Vertical: true));
        }

        return new Panel($"correlation, {Title(width)}", new Axis("training samples N", Logarithmic: true), new Axis("mean best correlation", Min: 0, Max: 1.03), layers);
    }

    private static Panel Losses(Evidence evidence, (double OverRealization, double FanOutDecay) width)
    {
        var layers = new List<Layer>();
        foreach (var set in Enum.GetValues<TrainingSet>())
        {
            var cells = SamplesVerdicts.Curve(evidence, width.OverRealization, width.FanOutDecay, set);
            if (cells.Count == 0)
                continue;
            layers.Add(new LineLayer(Kind(evidence, set), Curve(evidence, cells, row => row.Loss, Statistics.Median), Markers: true));
            layers.Add(new LineLayer(Kind(evidence, set), Curve(evidence, cells, row => row.TrainLoss ?? double.NaN, Statistics.Median), Dashed: true));
        }

        layers.Add(new LineLayer("dashed, right: training loss", [], SeriesRole.Reference, Dashed: true));
        return new Panel($"loss, {Title(width)}", new Axis("training samples N", Logarithmic: true), new Axis("loss (MSE), median over seeds", Logarithmic: true), layers);
    }

    private static XY[] Curve(Evidence evidence, IEnumerable<Cell> cells, Func<EvaluationRow, double> value, Func<IReadOnlyList<double>, double> statistic) =>
    [
        // sizes asked for that give the same whole groups of points are one point
        .. cells.SelectMany(cell => evidence.At(cell, evidence.LastEpoch).Values).GroupBy(row => row.Points).OrderBy(rows => rows.Key)
            .Select(rows => (Points: rows.Key, Values: rows.Select(value).Where(double.IsFinite).ToArray()))
            .Where(item => item.Values.Length > 0).Select(item => new XY(item.Points, statistic(item.Values))),
    ];

    /// <summary>A kind of training set in a few words.</summary>
    internal static string Word(TrainingSet set) => set switch
    {
        TrainingSet.Plain => "data as it comes",
        TrainingSet.Boundary => "boundary data",
        TrainingSet.TeacherAware => "teacher-aware augmentation",
        _ => "teacher-agnostic augmentation",
    };

    private static string Kind(Evidence evidence, TrainingSet set) => "students on " + (set == TrainingSet.Plain ? Natural(evidence) : Word(set));

    private static string Natural(Evidence evidence) => evidence.Config.Data.Kind switch
    {
        InputKind.Gaussian => "Gaussian data",
        InputKind.Uniform => "uniform data",
        var kind => PixelInputs.SetName(kind),
    };

    private static string Title((double OverRealization, double FanOutDecay) width)
        => FormattableString.Invariant($"r = {width.OverRealization:0.##}, p = {width.FanOutDecay:0.##}");
}
