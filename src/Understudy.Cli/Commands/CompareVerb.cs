using System.Text.Json.Nodes;
using Understudy.Cli.Output;
using Understudy.Lab;
using Understudy.Lab.Claims;
using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;

namespace Understudy.Cli.Commands;

/// <summary><c>compare</c>: settings that differ and verdicts side by side.</summary>
internal sealed class CompareVerb : Verb
{
    internal CompareVerb()
        : base("compare", "runs side by side: settings that differ, numbers, outcomes", "DIR DIR ...")
    {
    }

    internal override IReadOnlyList<Example> Examples =>
    [
        new("understudy compare LATER EARLIER", "two runs"),
        new("understudy compare SWEEP/*", "the points of a sweep"),
    ];

    internal override (int Least, int Most) Words => (2, int.MaxValue);

    internal override string Missing => "compare needs at least two directories of runs";

    internal override int Execute(Invocation invocation)
    {
        // a shell's * also gives the files of a sweep, its figures and what it has of a cluster
        string[] paths = [.. invocation.Words.Where(path => !File.Exists(path))];
        RunDirectory[] runs = [.. paths.Where(path => RunDirectory.IsRun(path) || Path.GetFileName(path) is not ("figures" or "slurm")).Select(RunDirectory.Open)];
        RunJson[] states = [.. runs.Select(run => run.ReadRun())];
        if (states.FirstOrDefault(state => state.Study != states[0].Study) is { } other)
            throw new UsageException($"{runs[Array.IndexOf(states, other)].Path} is a run of {other.Study}, and {runs[0].Path} is one of {states[0].Study}\n  give directories of one study");
        var study = invocation.Study(states[0].Study);
        var settings = Settings(study, [.. runs.Select(run => run.ReadConfig(study))]);
        IReadOnlyList<Verdict>[] verdicts = [.. runs.Select(run => run.ReadVerdicts())];
        if (invocation.Json)
            invocation.Write(Document(study, runs, states, settings, verdicts));
        else
            Show(invocation.Out, study, runs, states, settings, verdicts);
        return ExitCode.Done;
    }

    /// <summary>The settings in which not all runs agree, with their values in order.</summary>
    private static IReadOnlyList<(string Path, string[] Values)> Settings(IStudy study, StudyConfig[] configs)
    {
        var differing = configs.Skip(1).SelectMany(config => ConfigJson.Differences(study, configs[0], config)).Select(item => item.Path).Distinct().ToArray();
        JsonNode[] trees = [.. configs.Select(config => JsonNode.Parse(ConfigJson.Write(config))!)];
        return [.. differing.Select(path => (path, trees.Select(tree => ConfigJson.Text(At(tree, path))).ToArray()))];
    }

    private static JsonNode? At(JsonNode tree, string path)
    {
        JsonNode? at = tree;
        foreach (var key in path.Split('.'))
            at = (at as JsonObject)?[key];
        return at;
    }

    private static void Show(
        Screen screen, IStudy study, RunDirectory[] runs, RunJson[] states, IReadOnlyList<(string Path, string[] Values)> settings, IReadOnlyList<Verdict>[] verdicts)
    {
        string[] letters = [.. runs.Select((_, i) => Letter(i))];
        foreach (var (i, run) in runs.Index())
            screen.Line($"{letters[i]}  {run.Path}  {Wording.Of(states[i].Status)}");
        screen.Line();
        if (settings.Count == 0)
            screen.Line("no setting differs");
        else
        {
            var table = new TextTable(["setting", .. letters]);
            foreach (var (path, values) in settings)
                table.Add([path, .. values.Select(value => (Cell)value)]);
            table.Write(screen);
        }
        screen.Line();
        var outcomes = new TextTable(["claim", .. letters]);
        var numbers = new TextTable(["measured", .. letters]);
        foreach (var claim in study.Card.Claims)
        {
            Verdict?[] row = [.. verdicts.Select(list => list.FirstOrDefault(verdict => verdict.Claim.Id == claim.Id))];
            outcomes.Add([claim.Id, .. row.Select(verdict => verdict is null ? new Cell("") : new Cell(screen.Word(verdict.Outcome), verdict.Outcome))]);
            numbers.Add([claim.Id, .. row.Select(verdict => (Cell)(verdict?.Estimate is { } estimate ? $"{Wording.Of(estimate.Value)} [{Wording.Of(estimate.Low)}, {Wording.Of(estimate.High)}]" : ""))]);
        }
        outcomes.Write(screen);
        screen.Line();
        numbers.Write(screen);
    }

    private static string Letter(int index) => index < 26 ? ((char)('A' + index)).ToString() : Letter(index / 26 - 1) + Letter(index % 26);

    private static JsonObject Document(
        IStudy study, RunDirectory[] runs, RunJson[] states, IReadOnlyList<(string Path, string[] Values)> settings, IReadOnlyList<Verdict>[] verdicts) => new()
        {
            ["study"] = study.Card.Name,
            ["runs"] = new JsonArray([.. runs.Select((run, i) => new JsonObject { ["run"] = run.Path, ["status"] = Wording.Of(states[i].Status) })]),
            ["settings"] = new JsonObject(settings.Select(item => KeyValuePair.Create(item.Path, (JsonNode?)new JsonArray([.. item.Values.Select(value => JsonNode.Parse(value))])))),
            ["claims"] = new JsonObject(study.Card.Claims.Select(claim => KeyValuePair.Create(claim.Id, (JsonNode?)new JsonArray(
                [.. verdicts.Select(list => list.FirstOrDefault(verdict => verdict.Claim.Id == claim.Id) is { } verdict ? Node(verdict) : null)])))),
        };

    private static JsonObject Node(Verdict verdict) => new()
    {
        ["outcome"] = Invocation.Node(verdict.Outcome),
        ["measured"] = verdict.Measured,
        ["estimate"] = Invocation.Node(verdict.Estimate),
        ["seeds"] = verdict.Seeds,
    };
}
