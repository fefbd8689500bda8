using System.Globalization;
using System.Text.Json.Nodes;
using Understudy.Lab.Configuration;
using Understudy.Lab.Runs;

namespace Understudy.UnitTests.Lab;

public sealed class RunDirectoryTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly ToyStudy _toy = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_id_has_time_study_and_hash_and_a_number_where_it_is_taken()
    {
        var hash = ConfigJson.Hash(new ToyConfig())[..6];

        string[] names = [.. Enumerable.Range(0, 3).Select(_ => Path.GetFileName(Create().Path))];

        Assert.Equal([$"20261122-031500-toy-{hash}", $"20261122-031500-toy-{hash}-2", $"20261122-031500-toy-{hash}-3"], names);
    }

    [Fact]
    public void A_new_run_is_pending_with_its_settings_and_arguments()
    {
        var run = RunDirectory.Open(Create().Path);

        var json = run.ReadRun();
        Assert.Equal((RunStatus.Pending, "toy", null, 1), (json.Status, json.Study, json.Started, json.Format));
        Assert.Equal(["@quick", "seed=3"], json.Arguments);
        Assert.Equal(ConfigJson.Write(new ToyConfig()), File.ReadAllText(run.File("config.json")));
        Assert.Equal(["config.json", "run.json"], Directory.GetFiles(run.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Run_json_has_the_documented_names()
    {
        var json = JsonNode.Parse(File.ReadAllText(Create().File("run.json")))!.AsObject();

        Assert.Equal(
            ["format", "id", "study", "status", "started", "ended", "version", "commit", "machine", "engine", "threads", "arguments", "data", "sweep", "resumes", "failure"],
            json.Select(item => item.Key));
        Assert.Equal("pending", (string?)json["status"]);
    }

    [Fact]
    public void A_folder_without_a_run_says_so()
    {
        var error = Assert.Throws<RunException>(() => RunDirectory.Open(_folder.Path));

        Assert.Equal($"{_folder.Path} is not a run: there is no run.json in it\n  see what there is: understudy list", error.Message);
    }

    [Fact]
    public void A_folder_that_holds_something_is_left_alone()
    {
        File.WriteAllText(_folder["thesis.txt"], "years of work");

        var error = Assert.Throws<RunException>(() => RunDirectory.CreateAt(_folder.Path, _toy, new ToyConfig(), []));

        Assert.StartsWith($"{_folder.Path} holds something already\n", error.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_run_whose_making_was_killed_is_made_again()
    {
        File.WriteAllText(_folder["config.json"], "{}");
        File.WriteAllText(_folder["run.json.part"], "{");

        var run = RunDirectory.CreateAt(_folder.Path, _toy, new ToyConfig(), []);

        Assert.Equal(new ToyConfig().Steps, ((ToyConfig)run.ReadConfig(_toy)).Steps);
        Assert.Equal(RunStatus.Pending, run.ReadRun().Status);
    }

    [Fact]
    public void A_file_where_the_folder_of_runs_should_be_is_one_sentence()
    {
        File.WriteAllText(_folder["runs"], "");

        var error = Assert.Throws<RunException>(() => RunDirectory.Create(_folder["runs"], _toy, new ToyConfig(), [], _time));

        Assert.Equal($"{_folder["runs"]} cannot be written: a file stands where a folder should be\n  make room or choose another folder with --out, then run or resume again", error.Message);
    }

    [Fact]
    public void A_folder_without_permission_is_one_sentence()
    {
        Requirement.Unix();
        // not even root makes folders in the kernel's own file system, which a container may show read-only
        var forbidden = Environment.IsPrivilegedProcess ? "/sys/kernel" : _folder["forbidden"];
        if (!OperatingSystem.IsWindows() && !Environment.IsPrivilegedProcess)
            File.SetUnixFileMode(Directory.CreateDirectory(forbidden).FullName, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var error = Assert.Throws<RunException>(() => RunDirectory.Create(forbidden, _toy, new ToyConfig(), [], _time));

        Assert.Matches(
            "^.+ cannot be written: (there is no permission to write there|the file system is read-only)\n  make room or choose another folder with --out, then run or resume again$", error.Message);
    }

    [Fact]
    public void A_newer_format_is_refused_by_name()
    {
        var run = Create();
        File.WriteAllText(run.File("run.json"), """{"format": 2, "status": "hovering"}""");

        var error = Assert.Throws<RunException>(() => run.ReadRun());

        Assert.Equal($"{run.Path} was written by a newer version of understudy: its format is 2, and this version reads 1\n  update understudy to read this run", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"status": "hovering"}""")]
    [InlineData("""{"format": "one"}""")]
    public void A_damaged_run_json_is_a_sentence(string text)
    {
        var run = Create();
        File.WriteAllText(run.File("run.json"), text);

        Assert.StartsWith($"{run.File("run.json")} is damaged", Assert.Throws<RunException>(() => run.ReadRun()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_of_another_study_is_refused()
    {
        var run = Create();
        File.WriteAllText(run.File("run.json"), """{"format": 1, "study": "hessian"}""");

        var error = Assert.Throws<RunException>(() => RecordedRun.Open(_toy, run));

        Assert.Equal($"{run.Path} is a run of hessian, not of toy\n  give directories of one study", error.Message);
    }

    [Fact]
    public void A_second_writer_is_refused_with_the_first_ones_name()
    {
        var run = Create();
        using var held = RunLock.Take(run, _time, out _);

        var error = Assert.Throws<RunException>(() => RunLock.Take(run, _time, out _));

        Assert.Equal($"{run.Path} is being written by process {Environment.ProcessId} on {Environment.MachineName}\n  wait until it has ended, or stop it; a run has one writer", error.Message);
    }

    [Fact]
    public void The_lock_goes_with_its_holder()
    {
        var run = Create();
        RunLock.Take(run, _time, out _).Dispose();

        Assert.False(File.Exists(run.File("run.lock")));
        RunLock.Take(run, _time, out var takenOver).Dispose();
        Assert.Null(takenOver);
    }

    [Fact]
    public void The_lock_of_a_process_that_is_gone_is_taken_over()
    {
        var run = Create();
        WriteLock(run, Environment.MachineName, GoneProcess(), DateTime.UnixEpoch);

        using var held = RunLock.Take(run, _time, out var takenOver);

        Assert.Contains("which is gone", takenOver!, StringComparison.Ordinal);
    }

    [Fact]
    public void The_lock_of_a_process_number_that_was_used_again_is_taken_over()
    {
        var run = Create();
        WriteLock(run, Environment.MachineName, Environment.ProcessId, DateTime.UnixEpoch);

        using var held = RunLock.Take(run, _time, out var takenOver);

        Assert.NotNull(takenOver);
    }

    [Theory]
    [InlineData(100, false)]
    [InlineData(121, true)]
    public void The_lock_of_another_host_is_stale_after_two_minutes_without_renewal(int seconds, bool stale)
    {
        var run = Create();
        WriteLock(run, "elsewhere", 1, DateTime.UnixEpoch);
        _time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(!stale, RunLock.IsHeld(run, _time));
    }

    [Fact]
    public void A_held_lock_is_renewed_every_ten_seconds()
    {
        var run = Create();
        using var held = RunLock.Take(run, _time, out _);

        for (var i = 0; i < 30; i++)
            _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(_time.GetUtcNow().UtcDateTime, File.GetLastWriteTimeUtc(run.File("run.lock")));
    }

    [Fact]
    public void Runs_below_a_folder_are_those_directly_in_it()
    {
        var runs = new[] { Create().Path, Create().Path };
        Directory.CreateDirectory(_folder["notes"]);

        Assert.Equal(runs.Order(), RunDirectory.Below(_folder.Path).Select(run => run.Path));
        Assert.Empty(RunDirectory.Below(_folder["nowhere"]));
    }

    private RunDirectory Create() => RunDirectory.Create(_folder.Path, _toy, new ToyConfig(), ["@quick", "seed=3"], _time);

    private void WriteLock(RunDirectory run, string host, int process, DateTime started)
    {
        File.WriteAllText(run.File("run.lock"), string.Create(CultureInfo.InvariantCulture, $$"""{"host":"{{host}}","process":{{process}},"started":"{{started:O}}"}"""));
        File.SetLastWriteTimeUtc(run.File("run.lock"), _time.GetUtcNow().UtcDateTime);
    }

    /// <summary>A process number nobody has: far beyond the largest a system gives.</summary>
    private static int GoneProcess() => int.MaxValue;
}
