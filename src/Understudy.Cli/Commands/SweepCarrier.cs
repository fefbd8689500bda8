using System.Text.Json.Nodes;
using Understudy.Cli.Output;
using Understudy.Lab;
using Understudy.Lab.Claims;
using Understudy.Lab.Configuration;
using Understudy.Lab.Execution;
using Understudy.Lab.Runs;

namespace Understudy.Cli.Commands;

/// <summary>Carries out the runs of a sweep, each in a process of its own, and reports on all of them.</summary>
internal sealed class SweepCarrier(Invocation invocation, IStudy study, SweepDirectory sweep) : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();

    /// <summary>Does whatever is missing in the sweep.</summary>
    /// <param name="processes">How many at a time; null for half the threads.</param>
    /// <param name="strict">Whether a claim that came out NotSupported is an exit code of its own.</param>
    /// <returns>The exit code.</returns>
    internal int Carry(string? processes, bool strict)
    {
        var threads = invocation.Threads;
        var atOnce = Math.Min(processes is null ? Math.Max(1, threads / 2) : Invocation.Positive(processes, "--local"), sweep.Runs.Count);
        var share = Math.Max(1, threads / atOnce);
        var interruption = invocation.Surroundings.Interruption;
        interruption.Hold(
            () => Note($"stopping {Wording.Count(atOnce, "run")} after a checkpoint; Ctrl-C again to end at once"),
            () => Note($"some runs of {sweep.Path} did not stop within a minute; they can be resumed from their last checkpoints"),
            _end.Cancel);
        Note($"{Wording.Count(sweep.Runs.Count, "run")} in {sweep.Path}, {atOnce} at a time with {Wording.Count(share, "thread")} each");
        var executor = new LocalExecutor((run, cancellation) => Child(run, share, cancellation), atOnce);
        var states = executor.Execute(sweep.Runs, new Told(this), interruption.Token);
        return End(states, strict);
    }

    public void Dispose() => _end.Dispose();

    private int End(IReadOnlyList<RunStatus> states, bool strict)
    {
        var cancelled = invocation.Surroundings.Interruption.Token.IsCancellationRequested;
        var verdicts = cancelled || !states.Contains(RunStatus.Completed) ? [] : LocalRunner.Report(study, sweep);
        var code = cancelled ? ExitCode.Cancelled
            : states.Any(state => state is not (RunStatus.Completed or RunStatus.Running)) ? ExitCode.Failed
            : states.Contains(RunStatus.Running) ? ExitCode.UserError // as when a single run has another writer
            : RunCarrier.Judged(verdicts, strict);
        if (invocation.Json)
            invocation.Write(Document(states, verdicts, code));
        else
            Tell(states, verdicts, cancelled);
        return code;
    }

    private void Tell(IReadOnlyList<RunStatus> states, IReadOnlyList<Verdict> verdicts, bool cancelled)
    {
        var screen = invocation.Out;
        VerdictBlock.Write(screen, verdicts);
        var missing = states.Index().Where(item => item.Item != RunStatus.Completed).ToArray();
        if (missing.Length > 0)
        {
            const int Most = 5;
            var names = string.Join(", ", missing.Take(Most).Select(item => $"{sweep.Sweep.Points[item.Index].Run} {Wording.Of(item.Item)}"));
            screen.Line($"missing {missing.Length} of {states.Count} runs: {names}{(missing.Length > Most ? ", …" : "")}");
        }
        screen.Line($"sweep   {sweep.Path}");
        if (verdicts.Count > 0)
            screen.Line($"report  {Path.Combine(sweep.Path, "report.html")}");
        if (cancelled || missing.Length > 0)
            screen.Line($"resume  {Wording.Command("understudy", "resume", sweep.Path)}");
        else
            screen.Line($"again   {Wording.Command(["understudy", "sweep", study.Card.Name, .. sweep.Sweep.Arguments])}");
    }

    private JsonObject Document(IReadOnlyList<RunStatus> states, IReadOnlyList<Verdict> verdicts, int code) => new()
    {
        ["id"] = sweep.Sweep.Id,
        ["study"] = sweep.Sweep.Study,
        ["exitCode"] = code,
        ["sweep"] = sweep.Path,
        ["runs"] = new JsonArray([.. sweep.Sweep.Points.Select((point, i) => new JsonObject
        {
            ["run"] = Path.Combine(sweep.Path, point.Run),
            ["values"] = point.Values.DeepClone(),
            ["status"] = Invocation.Node(states[i]),
        })]),
        ["verdicts"] = Invocation.Node(verdicts),
        ["report"] = verdicts.Count > 0 ? Path.Combine(sweep.Path, "report.html") : null,
    };

    private RunStatus Child(RunDirectory run, int threads, CancellationToken cancellation)
    {
        var time = invocation.Surroundings.Time;
        if (run.IsBeingWritten(time))
            return Elsewhere(run);
        string[] offline = invocation.Offline ? ["--offline"] : [];
        var end = invocation.Surroundings.Children(
            ["resume", run.Path, "--threads", Wording.Of(threads), "--quiet", ResumeVerb.StopWithInput, .. offline], cancellation, _end.Token);
        // the other process may have begun after we looked
        if (end.ExitCode == ExitCode.UserError && run.IsBeingWritten(time))
            return Elsewhere(run);
        var status = run.ReadRun().Status;
        if (status is RunStatus.Running or RunStatus.Pending)
            // killed, or refused before it began: run.json could not say so
            status = end.ExitCode == ExitCode.Cancelled ? RunStatus.Cancelled : RunStatus.Failed;
        if (status == RunStatus.Failed && end.Error.Length > 0)
            Note($"{run.Path}: {end.Error.TrimEnd().Replace("\n", "\n  ", StringComparison.Ordinal)}");
        return status;
    }

    private RunStatus Elsewhere(RunDirectory run)
    {
        Note($"{run.Path} is being written by another process at this moment and was left to it");
        return RunStatus.Running;
    }

    private void Ended(ExecutorProgress progress)
    {
        if (invocation.NoProgress)
            return;
        var name = Path.GetFileName(progress.Run.Path);
        var values = sweep.Sweep.Points.First(point => point.Run == name).Values.Select(value => $"{value.Key}={ConfigJson.Text(value.Value)}");
        Note($"{progress.Ended} of {progress.Total}  {name} {Wording.Of(progress.Status)}  {string.Join(' ', values)}".TrimEnd());
    }

    private void Note(string text)
    {
        if (invocation.Quiet)
            return;
        lock (_gate)
        {
            foreach (var line in text.Split('\n'))
                invocation.Error.Line(line);
        }
    }

    /// <summary>A line whenever a run has ended.</summary>
    private sealed class Told(SweepCarrier carrier) : IProgress<ExecutorProgress>
    {
        public void Report(ExecutorProgress value)
        {
            if (value.Status != RunStatus.Running)
                carrier.Ended(value);
        }
    }
}
