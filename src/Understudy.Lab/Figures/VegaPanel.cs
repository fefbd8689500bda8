using System.Globalization;
using System.Text.Json.Nodes;
using Understudy.Lab.Configuration;

namespace Understudy.Lab.Figures;

/// <summary>Panels of a figure as layered Vega-Lite views.</summary>
internal sealed class VegaPanel(Palette palette, double width, double height)
{
    private static readonly string[] Shapes = ["circle", "square", "triangle-up", "diamond", "triangle-down"];

    internal JsonNode Draw(Panel panel)
    {
        var size = Size(panel);
        var (x, y) = (
            AxisOf("x", panel.X, Extent.X(panel), descending: false, (int)(size.Width / 62)),
            AxisOf("y", panel.Y, Extent.Y(panel), descending: panel.Y.Categories is not null || IsMatrix(panel), (int)(size.Height / 45)));
        var view = new JsonObject
        {
            ["width"] = Math.Round(size.Width),
            ["height"] = Math.Round(size.Height),
            ["layer"] = new JsonArray([.. panel.Layers.SelectMany(layer => Marks(layer, panel, x, y))]),
        };
        if (panel.Title.Length > 0)
            view["title"] = panel.Title;
        return view;
    }

    private static bool IsMatrix(Panel panel) => panel.Layers.Any(layer => layer is MatrixLayer);

    /// <summary>The size of a plot; the legend of a matrix stands beside it.</summary>
    private (double Width, double Height) Size(Panel panel)
        => panel.Layers.OfType<MatrixLayer>().FirstOrDefault() is { } matrix ? PanelLayout.MatrixSize(matrix, width - 60) : (width, height);

    private IEnumerable<JsonNode> Marks(Layer layer, Panel panel, JsonObject x, JsonObject y) => layer switch
    {
        LineLayer line => [Line(line, panel, x, y)],
        BandLayer band => [Mark(band, Rows(band.Lower.Zip(band.Upper), point => new JsonObject { ["x"] = N(point.First.X), ["y"] = N(Grounded(panel, point.First.Y)), ["y2"] = N(Grounded(panel, point.Second.Y)) }),
            new JsonObject { ["type"] = "area", ["opacity"] = 0.2, ["clip"] = true }, x, y, ("y2", Field("y2")))],
        PointLayer points => [Points(points, panel, points.Points, x, y)],
        BarLayer bars => [Bars(bars, panel, x, y)],
        RuleLayer rule => [Rule(rule, x, y)],
        MatrixLayer { IsLabelled: true } matrix => [Matrix(matrix, panel, x, y), Labels(matrix, x, y)],
        MatrixLayer matrix => [Matrix(matrix, panel, x, y)],
        _ => [],
    };

    private JsonObject Line(LineLayer line, Panel panel, JsonObject x, JsonObject y)
    {
        var mark = new JsonObject { ["type"] = "line", ["strokeWidth"] = line.Opacity < 1 ? 1.2 : 2, ["clip"] = true, ["tooltip"] = true };
        if (line.Opacity < 1)
            mark["opacity"] = line.Opacity;
        if (line.Dashed || line.Role == SeriesRole.Reference)
            mark["strokeDash"] = new JsonArray(5, 4);
        if (line.Markers)
            mark["point"] = new JsonObject { ["shape"] = Shapes[palette.Index(line) % Shapes.Length], ["size"] = 36 };
        // a line goes through its points in their order; the index says so where x alone would not
        var ordered = line.Points.Zip(line.Points.Skip(1)).All(pair => pair.First.X <= pair.Second.X);
        var rows = Rows(line.Points.Index(), item => ordered
            ? new JsonObject { ["x"] = N(item.Item.X, panel.X), ["y"] = N(item.Item.Y, panel.Y) }
            : new JsonObject { ["x"] = N(item.Item.X, panel.X), ["y"] = N(item.Item.Y, panel.Y), ["i"] = item.Index });
        var drawn = Mark(line, rows, mark, x, y, ("tooltip", Tooltip(panel)));
        if (!ordered)
            drawn["encoding"]!["order"] = Field("i");
        return drawn;
    }

    private JsonObject Points(Layer layer, Panel panel, IReadOnlyList<XY> points, JsonObject x, JsonObject y)
    {
        var (size, opacity) = layer is PointLayer own ? (own.Size, own.Opacity) : (30, 1);
        var mark = new JsonObject { ["type"] = "point", ["filled"] = true, ["shape"] = Shapes[palette.Index(layer) % Shapes.Length], ["size"] = size, ["opacity"] = opacity, ["clip"] = true };
        return Mark(layer, Rows(points, point => new JsonObject { ["x"] = N(point.X, panel.X), ["y"] = N(point.Y, panel.Y) }), mark, x, y, ("tooltip", Tooltip(panel)));
    }

