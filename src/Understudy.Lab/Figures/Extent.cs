namespace Understudy.Lab.Figures;

/// <summary>What interval of each axis a panel shows.</summary>
internal static class Extent
{
    private const double Padding = 0.03;
    private const double Largest = 1e100;

    /// <summary>Whether a number has a place on an axis; what is beyond all measure, or not positive on a logarithmic axis, has none.</summary>
    internal static bool IsShown(double value, bool logarithmic)
        => logarithmic ? value is >= 1 / Largest and <= Largest : value is >= -Largest and <= Largest;

    /// <summary>The ends of the horizontal axis.</summary>
    internal static (double Low, double High) X(Panel panel)
    {
        var marks = panel.Layers.Any(layer => layer is PointLayer or LineLayer { Markers: true });
        return Of(panel.X, panel.Layers.SelectMany(AcrossX), Matrix(panel)?.Columns, padded: marks, grounded: false);
    }

    /// <summary>The ends of the vertical axis.</summary>
    internal static (double Low, double High) Y(Panel panel)
        => Of(panel.Y, panel.Layers.SelectMany(AcrossY), Matrix(panel)?.Rows, padded: true, grounded: panel.Layers.Any(layer => layer is BarLayer));

    private static (double, double) Of(Axis axis, IEnumerable<double> values, int? cells, bool padded, bool grounded)
    {
        if (axis.Categories is { } categories)
            return (-0.5, categories.Count - 0.5);
        if (cells is { } count)
            return (-0.5, count - 0.5);
        double[] shown = [.. values.Where(value => IsShown(value, axis.Logarithmic))];
        var (low, high) = shown.Length == 0 ? (axis.Logarithmic ? (0.1, 1) : (0.0, 1.0)) : (shown.Min(), shown.Max());
        if (axis.Logarithmic)
            return Logarithmic(axis, low, high, padded);
        if (grounded)
            (low, high) = (Math.Min(0, low), Math.Max(0, high));
        if (high - low <= Math.Abs(high) * 1e-9)
            (low, high) = (low - Half(low), high + Half(high));
        var (start, end) = (axis.Place(low), axis.Place(high));
        var pad = padded ? (end - start) * Padding : 0;
        // a curve that never goes below zero is not drawn as if it might
        var padLow = low >= 0 && start - pad < 0 || grounded && low == 0 ? low : axis.ValueAt(start - pad);
        return Ordered(End(axis.Min, axis) ?? padLow, End(axis.Max, axis) ?? axis.ValueAt(end + pad));
    }

    private static MatrixLayer? Matrix(Panel panel) => panel.Layers.OfType<MatrixLayer>().FirstOrDefault();

    private static double Half(double value) => value == 0 ? 0.5 : Math.Abs(value) * 0.05;

    private static (double, double) Ordered(double low, double high) => low < high ? (low, high) : (low - Half(low), low + Half(low));

    /// <summary>An end that was asked for, where it can be had.</summary>
    private static double? End(double? value, Axis axis) => value is { } end && IsShown(end, axis.Logarithmic) ? end : null;

    private static (double, double) Logarithmic(Axis axis, double low, double high, bool padded)
    {
        if (high <= low)
            (low, high) = (low / 2, high * 2);
        var factor = padded ? Math.Pow(high / low, Padding) : 1;
        var (from, to) = (End(axis.Min, axis) ?? low / factor, End(axis.Max, axis) ?? high * factor);
        return from < to ? (from, to) : (from / 2, from * 2);
    }

    private static IEnumerable<double> AcrossX(Layer layer) => layer switch
    {
        LineLayer line => line.Points.Select(point => point.X),
        BandLayer band => band.Lower.Concat(band.Upper).Select(point => point.X),
        PointLayer points => points.Points.Select(point => point.X),
        BarLayer bars => bars.Edges,
        RuleLayer { Vertical: true } rule => [rule.Value],
        _ => [],
    };

    private static IEnumerable<double> AcrossY(Layer layer) => layer switch
    {
        LineLayer line => line.Points.Select(point => point.Y),
        BandLayer band => band.Lower.Concat(band.Upper).Select(point => point.Y),
        PointLayer points => points.Points.Select(point => point.Y),
        BarLayer bars => bars.Heights,
        RuleLayer { Vertical: false } rule => [rule.Value],
        _ => [],
    };
}
