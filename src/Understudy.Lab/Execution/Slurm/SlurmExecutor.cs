using System.Globalization;
using Understudy.Lab.Runs;

namespace Understudy.Lab.Execution.Slurm;

/// <summary>Carries out runs on a Slurm cluster, as tasks of array jobs.</summary>
/// <remarks>
/// Where a run stands is read from its directory; the scheduler is asked only whether a task is still queued or running, as accounting is off on many clusters. Runs whose tasks an earlier call submitted are
/// followed and not submitted again. When it is cancelled, queued tasks are taken out and running ones stop behind a checkpoint.
/// </remarks>
/// <param name="options">Where and how.</param>
public sealed class SlurmExecutor(SlurmOptions options) : IExecutor
{
    /// <summary>Looks at the runs for one at the scheduler, as long as every task is there.</summary>
    private const int LooksPerQuestion = 5;

    /// <summary>Answers without a task before it counts as gone: run.json may be late on a network's file system.</summary>
    private const int Absences = 3;

    /// <summary>Questions without an answer before somebody who waits is told, and before runs that nobody writes count as gone: a minute and ten with the usual interval.</summary>
    private const int SilenceToTell = 6;
    private const int SilenceToEnd = 60;

    /// <summary>A submission takes seconds: a lock of this age was left behind.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(10);

    private readonly SlurmCommands _commands = new(options.Path);

    /// <summary>Refuses a machine without Slurm's programs, before anything is made.</summary>
    /// <param name="path">Folders in which they are looked for.</param>
    /// <exception cref="SlurmException">One of them is missing.</exception>
    public static void Require(IReadOnlyList<string> path)
    {
        var commands = new SlurmCommands(path);
        foreach (var name in new[] { "sbatch", "squeue", "scontrol", "scancel" })
            _ = commands.Find(name);
    }

    /// <summary>Whether runs were handed to a cluster from a folder.</summary>
    public static bool HasSubmitted(string folder) => SlurmJobs.Are(folder);

    /// <summary>Submits every run that is not completed and whose task is not on its way, and follows all of them.</summary>
    /// <inheritdoc/>
    /// <exception cref="SlurmException">There is no Slurm here, or it refuses, or another process is submitting.</exception>
    /// <exception cref="RunException">The folder cannot be written.</exception>
    public IReadOnlyList<RunStatus> Execute(IReadOnlyList<RunDirectory> runs, IProgress<ExecutorProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(runs);
        Storage.CreateFolder(options.Folder);
        var stop = System.IO.Path.Combine(options.Folder, SlurmScript.Stop);
        var jobs = Submitted(runs, stop, cancellation);
        return options.Detached ? [.. runs.Select(run => run.ReadRun().Status)] : Follow(runs, jobs, stop, progress, cancellation);
    }

    /// <summary>The jobs of all runs; one process at a time finds out what is missing and submits it.</summary>
    private SlurmJobs Submitted(IReadOnlyList<RunDirectory> runs, string stop, CancellationToken cancellation)
    {
        var file = System.IO.Path.Combine(options.Folder, "submitting");
        if (File.Exists(file) && options.Time.GetUtcNow() - File.GetLastWriteTimeUtc(file) > Abandoned)
            Storage.Discard(file);
        FileStream held;
        try
        {
            held = new FileStream(file, FileMode.CreateNew);
        }
        catch (IOException) when (File.Exists(file))
        {
            throw new SlurmException($"another process is submitting these runs at this moment\n  try again when it has; if there is none, delete {file}");
        }

        try
        {
            Storage.Discard(stop);
            var jobs = new SlurmJobs(options.Folder);
            Submit(runs, jobs, cancellation);
            return jobs;
        }
        finally
        {
            held.Dispose();
            Storage.Discard(file);
        }
    }

