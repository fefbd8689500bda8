using System.Globalization;
using Understudy.Lab.Figures;

namespace Understudy.Studies.RandomTeacher.FollowUps;

/// <summary>A plane as maps of KL, squared error, entropy, the norm and probes, with contour lines of the norm and its networks marked.</summary>
internal static class PlanePicture
{
    private const int MostLevels = 6;

    internal static Figure Of(PlaneFollowUp plane)
    {
        return new Figure(
            "plane", plane.Scale is null ? $"Around {plane.Networks[0].Network}, along two random directions" : "The plane through the teacher and two networks",
            plane.Scale is null ? "Filters of both directions have the norms of the network's; biases stay." : $"Coordinates are {Words(plane)}.",
            [
                Map(plane, "KL to the teacher", "log₁₀ KL (nats)", Logarithms(plane.Values.Train)), Map(plane, "squared error", "log₁₀ squared error", Logarithms(plane.Values.TrainOutputs.SquaredError)),
                Map(plane, "entropy of the outputs", "entropy (nats)", plane.Values.TrainOutputs.Entropy), Map(plane, "norm of the parameters", "‖θ‖", plane.Norms),
                .. plane.Values.Fitted.Select(probe => Map(plane, $"{probe.Name} probe", "accuracy (%)", probe.Values)),
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

    private static Panel Map(PlaneFollowUp plane, string title, string color, IReadOnlyList<double> values)
    {
        var (columns, rows) = (plane.X.Count, plane.Y.Count);
        // the first row of a matrix is on top
        double[] Shown(IReadOnlyList<double> from) => [.. Enumerable.Range(0, rows).Reverse().SelectMany(y => Enumerable.Range(0, columns).Select(x => from[(y * columns) + x]))];
        var (shown, norms, levels) = (Shown(values), Shown(plane.Norms), Levels(plane.Norms));
        var finite = shown.Where(double.IsFinite).DefaultIfEmpty(0);
        return new Panel(
            title, new Axis(Name(plane, 1), Categories: Labels(plane.X)), new Axis(Name(plane, 2), Categories: [.. Labels(plane.Y).Reverse()]),
            [
                new MatrixLayer(color, rows, columns, shown, finite.Min(), finite.Max()),
                new LineLayer($"‖θ‖ = {string.Join(", ", levels.Select(level => level.ToString(CultureInfo.InvariantCulture)))}", [.. levels.SelectMany(level => Contour.Of(norms, rows, columns, level))], Opacity: 0.9),
                .. plane.Networks.Select((each, i) => new PointLayer(each.Network, [new XY(Cell(plane.X, each.X), rows - 1 - Cell(plane.Y, each.Y))], i == 0 ? SeriesRole.Teacher : SeriesRole.Alternative, Size: 60, Opacity: 1)),
            ]);
    }

    /// <summary>Decimal logarithms; what is 0 takes the smallest of the others.</summary>
    private static double[] Logarithms(IReadOnlyList<double> values)
    {
        var positive = values.Where(value => value > 0).DefaultIfEmpty(1e-12).Min();
        return [.. values.Select(value => Math.Log10(Math.Max(value, positive)))];
    }

    /// <summary>Round numbers between the least and the greatest norm: in steps of 1, 2 or 5 times a power of ten.</summary>
    internal static IReadOnlyList<double> Levels(IReadOnlyList<double> norms)
    {
        var (low, high) = (norms.Min(), norms.Max());
        if (!(high > low))
            return [];
        var rough = (high - low) / MostLevels;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * new[] { 1.0, 2, 5, 10 }.First(factor => factor * power >= rough);
        var first = (long)Math.Ceiling(low / step);
        return [.. Enumerable.Range(0, (int)((long)Math.Floor(high / step) - first) + 1).Select(i => Math.Round((first + i) * step, 12))];
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
