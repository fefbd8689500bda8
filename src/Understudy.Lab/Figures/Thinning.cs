using System.Globalization;

namespace Understudy.Lab.Figures;

/// <summary>Fewer points of a figure where it has very many.</summary>
internal static class Thinning
{
    /// <summary>The most rows a specification or a report holds inline.</summary>
    internal const int MostRows = 5000;

    /// <summary>The figure with at most so many rows; every layer is thinned by the same factor, and the caption says so.</summary>
    internal static Figure Apply(Figure figure, int most = MostRows)
    {
        var rows = figure.Panels.Sum(Rows);
        if (rows <= most)
            return figure;
        var factor = (double)most / rows;
        var panels = figure.Panels.Select(panel => Apply(panel, factor)).ToArray();
        var note = string.Create(CultureInfo.InvariantCulture, $" Drawn here with {panels.Sum(Rows):#,0} of {rows:#,0} points, evenly chosen.");
        return figure with { Panels = panels, Caption = figure.Caption.TrimEnd() + note };
    }

    /// <summary>The rows of a layer in a table.</summary>
    internal static int Rows(Layer layer) => layer switch
    {
        LineLayer line => line.Points.Count,
        BandLayer band => band.Lower.Count,
        PointLayer points => points.Points.Count,
        BarLayer bars => bars.Heights.Count,
        MatrixLayer matrix => matrix.Values.Count,
        _ => 1,
    };

    /// <summary>At most so many of several things at equal distances, the first and the last among them.</summary>
    internal static IReadOnlyList<T> Evenly<T>(IReadOnlyList<T> items, int most)
    {
        if (items.Count <= most)
            return items;
        return most < 2
            ? [.. items.Take(most)]
            : [.. Enumerable.Range(0, most).Select(i => items[(int)((long)i * (items.Count - 1) / (most - 1))])];
    }

    private static int Rows(Panel panel) => panel.Layers.Sum(Rows);

    private static Panel Apply(Panel panel, double factor)
    {
        Layer[] layers = [.. panel.Layers.Select(layer => Apply(layer, factor))];
        return layers.OfType<MatrixLayer>().FirstOrDefault() is { } matrix
            ? panel with { Layers = layers, X = Labelled(panel.X, matrix.Columns), Y = Labelled(panel.Y, matrix.Rows) }
            : panel with { Layers = layers };

        static Axis Labelled(Axis axis, int most) => axis.Categories is { } labels ? axis with { Categories = Evenly(labels, most) } : axis;
    }

    private static Layer Apply(Layer layer, double factor)
    {
        var most = (int)(Rows(layer) * factor);
        return layer switch
        {
            LineLayer line => line with { Points = Evenly(line.Points, most) },
            BandLayer band => band with { Lower = Evenly(band.Lower, most), Upper = Evenly(band.Upper, most) },
            PointLayer points => points with { Points = Evenly(points.Points, most) },
            BarLayer bars => Merged(bars, Math.Max(1, most)),
            MatrixLayer matrix => Thinned(matrix, Math.Sqrt(factor)),
            _ => layer,
        };
    }

    /// <summary>Neighbouring bars become one, of their mean height.</summary>
    private static BarLayer Merged(BarLayer bars, int most)
    {
        var width = (bars.Heights.Count + most - 1) / most;
        return bars with
        {
            Edges = [.. bars.Edges.Where((_, i) => i % width == 0 || i == bars.Heights.Count)],
            Heights = [.. bars.Heights.Chunk(width).Select(chunk => chunk.Average())],
        };
    }

    private static MatrixLayer Thinned(MatrixLayer matrix, double factor)
    {
        var rows = Evenly([.. Enumerable.Range(0, matrix.Rows)], Math.Max(1, (int)(matrix.Rows * factor)));
        var columns = Evenly([.. Enumerable.Range(0, matrix.Columns)], Math.Max(1, (int)(matrix.Columns * factor)));
        return matrix with
        {
            Rows = rows.Count,
            Columns = columns.Count,
            Values = [.. rows.SelectMany(row => columns.Select(column => matrix.Values[row * matrix.Columns + column]))],
        };
    }
}
