using System.Text.Json.Nodes;
using Understudy.Lab.Runs;

namespace Understudy.UnitTests.Cli;

/// <summary>The verbs that read what runs have left: sweep, list, compare, report, export.</summary>
public sealed class RunsVerbTests : IDisposable
{
    private readonly Terminal _terminal = new();

    [Fact]
    public void A_sweep_makes_one_run_per_point_and_one_report()
    {
        var answer = _terminal.Run("sweep", "specialization", "@smoke", "seed=1..2", "student.width=4,8", "--local", "2", "--threads", "2");

        var sweep = _terminal.OnlyRun();
        Assert.Equal(0, answer.Code);
        Assert.Equal(["000", "001", "002", "003"], Directory.GetDirectories(sweep).Select(path => Path.GetFileName(path)!).Where(name => char.IsDigit(name[0])).Order());
        Assert.EndsWith(
            $"sweep   {sweep}\nreport  {Path.Combine(sweep, "report.html")}\nagain   understudy sweep specialization @smoke seed=1..2 student.width=4,8\n", answer.Out, StringComparison.Ordinal);
        Assert.StartsWith($"4 runs in {sweep}, 2 at a time with 1 thread each\n", answer.Error, StringComparison.Ordinal);
        Assert.Contains("  003 completed  seed=2 student.width=8\n", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_with_a_failed_run_says_which_and_goes_on_with_resume()
    {
        var answer = _terminal.Run("sweep", "specialization", "@smoke", "breakAt=-1,2", "--quiet");
        var sweep = _terminal.OnlyRun();
        var again = _terminal.Run("resume", sweep, "--quiet");

        Assert.Equal((1, 1), (answer.Code, again.Code));
        Assert.Contains($"missing 1 of 2 runs: 001 failed\nsweep   {sweep}\nreport  {Path.Combine(sweep, "report.html")}\nresume  understudy resume {sweep}\n", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stopped_sweep_leaves_runs_that_resume_completes()
    {
        var asked = false;
        _terminal.Studies = [new FakeStudy(step =>
        {
            if (step == 2 && !asked)
            {
                asked = true;
                _terminal.Interruption!.Request();
            }
        })];

        var stopped = _terminal.Run("sweep", "specialization", "@smoke", "seed=1..3", "--local", "1");
        var resumed = _terminal.Run("resume", _terminal.OnlyRun());

        Assert.Equal((3, 0), (stopped.Code, resumed.Code));
        Assert.Contains("stopping 1 run after a checkpoint; Ctrl-C again to end at once\n", stopped.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Resuming_a_sweep_leaves_a_run_to_the_process_that_is_writing_it()
    {
        _terminal.Run("sweep", "specialization", "@smoke", "breakAt=-1,2", "--quiet");
        var sweep = _terminal.OnlyRun();
        var held = Path.Combine(sweep, "001");

        Answer answer;
        using (RunLock.Take(RunDirectory.Open(held), TimeProvider.System, out _))
            answer = _terminal.Run("resume", sweep);

        Assert.Equal(2, answer.Code);
        Assert.Contains($"{held} is being written by another process at this moment and was left to it\n", answer.Error, StringComparison.Ordinal);
        Assert.Contains($"missing 1 of 2 runs: 001 running\nsweep   {sweep}\n", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void List_tells_a_killed_run_from_one_that_is_running()
    {
        _terminal.Run("run", "specialization", "@smoke", "-q");
        var run = RunDirectory.Open(_terminal.OnlyRun());
        File.WriteAllText(run.File("run.json"), File.ReadAllText(run.File("run.json")).Replace("completed", "running", StringComparison.Ordinal));

        Assert.Equal("killed", Status());
        using (RunLock.Take(run, TimeProvider.System, out _))
            Assert.Equal("running", Status());

        string? Status() => (string?)Assert.Single(JsonNode.Parse(_terminal.Run("list", "--json").Out)!.AsArray())!["status"];
    }

    [Theory]
    [InlineData("scontrol is not on the path", "--slurm")]
    [InlineData("--detach is for --slurm\n  add --slurm, or leave --detach out", "--detach")]
    [InlineData("--sbatch is for --slurm", "--sbatch", "time=01:00:00")]
    [InlineData("--local is for this machine and --slurm for a cluster\n  leave one of them out; tasks at a time: --at-once N", "--slurm", "--local", "2")]
    [InlineData("--at-once takes a whole number from 1 to 4096, not 0", "--slurm", "--at-once", "0")]
    public void Flags_of_a_cluster_that_do_not_fit_make_nothing(string problem, params string[] flags)
    {
        // three of the four programs
        foreach (var name in new[] { "sbatch", "squeue", "scancel" })
            File.WriteAllText(Path.Combine(_terminal.Folder, name), "");
        _terminal.Variables["PATH"] = _terminal.Folder;

        var answer = _terminal.Run(["sweep", "specialization", "@smoke", "seed=1,2", .. flags]);

        Assert.Equal(2, answer.Code);
        Assert.StartsWith($"error: {problem}", answer.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_terminal.Runs));
    }

    [Fact]
    public void A_single_run_is_no_sweep_for_a_cluster()
    {
        _terminal.Run("run", "specialization", "@smoke", "--quiet");
        var run = _terminal.OnlyRun();

        var answer = _terminal.Run("resume", run, "--slurm");

        Assert.Equal((2, $"error: --slurm is for a sweep, and {run} is one run\n  on a cluster: sbatch --wrap \"understudy resume {run}\"\n"), (answer.Code, answer.Error));
    }

    [Fact]
    public void A_dry_sweep_lists_its_points()
    {
        var answer = _terminal.Run("sweep", "specialization", "seed=1,2", "student.width=4,8", "--dry-run");

        Assert.StartsWith("point  seed  student.width\n    0  1     4\n    1  1     8\n", answer.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_terminal.Runs));
    }

    [Fact]
    public void List_shows_runs_and_drops_columns_from_the_right()
    {
        _terminal.Run("run", "specialization", "-q");
        (_terminal.IsTerminal, _terminal.Columns) = (true, 60);
        var narrow = _terminal.Run("list", "--no-color");
        _terminal.Columns = 140;
        var wide = _terminal.Run("list", "--no-color");

        var name = Path.GetFileName(_terminal.OnlyRun());
        Assert.Contains($"{name}  completed", narrow.Out, StringComparison.Ordinal);
        Assert.All(narrow.Out.Split('\n'), line => Assert.InRange(line.Length, 0, 60));
        Assert.Contains("1 Supported, 1 Partly", wide.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("1 Supported, 1 Partly", narrow.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_run_hides_no_other()
    {
        _terminal.Run("run", "specialization", "@smoke", "-q");
        var broken = Directory.CreateDirectory(Path.Combine(_terminal.Runs, "broken")).FullName;
        File.WriteAllText(Path.Combine(broken, "run.json"), "{");

        var answer = _terminal.Run("list", "--json");

        Assert.Equal(["completed", "damaged"], JsonNode.Parse(answer.Out)!.AsArray().Select(run => (string)run!["status"]!));
    }

    [Fact]
    public void Compare_shows_settings_that_differ_numbers_and_outcomes()
    {
        _terminal.Run("run", "specialization", "@smoke", "-q");
        _terminal.Run("run", "specialization", "@smoke", "student.width=2", "-q");
        var runs = Directory.GetDirectories(_terminal.Runs).OrderBy(path => File.ReadAllText(Path.Combine(path, "config.json")).Contains("\"width\": 2", StringComparison.Ordinal)).ToArray();

        var answer = _terminal.Run("compare", runs[0], runs[1]);

        Assert.Equal(0, answer.Code);
        Assert.Equal(
            $"""
            A  {runs[0]}  completed
            B  {runs[1]}  completed

            setting        A  B
            student.width  8  2

            claim                  A            B
            every-step-is-counted  ✔ Supported  ✔ Supported
            wide-students-win      ◐ Partly     ✘ NotSupported

            measured               A         B
            every-step-is-counted  4 [4, 4]  4 [4, 4]
            wide-students-win

            """, answer.Out);
    }

    [Fact]
    public void Report_judges_again_without_training()
    {
        _terminal.Run("run", "specialization", "@smoke", "-q");
        var run = _terminal.OnlyRun();
        File.Delete(Path.Combine(run, "verdicts.json"));
        File.Delete(Path.Combine(run, "report.html"));

        var answer = _terminal.Run("report", run);

        Assert.Equal(0, answer.Code);
        Assert.EndsWith($"run     {run}\nreport  {Path.Combine(run, "report.html")}\n", answer.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(run, "verdicts.json")));
        Assert.True(File.Exists(Path.Combine(run, "report.html")));
    }

    [Fact]
    public void Export_writes_tables_as_CSV_and_arrays_for_NumPy()
    {
        _terminal.Run("run", "specialization", "@smoke", "seed=3", "-q");
        var run = _terminal.OnlyRun();

        var answer = _terminal.Run("export", run, "--csv", "--npz");

        var table = Path.Combine(run, "export", "count.rows.csv");
        Assert.Equal(0, answer.Code);
        Assert.Equal(2, answer.Out.TrimEnd().Split('\n').Length);
        Assert.StartsWith("step,value,pair.first,pair.second\n1,3,1,\"a,b\"\n2,6,1,\"a,b\"\n", File.ReadAllText(table), StringComparison.Ordinal);
    }

    public void Dispose() => _terminal.Dispose();
}
