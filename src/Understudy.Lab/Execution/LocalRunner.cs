using System.Runtime.ExceptionServices;
using Understudy.Data;
using Understudy.Lab.Claims;
using Understudy.Lab.Configuration;
using Understudy.Lab.Reports;
using Understudy.Lab.Runs;

namespace Understudy.Lab.Execution;

/// <summary>Carries out runs in this process.</summary>
public static class LocalRunner
{
    /// <summary>Runs a whole study: the same files as the command line writes.</summary>
    /// <param name="study">The study.</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="directory">The run directory; one that holds a run of the same configuration is resumed.</param>
    /// <param name="progress">Told at most ten times a second, or null.</param>
    /// <param name="cancellation">Stops the run after a checkpoint; running again with the same arguments goes on from it.</param>
    /// <returns>One verdict per claim.</returns>
    /// <exception cref="ConfigException">The configuration has problems.</exception>
    /// <exception cref="RunException">The directory cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static IReadOnlyList<Verdict> Run(IStudy study, StudyConfig config, string directory, IProgress<RunProgress>? progress, CancellationToken cancellation)
        => Run(study, config, directory, new RunOptions(), progress, cancellation);

    /// <summary>Runs a whole study with options, such as where its data sets are.</summary>
    /// <inheritdoc cref="Run(IStudy, StudyConfig, string, IProgress{RunProgress}?, CancellationToken)"/>
    public static IReadOnlyList<Verdict> Run(
        IStudy study, StudyConfig config, string directory, RunOptions options, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        if (config.Problems().FirstOrDefault() is { } problem)
            throw new ConfigException(problem);
        var result = Resume(study, OpenOrCreate(study, config, directory), options, progress, cancellation);
        if (result.Error is not null)
            ExceptionDispatchInfo.Throw(result.Error);
        if (result.Status == RunStatus.Cancelled)
            throw new OperationCanceledException($"The run in {directory} was cancelled after a checkpoint.", cancellation);
        return result.Verdicts;
    }

    /// <summary>Does whatever is missing in a run directory: trains from the last checkpoint, judges, draws and writes the report.</summary>
    /// <param name="study">The study the run belongs to.</param>
    /// <param name="run">A run in any state.</param>
    /// <param name="options">How to carry it out.</param>
    /// <param name="progress">Told at most ten times a second, or null.</param>
    /// <param name="cancellation">Stops the run after a checkpoint.</param>
    /// <returns>How it ended; an error of the study is in it and not thrown.</returns>
    /// <exception cref="UserException">The directory cannot be read or written, another process writes it, or data are missing.</exception>
    public static RunResult Resume(IStudy study, RunDirectory run, RunOptions options, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        var config = RecordedRun.Open(study, run).Config;
        using var held = RunLock.Take(run, options.Time, out var takenOver);
        using var log = new RunLog(run.File("log.txt"), options.Time, options.Log);
        if (takenOver is not null)
            log.Line(takenOver);
        var data = study.Needs(config).Distinct(StringComparer.Ordinal).ToDictionary(set => set, set => Find(set, options), StringComparer.Ordinal);
        var execution = new RunExecution(study, config, run, options, log, data);
        return execution.Carry(progress, cancellation);
    }

    /// <summary>Judges and draws a recorded run again and writes its report, without training.</summary>
    /// <exception cref="UserException">The directory cannot be read or written.</exception>
    public static IReadOnlyList<Verdict> Report(IStudy study, RunDirectory run) => RunReport.Write(study, [RecordedRun.Open(study, run)], run.Path);

    /// <summary>Judges and draws several recorded runs together and writes verdicts, figures and report into a folder.</summary>
    /// <param name="study">The study all of them belong to.</param>
    /// <param name="runs">The runs; those without any recorded table are left out.</param>
    /// <param name="folder">Where <c>verdicts.json</c>, <c>figures</c> and <c>report.html</c> go.</param>
    /// <exception cref="UserException">A directory cannot be read or written.</exception>
    public static IReadOnlyList<Verdict> Report(IStudy study, IReadOnlyList<RunDirectory> runs, string folder)
        => RunReport.Write(study, Recorded(study, runs), folder);

    /// <summary>Judges and draws the points of a sweep together and writes its report into the sweep's directory.</summary>
    /// <exception cref="UserException">A directory cannot be read or written.</exception>
    public static IReadOnlyList<Verdict> Report(IStudy study, SweepDirectory sweep)
        => RunReport.Write(study, Recorded(study, sweep.Runs), sweep.Path, string.Join(' ', sweep.Sweep.Arguments.Select(Shell.Quoted).Prepend($"understudy sweep {study.Card.Name}")));

    private static RecordedRun[] Recorded(IStudy study, IReadOnlyList<RunDirectory> runs)
        => [.. runs.Select(run => RecordedRun.Open(study, run)).Where(run => run.Tables.Count > 0)];

    private static RunDirectory OpenOrCreate(IStudy study, StudyConfig config, string directory)
    {
        if (!RunDirectory.IsRun(directory))
            return RunDirectory.CreateAt(directory, study, config, Arguments(study, config));
        var run = RunDirectory.Open(directory);
        if (ConfigJson.Hash(RecordedRun.Open(study, run).Config) != ConfigJson.Hash(config))
            throw new RunException($"{directory} holds a run with other settings\n  choose another folder");
        return run;
    }

    /// <summary>The assignments that give a configuration from the defaults.</summary>
    internal static IReadOnlyList<string> Arguments(IStudy study, StudyConfig config)
        => [.. ConfigJson.Differences(study, study.DefaultConfig, config).Select(item => $"{item.Path}={item.After}")];

    private static DataSetFolder Find(string set, RunOptions options) => options.Data is null
        ? throw new DataUnavailableException($"{set} is needed, and no data sets were handed in\n  give RunOptions.Data")
        : options.Data(set);
}
