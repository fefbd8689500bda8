namespace Understudy.Lab.Figures;

/// <summary>Figures as static pictures: for readers without scripts, for README files and for papers.</summary>
public static class Svg
{
    private const double Width = 720;
    private const double Margin = 12;
    private const double Gap = 26;

    /// <summary>Between what belongs to neighbouring panels.</summary>
    private const double Between = 14;

    private const double TitleSize = 15;
    private const double TitleHeight = 20;
    private const double SecondsPerFrame = 0.25;

    /// <summary>The SVG document of a figure.</summary>
    /// <remarks>
    /// 720 pixels wide and as high as needed, on white, with a title and a description for people who cannot see it.
    /// Equal figures give equal bytes. Identifiers in it begin with the figure's name, so that several fit into one page.
    /// </remarks>
    /// <param name="figure">What to draw.</param>
    public static string Write(Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        var (body, height) = Draw(figure.Frames.Count > 0 ? figure.At(figure.Frames.Count - 1) : figure);
        return Document(figure, body, height);
    }

    /// <summary>The SVG document of a figure that moves, playing its frames in a loop; viewers without animation show the last.</summary>
    /// <param name="figure">A figure with frames.</param>
    internal static string WriteMoving(Figure figure)
    {
        var (frames, height) = (new SvgText(), 0.0);
        var count = figure.Frames.Count;
        var seconds = SvgText.N(Math.Max(2, count * SecondsPerFrame));
        for (var i = 0; i < count; i++)
        {
            var (body, own) = Draw(figure.At(i));
            height = Math.Max(height, own);
            var (from, to) = (Part(i, count), Part(i + 1, count));
            var (values, times) = i == 0 ? ("visible;hidden", $"0;{to}") : i == count - 1 ? ("hidden;visible", $"0;{from}") : ("hidden;visible;hidden", $"0;{from};{to}");
            var animation = count == 1 ? "" : $"<animate attributeName=\"visibility\" values=\"{values}\" keyTimes=\"{times}\" dur=\"{seconds}s\" calcMode=\"discrete\" repeatCount=\"indefinite\"/>";
            frames.Raw($"<g visibility=\"{(i == count - 1 ? "visible" : "hidden")}\">{animation}\n{body}</g>");
        }
        return Document(figure, frames.ToString(), height);
    }

    private static string Part(int frame, int count) => ((double)frame / count).ToString("0.####", System.Globalization.CultureInfo.InvariantCulture);

    private static (string Body, double Height) Draw(Figure figure)
    {
        var palette = new Palette(figure);
        var columns = Math.Clamp(figure.Columns, 1, Math.Max(1, figure.Panels.Count));
        var inner = Width - 2 * Margin;
        var legend = new SvgLegend(figure, palette, inner);
        var title = Lettering.Wrap(figure.Title, TitleSize, inner);
        var rough = (inner - (columns - 1) * Gap) / columns;
        var plotHeight = columns switch { 1 => 300, 2 => 215, 3 => 170, _ => 130 };
        var margins = figure.Panels.Select((panel, i) => PanelLayout.Margins(panel, rough, plotHeight, OwnsYTitle(figure, i, columns))).ToArray();
        double Widest(int column, Func<(double Labels, double Left, double Right), double> side) => margins.Where((_, i) => i % columns == column).Select(side).DefaultIfEmpty(0).Max();
        // all plots are equally wide, whatever stands beside them
        double[] lefts = [.. Enumerable.Range(0, columns).Select(column => Widest(column, margin => margin.Left))];
        double[] rights = [.. Enumerable.Range(0, columns).Select(column => Widest(column, margin => margin.Right))];
        var plotWidth = Math.Max(40, (inner - (columns - 1) * Between - lefts.Sum() - rights.Sum()) / columns);
        PanelLayout[] layouts = [.. figure.Panels.Select((panel, i) => new PanelLayout(
            panel, plotWidth, plotHeight, OwnsXTitle(figure, i, columns), OwnsYTitle(figure, i, columns), Widest(i % columns, margin => margin.Labels)))];

        var body = new SvgText();
        foreach (var (i, line) in title.Index())
            body.Text(Margin, Margin + 14 + i * TitleHeight, line, TitleSize, weight: "600");
        var y = Margin + title.Count * TitleHeight + (title.Count > 0 ? 6 : 0);
        legend.Draw(body, palette, Margin, y);
        y += legend.Height + 4;
        foreach (var (row, panels) in layouts.Chunk(columns).Index())
        {
            var top = panels.Max(panel => panel.Top);
            foreach (var (column, layout) in panels.Index())
            {
                var left = Margin + column * (plotWidth + Between) + lefts.Take(column + 1).Sum() + rights.Take(column).Sum();
                SvgPanel.Draw(body, layout, palette, left, y + top, $"{Id(figure)}-clip-{row * columns + column}");
            }
            y += panels.Max(panel => panel.Height - panel.Top) + top + 22;
        }
        return (body.ToString(), y - 22 + Margin);
    }

    private static string Document(Figure figure, string body, double height)
    {
        var (id, size) = (Id(figure), $"{SvgText.N(Width)} {SvgText.N(height)}");
        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{SvgText.N(Width)}" height="{SvgText.N(height)}" viewBox="0 0 {size}" role="img" aria-labelledby="{id}-title {id}-desc" font-family="{Lettering.Font}">
            <title id="{id}-title">{SvgText.Escape(figure.Title)}</title>
            <desc id="{id}-desc">{SvgText.Escape(figure.Caption)}</desc>
            <rect width="{SvgText.N(Width)}" height="{SvgText.N(height)}" fill="#ffffff"/>
            {body}</svg>

            """.ReplaceLineEndings("\n");
    }

    /// <summary>The name as an XML identifier.</summary>
    private static string Id(Figure figure) => "svg-" + string.Concat(figure.Name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-' ? letter : '-'));

    /// <summary>An axis is named once where the panel below has the same name for it.</summary>
    private static bool OwnsXTitle(Figure figure, int i, int columns)
        => i + columns >= figure.Panels.Count || figure.Panels[i + columns].X.Title != figure.Panels[i].X.Title || figure.Panels[i].Layers.Any(layer => layer is MatrixLayer);

    /// <summary>An axis is named once where the panel to the left has the same name for it.</summary>
    private static bool OwnsYTitle(Figure figure, int i, int columns)
        => i % columns == 0 || figure.Panels[i - 1].Y.Title != figure.Panels[i].Y.Title;
}
