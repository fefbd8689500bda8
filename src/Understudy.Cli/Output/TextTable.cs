namespace Understudy.Cli.Output;

/// <summary>A table of text that drops columns from the right where the screen is too narrow.</summary>
internal sealed class TextTable
{
    private const int Gap = 2;

    private readonly string[] _headings;
    private readonly bool[] _right;
    private readonly List<Cell[]> _rows = [];

    /// <summary>A table with headings; one that begins with '&gt;' belongs to a column aligned to the right.</summary>
    internal TextTable(params string[] headings)
    {
        _right = [.. headings.Select(heading => heading.StartsWith('>'))];
        _headings = [.. headings.Select(heading => heading.TrimStart('>'))];
    }

    /// <summary>Adds a row.</summary>
    internal void Add(params Cell[] cells) => _rows.Add(cells);

    /// <summary>Writes the table.</summary>
    internal void Write(Screen screen)
    {
        int[] widths = [.. _headings.Select((heading, i) => _rows.Select(row => row[i].Text.Length).Append(heading.Length).Max())];
        var shown = widths.Length;
        while (shown > 1 && widths[..shown].Sum() + Gap * (shown - 1) > screen.Width)
            shown--;
        Cell[] headings = [.. _headings.Select(heading => new Cell(heading))];
        foreach (var row in _rows.Prepend(headings))
            screen.Line(string.Join(new string(' ', Gap), row[..shown].Select((cell, i) => Padded(screen, cell, widths[i], _right[i]))));
    }

    private static string Padded(Screen screen, Cell cell, int width, bool right)
    {
        var space = new string(' ', Math.Max(0, width - cell.Text.Length));
        var text = cell.Outcome is { } outcome ? screen.Paint(cell.Text, outcome) : cell.Text;
        return right ? space + text : text + space;
    }
}

/// <summary>A cell of a table; an outcome gives its color.</summary>
internal readonly record struct Cell(string Text, Lab.Claims.Outcome? Outcome = null)
{
    public static implicit operator Cell(string text) => new(text);
}
