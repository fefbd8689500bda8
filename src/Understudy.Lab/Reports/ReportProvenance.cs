using System.Globalization;
using Understudy.Lab.Runs;

namespace Understudy.Lab.Reports;

/// <summary>Where the numbers of a report come from: versions, machine, data sets and times.</summary>
internal static class ReportProvenance
{
    internal static string Write(IReadOnlyList<RecordedRun> runs)
    {
        if (runs.Count == 0)
            return "<p>There is no run.</p>\n";
        if (runs.Count == 1)
            return List(One(runs[0].Run));
        var shared = One(runs[0].Run).Where(item => item.Name is not ("Run" or "Started" or "Took") && runs.All(run => One(run.Run).Contains(item)));
        return List(shared) + "<details><summary>The runs</summary>\n" + ReportSettings.Table(
            ["Run", "Status", "Started", "Took", "Processor", "Threads"],
            runs.Select(run => (string[])[run.Run.Id, run.Run.Status.ToString(), Time(run.Run.Started), Took(run.Run), run.Run.Machine?.Processor ?? "", run.Run.Threads.ToString(CultureInfo.InvariantCulture)])) + "</details>\n";
    }

    private static List<(string Name, string Value)> One(RunJson run)
    {
        List<(string, string)> items =
        [
            ("Understudy", run.Version + (run.Commit.Length > 0 ? $", commit {run.Commit[..Math.Min(12, run.Commit.Length)]}" : "")),
            ("Engine", run.Engine is { } engine ? $"{engine.Version}, {engine.Dtype}, numeric revision {engine.NumericRevision}" : "unknown"),
            ("Machine", run.Machine is { } machine ? $"{machine.Processor}, {machine.Cores} cores, {machine.Registers} registers" : "unknown"),
            ("System", run.Machine is { } system ? $"{system.Os}, {system.Runtime}" : "unknown"),
            ("Threads", $"{run.Threads} (results do not depend on it)"),
        ];
        items.AddRange(run.Data.Select(data => ("Data set " + data.Set, "SHA-256 " + data.Sha256)));
        items.Add(("Run", run.Id));
        items.Add(("Started", Time(run.Started)));
        items.Add(("Took", Took(run)));
        if (run.Resumes.Count > 0)
            items.Add(("Resumed", string.Join("; ", run.Resumes.Select(resume => $"after step {resume.Step}, {Time(resume.At)}"))));
        return items;
    }

    private static string List(IEnumerable<(string Name, string Value)> items)
        => $"<dl>\n{string.Concat(items.Select(item => $"<dt>{HtmlReport.Text(item.Name)}</dt><dd>{HtmlReport.Text(item.Value)}</dd>\n"))}</dl>\n";

    private static string Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) ?? "";

    private static string Took(RunJson run) => run.Took is not { } took
        ? ""
        : took.TotalMinutes < 2 ? string.Create(CultureInfo.InvariantCulture, $"{took.TotalSeconds:0.0} s") : took.ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture).TrimStart('0', '.');
}
