using System.Text.Json.Nodes;
using Understudy.Cli.Output;
using Understudy.Lab;
using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;

namespace Understudy.Cli.Commands;

/// <summary><c>run</c>: one run of a study.</summary>
internal sealed class RunVerb : Verb
{
    private readonly Flags _flags;

    internal RunVerb(Flags flags)
        : base("run", "one run of a study: trains, judges claims, writes the report", "STUDY [@preset] [--config FILE] [PATH=VALUE ...]")
    {
        _flags = flags;
        foreach (var option in new System.CommandLine.Option[] { flags.Config, flags.Preset, flags.DryRun, flags.Runs, flags.Threads, flags.Strict, flags.Offline, flags.Yes })
            Command.Options.Add(option);
    }

    internal override IReadOnlyList<Example> Examples =>
    [
        new("understudy run specialization", "preset @quick: a minute or two, no download"),
        new("understudy run specialization seed=3", "the same with another seed"),
        new("understudy run specialization @smoke --threads 2", "the smallest preset, a few seconds, on two threads"),
        new("understudy run specialization --config NODES/config.json --dry-run", "what a file of settings would do: here that of an earlier run"),
    ];

    internal override IReadOnlyList<string> Details =>
    [
        "Settings are PATH=VALUE; see them with \"understudy show STUDY\". A value in brackets, [1,2,5], is a grid inside the run. Later wins: defaults, preset, file, assignments from left to right.",
        "Ctrl-C writes a checkpoint and ends with exit code 3; \"understudy resume DIR\" goes on to the same bytes.",
    ];

    internal override (int Least, int Most) Words => (1, int.MaxValue);

    internal override string Missing => "run needs the name of a study";

    internal override IEnumerable<string> Continue(Surroundings surroundings, IReadOnlyList<string> words) => StudyWords.Continue(surroundings, words);

    internal override int Execute(Invocation invocation)
    {
        var study = invocation.Study(invocation.Words[0]);
        var (words, file) = StudyWords.Arguments(invocation, _flags);
        var config = ConfigReader.Read(study, words, file);
        var arguments = file is null ? words : [.. ConfigJson.Differences(study, study.DefaultConfig, config).Select(item => $"{item.Path}={item.After}")];
        if (invocation.Is(_flags.DryRun))
            return Plan(invocation, study, config, arguments);
        _ = invocation.Threads;
        DataSets.Ensure(invocation, study.Needs(config), invocation.Is(_flags.Yes));
        var run = RunDirectory.Create(invocation.RunsFolder, study, config, arguments, invocation.Surroundings.Time);
        return RunCarrier.Carry(invocation, study, run, invocation.Is(_flags.Strict));
    }

    private static int Plan(Invocation invocation, IStudy study, StudyConfig config, IReadOnlyList<string> arguments)
    {
        var threads = invocation.Threads;
        var estimate = (study as IEstimatesRuns)?.Estimate(config, threads);
        var needs = study.Needs(config);
        if (invocation.Json)
        {
            invocation.Write(new JsonObject
            {
                ["study"] = study.Card.Name,
                ["arguments"] = Invocation.Node(arguments),
                ["config"] = JsonNode.Parse(ConfigJson.Write(config)),
                ["threads"] = threads,
                ["data"] = Invocation.Node(needs),
                ["seconds"] = estimate?.Time.TotalSeconds,
                ["memoryBytes"] = estimate?.Memory,
            });
            return ExitCode.Done;
        }
        var screen = invocation.Out;
        foreach (var line in ConfigJson.Write(config).TrimEnd().Split('\n'))
            screen.Line(line);
        screen.Line();
        screen.Line($"study    {study.Card.Name}: {study.Card.Title}");
        screen.Line($"threads  {threads}");
        screen.Line($"data     {(needs.Count == 0 ? "none" : string.Join(", ", needs.Select(set => DataSets.Described(invocation, set))))}");
        screen.Line($"time     {(estimate is null ? Known(study, arguments) : "about " + Wording.Of(estimate.Time))}");
        screen.Line($"memory   {(estimate is null ? "not estimated" : "about " + Wording.Bytes(estimate.Memory))}");
        screen.Line($"run      {Wording.Command(["understudy", "run", study.Card.Name, .. arguments])}");
        return ExitCode.Done;
    }

    /// <summary>What the preset says about itself, where the study gives no estimate.</summary>
    private static string Known(IStudy study, IReadOnlyList<string> arguments)
    {
        var preset = arguments.LastOrDefault(argument => argument.StartsWith('@'))?[1..] ?? "quick";
        return StudyWords.Remark(study, preset) is { Length: > 0 } remark ? $"not estimated; @{preset}: {remark}" : "not estimated";
    }
}
