using System.Text.Json.Nodes;
using Understudy.Cli.Output;

namespace Understudy.Cli.Commands;

/// <summary><c>list</c>: a table of runs.</summary>
internal sealed class ListVerb : Verb
{
    internal ListVerb()
        : base("list", "the runs in a folder: status, time, what came out", "[DIR]")
    {
    }

    internal override IReadOnlyList<Example> Examples =>
    [
        new("understudy list", "the runs in ./runs, or in UNDERSTUDY_RUNS"),
        new("understudy list --json | jq '.[].run'", "for programs"),
        new("understudy list SWEEP", "the points of a sweep"),
    ];

    internal override (int Least, int Most) Words => (0, 1);

    internal override int Execute(Invocation invocation)
    {
        var folder = invocation.Words.Count > 0 ? invocation.Words[0] : invocation.RunsFolder;
        if (invocation.Words.Count > 0 && !Directory.Exists(folder))
            throw new UsageException($"{folder} is not a folder\n  see: understudy help list");
        var runs = RunSummary.Below(folder, invocation.Surroundings.Time);
        if (invocation.Json)
        {
            invocation.Write(new JsonArray([.. runs.Select(run => run.ToJson())]));
            return ExitCode.Done;
        }
        if (runs.Count == 0)
        {
            invocation.Error.Line($"no runs in {folder}; make one: understudy run {(invocation.Surroundings.Studies is [var first, ..] ? first.Card.Name : "STUDY")}");
            return ExitCode.Done;
        }
        var table = new TextTable("run", "status", ">took", "outcomes", "started (UTC)", "study");
        foreach (var run in runs)
        {
            table.Add(
                Path.GetFileName(run.Path), run.Status, run.Took is { } took ? Wording.Of(took) : "",
                new Cell(VerdictBlock.Summary(run.Outcomes.Select(item => item.Outcome)), VerdictBlock.Worst(run.Outcomes.Select(item => item.Outcome))), Wording.Of(run.Started), run.Study);
        }
        table.Write(invocation.Out);
        return ExitCode.Done;
    }
}
