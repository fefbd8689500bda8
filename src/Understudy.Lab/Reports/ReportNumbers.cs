using System.Globalization;
using System.Text;
using Understudy.Lab.Figures;

namespace Understudy.Lab.Reports;

/// <summary>The numbers of a figure as a table.</summary>
internal static class ReportNumbers
{
    private const int MostRows = 400;

    internal static string Write(Figure figure)
    {
        var total = figure.Panels.Sum(panel => panel.Layers.Sum(Thinning.Rows));
        var shown = Thinning.Apply(figure, MostRows);
        var (x, y) = (OneOrNone(figure.Panels.Select(panel => panel.X.Title), "x"), OneOrNone(figure.Panels.Select(panel => panel.Y.Title), "y"));
        var several = figure.Panels.Count > 1;
        var text = new StringBuilder();
        if (total > MostRows)
            text.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">About {MostRows} of {total:#,0} rows, evenly chosen; all are in the run directory.</p>\n");
        text.Append("<div class=\"wide\" tabindex=\"0\"><table><thead><tr>");
        if (several)
            text.Append("<th scope=\"col\">Panel</th>");
        text.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\">Series</th><th scope=\"col\">{HtmlReport.Text(x)}</th><th scope=\"col\">{HtmlReport.Text(y)}</th><th scope=\"col\">to, or value</th></tr></thead><tbody>\n");
        foreach (var panel in shown.Panels)
        {
            foreach (var (series, across, up, more) in panel.Layers.SelectMany(layer => Rows(layer, panel)))
            {
                text.Append("<tr>");
                if (several)
                    text.Append(CultureInfo.InvariantCulture, $"<td>{HtmlReport.Text(panel.Title)}</td>");
                text.Append(CultureInfo.InvariantCulture, $"<td>{HtmlReport.Text(series)}</td><td class=\"number\">{HtmlReport.Text(across)}</td><td class=\"number\">{HtmlReport.Text(up)}</td><td class=\"number\">{more}</td></tr>\n");
            }
        }
        return text.Append("</tbody></table></div>\n").ToString();
    }

    private static IEnumerable<(string Series, string X, string Y, string More)> Rows(Layer layer, Panel panel) => layer switch
    {
        LineLayer line => line.Points.Select(point => (line.Series, N(point.X, panel.X), N(point.Y, panel.Y), "")),
        PointLayer points => points.Points.Select(point => (points.Series, N(point.X, panel.X), N(point.Y, panel.Y), "")),
        BandLayer band => band.Lower.Zip(band.Upper, (low, high) => (band.Series + " (spread)", N(low.X, panel.X), N(low.Y, panel.Y), N(high.Y))),
        BarLayer bars => bars.Heights.Select((height, i) => (bars.Series, $"{N(bars.Edges[i])} – {N(bars.Edges[i + 1])}", N(height), "")),
        RuleLayer { Vertical: true } rule => [(rule.Series, N(rule.Value), "", "")],
        RuleLayer rule => [(rule.Series, "", N(rule.Value), "")],
        MatrixLayer matrix => matrix.Values.Select((value, i) => (matrix.Title, N(i % matrix.Columns, panel.X), N(i / matrix.Columns, panel.Y), N(value))),
        _ => [],
    };

    private static string N(double value, Axis axis)
        => axis.Categories is { } labels && value == Math.Floor(value) && value >= 0 && value < labels.Count ? labels[(int)value] : N(value);

    private static string N(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static string OneOrNone(IEnumerable<string> titles, string otherwise)
        => titles.Distinct(StringComparer.Ordinal).Take(2).ToArray() is [{ Length: > 0 } only] ? only : otherwise;
}
