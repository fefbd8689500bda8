using System.Text.Json.Nodes;
using Understudy.Data;
using Understudy.Lab.Configuration;
using Understudy.Lab.Execution;
using Understudy.Lab.Runs;

namespace Understudy.UnitTests.Lab;

public sealed class LocalRunnerTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_writes_every_file_the_design_names()
    {
        var verdicts = LocalRunner.Run(new ToyStudy(), new ToyConfig { Seed = 3 }, _folder["mine"], progress: null, Test);

        Assert.Equal([ToyStudy.Falls, ToyStudy.Other], verdicts.Select(verdict => verdict.Claim));
        Assert.Equal(
            ["arrays", "artifacts", "checkpoints", "config.json", "figures", "log.txt", "metrics", "report.html", "run.json", "verdicts.json"],
            Directory.GetFileSystemEntries(_folder["mine"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["walk.svg", "walk.vl.json"], Directory.GetFiles(_folder["mine/figures"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var run = RunDirectory.Open(_folder["mine"]).ReadRun();
        Assert.Equal((RunStatus.Completed, "mine", "toy"), (run.Status, run.Id, run.Study));
        Assert.Equal(["seed=3"], run.Arguments);
        Assert.NotNull(run.Machine);
        Assert.True(run.Took > TimeSpan.Zero);
        Assert.Equal(verdicts, RunDirectory.Open(_folder["mine"]).ReadVerdicts());
    }

    [Fact]
    public void Verdicts_name_their_outcome_in_full()
    {
        LocalRunner.Run(new ToyStudy(), new ToyConfig { Parts = ["first"] }, _folder["mine"], null, Test);

        var verdicts = JsonNode.Parse(File.ReadAllText(_folder["mine/verdicts.json"]))!.AsArray();

        Assert.Equal("NotRun", (string?)verdicts[1]!["outcome"]);
        Assert.Equal("other", (string?)verdicts[1]!["claim"]!["id"]);
        Assert.Equal("needs part second: run again with parts=[first,second]", (string?)verdicts[1]!["measured"]);
    }

    [Fact]
    public void Running_into_the_same_directory_goes_on_and_other_settings_are_refused()
    {
        LocalRunner.Run(new ToyStudy(), new ToyConfig(), _folder["mine"], null, Test);
        var again = LocalRunner.Run(new ToyStudy(), new ToyConfig(), _folder["mine"], null, Test);
        Assert.Equal(2, again.Count);

        var error = Assert.Throws<RunException>(() => LocalRunner.Run(new ToyStudy(), new ToyConfig { Seed = 2 }, _folder["mine"], null, Test));

        Assert.Equal($"{_folder["mine"]} holds a run with other settings\n  choose another folder", error.Message);
    }

    [Fact]
    public void Contradictions_stop_before_anything_is_written()
    {
        Assert.Throws<ConfigException>(() => LocalRunner.Run(new ToyStudy(), new ToyConfig { Steps = 0 }, _folder["mine"], null, Test));

        Assert.False(Directory.Exists(_folder["mine"]));
    }

    [Fact]
    public void An_error_of_the_study_is_thrown_as_it_was()
    {
        var study = new ToyStudy { BeforeStep = (_, step) => ArgumentOutOfRangeException.ThrowIfEqual(step, 3) };

        Assert.Throws<ArgumentOutOfRangeException>(() => LocalRunner.Run(study, new ToyConfig(), _folder["mine"], null, Test));
        Assert.Equal(RunStatus.Failed, RunDirectory.Open(_folder["mine"]).ReadRun().Status);
    }

    [Fact]
    public void A_cancelled_run_throws_and_goes_on_next_time()
    {
        using var source = new CancellationTokenSource();
        var study = new ToyStudy { BeforeStep = (_, step) => { if (step == 9) source.Cancel(); } };

        Assert.ThrowsAny<OperationCanceledException>(() => LocalRunner.Run(study, new ToyConfig(), _folder["mine"], null, source.Token));

        Assert.Equal(2, LocalRunner.Run(new ToyStudy(), new ToyConfig(), _folder["mine"], null, Test).Count);
    }

    [Fact]
    public void Progress_comes_at_most_ten_times_a_second()
    {
        var time = new ManualTime();
        var study = new ToyStudy { BeforeStep = (_, _) => time.Advance(TimeSpan.FromMilliseconds(30)) };
        var told = new List<(RunProgress, DateTimeOffset At)>();

        LocalRunner.Run(study, new ToyConfig(), _folder["mine"], new RunOptions { Time = time, Threads = 1 }, new Told(progress => told.Add((progress, time.GetUtcNow()))), Test);

        Assert.All(told.SkipLast(1).Zip(told.SkipLast(1).Skip(1)), pair => Assert.True(pair.Second.At - pair.First.At >= TimeSpan.FromMilliseconds(100)));
        Assert.Equal(1, told[^1].Item1.Fraction);
        Assert.InRange(told.Count, 10, 30);
    }

    [Fact]
    public void Data_sets_are_found_before_the_run_and_stored_with_their_checksums()
    {
        var options = new RunOptions { Data = set => new DataSetFolder("/data/" + set, "ab12") };

        LocalRunner.Run(new ToyStudy { Sets = ["digits"] }, new ToyConfig(), _folder["mine"], options, null, Test);

        Assert.Equal([new UsedDataSet("digits", "ab12")], RunDirectory.Open(_folder["mine"]).ReadRun().Data);
        Assert.Contains("SHA-256 ab12", File.ReadAllText(_folder["mine/report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_data_leave_the_run_pending()
    {
        var study = new ToyStudy { Sets = ["digits"] };
        var run = RunDirectory.CreateAt(_folder["mine"], study, new ToyConfig(), []);

        Assert.Throws<DataUnavailableException>(() => LocalRunner.Resume(study, run, new RunOptions(), null, Test));

        Assert.Equal(RunStatus.Pending, run.ReadRun().Status);
        Assert.False(File.Exists(run.File("run.lock")));
    }

    [Fact]
    public void A_sweep_is_a_directory_of_runs_judged_together()
    {
        var plan = ConfigReader.ReadSweep(new ToyStudy(), ["seed=1..3", "steps=5", "parts=[first]"]);
        var sweep = SweepDirectory.Create(_folder.Path, new ToyStudy(), plan, ["seed=1..3", "steps=5", "parts=[first]"], new ManualTime());
        var told = new List<ExecutorProgress>();

        var states = LocalExecutor.InProcess(new ToyStudy(), new RunOptions { Threads = 1 }).Execute(sweep.Runs, new ToldExecutor(told.Add), Test);
        var verdicts = LocalRunner.Report(new ToyStudy(), SweepDirectory.Open(sweep.Path));

        Assert.StartsWith("20261122-031500-sweep-toy-", Path.GetFileName(sweep.Path), StringComparison.Ordinal);
        Assert.Equal(["000", "001", "002"], sweep.Sweep.Points.Select(point => point.Run));
        Assert.Equal([RunStatus.Completed, RunStatus.Completed, RunStatus.Completed], states);
        Assert.Equal(3, told[^1].Ended);
        Assert.Equal(2, verdicts.Count);
        Assert.Equal(["steps=5", "parts=[first]", "seed=2"], sweep.Runs[1].ReadRun().Arguments);
        Assert.Equal(Path.GetFileName(sweep.Path), sweep.Runs[1].ReadRun().Sweep);
        var report = File.ReadAllText(Path.Combine(sweep.Path, "report.html"));
        Assert.Contains("understudy sweep toy seed=1..3 steps=5 &#39;parts=[first]&#39;", report, StringComparison.Ordinal);
        Assert.Contains("Settings that vary over the runs", report, StringComparison.Ordinal);
    }

    [Fact]
    public void One_failed_run_never_stops_the_others()
    {
        var sweep = SweepDirectory.Create(_folder.Path, new ToyStudy(), ConfigReader.ReadSweep(new ToyStudy(), ["seed=1..4"]), [], new ManualTime());
        var executor = new LocalExecutor((run, _) => run.ReadConfig(new ToyStudy()).Seed == 2 ? throw new RunException("no") : RunStatus.Completed, atOnce: 2);

        Assert.Equal([RunStatus.Completed, RunStatus.Failed, RunStatus.Completed, RunStatus.Completed], executor.Execute(sweep.Runs, null, Test));
    }

    [Fact]
    public void A_folder_that_is_no_sweep_says_so()
        => Assert.Equal($"{_folder.Path} is not a sweep: there is no sweep.json in it\n  see what there is: understudy list", Assert.Throws<RunException>(() => SweepDirectory.Open(_folder.Path)).Message);

    private sealed class Told(Action<RunProgress> tell) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => tell(value);
    }

    private sealed class ToldExecutor(Action<ExecutorProgress> tell) : IProgress<ExecutorProgress>
    {
        public void Report(ExecutorProgress value) => tell(value);
    }
}
