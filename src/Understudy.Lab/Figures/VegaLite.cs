using System.Text.Json.Nodes;
using Understudy.Lab.Configuration;

namespace Understudy.Lab.Figures;

/// <summary>Figures as Vega-Lite 6 specifications, which draw the same picture as <see cref="Svg"/> and show values under the pointer.</summary>
public static class VegaLite
{
    private const string Schema = "https://vega.github.io/schema/vega-lite/v6.json";
    private const double Width = 640;

    /// <summary>The specification of a figure as JSON text, data inline: at most 5,000 rows, evenly chosen where there are more.</summary>
    public static string Write(Figure figure) => Specification(figure).ToJsonString(LabJson.Line);

    /// <summary>The specification of a figure.</summary>
    internal static JsonObject Specification(Figure figure)
    {
        var thinned = Thinning.Apply(figure);
        var palette = new Palette(figure);
        var columns = Math.Clamp(figure.Columns, 1, Math.Max(1, figure.Panels.Count));
        var layouts = new VegaPanel(palette, columns == 1 ? Width : Width / columns - 62, columns switch { 1 => 300, 2 => 200, _ => 150 });
        JsonNode[] panels = [.. thinned.Panels.Select(layouts.Draw)];
        var root = new JsonObject
        {
            ["$schema"] = Schema,
            ["title"] = new JsonObject { ["text"] = new JsonArray([.. Lettering.Wrap(figure.Title, 15, Width).Select(line => (JsonNode)line)]), ["anchor"] = "start", ["fontSize"] = 15 },
            ["description"] = thinned.Caption,
            ["background"] = "#ffffff",
            ["config"] = new JsonObject
            {
                ["numberFormat"] = ",.6~g",
                ["legend"] = new JsonObject { ["orient"] = "top", ["title"] = null, ["labelLimit"] = 320, ["columns"] = 3, ["symbolOpacity"] = 1 },
                ["axis"] = new JsonObject { ["titleFontWeight"] = "normal", ["gridColor"] = "#e7e7e7", ["labelOverlap"] = true },
                ["view"] = new JsonObject { ["stroke"] = "#8a8a8a" },
                // marks are pictures without names; the caption describes them, and the numbers stand in a table below
                ["mark"] = new JsonObject { ["aria"] = false },
            },
        };
        if (panels.Length == 1)
        {
            foreach (var (key, value) in panels[0].AsObject())
                root[key == "title" ? "description" : key] = value?.DeepClone();
            root["description"] = thinned.Caption;
            return root;
        }
        root["columns"] = columns;
        root["concat"] = new JsonArray(panels);
        // one legend for all panels; the colors of a matrix mean something else
        if (!figure.Panels.Any(panel => panel.Layers.Any(layer => layer is MatrixLayer)))
            root["resolve"] = new JsonObject { ["scale"] = new JsonObject { ["color"] = "shared" } };
        return root;
    }
}
