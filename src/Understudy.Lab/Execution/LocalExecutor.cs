using Understudy.Data;
using Understudy.Lab.Runs;

namespace Understudy.Lab.Execution;

/// <summary>Carries out runs on this machine, several at a time.</summary>
/// <param name="carryOut">Carries out one run and says where it stands: in process by <see cref="LocalRunner.Resume"/>, or by waiting for a child process.</param>
/// <param name="atOnce">How many at a time, at least 1; each is carried out on a thread of its own.</param>
public sealed class LocalExecutor(Func<RunDirectory, CancellationToken, RunStatus> carryOut, int atOnce = 1) : IExecutor
{
    /// <summary>An executor that carries out runs of one study in this process, one after the other.</summary>
    public static LocalExecutor InProcess(IStudy study, RunOptions options, IProgress<RunProgress>? progress = null)
        => new((run, cancellation) => LocalRunner.Resume(study, run, options, progress, cancellation).Status);

    /// <inheritdoc/>
    public IReadOnlyList<RunStatus> Execute(IReadOnlyList<RunDirectory> runs, IProgress<ExecutorProgress>? progress, CancellationToken cancellation)
    {
        var queue = new Queue(runs, carryOut, progress, cancellation);
        Thread[] others = [.. Enumerable.Range(1, Math.Max(0, Math.Min(atOnce, runs.Count) - 1)).Select(_ => new Thread(queue.Work) { IsBackground = true, Name = "understudy run" })];
        foreach (var thread in others)
            thread.Start();
        queue.Work();
        foreach (var thread in others)
            thread.Join();
        return queue.States;
    }

    private sealed class Queue(
        IReadOnlyList<RunDirectory> runs, Func<RunDirectory, CancellationToken, RunStatus> carryOut, IProgress<ExecutorProgress>? progress, CancellationToken cancellation)
    {
        private readonly RunStatus[] _states = [.. runs.Select(run => run.ReadRun().Status)];
        private int _next = -1;
        private int _ended;

        internal IReadOnlyList<RunStatus> States => _states;

        internal void Work()
        {
            for (int i; !cancellation.IsCancellationRequested && (i = Interlocked.Increment(ref _next)) < runs.Count;)
            {
                if (_states[i] != RunStatus.Completed)
                {
                    progress?.Report(new ExecutorProgress(runs[i], RunStatus.Running, Volatile.Read(ref _ended), runs.Count));
                    _states[i] = CarryOut(runs[i]);
                }
                progress?.Report(new ExecutorProgress(runs[i], _states[i], Interlocked.Increment(ref _ended), runs.Count));
            }
        }

        private RunStatus CarryOut(RunDirectory run)
        {
            try
            {
                return carryOut(run, cancellation);
            }
            catch (UserException)
            {
                // such as a second writer: run.json of that run says more, and the others go on
                return RunStatus.Failed;
            }
        }
    }
}
