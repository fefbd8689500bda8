using System.Globalization;
using System.Xml.Linq;
using Understudy.Data.Formats;

namespace Understudy.UnitTests.Data.Formats;

public class VtkStructuredGridTests
{
    [Fact]
    public void What_is_written_is_read_back_to_the_bit() => Property.Holds(10, draw =>
    {
        var (columns, rows) = (1 + draw.Index(5), 1 + draw.Index(5));
        double[] x = [.. draw.Normal(columns).Order()], y = [.. draw.Normal(rows).Order()];
        double[] losses = [.. draw.Normal(columns * rows).Select(Math.Exp)], tiny = [.. draw.Normal(columns * rows).Select(value => value * 1e-300)];
        double[][] models = [draw.Normal(2), draw.Normal(2), draw.Normal(2)];

        var grid = Read(Written(x, y, [("loss", losses), ("a < b & \"c\"", tiny)], [("models", models)]));

        Assert.Equal((columns, rows), (grid.Columns, grid.Rows));
        Assert.Equal("loss", grid.Scalars);
        Assert.Equal(losses, grid.Values["loss"]);
        Assert.Equal(tiny, grid.Values["a < b & \"c\""]);
        Assert.Equal([.. y.SelectMany(row => x.SelectMany(column => new[] { column, row, 0.0 }))], grid.Points);
        Assert.Equal([.. models.SelectMany(place => new[] { place[0], place[1], 0.0 })], grid.Fields["models"]);
    });

    [Fact]
    public void A_small_file_is_what_the_format_says()
    {
        var text = Written([0, 0.5], [-1], [("loss", [1, 1e-20])], null);

        Assert.Equal(
            """
            <?xml version="1.0"?>
            <VTKFile type="StructuredGrid" version="1.0" byte_order="LittleEndian" header_type="UInt64">
              <StructuredGrid WholeExtent="0 1 0 0 0 0">
                <Piece Extent="0 1 0 0 0 0">
                  <PointData Scalars="loss">
                    <DataArray type="Float64" Name="loss" format="ascii">
            1 1E-20
            </DataArray>
                  </PointData>
                  <Points>
                    <DataArray type="Float64" Name="Points" NumberOfComponents="3" format="ascii">
            0 -1 0 0.5 -1 0
            </DataArray>
                  </Points>
                </Piece>
              </StructuredGrid>
            </VTKFile>
            """.ReplaceLineEndings("\n"), text);
    }

    [Fact]
    public void What_the_format_cannot_hold_is_told()
    {
        void Refused(string expected, double[] x, double[] y, (string, IReadOnlyList<double>)[] values, (string, IReadOnlyList<double[]>)[]? places = null)
            => Assert.Contains(expected, Assert.Throws<ArgumentException>(() => Written(x, y, values, places)).Message, StringComparison.Ordinal);

        Refused("loss has 3 values for 4 points", [0, 1], [0, 1], [("loss", [1, 2, 3])]);
        Refused("loss at column 1 and row 1 is NaN", [0, 1], [0, 1], [("loss", [1, 2, 3, double.NaN])]);
        Refused("loss at column 0 and row 0 is Infinity", [0, 1], [0], [("loss", [double.PositiveInfinity, 2])]);
        Refused("nothing to show", [], [0], [("loss", [])]);
        Refused("nothing to show", [0], [0], []);
        Refused("names of their own, not loss, loss", [0], [0], [("loss", [1]), ("loss", [1])]);
        Refused("coordinate is not finite", [double.NaN], [0], [("loss", [1])]);
        Refused("two coordinates", [0], [0], [("loss", [1])], [("models", [[1, 2, 3]])]);
    }

    /// <summary>A grid file as an independent reader of the format takes it.</summary>
    internal static ReadGrid Read(string text)
    {
        var root = XDocument.Parse(text).Root!;
        Assert.Equal(("VTKFile", "StructuredGrid"), (root.Name.LocalName, (string)root.Attribute("type")!));
        var grid = root.Element("StructuredGrid")!;
        var piece = grid.Element("Piece")!;
        int[] extent = [.. ((string)grid.Attribute("WholeExtent")!).Split(' ').Select(word => int.Parse(word, CultureInfo.InvariantCulture))];
        Assert.Equal((string)grid.Attribute("WholeExtent")!, (string)piece.Attribute("Extent")!);
        var data = piece.Element("PointData")!;
        return new ReadGrid(
            extent[1] - extent[0] + 1, extent[3] - extent[2] + 1, (string)data.Attribute("Scalars")!, Arrays(data), Numbers(piece.Element("Points")!.Element("DataArray")!), Arrays(grid.Element("FieldData")));
    }

    private static Dictionary<string, double[]> Arrays(XElement? parent)
        => parent?.Elements("DataArray").ToDictionary(array => (string)array.Attribute("Name")!, Numbers) ?? [];

    private static double[] Numbers(XElement array)
    {
        Assert.Equal(("Float64", "ascii"), ((string)array.Attribute("type")!, (string)array.Attribute("format")!));
        double[] numbers = [.. array.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
        if ((string?)array.Attribute("NumberOfTuples") is { } tuples)
            Assert.Equal(int.Parse(tuples, CultureInfo.InvariantCulture) * int.Parse((string)array.Attribute("NumberOfComponents")!, CultureInfo.InvariantCulture), numbers.Length);
        return numbers;
    }

    private static string Written(double[] x, double[] y, IReadOnlyList<(string, IReadOnlyList<double>)> values, IReadOnlyList<(string, IReadOnlyList<double[]>)>? places)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        VtkStructuredGrid.Write(writer, x, y, values, places);
        return writer.ToString();
    }
}

/// <summary>What a grid file holds.</summary>
/// <param name="Columns">Points along x.</param>
/// <param name="Rows">Points along y.</param>
/// <param name="Scalars">The array that is shown first.</param>
/// <param name="Values">Arrays at points.</param>
/// <param name="Points">Triples.</param>
/// <param name="Fields">Arrays beside the points.</param>
internal sealed record ReadGrid(int Columns, int Rows, string Scalars, Dictionary<string, double[]> Values, double[] Points, Dictionary<string, double[]> Fields);
