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
    /// <summary>Looks at the runs for one at the scheduler.</summary>
    private const int LooksPerQuestion = 5;

    /// <summary>Answers without a task before it counts as gone: run.json may be late on a network's file system.</summary>
    private const int Absences = 3;

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

    /// <summary>Submits every run that is not completed and whose task is not on its way, and follows all of them.</summary>
    /// <inheritdoc/>
    /// <exception cref="SlurmException">There is no Slurm here, or it refuses.</exception>
    /// <exception cref="RunException">The folder cannot be written.</exception>
    public IReadOnlyList<RunStatus> Execute(IReadOnlyList<RunDirectory> runs, IProgress<ExecutorProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(runs);
        Storage.CreateFolder(options.Folder);
        var stop = System.IO.Path.Combine(options.Folder, SlurmScript.Stop);
        Storage.Discard(stop);
        var jobs = new SlurmJobs(options.Folder);
        Submit(runs, jobs);
        return options.Detached ? [.. runs.Select(run => run.ReadRun().Status)] : Follow(runs, jobs, stop, progress, cancellation);
    }

    private void Submit(IReadOnlyList<RunDirectory> runs, SlurmJobs jobs)
    {
        var queue = _commands.Queue(jobs.Ids) ?? throw new SlurmException("squeue does not answer, so it cannot be told which runs are submitted already\n  try again when the scheduler is back");
        RunDirectory[] missing = [.. runs.Where(run => run.ReadRun().Status != RunStatus.Completed && !run.IsBeingWritten(options.Time) && !(jobs.TaskOf(Name(run)) is { } task && queue.Contains(task)))];
        if (missing.Length == 0)
            return;
        var script = System.IO.Path.Combine(options.Folder, "task.sh");
        Storage.WriteText(script, SlurmScript.Text);
        foreach (var chunk in missing.Chunk(_commands.LargestArray()))
        {
            var list = System.IO.Path.Combine(options.Folder, string.Create(CultureInfo.InvariantCulture, $"runs-{jobs.Ids.Count()}.txt"));
            Storage.WriteText(list, string.Concat(chunk.Select(run => System.IO.Path.GetFullPath(run.Path) + "\n")));
            var id = _commands.Submit([.. Arguments(chunk.Length), .. options.More, script, System.IO.Path.GetFullPath(options.Folder), System.IO.Path.GetFullPath(list), .. options.Command]);
            jobs.Add(new SlurmJob(id, [.. chunk.Select(Name)]));
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
        var (states, ended, absent) = (new RunStatus[runs.Count], new bool[runs.Count], new int[runs.Count]);
        var tasks = runs.Select(run => jobs.TaskOf(Name(run))).ToArray();
        var (isStopping, queue) = (false, (IReadOnlySet<string>?)null);
        for (var look = 0; ; look++)
        {
            if (cancellation.IsCancellationRequested && !isStopping)
            {
                isStopping = true;
                // before the signal, so that no task queues itself again
                Storage.WriteText(stop, "");
                _commands.Stop(jobs.Ids);
            }

            var isAsked = isStopping || look % LooksPerQuestion == 0;
            if (isAsked)
                queue = _commands.Queue(jobs.Ids);
            for (var i = 0; i < runs.Count; i++)
            {
                if (ended[i])
                    continue;
                var status = runs[i].ReadRun().Status;
                var isGone = isAsked && queue is not null && !(tasks[i] is { } task && queue.Contains(task)) && !runs[i].IsBeingWritten(options.Time);
                absent[i] = !isAsked ? absent[i] : isGone ? absent[i] + 1 : 0;
                // that it failed may be left from before, as long as its task is on its way
                ended[i] = status == RunStatus.Completed || absent[i] >= (status is RunStatus.Failed ? 1 : Absences);
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