    private void Submit(IReadOnlyList<RunDirectory> runs, SlurmJobs jobs, CancellationToken cancellation)
    {
        var queue = _commands.Queue(jobs.All, cancellation)
            ?? throw new SlurmException("squeue does not answer, so it cannot be told which runs are submitted already\n  try again when the scheduler is back");
        RunDirectory[] missing = [.. runs.Where(run => run.ReadRun().Status != RunStatus.Completed && !run.IsBeingWritten(options.Time) && !(jobs.TaskOf(Name(run)) is { } task && queue.Contains(task)))];
        if (missing.Length == 0)
            return;
        var script = System.IO.Path.Combine(options.Folder, "task.sh");
        Storage.WriteText(script, SlurmScript.Text);
        string? before = null;
        foreach (var chunk in missing.Chunk(_commands.LargestArray()))
        {
            var list = System.IO.Path.Combine(options.Folder, string.Create(CultureInfo.InvariantCulture, $"runs-{jobs.All.Count}.txt"));
            Storage.WriteText(list, string.Concat(chunk.Select(run => System.IO.Path.GetFullPath(run.Path) + "\n")));
            // a number of tasks at a time is one of each array: so one array after the other
            string[] behind = before is null || options.AtOnce is null ? [] : [$"--dependency=afterany:{before}"];
            var (id, cluster) = _commands.Submit([.. Arguments(chunk.Length), .. behind, .. options.More, script, System.IO.Path.GetFullPath(options.Folder), System.IO.Path.GetFullPath(list), .. options.Command]);
            jobs.Add(new SlurmJob(id, cluster, [.. chunk.Select(Name)]));
            before = id;
        }
    }

    private IEnumerable<string> Arguments(int tasks)
    {
        static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
        yield return $"--array=0-{Number(tasks - 1)}{(options.AtOnce is { } most ? $"%{Number(most)}" : "")}";
        yield return $"--job-name={options.Name}";
        yield return $"--cpus-per-task={Number(options.Threads)}";
        if (options.Memory is { } bytes)
            yield return $"--mem={Number((bytes + (1 << 20) - 1) >> 20)}M";
        yield return $"--signal=B:TERM@{Number(SlurmScript.Warning)}";
        yield return "--requeue";
        yield return "--open-mode=append";
        // in a file name Slurm reads what follows a percent sign
        yield return $"--output={System.IO.Path.GetFullPath(options.Folder).Replace("%", "%%", StringComparison.Ordinal)}/%A_%a.log";
    }

    private RunStatus[] Follow(IReadOnlyList<RunDirectory> runs, SlurmJobs jobs, string stop, IProgress<ExecutorProgress>? progress, CancellationToken cancellation)
    {
        var (states, ended, absent, silence) = (new RunStatus[runs.Count], new bool[runs.Count], new int[runs.Count], 0);
        var tasks = runs.Select(run => jobs.TaskOf(Name(run))).ToArray();
        // at once, whatever is waited for; the file first, so that no task queues itself again
        using var stopping = cancellation.Register(() =>
        {
            Storage.WriteText(stop, "");
            _commands.Stop(jobs.All);
        });
        for (var look = 0; ; look++)
        {
            var isStopping = cancellation.IsCancellationRequested;
            var isAsked = isStopping || look % LooksPerQuestion == 0 || absent.Any(times => times > 0);
            var queue = isAsked ? _commands.Queue(jobs.All, isStopping ? CancellationToken.None : cancellation) : null;
            silence = !isAsked ? silence : queue is null ? silence + 1 : 0;
            if (isAsked && silence == SilenceToTell)
                options.Note?.Invoke("squeue does not answer; waiting for the runs themselves");
            for (var i = 0; i < runs.Count; i++)
            {
                if (ended[i])
                    continue;
                var status = runs[i].ReadRun().Status;
                var isThere = tasks[i] is { } task && (queue is null ? silence < SilenceToEnd : queue.Contains(task));
                absent[i] = !isAsked ? absent[i] : isThere || runs[i].IsBeingWritten(options.Time) ? 0 : absent[i] + 1;
                ended[i] = status == RunStatus.Completed || absent[i] >= Absences;
                if (ended[i] && status == RunStatus.Running)
                    status = RunStatus.Failed; // its task ended without a word
                if (ended[i] || (status == RunStatus.Running && states[i] != RunStatus.Running))
                    progress?.Report(new ExecutorProgress(runs[i], status, ended.Count(true.Equals), runs.Count));
                states[i] = status;
            }

            if (ended.All(true.Equals))
                return states;
            (isStopping ? CancellationToken.None : cancellation).WaitHandle.WaitOne(options.Interval);
        }
    }

    private static string Name(RunDirectory run) => System.IO.Path.GetFileName(run.Path);
}
