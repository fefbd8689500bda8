namespace Understudy.Lab.Figures;

/// <summary>Draws one panel: grid, layers, axes, labels, and the color bar of a matrix.</summary>
internal static class SvgPanel
{
    private const string Grid = "#e7e7e7";
    private const string AxisLine = "#8a8a8a";
    private const double LineHeight = 15;

    /// <summary>Draws a panel.</summary>
    /// <param name="svg">Where to.</param>
    /// <param name="layout">Where its parts go.</param>
    /// <param name="palette">The colors of the figure.</param>
    /// <param name="left">The left edge of the plot.</param>
    /// <param name="top">The upper edge of the plot.</param>
    /// <param name="clip">A name for its clip path, unique in the document.</param>
    internal static void Draw(SvgText svg, PanelLayout layout, Palette palette, double left, double top, string clip)
    {
        svg.Raw($"<g transform=\"translate({SvgText.N(left)} {SvgText.N(top)})\">");
        foreach (var (i, line) in layout.Title.Index())
            svg.Text(0, -layout.Top + 11 + i * LineHeight, line, PanelLayout.TitleSize, weight: "600");
        if (layout.Matrix is null)
            DrawGrid(svg, layout);
        svg.Raw($"<clipPath id=\"{clip}\"><rect x=\"-1\" y=\"-1\" width=\"{SvgText.N(layout.PlotWidth + 2)}\" height=\"{SvgText.N(layout.PlotHeight + 2)}\"/></clipPath>");
        svg.Raw($"<g clip-path=\"url(#{clip})\">");
        var layers = new SvgLayers(svg, palette, layout.XScale, layout.YScale);
        foreach (var layer in layout.Panel.Layers)
        {
            if (layer is RuleLayer rule)
                layers.Rule(rule, 0, 0, layout.PlotWidth, layout.PlotHeight);
            else
                layers.Draw(layer);
        }
        svg.Raw("</g>");
        DrawAxes(svg, layout);
        if (layout.Matrix is { } matrix)
            DrawColorBar(svg, layout, matrix);
        svg.Raw("</g>");
    }

    private static void DrawGrid(SvgText svg, PanelLayout layout)
    {
        foreach (var tick in layout.YScale.Ticks.Where(tick => tick.Label.Length > 0))
            svg.Line(0, layout.YScale[tick.At], layout.PlotWidth, layout.YScale[tick.At], Grid, 1);
        foreach (var tick in layout.XScale.Ticks.Where(tick => tick.Label.Length > 0))
            svg.Line(layout.XScale[tick.At], 0, layout.XScale[tick.At], layout.PlotHeight, Grid, 1);
    }

    private static void DrawAxes(SvgText svg, PanelLayout layout)
    {
        var (width, height) = (layout.PlotWidth, layout.PlotHeight);
        svg.Line(0, height, width, height, AxisLine, 1);
        svg.Line(0, 0, 0, height, AxisLine, 1);
        var lastRight = double.NegativeInfinity;
        foreach (var (i, tick) in layout.XScale.Ticks.Index())
        {
            if (i % layout.XLabelEvery != 0)
                continue;
            var x = layout.XScale[tick.At];
            svg.Line(x, height, x, height + (tick.Label.Length > 0 ? 5 : 3), AxisLine, 1);
            var half = layout.Turned ? 6 : Lettering.Width(tick.Label, PanelLayout.LabelSize) / 2;
            // a label that would touch the one before is left out
            if (tick.Label.Length == 0 || x - half < lastRight + (layout.Turned ? 0 : 4))
                continue;
            lastRight = x + half;
            if (layout.Turned)
                svg.Text(x + 4, height + 14, Lettering.Fit(tick.Label, PanelLayout.LabelSize, 130), PanelLayout.LabelSize, "end", SvgText.Faint, rotate: -45);
            else
                svg.Text(x, height + 17, tick.Label, PanelLayout.LabelSize, "middle", SvgText.Faint);
        }
        var lastY = double.NaN;
        foreach (var (i, tick) in layout.YScale.Ticks.Index())
        {
            if (i % layout.YLabelEvery != 0)
                continue;
            var y = layout.YScale[tick.At];
            svg.Line(tick.Label.Length > 0 ? -5 : -3, y, 0, y, AxisLine, 1);
            if (tick.Label.Length == 0 || Math.Abs(y - lastY) < PanelLayout.LabelSize + 1)
                continue;
            lastY = y;
            svg.Text(-8, y + 4, Lettering.Fit(tick.Label, PanelLayout.LabelSize, layout.LabelWidth + 2), PanelLayout.LabelSize, "end", SvgText.Faint);
        }
        foreach (var (i, line) in layout.XTitle.Index())
            svg.Text(width / 2, height + layout.LabelHeight + 13 + i * LineHeight, line, PanelLayout.TitleSize, "middle");
        foreach (var (i, line) in layout.YTitle.Index())
        {
            var x = -layout.LabelWidth - 20 - (layout.YTitle.Count - 1 - i) * LineHeight;
            svg.Text(x, height / 2, line, PanelLayout.TitleSize, "middle", rotate: -90);
        }
    }

    private static void DrawColorBar(SvgText svg, PanelLayout layout, MatrixLayer matrix)
    {
        const int Steps = 40;
        const double Width = 12;
        var height = Math.Min(layout.PlotHeight, 200);
        var left = layout.PlotWidth + 14;
        var scale = new Scale(new Axis(""), (matrix.Min, matrix.Max > matrix.Min ? matrix.Max : matrix.Min + 1), height, 0, (int)Math.Max(1, height / 40));
        for (var i = 0; i < Steps; i++)
        {
            var value = matrix.Min + (i + 0.5) / Steps * (matrix.Max - matrix.Min);
            svg.Box(left, height - (i + 1) * height / Steps, Width, height / Steps + 0.4, Palette.Cell(matrix, value));
        }
        svg.Box(left, 0, Width, height, "none", 1, " stroke=\"#8a8a8a\" stroke-width=\"0.7\"");
        foreach (var tick in scale.Ticks)
        {
            svg.Line(left + Width, scale[tick.At], left + Width + 3, scale[tick.At], AxisLine, 1);
            svg.Text(left + Width + 6, scale[tick.At] + 4, tick.Label, 10, color: SvgText.Faint);
        }
        var title = Lettering.Fit(matrix.Title, PanelLayout.LabelSize, Math.Max(layout.PlotHeight, 80) + 20);
        svg.Text(left + Width + 44, layout.PlotHeight / 2, title, PanelLayout.LabelSize, "middle", rotate: -90);
    }
}
