using Understudy.Lab.Claims;
using Understudy.Lab.Figures;
using Understudy.Lab.Runs;

namespace Understudy.Lab.Reports;

/// <summary>What is derived from recorded runs: <c>verdicts.json</c>, <c>figures/</c> and <c>report.html</c>.</summary>
internal static class RunReport
{
    internal static IReadOnlyList<Verdict> Write(IStudy study, IReadOnlyList<RecordedRun> runs, string folder, string? command = null)
    {
        foreach (var run in runs)
            run.RequireWholeTables();
        var (verdicts, figures) = Derived(study, runs, folder);
        var drawn = Path.Combine(folder, "figures");
        Storage.CreateFolder(drawn);
        VerdictsJson.Write(Path.Combine(folder, "verdicts.json"), verdicts);
        foreach (var figure in figures)
        {
            Storage.WriteText(Path.Combine(drawn, figure.Name + ".vl.json"), VegaLite.Write(figure) + "\n");
            Storage.WriteText(Path.Combine(drawn, figure.Name + ".svg"), Svg.Write(figure));
            if (figure.Frames.Count > 0)
                Storage.WriteText(Path.Combine(drawn, figure.Name + ".moving.svg"), Svg.WriteMoving(figure));
        }
        Storage.WriteText(Path.Combine(folder, "report.html"), HtmlReport.Write(new ReportContent(study, runs, verdicts, figures, command ?? Command(study, runs))));
        return verdicts;
    }

    private static (Verdict[] Verdicts, Figure[] Figures) Derived(IStudy study, IReadOnlyList<RecordedRun> runs, string folder)
    {
        try
        {
            return ([.. study.Judge(runs)], [.. study.Draw(runs)]);
        }
        catch (Exception problem) when (problem is ArgumentException or IndexOutOfRangeException or InvalidOperationException or KeyNotFoundException)
        {
            // the study counts on what its own training saved: its bug, or a file that somebody removed
            throw new InvalidOperationException($"{folder} cannot be judged: {problem.Message.TrimEnd('.')}; an array or table of a run is missing, or {study.Card.Name} has a bug", problem);
        }
    }

    /// <summary>The command of one run; of several, one line each.</summary>
    private static string Command(IStudy study, IReadOnlyList<RecordedRun> runs)
        => string.Join('\n', runs.Select(run => string.Join(' ', run.Run.Arguments.Select(Shell.Quoted).Prepend($"understudy run {study.Card.Name}"))).Distinct(StringComparer.Ordinal));
}
