using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;

namespace Understudy.Lab.Reports;

/// <summary>What is derived from recorded runs: <c>verdicts.json</c>, <c>figures/</c> and <c>report.html</c>.</summary>
internal static class RunReport
{
    internal static IReadOnlyList<Verdict> Write(IStudy study, IReadOnlyList<RecordedRun> runs, string folder, string? command = null)
    {
        Verdict[] verdicts = [.. study.Judge(runs)];
        Figure[] figures = [.. study.Draw(runs)];
        var drawn = Path.Combine(folder, "figures");
        Storage.CreateFolder(drawn);
        VerdictsJson.Write(Path.Combine(folder, "verdicts.json"), verdicts);
        foreach (var figure in figures)
        {
            Storage.WriteText(Path.Combine(drawn, figure.Name + ".vl.json"), VegaLite.Write(figure) + "\n");
            Storage.WriteText(Path.Combine(drawn, figure.Name + ".svg"), Svg.Write(figure));
        }
        Storage.WriteText(Path.Combine(folder, "report.html"), HtmlReport.Write(new ReportContent(study, runs, verdicts, figures, command ?? Command(study, runs))));
        return verdicts;
    }

    /// <summary>The command of one run; of several, one line each.</summary>
    private static string Command(IStudy study, IReadOnlyList<RecordedRun> runs)
        => string.Join('\n', runs.Select(run => string.Join(' ', run.Run.Arguments.Select(Shell.Quoted).Prepend($"understudy run {study.Card.Name}"))).Distinct(StringComparer.Ordinal));
}
