using System.Globalization;
using System.Security;
using System.Text;

namespace Understudy.Lab.Figures;

/// <summary>Writes the elements of an SVG picture.</summary>
internal sealed class SvgText
{
    internal const string Ink = "#222222";
    internal const string Faint = "#555555";

    private readonly StringBuilder _text = new();

    /// <summary>Appends markup as it is.</summary>
    internal void Raw(string markup) => _text.Append(markup).Append('\n');

    /// <summary>A straight line.</summary>
    internal void Line(double x1, double y1, double x2, double y2, string color, double width, string dash = "", double opacity = 1)
        => Raw($"<line x1=\"{N(x1)}\" y1=\"{N(y1)}\" x2=\"{N(x2)}\" y2=\"{N(y2)}\" stroke=\"{color}\" stroke-width=\"{N(width)}\"{Opacity("stroke-opacity", opacity)}{Dash(dash)}/>");

    /// <summary>A filled rectangle.</summary>
    internal void Box(double x, double y, double width, double height, string color, double opacity = 1, string more = "")
        => Raw($"<rect x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(width)}\" height=\"{N(height)}\" fill=\"{color}\"{Opacity("fill-opacity", opacity)}{more}/>");

    /// <summary>A curve through pixels.</summary>
    internal void Path(string data, string color, double width, double opacity, string dash)
        => Raw($"<path d=\"{data}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{N(width)}\" stroke-linejoin=\"round\" stroke-linecap=\"round\"{Opacity("stroke-opacity", opacity)}{Dash(dash)}/>");

    /// <summary>A filled region.</summary>
    internal void Region(string data, string color, double opacity) => Raw($"<path d=\"{data}\" fill=\"{color}\"{Opacity("fill-opacity", opacity)}/>");

    /// <summary>A marker: circle, square, triangle, diamond, or triangle upside down, by number.</summary>
    internal void Marker(int shape, double x, double y, double area, string color, double opacity)
    {
        var r = Math.Sqrt(area / Math.PI);
        if (shape % 5 == 0)
        {
            Raw($"<circle cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"{N(r)}\" fill=\"{color}\"{Opacity("fill-opacity", opacity)}/>");
            return;
        }
        var (s, t, d) = (r * 0.886, r * 1.35, r * 1.25);
        var path = (shape % 5) switch
        {
            1 => $"M{N(x - s)} {N(y - s)}h{N(2 * s)}v{N(2 * s)}h{N(-2 * s)}z",
            2 => $"M{N(x)} {N(y - t)}l{N(t)} {N(1.75 * t)}h{N(-2 * t)}z",
            3 => $"M{N(x)} {N(y - d)}l{N(d)} {N(d)}l{N(-d)} {N(d)}l{N(-d)} {N(-d)}z",
            _ => $"M{N(x)} {N(y + t)}l{N(t)} {N(-1.75 * t)}h{N(-2 * t)}z",
        };
        Region(path, color, opacity);
    }

    /// <summary>Text at a place; powers such as 10^-3 are raised.</summary>
    internal void Text(double x, double y, string text, double size, string anchor = "start", string color = Ink, string weight = "", double rotate = 0)
    {
        var turn = rotate == 0 ? "" : $" transform=\"rotate({N(rotate)} {N(x)} {N(y)})\"";
        var bold = weight.Length == 0 ? "" : $" font-weight=\"{weight}\"";
        var place = anchor == "start" ? "" : $" text-anchor=\"{anchor}\"";
        Raw($"<text x=\"{N(x)}\" y=\"{N(y)}\" font-size=\"{N(size)}\" fill=\"{color}\"{place}{bold}{turn}>{Raised(text, size)}</text>");
    }

    public override string ToString() => _text.ToString();

    /// <summary>A number of pixels, to a tenth.</summary>
    internal static string N(double value)
    {
        var rounded = Math.Round(value, 1);
        return (rounded == 0 ? 0 : rounded).ToString("0.#", CultureInfo.InvariantCulture);
    }

    /// <summary>A text as XML; characters XML does not allow are replaced.</summary>
    internal static string Escape(string text)
        => SecurityElement.Escape(string.Concat(text.Select(letter => letter < ' ' && letter is not ('\t' or '\n') || letter is '\ufffe' or '\uffff' || char.IsSurrogate(letter) ? '\ufffd' : letter)))!;

    private static string Raised(string text, double size)
    {
        var hat = text.IndexOf("10^", StringComparison.Ordinal);
        if (hat < 0)
            return Escape(text);
        var end = hat + 3;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] is '-' or '\u2212'))
            end++;
        var raised = $"{Escape(text[..(hat + 2)])}<tspan dy=\"{N(-0.38 * size)}\" font-size=\"{N(0.72 * size)}\">{Escape(text[(hat + 3)..end])}</tspan>";
        return end == text.Length ? raised : $"{raised}<tspan dy=\"{N(0.38 * size)}\">{Escape(text[end..])}</tspan>";
    }

    private static string Dash(string dash) => dash.Length == 0 ? "" : $" stroke-dasharray=\"{dash}\"";

    private static string Opacity(string name, double opacity) => opacity >= 1 ? "" : $" {name}=\"{opacity.ToString("0.##", CultureInfo.InvariantCulture)}\"";
}
