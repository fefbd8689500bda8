using System.Globalization;
using System.Xml;

namespace Understudy.Data.Formats;

/// <summary>Values over a rectangular grid in a plane, in the XML format of VTK for structured grids (.vts), which ParaView opens.</summary>
/// <remarks>Numbers as text, with all digits of a double. Points lie at (x, y, 0): ParaView's "Warp By Scalar" lifts them to a surface. Source: VTK file formats, "XML file formats", StructuredGrid.</remarks>
public static class VtkStructuredGrid
{
    private const int PerLine = 6;

    /// <summary>Writes a grid.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="x">The coordinates of columns.</param>
    /// <param name="y">The coordinates of rows.</param>
    /// <param name="values">Named values at the points, at least one; that of column i and row j is number i + j·columns.</param>
    /// <param name="places">Named places in the plane [n, 2] beside the grid, kept as fields of n triples; null for none.</param>
    /// <exception cref="ArgumentException">There are no points or values, not as many as points, a number is not finite, or names are missing or double.</exception>
    public static void Write(
        TextWriter writer, IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<(string Name, IReadOnlyList<double> Values)> values, IReadOnlyList<(string Name, IReadOnlyList<double[]> Places)>? places = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(values);
        places ??= [];
        Check(x, y, values, places);
        // a declaration of its own would name the encoding of the writer, which may be that of text in memory
        writer.Write("<?xml version=\"1.0\"?>\n");
        using var xml = XmlWriter.Create(writer, new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true, CloseOutput = false });
        xml.WriteStartElement("VTKFile");
        Attributes(xml, ("type", "StructuredGrid"), ("version", "1.0"), ("byte_order", "LittleEndian"), ("header_type", "UInt64"));
        var extent = string.Create(CultureInfo.InvariantCulture, $"0 {x.Count - 1} 0 {y.Count - 1} 0 0");
        xml.WriteStartElement("StructuredGrid");
        Attributes(xml, ("WholeExtent", extent));
        if (places.Count > 0)
        {
            xml.WriteStartElement("FieldData");
            foreach (var (name, own) in places)
                Triples(xml, name, own.Select(place => (place[0], place[1])), own.Count);
            xml.WriteEndElement();
        }

        xml.WriteStartElement("Piece");
        Attributes(xml, ("Extent", extent));
        xml.WriteStartElement("PointData");
        Attributes(xml, ("Scalars", values[0].Name));
        foreach (var (name, own) in values)
        {
            xml.WriteStartElement("DataArray");
            Attributes(xml, ("type", "Float64"), ("Name", name), ("format", "ascii"));
            Numbers(xml, own);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteStartElement("Points");
        Triples(xml, "Points", y.SelectMany(row => x.Select(column => (column, row))), tuples: null);
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Check(
        IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<(string Name, IReadOnlyList<double> Values)> values, IReadOnlyList<(string Name, IReadOnlyList<double[]> Places)> places)
    {
        var points = checked(x.Count * y.Count);
        if (points == 0 || values.Count == 0)
            throw new ArgumentException($"A grid of {x.Count} columns and {y.Count} rows with {values.Count} kinds of values has nothing to show.", nameof(values));
        string[] names = [.. values.Select(pair => pair.Name), .. places.Select(pair => pair.Name)];
        if (names.Any(string.IsNullOrWhiteSpace) || names.Distinct(StringComparer.Ordinal).Count() < names.Length)
            throw new ArgumentException($"Values need names of their own, not {string.Join(", ", names)}.", nameof(values));
        foreach (var (name, own) in values)
        {
            if (own.Count != points)
                throw new ArgumentException($"{name} has {own.Count} values for {points} points.", nameof(values));
            // as text the format has no word for them
            foreach (var (at, value) in own.Index())
            {
                if (!double.IsFinite(value))
                    throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name} at column {at % x.Count} and row {at / x.Count} is {value}: only finite numbers can be written."), nameof(values));
            }
        }

        if (!x.Concat(y).Concat(places.SelectMany(pair => pair.Places).SelectMany(place => place)).All(double.IsFinite))
            throw new ArgumentException("A coordinate is not finite.", nameof(x));
        if (places.SelectMany(pair => pair.Places).Any(place => place.Length != 2))
            throw new ArgumentException("A place in the plane has two coordinates.", nameof(places));
    }

    private static void Triples(XmlWriter xml, string name, IEnumerable<(double X, double Y)> places, int? tuples)
    {
        xml.WriteStartElement("DataArray");
        Attributes(xml, ("type", "Float64"), ("Name", name), ("NumberOfComponents", "3"));
        if (tuples is { } count)
            Attributes(xml, ("NumberOfTuples", count.ToString(CultureInfo.InvariantCulture)));
        Attributes(xml, ("format", "ascii"));
        Numbers(xml, places.SelectMany(place => new[] { place.X, place.Y, 0 }));
        xml.WriteEndElement();
    }

    private static void Numbers(XmlWriter xml, IEnumerable<double> numbers)
    {
        foreach (var line in numbers.Chunk(PerLine))
            xml.WriteString("\n" + string.Join(' ', line.Select(number => number.ToString("R", CultureInfo.InvariantCulture))));
        xml.WriteString("\n");
    }

    private static void Attributes(XmlWriter xml, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        foreach (var (name, value) in attributes)
            xml.WriteAttributeString(name, value);
    }
}
