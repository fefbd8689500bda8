using System.Globalization;

namespace Understudy.Data.Formats;

/// <summary>Tables as comma-separated text (RFC 4180, with a line feed after each row).</summary>
public static class Csv
{
    /// <summary>Writes a line of names and then the rows; numbers in their shortest form that reads back exactly.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="columns">The columns, all of the same length.</param>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    public static void Write(TextWriter writer, IReadOnlyList<CsvColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(columns);
        int rows = columns.Count == 0 ? 0 : columns[0].Count;
        if (columns.Any(column => column.Count != rows))
            throw new ArgumentException("The columns differ in length.", nameof(columns));
        WriteRow(writer, columns.Select(column => column.Name));
        for (int row = 0; row < rows; row++)
            WriteRow(writer, columns.Select(column => column.Text(row)));
    }

    private static void WriteRow(TextWriter writer, IEnumerable<string> cells)
    {
        writer.Write(string.Join(',', cells.Select(Escape)));
        writer.Write('\n');
    }

    private static string Escape(string text)
        => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}

/// <summary>One column of a table.</summary>
public sealed class CsvColumn
{
    private readonly Func<int, string> _text;

    private CsvColumn(string name, int count, Func<int, string> text)
    {
        Name = name;
        Count = count;
        _text = text;
    }

    /// <summary>The name in the first line.</summary>
    public string Name { get; }

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    /// <summary>A column of numbers; not-a-number is written <c>NaN</c>.</summary>
    public static CsvColumn Of(string name, IReadOnlyList<double> values)
        => new(name, values.Count, row => values[row].ToString("R", CultureInfo.InvariantCulture));

    /// <summary>A column of texts.</summary>
    public static CsvColumn Of(string name, IReadOnlyList<string> values) => new(name, values.Count, row => values[row]);

    /// <summary>The rows of one column and below them those of another, with the name of the first.</summary>
    public static CsvColumn Joined(CsvColumn first, CsvColumn second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return new(first.Name, first.Count + second.Count, row => row < first.Count ? first._text(row) : second._text(row - first.Count));
    }

    internal string Text(int row) => _text(row);
}
