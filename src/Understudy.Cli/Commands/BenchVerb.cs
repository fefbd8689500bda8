using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Understudy.Cli.Output;
using Understudy.Cli.Timing;
using Understudy.Data;
using Understudy.Engine.Speed;
using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;
using Understudy.Learning.Speed;

namespace Understudy.Cli.Commands;

/// <summary><c>bench</c>: the speed of this machine beside the recorded figures.</summary>
internal sealed class BenchVerb : Verb
{
    private const double Unsteady = 0.15;

    private static readonly string[] Suites = ["engine", "specialization", "curvature"];
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(20);

    private readonly Option<string?> _out = Flags.Valued("--out", "FILE", "write the table as Markdown as well");
    private readonly Option<string?> _slices = Flags.Valued("--slices", "N", "slices of 20 ms per workload (else 9)");
    private readonly Option<string?> _passes = Flags.Valued("--passes", "N", "times over all workloads, the best of each kept (else 1)");

    internal BenchVerb()
        : base("bench", "the speed of this machine beside the recorded figures", "engine | specialization | curvature [WORD ...]")
    {
        Command.Options.Add(_out);
        Command.Options.Add(_slices);
        Command.Options.Add(_passes);
    }

    internal override IReadOnlyList<Example> Examples =>
    [
        new("understudy bench engine", "products, element-wise kernels, single training steps"),
        new("understudy bench specialization", "training steps of many students at once"),
        new("understudy bench curvature", "Hessians, their products, eigenvalues, densities and traces"),
        new("understudy bench engine exp --slices 31", "one workload, longer"),
        new("understudy bench engine --out engine.md", "the table as Markdown"),
        new("understudy bench engine --passes 5", "on a machine that others use as well: the best of five times over"),
    ];

    internal override IReadOnlyList<string> Details =>
    [
        "Every workload is timed in short slices that alternate with a loop of fused multiply-adds on registers: the peak of this core at this moment. \"best\" is the fastest slice, \"target\" what the design promises, \"recorded\" what its prototypes or a peer reached on another processor, with the ratio where the work is the same. Leave the machine alone meanwhile.",
        "Workloads of more than five seconds are timed only where the words name nothing shorter, such as understudy bench curvature 5000.",
    ];

    internal override (int Least, int Most) Words => (1, int.MaxValue);

    internal override string Missing => "bench needs to know what: engine, specialization or curvature";

    internal override IEnumerable<string> Continue(Surroundings surroundings, IReadOnlyList<string> words) => words.Count == 0 ? Suites : [];

    internal override int Execute(Invocation invocation)
    {
        var suite = invocation.Words[0];
        var all = suite switch
        {
            "engine" => SpeedCases.All,
            "specialization" => TrainingSpeed.All,
            "curvature" => CurvatureSpeed.All,
            _ => throw new UsageException($"{suite} is not something that is timed{NearestName.Suggestion(suite, Suites)}\n  one of: {string.Join(", ", Suites)}\n  see: understudy help bench"),
        };
        var cases = Chosen(all, [.. invocation.Words.Skip(1)], invocation.Threads, out var leftOut);
        if (cases.Length == 0)
            throw new UsageException($"no workload of {suite} is called that\n  as in: {string.Join("; ", all.Take(3).Select(item => item.Name))}");
        var timer = new SliceTimer(invocation.Surroundings.Time, Slice, invocation.Value(_slices) is { } slices ? Invocation.Positive(slices, "--slices") : 9);
        invocation.Surroundings.Interruption.Hold(() => { });
        var passes = invocation.Value(_passes) is { } count ? Invocation.Positive(count, "--passes") : 1;
        var results = new SpeedResult[cases.Length];
        for (var i = 0; i < passes * cases.Length; i++)
        {
            var item = cases[i % cases.Length];
            if (!invocation.Quiet && !invocation.NoProgress)
                invocation.Error.Line($"{i + 1} of {passes * cases.Length}  {item.Name}{(item.Threads > 1 ? $", {item.Threads} threads" : "")}");
            var result = timer.Measure(item, item.IsDouble ? SpeedCases.DoublePeak : SpeedCases.Peak, invocation.Surroundings.Interruption.Token);
            results[i % cases.Length] = i < cases.Length ? result : results[i % cases.Length].Better(result);
        }
        if (!invocation.Quiet && leftOut.Length > 0)
            invocation.Error.Line($"left out, as one run takes more than five seconds: {string.Join("; ", leftOut.Select(item => item.Name).Distinct())}");
        if (invocation.Json)
            invocation.Write(Document(suite, results));
        else
            Show(invocation.Out, results);
        if (results.Count(result => result.PeakSpread > Unsteady) is > 0 and var unsteady)
            invocation.Error.Line($"the machine was not steady during {Wording.Count(unsteady, "workload")}: something else is running");
        if (invocation.Value(_out) is { } path)
            WriteMarkdown(invocation, suite, results, path);
        return ExitCode.Done;
    }

