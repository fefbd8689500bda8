using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;
using Understudy.Studies.Specialization.Experiments;
using static System.FormattableString;

namespace Understudy.Studies.Specialization.Drawing;

/// <summary>F-threshold: what part phase measured, and the smallest sufficient sizes it found.</summary>
internal static class ThresholdFigures
{
    /// <summary>Rows of a map at most.</summary>
    private const int MostRows = 33;

    /// <summary>Recovered share over r and N, one panel per fan-out decay and kind of set, with contours and the measured cells.</summary>
    internal static Figure Diagram(RunRecord run)
    {
        var (part, rows, thresholds) = Tables(run);
        var panels = thresholds.Select(row => (row.FanOutDecay, row.Set)).Distinct().ToArray();
        return new Figure(
            "phase-diagram", "Recovered share of teacher nodes, by over-realization and number of training samples",
            "Share of teacher nodes with a student node that correlates above 0.95 with them on fresh data, mean over seeds. Grey marks are what was measured; between them the color is "
            + "interpolated along the logarithm of N, and the lines join the smallest sufficient N of every column. A line ends where no size of the range is sufficient.",
            [.. panels.Select(panel => Map(part, [.. rows.Where(row => row.FanOutDecay.Equals(panel.FanOutDecay) && row.Set == panel.Set)],
                [.. thresholds.Where(row => row.FanOutDecay.Equals(panel.FanOutDecay) && row.Set == panel.Set)], Title(panel.FanOutDecay, panel.Set)))],
            Columns: 3);
    }

    /// <summary>The smallest sufficient N over r, one panel per level; null where nothing suffices.</summary>
    internal static Figure? Thresholds(RunRecord run)
    {
        var (part, rows, thresholds) = Tables(run);
        if (thresholds.All(row => row.Kind == CrossingKind.NotBelowLargest))
            return null;
        int[] sizes = [.. rows.Select(row => row.Samples).Distinct().Order()];
        return new Figure(
            "sufficient-samples", "Smallest number of training samples that recovers a share of the teacher nodes",
            "Each point is where the share of recovered teacher nodes, mean over seeds, crosses the level; bands are 95 % intervals over seeds, cut at the range of sizes that was tried "
            + Invariant($"({sizes[0]:N0} to {sizes[^1]:N0}). A column without a point needs more than the largest."),
            // a level that no size reaches has nothing to draw
            [.. part.Measures.Levels.Where(level => thresholds.Any(row => row.Level.Equals(level) && row.Kind != CrossingKind.NotBelowLargest)).Select(level => Level(sizes, rows, [.. thresholds.Where(row => row.Level.Equals(level))], level))],
            Columns: 2);
    }

    private static (PhaseConfig Part, IReadOnlyList<PhaseRow> Rows, IReadOnlyList<PhaseThresholdRow> Thresholds) Tables(RunRecord run)
        => (((SpecializationConfig)run.Config).Phase, [.. run.Table<PhaseRow>(PhaseExperiment.Evaluations)],
            [.. run.Table<PhaseThresholdRow>(PhaseExperiment.Thresholds)]);

    private static Panel Map(PhaseConfig part, IReadOnlyList<PhaseRow> rows, IReadOnlyList<PhaseThresholdRow> thresholds, string title)
    {
        double[] widths = [.. thresholds.Select(row => row.OverRealization).Distinct().Order()];
        // sizes of diverged students too
        double few = rows.Min(row => row.Samples), many = rows.Max(row => row.Samples);
        var count = few < many ? Math.Min(part.GridSizes, MostRows) : 1;
        // equal steps of log N, the largest on top
        double At(double samples) => count == 1 ? 0 : (count - 1) * Math.Log(many / samples) / Math.Log(many / few);
        double[] sizes = [.. Enumerable.Range(0, count).Select(row => count == 1 ? many : many * Math.Pow(few / many, row / (count - 1.0)))];
        XY[][] columns = [.. widths.Select(width => Curve(rows, width))];
        var shares = sizes.SelectMany(size => columns.Select(column => Interpolate(column, size)));
        return new Panel(
            title,
            new Axis("over-realization r", Categories: [.. widths.Select(width => Invariant($"{width:0.##}"))]),
            new Axis("training samples N", Categories: [.. sizes.Select(size => Invariant($"{size:N0}"))]),
            [
                new MatrixLayer("recovered share", count, widths.Length, [.. shares], 0, 1),
                new PointLayer("measured", [.. columns.SelectMany((column, at) => column.Select(point => new XY(at, At(point.X))))], SeriesRole.Reference, Size: 16),
                .. part.Measures.Levels.Select(level => new LineLayer(
                    Name(level),
                    [
                        .. widths.Select((width, at) => thresholds.Single(row => row.OverRealization.Equals(width) && row.Level.Equals(level)) switch
                        {
                            { Threshold: { } threshold } => new XY(at, At(threshold)),
                            { Kind: CrossingKind.NotAboveSmallest } => new XY(at, At(few)),
                            _ => new XY(at, double.NaN),
                        }),
                    ],
                    Markers: true)),
            ]);
    }

