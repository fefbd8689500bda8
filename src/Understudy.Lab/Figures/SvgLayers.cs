using System.Globalization;
using System.Text;

namespace Understudy.Lab.Figures;

/// <summary>Draws the layers of a panel.</summary>
internal sealed class SvgLayers(SvgText svg, Palette palette, Scale x, Scale y)
{
    internal const string Dashes = "5 4";
    private const int MostMarkers = 4000;

    internal void Draw(Layer layer)
    {
        switch (layer)
        {
            case MatrixLayer matrix:
                Matrix(matrix);
                break;
            case BandLayer band:
                Band(band);
                break;
            case BarLayer bars:
                Bars(bars);
                break;
            case LineLayer line:
                Line(line);
                break;
            case PointLayer points:
                Markers(points, points.Points, points.Size, points.Opacity);
                break;
        }
    }

    /// <summary>A rule goes across the whole panel.</summary>
    internal void Rule(RuleLayer rule, double left, double top, double right, double bottom)
    {
        if (!(rule.Vertical ? x : y).Shows(rule.Value))
            return;
        var at = rule.Vertical ? x[rule.Value] : y[rule.Value];
        var dash = rule.Role == SeriesRole.Reference ? Dashes : "";
        if (rule.Vertical)
            svg.Line(at, top, at, bottom, palette.Color(rule), 1.4, dash);
        else
            svg.Line(left, at, right, at, palette.Color(rule), 1.4, dash);
    }

    private void Line(LineLayer line)
    {
        var data = Curve(line.Points);
        if (data.Length > 0)
            svg.Path(data, palette.Color(line), line.Opacity < 1 ? 1.2 : 1.9, line.Opacity, line.Dashed || line.Role == SeriesRole.Reference ? Dashes : "");
        if (line.Markers)
            Markers(line, line.Points, 30, line.Opacity);
    }

    private void Markers(Layer layer, IReadOnlyList<XY> points, double size, double opacity)
    {
        foreach (var point in Thinning.Evenly(points, MostMarkers))
        {
            if (x.Shows(point.X) && y.Shows(point.Y))
                svg.Marker(palette.Index(layer), x[point.X], y[point.Y], size, palette.Color(layer), opacity);
        }
    }

    private void Band(BandLayer band)
    {
        var count = Math.Min(band.Lower.Count, band.Upper.Count);
        XY[] ring = [.. band.Upper.Take(count), .. Enumerable.Reverse(band.Lower.Take(count))];
        // on a logarithmic axis a lower end at or below zero lies below the panel
        var data = Curve([.. ring.Select(point => new XY(point.X, point.Y > 0 || !double.IsFinite(point.Y) || y.Shows(point.Y) ? point.Y : y.Low))]);
        if (data.Length > 0)
            svg.Region(data + "z", palette.Color(band), 0.2);
    }

    private void Bars(BarLayer bars)
    {
        var ground = y[y.Shows(0) ? 0 : y.Low];
        for (var i = 0; i < Math.Min(bars.Heights.Count, bars.Edges.Count - 1); i++)
        {
            if (!y.Shows(bars.Heights[i]) || bars.Heights[i] == 0 || !x.Shows(bars.Edges[i]) || !x.Shows(bars.Edges[i + 1]))
                continue;
            var (left, right, top) = (x[bars.Edges[i]], x[bars.Edges[i + 1]], y[bars.Heights[i]]);
            svg.Box(Math.Min(left, right), Math.Min(top, ground), Math.Abs(right - left), Math.Abs(ground - top), palette.Color(bars), 0.7, " stroke=\"#ffffff\" stroke-width=\"0.5\"");
        }
    }

    private void Matrix(MatrixLayer matrix)
    {
        for (var row = 0; row < matrix.Rows; row++)
        {
            for (var column = 0; column < matrix.Columns; column++)
            {
                var (left, right, top, bottom) = (x[column - 0.5], x[column + 0.5], y[row - 0.5], y[row + 0.5]);
                // a hair wider, so that no white lines show between cells
                svg.Box(left, top, right - left + 0.2, bottom - top + 0.2, Palette.Cell(matrix, matrix.Values[row * matrix.Columns + column]));
                if (matrix.IsLabelled && matrix.Values[row * matrix.Columns + column] is var value && double.IsFinite(value))
                    svg.Text((left + right) / 2, (top + bottom) / 2 + 4, value.ToString("0.00", CultureInfo.InvariantCulture), 11, "middle", Palette.Label(matrix, value));
            }
        }
    }

    /// <summary>A path through points; gaps where there is no number; points closer than a tenth of a pixel are one.</summary>
    private string Curve(IReadOnlyList<XY> points)
    {
        var (data, last, pen) = (new StringBuilder(), "", false);
        foreach (var point in points)
        {
            if (!x.Shows(point.X) || !y.Shows(point.Y))
            {
                pen = false;
                continue;
            }
            var at = $"{SvgText.N(x[point.X])} {SvgText.N(y[point.Y])}";
            if (pen && at == last)
                continue;
            data.Append(pen ? 'L' : 'M').Append(at);
            (last, pen) = (at, true);
        }
        return data.ToString();
    }
}
