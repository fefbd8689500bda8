using Understudy.Lab.Runs;

namespace Understudy.Lab.Execution;

/// <summary>Carries out pending runs somewhere: here, in other processes, on a cluster.</summary>
public interface IExecutor
{
    /// <summary>Carries out every run that is not completed, and returns when all have ended or the executor was cancelled.</summary>
    /// <param name="runs">The runs; each is a directory in any state.</param>
    /// <param name="progress">Told when a run begins and ends, or null.</param>
    /// <param name="cancellation">Stops after checkpoints; runs that were not begun stay pending.</param>
    /// <returns>Where each run stands, in order. One failed run never stops the others.</returns>
    IReadOnlyList<RunStatus> Execute(IReadOnlyList<RunDirectory> runs, IProgress<ExecutorProgress>? progress, CancellationToken cancellation);
}

/// <summary>How far an executor is.</summary>
/// <param name="Run">The run that changed.</param>
/// <param name="Status">Where it stands now.</param>
/// <param name="Ended">How many have ended so far.</param>
/// <param name="Total">How many there are.</param>
public sealed record ExecutorProgress(RunDirectory Run, RunStatus Status, int Ended, int Total);
