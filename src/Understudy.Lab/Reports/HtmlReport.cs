using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;

namespace Understudy.Lab.Reports;

/// <summary>What a report shows.</summary>
/// <param name="Study">The study.</param>
/// <param name="Runs">The runs it is about; one, or the points of a sweep.</param>
/// <param name="Verdicts">One per claim.</param>
/// <param name="Figures">The figures in order.</param>
public sealed record ReportContent(IStudy Study, IReadOnlyList<RecordedRun> Runs, IReadOnlyList<Verdict> Verdicts, IReadOnlyList<Figure> Figures);

/// <summary>The report of one or several runs as one HTML file that asks for nothing outside itself.</summary>
public static class HtmlReport
{
    /// <summary>The HTML text.</summary>
    public static string Write(ReportContent content) => content.Study.Card.Title;
}