    private JsonObject Bars(BarLayer bars, Panel panel, JsonObject x, JsonObject y)
    {
        var ground = panel.Y.Logarithmic ? Extent.Y(panel).Low : 0;
        var rows = Rows(bars.Heights.Index().Where(item => item.Item > ground || !panel.Y.Logarithmic), item => new JsonObject
        {
            ["x"] = N(bars.Edges[item.Index]),
            ["x2"] = N(bars.Edges[item.Index + 1]),
            ["y"] = N(item.Item),
        });
        // rectangles and not bars: bars float on a logarithmic axis
        var mark = new JsonObject { ["type"] = "rect", ["opacity"] = 0.7, ["stroke"] = "#ffffff", ["strokeWidth"] = 0.5, ["clip"] = true };
        return Mark(bars, rows, mark, x, y, ("x2", Field("x2")), ("y2", new JsonObject { ["datum"] = ground }), ("tooltip", Tooltip(panel)));
    }

    private JsonObject Rule(RuleLayer rule, JsonObject x, JsonObject y)
    {
        var mark = new JsonObject { ["type"] = "rule", ["strokeWidth"] = 1.5 };
        if (rule.Role == SeriesRole.Reference)
            mark["strokeDash"] = new JsonArray(5, 4);
        var axis = (rule.Vertical ? x : y).DeepClone().AsObject();
        axis.Remove("field");
        axis["datum"] = N(rule.Value);
        var drawn = new JsonObject
        {
            ["data"] = new JsonObject { ["values"] = new JsonArray(new JsonObject()) },
            ["mark"] = mark,
            ["encoding"] = new JsonObject { [rule.Vertical ? "x" : "y"] = axis },
        };
        Color(rule, drawn);
        return drawn;
    }

    private static JsonObject Matrix(MatrixLayer matrix, Panel panel, JsonObject x, JsonObject y)
    {
        var rows = Rows(matrix.Values.Index(), item =>
        {
            var (row, column) = (item.Index / matrix.Columns, item.Index % matrix.Columns);
            return new JsonObject
            {
                ["x"] = column - 0.5,
                ["x2"] = column + 0.5,
                ["y"] = row - 0.5,
                ["y2"] = row + 0.5,
                ["v"] = N(item.Item),
                ["row"] = panel.Y.Categories is { } down && row < down.Count ? down[row] : JsonValue.Create(row + 1),
                ["column"] = panel.X.Categories is { } across && column < across.Count ? across[column] : JsonValue.Create(column + 1),
            };
        });
        var colors = Palette.IsDiverging(matrix) ? Palette.Diverging : Palette.Sequential;
        var color = new JsonObject
        {
            ["field"] = "v",
            ["type"] = "quantitative",
            ["title"] = matrix.Title,
            ["scale"] = new JsonObject { ["scheme"] = new JsonArray([.. colors.Select(stop => (JsonNode)stop)]), ["domain"] = new JsonArray(matrix.Min, matrix.Max), ["clamp"] = true },
            ["legend"] = new JsonObject { ["title"] = matrix.Title, ["orient"] = "right" },
        };
        var tooltip = new JsonArray(Shown("row", panel.Y.Title), Shown("column", panel.X.Title), Shown("v", matrix.Title));
        return new JsonObject
        {
            ["data"] = new JsonObject { ["values"] = rows },
            ["mark"] = new JsonObject { ["type"] = "rect" },
            ["encoding"] = new JsonObject { ["x"] = x.DeepClone(), ["x2"] = Field("x2"), ["y"] = y.DeepClone(), ["y2"] = Field("y2"), ["color"] = color, ["tooltip"] = tooltip },
        };
    }

    private static JsonObject Labels(MatrixLayer matrix, JsonObject x, JsonObject y)
    {
        var rows = Rows(matrix.Values.Index().Where(item => double.IsFinite(item.Item)), item => new JsonObject
        {
            ["x"] = item.Index % matrix.Columns,
            ["y"] = item.Index / matrix.Columns,
            ["v"] = N(item.Item),
            ["ink"] = Palette.Label(matrix, item.Item),
        });
        var ink = new JsonObject { ["field"] = "ink", ["type"] = "nominal", ["scale"] = null };
        var text = new JsonObject { ["field"] = "v", ["type"] = "quantitative", ["format"] = ".2f" };
        return new JsonObject
        {
            ["data"] = new JsonObject { ["values"] = rows },
            ["mark"] = new JsonObject { ["type"] = "text", ["fontSize"] = 11 },
            ["encoding"] = new JsonObject { ["x"] = x.DeepClone(), ["y"] = y.DeepClone(), ["text"] = text, ["color"] = ink },
        };
    }

