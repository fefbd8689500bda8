namespace Understudy.Lab.Figures;

/// <summary>The legend of a figure: one entry per named series, in rows above the panels.</summary>
internal sealed class SvgLegend
{
    private const double RowHeight = 20;
    private const double Swatch = 26;
    private const double Gap = 20;
    private const double Size = 12;

    private readonly List<(Layer[] Layers, double X, double Y)> _entries = [];

    internal SvgLegend(Figure figure, Palette palette, double width)
    {
        var bySeries = figure.Panels.SelectMany(panel => panel.Layers).Where(layer => layer.Series.Length > 0).ToLookup(layer => layer.Series, StringComparer.Ordinal);
        var (x, y) = (0.0, 0.0);
        foreach (var series in palette.Series)
        {
            var needed = Swatch + 6 + Math.Min(Lettering.Width(series, Size), width - Swatch);
            if (x > 0 && x + needed > width)
                (x, y) = (0, y + RowHeight);
            _entries.Add(([.. bySeries[series]], x, y));
            x += needed + Gap;
        }
        Height = _entries.Count == 0 ? 0 : y + RowHeight + 6;
        Width = width;
    }

    internal double Height { get; }

    private double Width { get; }

    internal void Draw(SvgText svg, Palette palette, double left, double top)
    {
        foreach (var (layers, x, y) in _entries)
        {
            var (at, middle, color) = (left + x, top + y + RowHeight / 2, palette.Color(layers[0]));
            if (layers.Any(layer => layer is BandLayer))
                svg.Box(at, middle - 6, Swatch, 12, color, 0.2);
            if (layers.Any(layer => layer is BarLayer))
                svg.Box(at + 6, middle - 6, 14, 12, color, 0.7);
            if (layers.OfType<LineLayer>().OrderBy(candidate => candidate.Dashed).FirstOrDefault() is { } line)
                svg.Line(at, middle, at + Swatch, middle, color, 2, line.Dashed || line.Role == SeriesRole.Reference ? SvgLayers.Dashes : "", Math.Max(line.Opacity, 0.4));
            else if (layers.OfType<RuleLayer>().FirstOrDefault() is { } rule)
                Rule(svg, rule, at, middle, color, rule.Role == SeriesRole.Reference ? SvgLayers.Dashes : "");
            if (layers.Any(layer => layer is PointLayer or LineLayer { Markers: true }))
                svg.Marker(palette.Index(layers[0]), at + Swatch / 2, middle, 34, color, 1);
            svg.Text(at + Swatch + 6, middle + 4, Lettering.Fit(layers[0].Series, Size, Width - Swatch - 6), Size);
        }
    }

    /// <summary>A rule stands or lies as it does in the panel.</summary>
    private static void Rule(SvgText svg, RuleLayer rule, double at, double middle, string color, string dash)
    {
        if (rule.Vertical)
            svg.Line(at + Swatch / 2, middle - 8, at + Swatch / 2, middle + 8, color, 1.5, dash);
        else
            svg.Line(at, middle, at + Swatch, middle, color, 1.5, dash);
    }
}
