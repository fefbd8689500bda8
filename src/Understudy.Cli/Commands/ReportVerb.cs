using System.Globalization;
using System.Text.Json.Nodes;
using Understudy.Cli.Output;
using Understudy.Lab.Execution;
using Understudy.Lab.Runs;

namespace Understudy.Cli.Commands;

/// <summary><c>report</c>: judges and draws recorded runs again.</summary>
internal sealed class ReportVerb : Verb
{
    private readonly Flags _flags;

    internal ReportVerb(Flags flags)
        : base("report", "judges and draws recorded runs again, without training", "DIR ... [--out DIR]")
    {
        _flags = flags;
        Command.Options.Add(_folder);
        Command.Options.Add(flags.Strict);
    }

    private readonly System.CommandLine.Option<string?> _folder = Flags.Valued("--out", "DIR", "where the report on several runs goes (else a new folder among the runs)");

    internal override IReadOnlyList<Example> Examples =>
    [
        new("understudy report RUN", "one run, in its own directory"),
        new("understudy report SWEEP", "all points of a sweep together"),
        new("understudy report RUNS/*-specialization-* --out together", "several runs, one report"),
    ];

    internal override (int Least, int Most) Words => (1, int.MaxValue);

    internal override string Missing => "report needs the directory of a run or a sweep";

    internal override int Execute(Invocation invocation)
    {
        var paths = invocation.Words;
        RunDirectory[] runs = [.. paths.SelectMany(path => SweepDirectory.IsSweep(path) ? SweepDirectory.Open(path).Runs : [RunDirectory.Open(path)])];
        var study = invocation.Study(runs[0].ReadRun().Study);
        var together = runs.Length > 1 || invocation.Value(_folder) is not null;
        var folder = invocation.Value(_folder) ?? (paths.Count == 1 ? paths[0] : NewFolder(invocation, study.Card.Name));
        var verdicts = !together ? LocalRunner.Report(study, runs[0])
            : paths.Count == 1 && invocation.Value(_folder) is null ? LocalRunner.Report(study, SweepDirectory.Open(paths[0]))
            : LocalRunner.Report(study, runs, folder);
        var report = Path.Combine(folder, "report.html");
        var code = RunCarrier.Judged(verdicts, invocation.Is(_flags.Strict));
        if (invocation.Json)
        {
            invocation.Write(new JsonObject { ["study"] = study.Card.Name, ["exitCode"] = code, ["runs"] = Invocation.Node(runs.Select(run => run.Path)), ["verdicts"] = Invocation.Node(verdicts), ["report"] = report });
            return code;
        }
        VerdictBlock.Write(invocation.Out, verdicts);
        invocation.Out.Line($"{(runs.Length == 1 ? "run    " : "runs   ")} {(runs.Length == 1 ? runs[0].Path : Wording.Count(runs.Length, "run"))}");
        invocation.Out.Line($"report  {report}");
        return code;
    }

    private static string NewFolder(Invocation invocation, string study)
    {
        var name = Path.Combine(invocation.RunsFolder, $"{invocation.Surroundings.Time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-report-{study}");
        var (path, number) = (name, 1);
        while (Directory.Exists(path))
            path = $"{name}-{++number}";
        return path;
    }
}
