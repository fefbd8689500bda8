using System.Text.Json.Nodes;
using Understudy.Data;
using Understudy.Lab.Execution;
using Understudy.Lab.Runs;

namespace Understudy.Cli.Commands;

/// <summary>A run or a sweep as <c>list</c> shows it, from run.json and verdicts.json alone.</summary>
/// <param name="Path">The directory.</param>
/// <param name="Study">The study's name.</param>
/// <param name="Status">Where it stands, in a word or two.</param>
/// <param name="Started">When it began.</param>
/// <param name="Took">How long it took, where it has ended.</param>
/// <param name="Outcomes">One per claim; empty where it was not judged.</param>
/// <param name="Runs">How many runs, of a sweep; 0 for a run.</param>
internal sealed record RunSummary(
    string Path, string Study, string Status, DateTimeOffset? Started, TimeSpan? Took, IReadOnlyList<ClaimOutcome> Outcomes, int Runs)
{
    /// <summary>What run.json cannot say: it calls itself running, and nobody writes it any more.</summary>
    private const string Killed = "killed";

    /// <summary>The runs and sweeps directly below a folder, ordered by name.</summary>
    internal static IReadOnlyList<RunSummary> Below(string folder, TimeProvider time)
        => Directory.Exists(folder) ? [.. Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Select(path => Read(path, time)).OfType<RunSummary>()] : [];

    /// <summary>The run or sweep in a directory; null where there is none.</summary>
    internal static RunSummary? Read(string path, TimeProvider time)
    {
        try
        {
            return RunDirectory.IsRun(path) ? Run(RunDirectory.Open(path), time) : SweepDirectory.IsSweep(path) ? Sweep(SweepDirectory.Open(path), time) : null;
        }
        catch (UserException problem)
        {
            // such a directory is listed as what it is and hides no other
            return new RunSummary(path, "", problem is RunException { IsNewer: true } ? "newer" : "damaged", null, null, [], 0);
        }
    }

    /// <summary>The summary as JSON.</summary>
    internal JsonObject ToJson() => new()
    {
        ["run"] = Path,
        ["study"] = Study,
        ["status"] = Status,
        ["started"] = Started,
        ["seconds"] = Took?.TotalSeconds,
        ["runs"] = Runs,
        ["outcomes"] = new JsonObject(Outcomes.Select(item => KeyValuePair.Create(item.Claim, (JsonNode?)item.Outcome.ToString()))),
    };

    private static RunSummary Run(RunDirectory run, TimeProvider time)
    {
        var state = run.ReadRun();
        return new RunSummary(run.Path, state.Study, state.Status == RunStatus.Running && !run.IsBeingWritten(time) ? Killed : Output.Wording.Of(state.Status), state.Started, state.Took, ClaimOutcomes.Read(run.File("verdicts.json")), 0);
    }

    private static RunSummary Sweep(SweepDirectory sweep, TimeProvider time)
    {
        RunJson[] states = [.. sweep.Runs.Select(run => run.ReadRun())];
        var running = sweep.Runs.Zip(states).Count(item => item.Second.Status == RunStatus.Running && item.First.IsBeingWritten(time));
        var done = states.Count(state => state.Status == RunStatus.Completed);
        var ended = done == states.Length ? states.Max(state => state.Ended) : null;
        var began = states.Min(state => state.Started);
        return new RunSummary(
            sweep.Path, sweep.Sweep.Study, $"{done} of {states.Length} runs{(running > 0 ? $", {running} running" : "")}", began, ended - began, ClaimOutcomes.Read(System.IO.Path.Combine(sweep.Path, "verdicts.json")), states.Length);
    }
}
