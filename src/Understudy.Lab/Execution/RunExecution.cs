using System.Diagnostics.CodeAnalysis;
using Understudy.Data;
using Understudy.Engine.Threading;
using Understudy.Lab.Configuration;
using Understudy.Lab.Reports;
using Understudy.Lab.Runs;

namespace Understudy.Lab.Execution;

/// <summary>One attempt at a run, from the lock to the report.</summary>
internal sealed class RunExecution(
    IStudy study, StudyConfig config, RunDirectory run, RunOptions options, RunLog log, IReadOnlyDictionary<string, DataSetFolder> data)
{
    /// <summary>The part that stands for the whole training.</summary>
    private const string Everything = "";

    [SuppressMessage("Design", "CA1031", Justification = "The runner records why a run failed, whatever it was, and hands it on.")]
    internal RunResult Carry(IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        var before = Begin();
        try
        {
            Train(before, progress, cancellation);
            log.Line("judging and drawing");
            // the report shows the run as it will stay; run.json says so only when everything is there
            var done = Now() with { Status = RunStatus.Completed, Ended = Ended(before), Failure = null };
            var verdicts = RunReport.Write(study, [RecordedRun.Open(study, run, done)], run.Path);
            run.Write(done);
            log.Line("completed");
            progress?.Report(new RunProgress(1, "done", []));
            return new RunResult(RunStatus.Completed, verdicts, null);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            log.Line("cancelled");
            run.Write(Now() with { Status = RunStatus.Cancelled, Ended = options.Time.GetUtcNow() });
            return new RunResult(RunStatus.Cancelled, [], null);
        }
        catch (Exception problem)
        {
            log.Failure(problem);
            Fail(problem);
            return new RunResult(RunStatus.Failed, [], problem);
        }
    }

    private RunJson Now() => run.ReadRun();

    /// <summary>Drawing a completed run again does not change when it ended.</summary>
    private DateTimeOffset? Ended(RunJson before) => before.Status == RunStatus.Completed ? before.Ended : options.Time.GetUtcNow();

    /// <summary>Marks the run as running; returns what stood there before.</summary>
    private RunJson Begin()
    {
        var before = run.ReadRun();
        var state = before with
        {
            Status = RunStatus.Running,
            Started = before.Started ?? options.Time.GetUtcNow(),
            Ended = null,
            Failure = null,
            Version = ThisMachine.Version,
            Commit = ThisMachine.Commit,
            Machine = ThisMachine.Machine,
            Engine = ThisMachine.Engine,
            Threads = options.Threads,
            Data = [.. data.Select(item => new UsedDataSet(item.Key, item.Value.Sha256))],
        };
        run.Write(state);
        return before;
    }

    private void Train(RunJson before, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        using var team = new Team(options.Threads);
        using var stop = new StoppingPoint(options.Time, cancellation);
        using var context = new DirectoryContext(run, config, team, options, log, stop, data, progress);
        if (context.IsFinished(Everything))
            return;
        if (before.Started is not null)
            run.Write(Now() with { Resumes = [.. before.Resumes, new RunResume(context.NewestStep(), options.Time.GetUtcNow())] });
        study.Run(config, context, stop.Token);
        context.Finish(Everything);
    }

    private void Fail(Exception problem)
    {
        try
        {
            run.Write(Now() with { Status = RunStatus.Failed, Ended = options.Time.GetUtcNow(), Failure = new RunFailure(problem.GetType().Name, problem.Message) });
        }
        catch (UserException)
        {
            // where nothing can be written any more, the first problem is the one to tell
        }
    }
}
