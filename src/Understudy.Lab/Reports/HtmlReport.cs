using System.Net;
using System.Text.RegularExpressions;
using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;

namespace Understudy.Lab.Reports;

/// <summary>What a report shows.</summary>
/// <param name="Study">The study.</param>
/// <param name="Runs">The runs it is about; one, or the points of a sweep.</param>
/// <param name="Verdicts">One per claim.</param>
/// <param name="Figures">The figures in order.</param>
/// <param name="Command">The command that gives the same again.</param>
public sealed record ReportContent(
    IStudy Study, IReadOnlyList<RecordedRun> Runs, IReadOnlyList<Verdict> Verdicts, IReadOnlyList<Figure> Figures, string Command);

/// <summary>The report of one or several runs as one HTML file that asks for nothing outside itself.</summary>
/// <remarks>
/// Readable without scripts: every figure is there as a static picture and as numbers. Times stand in the section on
/// provenance alone, so that equal runs give otherwise equal reports.
/// </remarks>
public static partial class HtmlReport
{
    /// <summary>The HTML text.</summary>
    public static string Write(ReportContent content) => Write(content, FigureScript.Library);

    /// <summary>The HTML text with live figures where there is a library for them.</summary>
    internal static string Write(ReportContent content, string? library)
    {
        var card = content.Study.Card;
        return Marks().Replace(Page(), mark => mark.Value switch
        {
            "@TITLE@" => Text(card.Title),
            "@QUESTION@" => Text(card.Question),
            "@PAPER@" => Text(card.Paper),
            "@TALLY@" => Text(Tally(content.Verdicts)),
            "@VERDICTS@" => VerdictTable.Rows(content.Verdicts, content.Command.Contains('\n', StringComparison.Ordinal) ? null : content.Command),
            "@SCALES@" => VerdictTable.Scales(content.Verdicts),
            "@FIGURES@" => Figures(content.Figures, library is not null),
            "@NOT_MEASURED@" => NotMeasured(content.Verdicts),
            "@COMMAND@" => Text(content.Command),
            "@SETTINGS@" => ReportSettings.Write(content),
            "@PROVENANCE@" => ReportProvenance.Write(content.Runs),
            "@CITATIONS@" => string.Concat(card.Citations.Prepend(card.Paper).Append($"Understudy {ThisMachine.Version}, a laboratory for teacher-student learning").Distinct().Select(item => $"<li>{Text(item)}</li>\n")),
            "@SCRIPTS@" => library is null || content.Figures.Count == 0 ? MovieScript.For(content.Figures) : MovieScript.For(content.Figures) + FigureScript.Write(library, content.Figures.Where(figure => figure.Frames.Count == 0).Select(figure => (Id(figure), figure))),
            _ => mark.Value,
        });
    }

    /// <summary>A text as HTML.</summary>
    internal static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Tally(IReadOnlyList<Verdict> verdicts)
    {
        var counts = verdicts.CountBy(verdict => verdict.Outcome).ToDictionary();
        string[] words = [.. new[] { Outcome.Supported, Outcome.Partly, Outcome.NotSupported, Outcome.Inconclusive, Outcome.NotRun }
            .Where(counts.ContainsKey).Select(outcome => $"{counts[outcome]} {outcome}")];
        return $"{verdicts.Count} claim{(verdicts.Count == 1 ? "" : "s")}: {(words.Length == 0 ? "none measured" : string.Join(", ", words))}.";
    }

    private static string NotMeasured(IReadOnlyList<Verdict> verdicts)
    {
        Verdict[] missing = [.. verdicts.Where(verdict => verdict.Outcome == Outcome.NotRun)];
        return missing.Length == 0
            ? ""
            : $"<h2>What was not measured, and why</h2>\n<ul>\n{string.Concat(missing.Select(verdict => $"<li>{Text(verdict.Claim.Statement.TrimEnd('.'))}: {Text(verdict.Measured)}</li>\n"))}</ul>\n";
    }

    private static string Figures(IReadOnlyList<Figure> figures, bool isLive)
    {
        if (figures.Count == 0)
            return "";
        var note = isLive ? "" : "<p class=\"note\">This report holds static pictures: it was written by a build without the figure script.</p>\n";
        return $"<h2>Figures</h2>\n{note}{string.Concat(figures.Select(figure => Drawn(figure, isLive)))}";
    }

    private static string Drawn(Figure figure, bool isLive)
    {
        var buttons = isLive && figure.Frames.Count == 0
            ? "<br><button type=\"button\" data-save=\"svg\" hidden>Save SVG</button> <button type=\"button\" data-save=\"png\" hidden>Save PNG</button>\n"
            : "";
        var plot = figure.Frames.Count > 0 ? MovieScript.Frames(figure) : $"<div class=\"plot\"><div class=\"static\">\n{Svg.Write(figure)}</div></div>\n";
        return $"""
            <figure id="{Id(figure)}">
            {plot}<figcaption>{Text(Thinning.Apply(figure).Caption)}
            {buttons}<details><summary>Numbers of “{Text(figure.Title)}”</summary>
            {ReportNumbers.Write(figure)}</details>
            </figcaption>
            </figure>

            """.ReplaceLineEndings("\n");
    }

    private static string Id(Figure figure) => "figure-" + figure.Name;

    private static string Page()
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("report.html")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("@[A-Z_]+@")]
    private static partial Regex Marks();
}