    private JsonObject Mark(Layer layer, JsonArray rows, JsonObject mark, JsonObject x, JsonObject y, params ReadOnlySpan<(string Name, JsonNode Value)> more)
    {
        var encoding = new JsonObject { ["x"] = x.DeepClone(), ["y"] = y.DeepClone() };
        foreach (var (name, value) in more)
            encoding[name] = value;
        var drawn = new JsonObject { ["data"] = new JsonObject { ["values"] = rows }, ["mark"] = mark, ["encoding"] = encoding };
        Color(layer, drawn);
        return drawn;
    }

    /// <summary>A named series gets its color through the legend's scale, one without a name directly.</summary>
    private void Color(Layer layer, JsonObject drawn)
    {
        if (layer.Series.Length == 0)
        {
            drawn["mark"]!["color"] = palette.Color(layer);
            return;
        }
        drawn["encoding"]!["color"] = new JsonObject
        {
            ["datum"] = layer.Series,
            ["type"] = "nominal",
            ["scale"] = new JsonObject
            {
                ["domain"] = new JsonArray([.. palette.Series.Select(series => (JsonNode)series)]),
                ["range"] = new JsonArray([.. palette.Series.Select(series => (JsonNode)palette.Color(series))]),
            },
        };
    }

    private static JsonObject AxisOf(string field, Axis axis, (double Low, double High) extent, bool descending, int wanted)
    {
        var scale = new JsonObject { ["domain"] = new JsonArray(extent.Low, extent.High), ["nice"] = false, ["zero"] = false };
        if (axis.Logarithmic)
            scale["type"] = "log";
        if (axis.SymmetricUnit is { } unit)
        {
            scale["type"] = "symlog";
            scale["constant"] = unit;
        }

        if (descending)
            scale["reverse"] = true;
        var encoding = new JsonObject { ["field"] = field, ["type"] = "quantitative", ["title"] = axis.Title, ["scale"] = scale };
        if (axis.Categories is { } categories)
        {
            // the axis counts things: whole numbers with the labels in their place
            var labels = new JsonArray([.. categories.Select(label => (JsonNode)label)]).ToJsonString(LabJson.Line);
            encoding["axis"] = new JsonObject { ["values"] = new JsonArray([.. Enumerable.Range(0, categories.Count).Select(i => (JsonNode)i)]), ["labelExpr"] = $"{labels}[datum.value]", ["grid"] = false };
        }
        else
        {
            // the labels of the static picture
            Tick[] ticks = [.. new Scale(axis, extent, 0, 1, wanted).Ticks.Where(tick => tick.Label.Length > 0)];
            var values = new JsonArray([.. ticks.Select(tick => (JsonNode)tick.At)]);
            var labels = new JsonArray([.. ticks.Select(tick => (JsonNode)Raised(tick.Label))]).ToJsonString(LabJson.Line);
            encoding["axis"] = new JsonObject { ["values"] = values, ["labelExpr"] = $"{labels}[indexof({values.ToJsonString(LabJson.Line)}, datum.value)]" };
        }
        return encoding;
    }

    /// <summary>10^−3 with raised letters.</summary>
    private static string Raised(string label)
    {
        const string Raising = "⁰¹²³⁴⁵⁶⁷⁸⁹";
        var hat = label.IndexOf('^', StringComparison.Ordinal);
        return hat < 0 ? label : label[..hat] + string.Concat(label[(hat + 1)..].Select(letter => char.IsAsciiDigit(letter) ? Raising[letter - '0'] : '⁻'));
    }

    private static JsonArray Tooltip(Panel panel) => [Shown("x", panel.X.Title), Shown("y", panel.Y.Title)];

    private static JsonObject Shown(string field, string title) => new() { ["field"] = field, ["title"] = title.Length == 0 ? field : title };

    private static JsonObject Field(string name) => new() { ["field"] = name };

    private static JsonArray Rows<T>(IEnumerable<T> items, Func<T, JsonObject> row) => [.. items.Select(item => (JsonNode)row(item))];

    /// <summary>What lies at or below zero has no place on a logarithmic axis; a band then ends at the lower edge.</summary>
    private static double Grounded(Panel panel, double y) => panel.Y.Logarithmic && y <= 0 ? Extent.Y(panel).Low : y;

    /// <summary>A number as <see cref="N(double)"/>; null also where a logarithmic axis has no place for it.</summary>
    private static JsonValue? N(double value, Axis axis) => Extent.IsShown(value, axis.Logarithmic) ? N(value) : null;

    /// <summary>A number with the seven digits a picture can show; null, which breaks a line, where there is none.</summary>
    private static JsonValue? N(double value)
        => Extent.IsShown(value, logarithmic: false) ? JsonValue.Create(double.Parse(value.ToString("G7", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)) : null;
}