    private static Panel Level(int[] sizes, IReadOnlyList<PhaseRow> rows, IReadOnlyList<PhaseThresholdRow> thresholds, double level)
    {
        var layers = new List<Layer>();
        foreach (var line in thresholds.GroupBy(row => (row.FanOutDecay, row.Set)))
        {
            var name = Title(line.Key.FanOutDecay, line.Key.Set);
            PhaseThresholdRow[] found = [.. line.Where(row => row.Kind != CrossingKind.NotBelowLargest).OrderBy(row => row.OverRealization)];
            if (found.Length == 0)
                continue;
            Estimate[] bands = [.. found.Select(row => Interval([.. rows.Where(measured => measured.Column == row.Column)], level))];
            layers.Add(new BandLayer(name, [.. found.Select((row, i) => new XY(row.OverRealization, bands[i].Low))], [.. found.Select((row, i) => new XY(row.OverRealization, bands[i].High))]));
            layers.Add(new LineLayer(name, [.. found.Select(row => new XY(row.OverRealization, row.Threshold ?? row.High ?? sizes[0]))], Markers: true));
        }

        return new Panel(
            $"{Name(level)}: {Invariant($"{100 * level:0.##}")} % recovered", new Axis("over-realization r", Logarithmic: true),
            new Axis("training samples N", Logarithmic: true, Min: sizes[0], Max: sizes[^1]), layers);
    }

    /// <summary>The threshold of a column with resampled seeds, over the sizes that were measured; cut at their range.</summary>
    private static Estimate Interval(IReadOnlyList<PhaseRow> rows, double level)
    {
        int[] measured = [.. rows.Select(row => row.Samples).Distinct().Order()];
        double[][] seeds =
        [
            .. rows.Where(row => !double.IsNaN(row.Recovered)).GroupBy(row => row.Seed).OrderBy(seed => seed.Key).Select(seed => seed.ToDictionary(row => row.Samples, row => row.Recovered))
                .Where(seed => seed.Count == measured.Length).Select(seed => measured.Select(size => seed[size]).ToArray()),
        ];
        var estimate = Statistics.Bootstrap(seeds, sample =>
        {
            var search = new CrossingSearch([], [], 1, size => size);
            for (var i = 0; i < measured.Length; i++)
                search.Add(measured[i], sample.Count == 0 ? double.NaN : sample.Average(seed => seed[i]));
            return search.At(level) switch
            {
                { Threshold: { } threshold } => threshold,
                { Kind: CrossingKind.NotAboveSmallest } => measured[0],
                _ => measured[^1],
            };
        });
        return estimate with { Low = Math.Max(estimate.Low, measured[0]), High = Math.Min(estimate.High, measured[^1]) };
    }

    private static XY[] Curve(IReadOnlyList<PhaseRow> rows, double width) =>
    [
        .. rows.Where(row => row.OverRealization.Equals(width) && !double.IsNaN(row.Recovered)).GroupBy(row => row.Samples).OrderBy(size => size.Key)
            .Select(size => new XY(size.Key, size.Average(row => row.Recovered))),
    ];

    /// <summary>A straight line over log N between neighbouring points.</summary>
    private static double Interpolate(XY[] curve, double size)
    {
        // rounding must not put the ends of the range outside
        const double Slack = 1e-9;
        if (curve.Length == 1 && Math.Abs((size / curve[0].X) - 1) <= Slack)
            return curve[0].Y;
        for (var i = 0; i + 1 < curve.Length; i++)
        {
            var (low, high) = (curve[i], curve[i + 1]);
            if (size < low.X * (1 - Slack) || size > high.X * (1 + Slack))
                continue;
            return low.Y + ((high.Y - low.Y) * Math.Log(size / low.X) / Math.Log(high.X / low.X));
        }

        return double.NaN;
    }

    private static string Name(double level) => Invariant($"N{100 * level:0.##}");

    private static string Title(double decay, TrainingSet set) => Invariant($"p = {decay:0.##}") + (set == TrainingSet.Plain ? "" : ", " + SamplesFigures.Word(set));
}
