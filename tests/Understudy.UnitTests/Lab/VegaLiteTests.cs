using System.Text.Json.Nodes;
using Understudy.Lab.Figures;

namespace Understudy.UnitTests.Lab;

public class VegaLiteTests
{
    [Fact]
    public void A_panel_is_a_layered_view_with_its_data_inline()
    {
        var root = Parse(FigureCases.Lines(logarithmic: true));

        Assert.Equal("https://vega.github.io/schema/vega-lite/v6.json", (string?)root["$schema"]);
        Assert.Equal(["area", "line", "line", "line", "rule", "rule"], root["layer"]!.AsArray().Select(layer => (string?)layer!["mark"]!["type"]));
        Assert.Equal("log", (string?)root["layer"]![1]!["encoding"]!["y"]!["scale"]!["type"]);
        Assert.Equal(101, root["layer"]![1]!["data"]!["values"]!.AsArray().Count);
    }

    [Fact]
    public void An_axis_of_both_signs_has_its_own_scale()
    {
        var scale = Parse(FigureCases.BothSigns())["layer"]![0]!["encoding"]!["y"]!["scale"]!;

        Assert.Equal(("symlog", 1e-4), ((string?)scale["type"], (double)scale["constant"]!));
        Assert.Null(Parse(FigureCases.Histogram())["layer"]![0]!["encoding"]!["y"]!["scale"]!["constant"]);
    }

    [Fact]
    public void Panels_stand_side_by_side_and_share_one_legend()
    {
        var root = Parse(FigureCases.Multiples());

        Assert.Equal((4, 2), (root["concat"]!.AsArray().Count, (int)root["columns"]!));
        Assert.Equal("shared", (string?)root["resolve"]!["scale"]!["color"]);
    }

    [Fact]
    public void A_histogram_is_of_rectangles_and_a_matrix_has_a_scale_of_its_own()
    {
        Assert.Equal("rect", (string?)Parse(FigureCases.Histogram())["layer"]![0]!["mark"]!["type"]);
        var color = Parse(FigureCases.Matrix())["layer"]![0]!["encoding"]!["color"]!;
        Assert.Equal([0.0, 1.0], color["scale"]!["domain"]!.AsArray().Select(value => (double)value!));
    }

    [Theory]
    [InlineData(4999)]
    [InlineData(5000)]
    [InlineData(5001)]
    [InlineData(200_000)]
    public void At_most_five_thousand_rows_are_inline_and_the_caption_says_so(int count)
    {
        var root = Parse(FigureCases.Points(count));

        var rows = root["layer"]![0]!["data"]!["values"]!.AsArray();
        Assert.Equal(Math.Min(count, 5000), rows.Count);
        Assert.Equal((0, count - 1), ((int)rows[0]!["x"]!, (int)rows[^1]!["x"]!));
        Assert.Equal(count > 5000, ((string)root["description"]!).Contains("points, evenly chosen.", StringComparison.Ordinal));
    }

    [Fact]
    public void Thinning_keeps_every_layer_and_merges_bars()
    {
        var figure = new Figure("f", "", "C.", [new Panel("", new Axis(""), new Axis(""),
        [
            new BarLayer("", [.. Enumerable.Range(0, 8001).Select(i => (double)i)], [.. Enumerable.Repeat(2.0, 8000)]),
            new LineLayer("", [.. Enumerable.Range(0, 4000).Select(i => new XY(i, i))]),
            FigureCases.Matrix(100, 40).Panels[0].Layers[0],
        ])]);

        var thinned = Thinning.Apply(figure);

        Assert.True(thinned.Panels[0].Layers.Sum(Thinning.Rows) is > 4000 and <= 5000);
        var bars = Assert.IsType<BarLayer>(thinned.Panels[0].Layers[0]);
        Assert.Equal((bars.Heights.Count + 1, 0.0, 8000.0), (bars.Edges.Count, bars.Edges[0], bars.Edges[^1]));
        Assert.All(bars.Heights, height => Assert.Equal(2, height));
    }

    [Fact]
    public void Awkward_numbers_are_left_out()
    {
        foreach (var figure in FigureCases.AwkwardOnes())
        {
            var text = VegaLite.Write(figure);
            Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Infinity", text, StringComparison.Ordinal);
        }
    }

    private static JsonObject Parse(Figure figure) => JsonNode.Parse(VegaLite.Write(figure))!.AsObject();
}
