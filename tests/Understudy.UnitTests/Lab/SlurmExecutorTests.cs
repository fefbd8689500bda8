using Understudy.Lab.Execution.Slurm;
using Understudy.Lab.Runs;
using Understudy.UnitTests.Cli;

namespace Understudy.UnitTests.Lab;

/// <summary>What the executor makes of a scheduler that loses tasks, says nothing or refuses; its programs are a few lines of shell.</summary>
public sealed class SlurmExecutorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-slurm-").FullName;
    private readonly List<string> _told = [];

    public SlurmExecutorTests()
    {
        Requirement.Unix();
        Program("sbatch", "echo \"$@\" >> \"$0.log\"; echo 7");
        Program("squeue", "echo \"$@\" >> \"$0.log\"; echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1");
        Program("scontrol", "echo 'MaxArraySize = 2'");
        Program("scancel", "echo \"$@\" >> \"$0.log\"");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(RunStatus.Pending, RunStatus.Pending)]
    [InlineData(RunStatus.Running, RunStatus.Failed)]
    [InlineData(RunStatus.Cancelled, RunStatus.Cancelled)]
    [InlineData(RunStatus.Failed, RunStatus.Failed)]
    public void A_task_that_is_gone_without_a_word_ends_its_run(RunStatus left, RunStatus expected)
    {
        var run = Run(0, left);

        var states = Execute([run]);

        Assert.Equal([expected], states);
        Assert.Single(Log("sbatch"));
        // its job was there when it was submitted, so one answer without it is not enough
        Assert.Equal(3, Log("squeue").Length);
    }

    [Fact]
    public void Completed_runs_are_not_submitted_and_arrays_are_as_long_as_the_cluster_allows()
    {
        RunDirectory[] runs = [Run(0, RunStatus.Completed), Run(1, RunStatus.Pending), Run(2, RunStatus.Failed), Run(3, RunStatus.Pending)];

        Execute(runs, atOnce: 1);

        Assert.Equal(2, Log("sbatch").Length);
        Assert.Contains("--array=0-1%1", Log("sbatch")[0], StringComparison.Ordinal);
        Assert.DoesNotContain("--dependency", Log("sbatch")[0], StringComparison.Ordinal);
        // one at a time over all arrays
        Assert.Contains("--array=0-0%1", Log("sbatch")[1], StringComparison.Ordinal);
        Assert.Contains("--dependency=afterany:7", Log("sbatch")[1], StringComparison.Ordinal);
        Assert.Equal([Path.GetFullPath(runs[1].Path), Path.GetFullPath(runs[2].Path)], File.ReadAllLines(Path.Combine(_folder, "slurm", "runs-0.txt")));
    }

    [Fact]
    public async Task Tasks_on_their_way_are_followed_and_not_submitted_again()
    {
        var run = Run(0, RunStatus.Pending);
        _ = Execute([run], isDetached: true);
        // there as long as the run is not completed
        Program("squeue", $"grep -q completed '{run.File("run.json")}' && exit 0; echo '7_0|PENDING'");

        var follower = Task.Run(() => Execute([run]), TestContext.Current.CancellationToken);
        run.Write(run.ReadRun() with { Status = RunStatus.Completed });

        Assert.Equal([RunStatus.Completed], await follower);
        Assert.Single(Log("sbatch"));
    }

    [Fact]
    public void Who_waits_is_told_that_the_scheduler_is_silent_and_runs_that_nobody_writes_end()
    {
        var run = Run(0, RunStatus.Pending);
        Execute([run], isDetached: true);
        run.Write(run.ReadRun() with { Status = RunStatus.Running });
        // answers the first question alone
        Program("squeue", $"[ -e '{_folder}/asked' ] && {{ echo 'Unable to contact slurm controller' >&2; exit 1; }}; touch '{_folder}/asked'; echo '7_0|RUNNING'");

        var states = Execute([run]);

        Assert.Equal([RunStatus.Failed], states);
        Assert.Equal(["squeue does not answer; waiting for the runs themselves"], _told);
        Assert.Single(Log("sbatch"));
    }

    [Fact]
    public async Task A_request_to_stop_reaches_the_tasks_while_the_scheduler_is_slow()
    {
        var run = Run(0, RunStatus.Pending);
        Execute([run], isDetached: true);
        Program("squeue", $"[ -e '{_folder}/slurm/stop' ] && exit 0; [ -e '{_folder}/asked' ] && exec sleep 100; touch '{_folder}/asked'; echo '7_0|RUNNING'");
        using var stop = new CancellationTokenSource();

        var follower = Task.Run(() => Executor().Execute([run], null, stop.Token), TestContext.Current.CancellationToken);
        SpinWait.SpinUntil(() => File.Exists(Path.Combine(_folder, "asked")));
        await stop.CancelAsync();

        Assert.Equal([RunStatus.Pending], await follower);
        Assert.Equal(["--state=PENDING 7", "--batch --signal=TERM 7"], Log("scancel"));
        Assert.True(File.Exists(Path.Combine(_folder, "slurm", "stop")));
    }

    [Theory]
    [InlineData("exit 0", "sbatch submitted nothing: it gave no number of a job\n")]
    [InlineData("echo 'sbatch: Job 9 to start at a time' >&2", "sbatch submitted nothing: it gave no number of a job, but Job 9 to start at a time\n")]
    [InlineData("echo 'sbatch: fatal: Could not establish a configuration source' >&2; exit 1", "sbatch refuses the runs: Could not establish a configuration source\n")]
    public void What_gives_no_job_is_refused_and_nothing_is_written_down(string answer, string problem)
    {
        Program("sbatch", answer);

        var refused = Assert.Throws<SlurmException>(() => Execute([Run(0, RunStatus.Pending)]));

        Assert.StartsWith(problem, refused.Message, StringComparison.Ordinal);
        Assert.False(SlurmExecutor.HasSubmitted(Path.Combine(_folder, "slurm")));
        Assert.False(File.Exists(Path.Combine(_folder, "slurm", "submitting")));
    }

    [Fact]
    public void One_process_submits_at_a_time_and_a_lock_that_was_left_behind_is_taken_over()
    {
        var run = Run(0, RunStatus.Pending);
        var held = Path.Combine(_folder, "slurm", "submitting");
        Directory.CreateDirectory(Path.GetDirectoryName(held)!);
        File.WriteAllText(held, "");

        Assert.StartsWith("another process is submitting these runs", Assert.Throws<SlurmException>(() => Execute([run])).Message, StringComparison.Ordinal);
        Assert.Empty(Log("sbatch"));

        File.SetLastWriteTimeUtc(held, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-11));
        Execute([run], isDetached: true);
        Assert.Single(Log("sbatch"));
    }

    [Fact]
    public void Jobs_of_another_cluster_are_asked_for_there()
    {
        Program("sbatch", "echo '8;far'");
        var run = Run(0, RunStatus.Pending);

        Execute([run]);

        Assert.All(Log("squeue"), line => Assert.StartsWith("-M far ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_damaged_list_of_jobs_is_named()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "slurm"));
        File.WriteAllText(Path.Combine(_folder, "slurm", "jobs.json"), "[{");

        var problem = Assert.Throws<RunException>(() => Execute([Run(0, RunStatus.Pending)]));

        Assert.StartsWith($"{Path.Combine(_folder, "slurm", "jobs.json")} is damaged", problem.Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<RunStatus> Execute(RunDirectory[] runs, int? atOnce = null, bool isDetached = false)
        => Executor(atOnce, isDetached).Execute(runs, null, TestContext.Current.CancellationToken);

    private SlurmExecutor Executor(int? atOnce = null, bool isDetached = false) => new(new SlurmOptions
    {
        Command = ["understudy", "resume"],
        Folder = Path.Combine(_folder, "slurm"),
        AtOnce = atOnce,
        Detached = isDetached,
        Path = [_folder],
        Interval = TimeSpan.FromMilliseconds(5),
        Note = _told.Add,
    });

    private RunDirectory Run(int number, RunStatus status)
    {
        var study = new FakeStudy();
        var run = RunDirectory.CreateAt(Path.Combine(_folder, $"{number:000}"), study, study.DefaultConfig, []);
        run.Write(run.ReadRun() with { Status = status });
        return run;
    }

    private string[] Log(string name) => File.Exists(Path.Combine(_folder, name + ".log")) ? File.ReadAllLines(Path.Combine(_folder, name + ".log")) : [];

    private void Program(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, $"#!/bin/bash\n{text}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
