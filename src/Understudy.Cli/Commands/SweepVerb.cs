using System.Text.Json.Nodes;
using Understudy.Cli.Output;
using Understudy.Lab;
using Understudy.Lab.Configuration;
using Understudy.Lab.Execution;

namespace Understudy.Cli.Commands;

/// <summary><c>sweep</c>: one run per combination of values.</summary>
internal sealed class SweepVerb : Verb
{
    private readonly Flags _flags;

    internal SweepVerb(Flags flags)
        : base("sweep", "one run per combination of values, in processes of their own", "STUDY [@preset] PATH=VALUE,VALUE,... [--local N | --slurm]")
    {
        _flags = flags;
        foreach (var option in new System.CommandLine.Option[] { flags.Local, flags.Slurm, flags.Sbatch, flags.AtOnce, flags.Detach, flags.Config, flags.Preset, flags.DryRun, flags.Runs, flags.Threads, flags.Strict, flags.Offline, flags.Yes })
            Command.Options.Add(option);
    }

    internal override IReadOnlyList<Example> Examples =>
    [
        new("understudy sweep specialization seed=1..8 --local 2", "eight seeds, two processes at a time"),
        new("understudy sweep specialization @smoke seed=1,2,3", "commas make an axis"),
        new("understudy sweep specialization seed=1..4 --dry-run", "only list the points"),
        new("understudy sweep random-teacher @standard seed=1..10 --slurm --threads 8 --sbatch time=02:00:00", "ten tasks of eight processors on a Slurm cluster"),
    ];

    internal override IReadOnlyList<string> Details =>
    [
        "Commas at the top level make an axis, FIRST..LAST a range with both ends; every combination becomes a run in DIR/000, DIR/001, … and one report judges all of them. A value in brackets stays one value: a grid inside a run, which is faster than a sweep.",
        "Ctrl-C stops the runs after a checkpoint; \"understudy resume DIR\" does what is missing.",
        "With --slurm every run is a task of --threads processors (else 1), with the estimated memory of its study and a half more; a run whose time is up goes on from its checkpoint in the same task. Ctrl-C stops the tasks; --detach leaves them alone from the beginning. Script, lists and logs are in DIR/slurm.",
    ];

    internal override (int Least, int Most) Words => (1, int.MaxValue);

    internal override string Missing => "sweep needs the name of a study";

    internal override IEnumerable<string> Continue(Surroundings surroundings, IReadOnlyList<string> words) => StudyWords.Continue(surroundings, words);

    internal override int Execute(Invocation invocation)
    {
        var study = invocation.Study(invocation.Words[0]);
        var (words, file) = StudyWords.Arguments(invocation, _flags);
        var plan = ConfigReader.ReadSweep(study, words, file);
        SweepCarrier.Check(invocation, _flags);
        if (invocation.Is(_flags.DryRun))
            return Show(invocation, study, plan);
        SweepCarrier.RequireCluster(invocation, _flags);
        DataSets.Ensure(invocation, [.. plan.Points.SelectMany(point => study.Needs(point.Config)).Distinct()], invocation.Is(_flags.Yes));
        string[] arguments = [.. words, .. file is null ? [] : new[] { "--config", file }];
        var sweep = SweepDirectory.Create(invocation.RunsFolder, study, plan, arguments, invocation.Surroundings.Time);
        using var carrier = new SweepCarrier(invocation, study, sweep);
        return carrier.Carry(_flags);
    }

    private static int Show(Invocation invocation, IStudy study, SweepPlan plan)
    {
        if (invocation.Json)
        {
            invocation.Write(new JsonObject
            {
                ["study"] = study.Card.Name,
                ["points"] = new JsonArray([.. plan.Points.Select(point => new JsonObject(point.Values.Select(value => KeyValuePair.Create(value.Key, value.Value?.DeepClone()))))]),
            });
            return ExitCode.Done;
        }
        var table = new TextTable([">point", .. plan.Axes.Select(axis => axis.Path)]);
        foreach (var (index, point) in plan.Points.Index())
            table.Add([Wording.Of(index), .. point.Values.Select(value => (Cell)ConfigJson.Text(value.Value))]);
        table.Write(invocation.Out);
        var needs = plan.Points.SelectMany(point => study.Needs(point.Config)).Distinct().ToArray();
        invocation.Out.Line();
        invocation.Out.Line($"runs     {plan.Points.Count}");
        invocation.Out.Line($"data     {(needs.Length == 0 ? "none" : string.Join(", ", needs.Select(set => DataSets.Described(invocation, set))))}");
        if (study is IEstimatesRuns estimates)
        {
            var each = plan.Points.Select(point => estimates.Estimate(point.Config, invocation.Threads)).ToArray();
            invocation.Out.Line($"time     about {Wording.Of(TimeSpan.FromTicks(each.Sum(item => item.Time.Ticks)))}");
            invocation.Out.Line($"memory   about {Wording.Bytes(each.Max(item => item.Memory))} per run");
        }
        else
        {
            invocation.Out.Line("time     not estimated");
            invocation.Out.Line("memory   not estimated");
        }
        return ExitCode.Done;
    }
}