    /// <summary>The workloads whose names hold all words, for at most so many threads; long ones only where nothing shorter is called that.</summary>
    internal static SpeedCase[] Chosen(IEnumerable<SpeedCase> all, IReadOnlyList<string> words, int threads, out SpeedCase[] leftOut)
    {
        SpeedCase[] named = [.. all.Where(item => item.Threads <= threads && words.All(word => item.Name.Contains(word, StringComparison.OrdinalIgnoreCase)))];
        var isLong = Array.TrueForAll(named, item => item.IsLong);
        leftOut = isLong ? [] : Array.FindAll(named, item => item.IsLong);
        return isLong ? named : Array.FindAll(named, item => !item.IsLong);
    }

    /// <summary>Lines of its own for each: names and figures are too long to stand side by side on a usual terminal.</summary>
    private static void Show(Screen screen, IReadOnlyList<SpeedResult> results)
    {
        foreach (var result in results)
        {
            screen.Line($"{result.Case.Name}{(result.Case.Threads > 1 ? $", {result.Case.Threads} threads" : "")}");
            var target = result.Case.Target is { } promised ? $", target {Number(result, promised)}" : "";
            screen.Line($"  {Number(result, result.Value),6} {result.Unit}{Each(result)}{Share(result)}{Memory(result)}  (median {Number(result, result.MedianValue)}{target})");
            if (result.Recorded.Length > 0)
                screen.Line($"  {result.Recorded}");
        }
    }

    private static string Each(SpeedResult result) => result.Each is { } time ? string.Create(CultureInfo.InvariantCulture, $", {time:0.00} µs each") : "";

    private static string Share(SpeedResult result) => result.Share is { } share ? string.Create(CultureInfo.InvariantCulture, $", {share:0} % of peak") : "";

    private static string Memory(SpeedResult result) => result.Bytes == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {result.Bytes / 1e6:0} MB");

    private static string Number(SpeedResult result, double value)
        => result.IsShare ? value.ToString("0", CultureInfo.InvariantCulture) : value.ToString(value < 9.95 ? "0.00" : "0.0", CultureInfo.InvariantCulture);

    private static void WriteMarkdown(Invocation invocation, string suite, IReadOnlyList<SpeedResult> results, string path)
    {
        var machine = ThisMachine.Machine;
        var peak = results.Where(result => !result.Case.IsDouble).Select(result => result.Peak).DefaultIfEmpty(0).Max();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Speed: {suite}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{machine.Processor}, {machine.Cores} cores, {machine.Registers}, {machine.Runtime}, understudy {ThisMachine.Version}, {invocation.Surroundings.Time.GetUtcNow():yyyy-MM-dd}.\n");
        text.Append(CultureInfo.InvariantCulture, $"Peak of one core in single precision: {peak / 1e9:0.0} GF/s. Made by `understudy bench {suite}`.\n\n");
        text.Append("| workload | threads | best | median | unit | target | recorded elsewhere |\n| --- | ---: | ---: | ---: | --- | ---: | --- |\n");
        foreach (var result in results)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {result.Case.Name} | {result.Case.Threads} | {Number(result, result.Value)} | {Number(result, result.MedianValue)} | {result.Unit}{Each(result)}{Share(result)}{Memory(result)} | ");
            text.Append(CultureInfo.InvariantCulture, $"{(result.Case.Target is { } target ? Number(result, target) : "")} | {result.Recorded} |\n");
        }
        try
        {
            File.WriteAllText(path, text.ToString());
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be written: {FileProblem.Writing(problem)}\n  choose another file with --out");
        }
    }

    private static JsonObject Document(string suite, IReadOnlyList<SpeedResult> results) => new()
    {
        ["suite"] = suite,
        ["machine"] = Invocation.Node(ThisMachine.Machine),
        ["workloads"] = new JsonArray([.. results.Select(result => new JsonObject
        {
            ["name"] = result.Case.Name,
            ["threads"] = result.Case.Threads,
            ["best"] = result.Value,
            ["median"] = result.MedianValue,
            ["unit"] = result.Unit,
            ["microsecondsEach"] = result.Each,
            ["target"] = result.Case.Target,
            ["percentOfPeak"] = result.IsShare ? result.Value : result.Share,
            ["recorded"] = result.Case.Recorded,
            ["peers"] = new JsonObject(result.Case.Peers.Select(peer => KeyValuePair.Create<string, JsonNode?>(peer.Name, peer.Time))),
            ["bytes"] = result.Bytes == 0 ? null : result.Bytes,
            ["peakGigaflops"] = result.Peak / 1e9,
            ["peakSpread"] = result.PeakSpread,
        })]),
    };
}
