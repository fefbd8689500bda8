using System.IO.Compression;
using System.Text.Json.Nodes;
using Understudy.Lab.Configuration;
using Understudy.Lab.Figures;

namespace Understudy.Lab.Reports;

/// <summary>The part of a report that draws live figures: the bundle built from <c>studio/report</c>, embedded where it was present at build time.</summary>
internal static class FigureScript
{
    private const string Start = """
        <script>
        (async () => {
          const packed = Uint8Array.from(atob(document.getElementById('figure-library').textContent), c => c.charCodeAt(0));
          const text = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
          const script = document.createElement('script');
          script.textContent = text;
          document.head.append(script);
          await window.understudyFigures();
        })().catch(problem => { document.documentElement.dataset.figures = 'failed'; console.error(problem); });
        </script>

        """;

    /// <summary>The bundle as a page holds it; packed once, because packing takes longer than everything else in a report.</summary>
    private static readonly Lazy<string?> Packed = new(Pack);

    /// <summary>The bundle of this build, compressed and as text; null where it was built without one.</summary>
    internal static string? Library => Packed.Value;

    /// <summary>The scripts of a page with these figures, by their element's id.</summary>
    internal static string Write(string library, IEnumerable<(string Id, Figure Figure)> figures)
    {
        var specifications = new JsonObject(figures.Select(item => KeyValuePair.Create(item.Id, (JsonNode?)VegaLite.Specification(item.Figure))));
        // inside a script element nothing may look like markup
        var json = specifications.ToJsonString(LabJson.Line).Replace("<", "\\u003c", StringComparison.Ordinal);
        return $"<script type=\"application/json\" id=\"figure-specs\">{json}</script>\n"
            + $"<script type=\"text/plain\" id=\"figure-library\">{library}</script>\n"
            + Start.ReplaceLineEndings("\n");
    }

    private static string? Pack()
    {
        using var bundle = typeof(FigureScript).Assembly.GetManifestResourceStream("figures.js");
        if (bundle is null)
            return null;
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            bundle.CopyTo(gzip);
        return Convert.ToBase64String(packed.GetBuffer().AsSpan(0, (int)packed.Length));
    }
}
