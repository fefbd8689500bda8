using System.Text.Json.Nodes;
using Understudy.Cli.Output;
using Understudy.Lab;
using Understudy.Lab.Claims;
using Understudy.Lab.Configuration;
using Understudy.Lab.Execution;
using Understudy.Lab.Execution.Slurm;
using Understudy.Lab.Runs;

namespace Understudy.Cli.Commands;

/// <summary>Carries out the runs of a sweep, each in a process of its own, and reports on all of them.</summary>
internal sealed class SweepCarrier(Invocation invocation, IStudy study, SweepDirectory sweep) : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private string[] _onCluster = [];

    /// <summary>Refuses flags that do not fit together, before anything is made.</summary>
    /// <exception cref="UsageException">They do not.</exception>
    internal static void Check(Invocation invocation, Flags flags)
    {
        _ = invocation.Threads;
        if (invocation.Value(flags.Local) is { } local)
            _ = Invocation.Positive(local, "--local");
        if (invocation.Value(flags.AtOnce) is { } most)
            _ = Invocation.Positive(most, "--at-once");
        var ofSlurm = new[] { (flags.Sbatch.Name, invocation.Value(flags.Sbatch) is not null), (flags.AtOnce.Name, invocation.Value(flags.AtOnce) is not null), (flags.Detach.Name, invocation.Is(flags.Detach)) };
        if (!invocation.Is(flags.Slurm) && ofSlurm.FirstOrDefault(flag => flag.Item2).Name is { } alone)
            throw new UsageException($"{alone} is for --slurm\n  add --slurm, or leave {alone} out");
        if (invocation.Is(flags.Slurm) && invocation.Value(flags.Local) is not null)
            throw new UsageException("--local is for this machine and --slurm for a cluster\n  leave one of them out; tasks at a time: --at-once N");
    }

    /// <summary>Refuses a cluster where there is none, before anything is made.</summary>
    /// <exception cref="Data.UserException">There is none.</exception>
    internal static void RequireCluster(Invocation invocation, Flags flags)
    {
        if (invocation.Is(flags.Slurm))
            SlurmExecutor.Require(ProgramFolders(invocation));
    }

    /// <summary>Does whatever is missing in the sweep, here or on a cluster.</summary>
    /// <param name="flags">The flags, which fit together.</param>
    /// <returns>The exit code.</returns>
    internal int Carry(Flags flags)
    {
        var isStrict = invocation.Is(flags.Strict);
        if (!invocation.Is(flags.Slurm))
            return End(Here(invocation.Value(flags.Local)), isStrict);
        _onCluster = [flags.Slurm.Name];
        var options = Cluster(flags);
        var states = OnCluster(options);
        return options.Detached ? Submitted(states) : End(states, isStrict);
    }

    private IReadOnlyList<RunStatus> Here(string? processes)
    {
        var threads = invocation.Threads;
        var atOnce = Math.Min(processes is null ? Math.Max(1, threads / 2) : Invocation.Positive(processes, "--local"), sweep.Runs.Count);
        var share = Math.Max(1, threads / atOnce);
        var interruption = invocation.Surroundings.Interruption;
        interruption.Hold(
            () => Note($"stopping {Wording.Count(atOnce, "run")} after a checkpoint; Ctrl-C again to end at once"),
            () => Note($"some runs of {sweep.Path} did not stop within a minute; they can be resumed from their last checkpoints"),
            _end.Cancel);
        if (SlurmExecutor.HasSubmitted(SlurmFolder))
            Note($"tasks of this sweep were handed to a cluster; if some of them are still queued, each run is done by whoever comes first: {Wording.Command("understudy", "resume", sweep.Path, "--slurm")} follows them");
        Note($"{Wording.Count(sweep.Runs.Count, "run")} in {sweep.Path}, {atOnce} at a time with {Wording.Count(share, "thread")} each");
        return new LocalExecutor((run, cancellation) => Child(run, share, cancellation), atOnce).Execute(sweep.Runs, new Told(this), interruption.Token);
    }

    private string SlurmFolder => Path.Combine(sweep.Path, "slurm");

    private SlurmOptions Cluster(Flags flags)
    {
        // the processors of this machine say nothing about a node
        var threads = invocation.Value(flags.Threads) is null ? 1 : invocation.Threads;
        var estimate = study is IEstimatesRuns estimates ? sweep.Runs.Max(run => estimates.Estimate(run.ReadConfig(study), threads).Memory) : (long?)null;
        return new SlurmOptions
        {
            Command = [.. ChildProcess.Command, "resume", .. invocation.Offline ? new[] { "--offline" } : []],
            Folder = SlurmFolder,
            Name = $"understudy-{study.Card.Name}",
            Threads = threads,
            Memory = estimate * 3 / 2,
            AtOnce = invocation.Value(flags.AtOnce) is { } most ? Invocation.Positive(most, "--at-once") : null,
            // with dashes a value would be taken for a flag of ours
            More = [.. (invocation.Value(flags.Sbatch) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(word => word.StartsWith('-') ? word : $"--{word}")],
            Detached = invocation.Is(flags.Detach),
            Path = ProgramFolders(invocation),
            Note = Note,
            Time = invocation.Surroundings.Time,
        };
    }

    private IReadOnlyList<RunStatus> OnCluster(SlurmOptions options)
    {
        var interruption = invocation.Surroundings.Interruption;
        interruption.Hold(
            () => Note("stopping the tasks after a checkpoint; Ctrl-C again does not wait for them"),
            () => Note($"some tasks did not stop within a minute; see {Wording.Command("squeue", "--me")}"));
        Note($"{Wording.Count(sweep.Runs.Count, "run")} in {sweep.Path}, as tasks of {Wording.Count(options.Threads, "processor")} on the cluster; logs in {options.Folder}");
        try
        {
            return new SlurmExecutor(options).Execute(sweep.Runs, new Told(this), interruption.Token);
        }
        catch (SlurmException problem)
        {
            // the runs are there already, and pending
            throw new UsageException($"{problem.Message}\n  the runs wait in {sweep.Path}: {Wording.Command("understudy", "resume", sweep.Path, "--slurm")}");
        }
    }

    private static string[] ProgramFolders(Invocation invocation) => (invocation.Surroundings.Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private int Submitted(IReadOnlyList<RunStatus> states)
    {
        if (invocation.Json)
        {
            invocation.Write(Document(states, [], ExitCode.Done));
            return ExitCode.Done;
        }

        invocation.Out.Line($"sweep   {sweep.Path}");
        invocation.Out.Line($"follow  {Wording.Command("understudy", "resume", sweep.Path, "--slurm")}");
        return ExitCode.Done;
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
            screen.Line($"resume  {Wording.Command(["understudy", "resume", sweep.Path, .. _onCluster])}");
        else
            screen.Line($"again   {Wording.Command(["understudy", "sweep", study.Card.Name, .. sweep.Sweep.Arguments, .. _onCluster])}");
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
