using Understudy.Lab.Figures;
using static System.FormattableString;

namespace Understudy.Studies.RandomTeacher.Drawing;

/// <summary>The loss between teacher and student.</summary>
internal static class ValleyFigures
{
    /// <summary>KL along the line to the student and along a random one; their ratios.</summary>
    internal static Figure Segments(IReadOnlyList<SegmentRow> rows) => new(
        "valley", "The valley at the teacher: steep behind, gentle towards the student",
        "KL to the teacher at θ_T + t (θ_S − θ_T), and along a random direction as long in every tensor; one line per seed. The teacher, at t = 0, has KL 0 and is left out. Right: KL at −t over KL at t.",
        [
            new Panel("KL", new Axis("position t: teacher at 0, student at 1"), new Axis("KL (nats)", Logarithmic: true),
            [
                .. rows.SelectMany(row => Sides("towards the student", row.Positions, row.Divergences, SeriesRole.Student)),
                .. rows.SelectMany(row => Sides("at random", row.RandomPositions, row.RandomDivergences, SeriesRole.Teacher)),
            ]),
            new Panel("asymmetry", new Axis("t"), new Axis("KL(−t) / KL(t)", Logarithmic: true),
            [
                .. rows.Select(row => Ratios("towards the student", row.Positions, row.Divergences, SeriesRole.Student)),
                .. rows.Select(row => Ratios("at random", row.RandomPositions, row.RandomDivergences, SeriesRole.Teacher)),
                new RuleLayer("dashed: symmetric", 1),
            ]),
        ], Columns: 2);

    /// <summary>The plane through teacher and two students.</summary>
    internal static Figure Plane(PlaneRow plane)
    {
        string[] Labels(IReadOnlyList<double> places) => [.. places.Select(place => Invariant($"{place:0.00}"))];
        var (columns, rows) = (plane.X.Count, plane.Y.Count);
        // the first row of a matrix is on top
        double[] UpsideDown(IReadOnlyList<double> values, Func<double, double> of)
            => [.. Enumerable.Range(0, rows).SelectMany(row => Enumerable.Range(0, columns).Select(column => of(values[((rows - 1 - row) * columns) + column])))];
        var losses = UpsideDown(plane.Divergences, value => Math.Log10(Math.Max(value, 1e-12)));
        var norms = UpsideDown(plane.Norms, value => value);
        double[] seen = [.. losses.Where(value => value > -11)];
        var (x, y) = (new Axis("from the teacher (0) to the student that started near (1)", Categories: Labels(plane.X)), new Axis("to the student that started far (1)", Categories: [.. Labels(plane.Y).Reverse()]));
        return new Figure(
            "plane", "The plane through the teacher and two students",
            Invariant($"Decimal logarithm of KL to the teacher at (0, 0): one student started near it and ended at (1, 0), the other started at an independent draw, whose nearest point of the plane is ({plane.Start[0]:0.00}, {plane.Start[1]:0.00}), and ended at (0, 1). Right: the norm of the parameters."),
            [
                new Panel("log₁₀ KL", x, y, [new MatrixLayer("log₁₀ KL", rows, columns, losses, seen.Min(), seen.Max())]),
                new Panel("norm", x, y, [new MatrixLayer("‖θ‖", rows, columns, norms, norms.Min(), norms.Max())]),
            ], Columns: 2);
    }

    /// <summary>One line on each side of the teacher, whose 0 a logarithmic axis does not have.</summary>
    private static IEnumerable<LineLayer> Sides(string name, IReadOnlyList<double> positions, IReadOnlyList<double> values, SeriesRole role)
    {
        var points = positions.Zip(values, (at, value) => new XY(at, value)).Where(point => point.Y > 0).ToArray();
        yield return new LineLayer(name, [.. points.Where(point => point.X < 0)], role, Markers: true, Opacity: 0.8);
        yield return new LineLayer(name, [.. points.Where(point => point.X > 0)], role, Markers: true, Opacity: 0.8);
    }

    private static LineLayer Ratios(string name, IReadOnlyList<double> positions, IReadOnlyList<double> values, SeriesRole role) => new(
        name, [.. positions.Where(at => at > 0 && positions.Contains(-at)).Select(at => new XY(at, SegmentRow.Value(positions, values, -at) / SegmentRow.Value(positions, values, at)))], role, Markers: true, Opacity: 0.8);
}
