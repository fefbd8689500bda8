namespace Understudy.Lab.Figures;

/// <summary>Where a matrix of values crosses a level, by marching squares: straight pieces between interpolated points of the edges.</summary>
public static class Contour
{
    /// <summary>The pieces in the coordinates of cells (column, row), with a gap after each.</summary>
    /// <param name="values">Row-major values; a square with a NaN corner has no piece.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="level">The level.</param>
    /// <exception cref="ArgumentException">There are not as many values as cells.</exception>
    public static IReadOnlyList<XY> Of(IReadOnlyList<double> values, int rows, int columns, double level)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count != (long)rows * columns)
            throw new ArgumentException($"{values.Count} values are not {rows} rows of {columns}.", nameof(values));
        var pieces = new List<XY>();
        for (var row = 0; row + 1 < rows; row++)
        {
            for (var column = 0; column + 1 < columns; column++)
                Square(pieces, (c, r) => values[(r * columns) + c], column, row, level);
        }

        return pieces;
    }

    /// <summary>Around a square the level is crossed 0, 2 or 4 times; of four crossings neighbours belong together.</summary>
    private static void Square(List<XY> pieces, Func<int, int, double> value, int column, int row, double level)
    {
        (int X, int Y)[] corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)];
        double[] at = [.. corners.Select(corner => value(corner.X, corner.Y))];
        if (at.Any(double.IsNaN))
            return;
        var crossings = new List<XY>();
        for (var i = 0; i < corners.Length; i++)
        {
            var next = (i + 1) % corners.Length;
            if ((at[i] >= level) == (at[next] >= level))
                continue;
            var share = (level - at[i]) / (at[next] - at[i]);
            crossings.Add(new XY(corners[i].X + (share * (corners[next].X - corners[i].X)), corners[i].Y + (share * (corners[next].Y - corners[i].Y))));
        }

        for (var i = 0; i + 1 < crossings.Count; i += 2)
        {
            pieces.Add(crossings[i]);
            pieces.Add(crossings[i + 1]);
            pieces.Add(new XY(double.NaN, double.NaN));
        }
    }
}
