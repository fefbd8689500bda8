using System.Globalization;
using Understudy.Lab.Figures;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>A plane as maps of KL, of probes and of the norm, with its networks marked.</summary>
internal static class PlanePicture
{
    internal static Figure Of(PlaneFollowUp plane)
    {
        var positive = plane.Divergences.Where(value => value > 0).DefaultIfEmpty(1e-12).Min();
        return new Figure(
            "plane", plane.Scale is null ? $"Around {plane.Networks[0].Network}, along two random directions" : "The plane through the teacher and two networks",
            plane.Scale is null ? "Filters of both directions have the norms of the network's; biases stay." : $"Coordinates are {Words(plane)}.",
            [
                Map(plane, "KL to the teacher", "log₁₀ KL (nats)", plane.Divergences, value => Math.Log10(Math.Max(value, positive))),
                .. plane.Ridge.All(double.IsNaN) ? Array.Empty<Panel>() : [Map(plane, "ridge probe", "accuracy (%)", plane.Ridge, value => value)],
                .. plane.Neighbors.All(double.IsNaN) ? Array.Empty<Panel>() : [Map(plane, "nearest neighbours", "accuracy (%)", plane.Neighbors, value => value)],
                Map(plane, "norm of the parameters", "‖θ‖", plane.Norms, value => value),
            ], Columns: 2);
    }

    private static string Words(PlaneFollowUp plane) => (plane.Scale switch
    {
        Learning.Landscape.PlaneScale.Affine => "shares of the way from the teacher",
        Learning.Landscape.PlaneScale.L2Ortho => "distances",
        _ => "root mean squares over the parameters",
    }) + (plane.Center switch
    {
        Learning.Landscape.PlaneCenter.Mean => ", counted from the mean of the three",
        Learning.Landscape.PlaneCenter.MinNorm => ", counted from the point of the plane nearest to the origin of the space of parameters",
        _ => ", counted from the teacher",
    });

    private static Panel Map(PlaneFollowUp plane, string title, string color, IReadOnlyList<double> values, Func<double, double> of)
    {
        var (columns, rows) = (plane.X.Count, plane.Y.Count);
        // the first row of a matrix is on top
        double[] shown = [.. Enumerable.Range(0, rows).Reverse().SelectMany(y => Enumerable.Range(0, columns).Select(x => of(values[(y * columns) + x])))];
        var finite = shown.Where(double.IsFinite).DefaultIfEmpty(0);
        return new Panel(
            title, new Axis(Name(plane, 1), Categories: Labels(plane.X)), new Axis(Name(plane, 2), Categories: [.. Labels(plane.Y).Reverse()]),
            [
                new MatrixLayer(color, rows, columns, shown, finite.Min(), finite.Max()),
                .. plane.Networks.Select((each, i) => new PointLayer(each.Network, [new XY(Cell(plane.X, each.X), rows - 1 - Cell(plane.Y, each.Y))], i == 0 ? SeriesRole.Teacher : SeriesRole.Alternative, Size: 60, Opacity: 1)),
            ]);
    }

    private static string Name(PlaneFollowUp plane, int axis) => plane.Scale switch
    {
        null => $"random direction {axis}",
        Learning.Landscape.PlaneScale.Affine => $"towards {plane.Networks[axis].Network}",
        _ => $"axis {axis}",
    };

    /// <summary>All coordinates, told to a hundredth of the axis or closer; a panel leaves out what has no room.</summary>
    private static string[] Labels(IReadOnlyList<double> at)
    {
        var digits = (int)Math.Clamp(2 - Math.Floor(Math.Log10(at[^1] - at[0])), 0, 15);
        return [.. at.Select(value => (Math.Round(value, digits, MidpointRounding.AwayFromZero) + 0.0).ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>Where a coordinate stands among evenly spaced cells.</summary>
    private static double Cell(IReadOnlyList<double> at, double value) => (value - at[0]) / (at[^1] - at[0]) * (at.Count - 1);
}
