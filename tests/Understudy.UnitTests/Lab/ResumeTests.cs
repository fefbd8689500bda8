using Understudy.Lab.Execution;
using Understudy.Lab.Runs;

namespace Understudy.UnitTests.Lab;

/// <summary>Whatever happened to a run, resuming it gives the bytes of one that was left alone.</summary>
public sealed class ResumeTests : IDisposable
{
    private static readonly RunOptions Often = new() { Threads = 1, CheckpointEvery = TimeSpan.Zero };
    private static readonly RunOptions Never = Often with { CheckpointEvery = TimeSpan.FromDays(1) };

    private static readonly string[] Compared = ["metrics", "arrays", "artifacts", "figures"];

    private readonly TestFolder _folder = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Equal_runs_give_equal_bytes()
    {
        Assert.Equal(Uninterrupted(), Content(Ran(_folder["again"], Often with { Threads = 2 })));
    }

    [Theory]
    [InlineData("first", 0)]
    [InlineData("first", 1)]
    [InlineData("first", 17)]
    [InlineData("first", 20)]
    [InlineData("second", 0)]
    [InlineData("second", 33)]
    public void Cancelled_and_resumed(string part, int step)
    {
        using var source = new CancellationTokenSource();
        var run = Create(_folder["run"]);
        var stopped = LocalRunner.Resume(new ToyStudy { BeforeStep = (p, s) => CancelAt(source, p == part && s == step) }, run, Never, null, source.Token);
        Assert.Equal((RunStatus.Cancelled, RunStatus.Cancelled), (stopped.Status, run.ReadRun().Status));

        LocalRunner.Resume(new ToyStudy(), run, Never, null, Test);

        Assert.Equal(Uninterrupted(), Content(run));
        Assert.Equal(RunStatus.Completed, run.ReadRun().Status);
        Assert.Single(run.ReadRun().Resumes);
    }

    [Fact]
    public void A_stop_is_passed_on_after_one_more_checkpoint()
    {
        using var source = new CancellationTokenSource();
        var run = Create(_folder["run"]);
        LocalRunner.Resume(new ToyStudy { BeforeStep = (_, s) => CancelAt(source, s == 17) }, run, Never, null, source.Token);

        Assert.Equal(["first-step-00000017.safetensors"], Names(run, "checkpoints"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void Killed_anywhere_and_resumed(int seed)
    {
        var (part, step, every) = (seed % 2 == 0 ? "first" : "second", 3 + 4 * seed, seed % 3 == 0 ? Never : Often);
        var run = Create(_folder["run"]);
        Kill(run, part, step, every);
        // what a kill leaves behind: rows beyond the checkpoint, half a row, temporary files, arrays of the future, a lock
        File.AppendAllText(run.File($"metrics/{part}.walk.jsonl"), $"{{\"replica\":0,\"step\":{step},\"value\":1}}\n{{\"replica\":1,\"st");
        File.AppendAllText(run.File("metrics/summary.jsonl"), "{\"part\":\"fi");
        File.WriteAllText(run.File($"arrays/{part}.position-9990.safetensors"), "junk");
        File.WriteAllText(run.File("checkpoints/first-step-00000039.safetensors.part"), "junk");
        File.WriteAllText(run.File("run.json.part"), "{");
        File.WriteAllText(run.File("run.lock"), $$"""{"host":"{{Environment.MachineName}}","process":2147483647,"started":"1970-01-01T00:00:00Z"}""");

        var result = LocalRunner.Resume(new ToyStudy(), RunDirectory.Open(run.Path), Often, null, Test);

        Assert.Equal(RunStatus.Completed, result.Status);
        Assert.Equal(Uninterrupted(), Content(run));
        Assert.Contains("took over the lock of process 2147483647", File.ReadAllText(run.File("log.txt")), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(run.Path, "*.part", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(1, "goes on after step 24")]
    [InlineData(2, "")]
    public void A_damaged_checkpoint_falls_back_to_the_one_before(int damaged, string logged)
    {
        var run = Create(_folder["run"]);
        Kill(run, "first", 26, Often);
        Assert.Equal(["first-step-00000024.safetensors", "first-step-00000025.safetensors"], Names(run, "checkpoints"));
        foreach (var (i, name) in Names(run, "checkpoints").Reverse().Take(damaged).Index())
        {
            var path = run.File("checkpoints/" + name);
            var bytes = File.ReadAllBytes(path);
            bytes[^5] ^= 4;
            File.WriteAllBytes(path, i == 0 ? bytes : bytes[..20]);
        }

        List<string> said = [];
        LocalRunner.Resume(new ToyStudy(), run, Often with { Log = said.Add }, null, Test);

        Assert.Equal(Uninterrupted(), Content(run));
        Assert.Contains(said, line => line.StartsWith("warning checkpoint first-step-00000025.safetensors is damaged", StringComparison.Ordinal));
        Assert.Contains("checkpoint first-step-00000025.safetensors is damaged; going back to the one before", File.ReadAllText(run.File("log.txt")), StringComparison.Ordinal);
        Assert.Contains(logged, File.ReadAllText(run.File("log.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_that_lost_rows_is_not_gone_on_with()
    {
        var run = Create(_folder["run"]);
        Kill(run, "second", 20, Often);
        var path = run.File("metrics/second.walk.jsonl");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..100]);

        LocalRunner.Resume(new ToyStudy(), run, Often, null, Test);

        Assert.Equal(Uninterrupted(), Content(run));
    }

    [Fact]
    public void A_checkpoint_of_other_settings_is_not_ours()
    {
        var run = Create(_folder["run"]);
        Kill(run, "first", 20, Often);
        var other = RunDirectory.CreateAt(_folder["other"], new ToyStudy(), new ToyConfig { LearningRate = 0.2 }, []);
        Directory.Move(run.File("checkpoints"), other.File("checkpoints"));

        LocalRunner.Resume(new ToyStudy(), other, Often, null, Test);

        Assert.Contains("does not fit this run", File.ReadAllText(other.File("log.txt")), StringComparison.Ordinal);
        Assert.Equal(41 * 3, RecordedRun.Open(new ToyStudy(), other).Table<ToyRow>("first.walk").Count);
    }

    [Fact]
    public void A_run_that_failed_says_why_and_can_be_resumed()
    {
        var run = Create(_folder["run"]);
        var failed = LocalRunner.Resume(new ToyStudy { BeforeStep = (_, s) => FailAt(s == 5) }, run, Often, null, Test);
        Assert.Equal((RunStatus.Failed, "InvalidOperationException", "lost power"), (failed.Status, run.ReadRun().Failure?.Kind, run.ReadRun().Failure?.Message));
        Assert.Contains("   at Understudy.UnitTests.Lab.ResumeTests", File.ReadAllText(run.File("log.txt")), StringComparison.Ordinal);

        LocalRunner.Resume(new ToyStudy(), run, Often, null, Test);

        Assert.Equal(Uninterrupted(), Content(run));
        Assert.Equal((RunStatus.Completed, null), (run.ReadRun().Status, run.ReadRun().Failure));
    }

    [Fact]
    public void A_completed_run_is_judged_again_and_not_trained_again()
    {
        var run = Ran(_folder["run"], Often);
        var (before, ended) = (Content(run), run.ReadRun().Ended);
        File.Delete(run.File("report.html"));

        var result = LocalRunner.Resume(new ToyStudy { BeforeStep = (_, _) => FailAt(true) }, run, Often, null, Test);

        Assert.Equal(2, result.Verdicts.Count);
        Assert.Equal(before, Content(run));
        Assert.Equal(ended, run.ReadRun().Ended);
        Assert.True(File.Exists(run.File("report.html")));
    }

    [Fact]
    public void The_newest_two_checkpoints_are_kept()
        => Assert.Equal(
            ["finished.json", "first-finished.json", "first-step-00000039.safetensors", "first-step-00000040.safetensors", "second-finished.json", "second-step-00000039.safetensors", "second-step-00000040.safetensors"],
            Names(Ran(_folder["run"], Often), "checkpoints"));

    [Fact]
    public void A_checkpoint_is_written_when_the_interval_has_passed()
    {
        var time = new ManualTime();
        var run = Create(_folder["run"]);
        var study = new ToyStudy { BeforeStep = (_, _) => time.Advance(TimeSpan.FromSeconds(7)) };

        LocalRunner.Resume(study, run, Never with { CheckpointEvery = TimeSpan.FromSeconds(60), Time = time }, null, Test);

        // a step takes 7 s, so every ninth step is the first after a minute: 8, 17, 26, 35
        Assert.Equal(["first-step-00000026.safetensors", "first-step-00000035.safetensors"], Names(run, "checkpoints").Where(name => name.StartsWith("first-step", StringComparison.Ordinal)));
    }

    private static void CancelAt(CancellationTokenSource source, bool now)
    {
        if (now)
            source.Cancel();
    }

    private static void FailAt(bool now)
    {
        if (now)
            throw new InvalidOperationException("lost power");
    }

    /// <summary>Ends a run by an exception and takes away what a killed process would not have written.</summary>
    private static void Kill(RunDirectory run, string part, int step, RunOptions options)
    {
        LocalRunner.Resume(new ToyStudy { BeforeStep = (p, s) => FailAt(p == part && s == step) }, run, options, null, Test);
        File.WriteAllText(run.File("run.json"), File.ReadAllText(run.File("run.json")).Replace("\"failed\"", "\"running\"", StringComparison.Ordinal));
    }

    private static RunDirectory Create(string path) => RunDirectory.CreateAt(path, new ToyStudy(), new ToyConfig(), []);

    private static RunDirectory Ran(string path, RunOptions options)
    {
        var run = Create(path);
        Assert.Equal(RunStatus.Completed, LocalRunner.Resume(new ToyStudy(), run, options, null, Test).Status);
        return run;
    }

    private SortedDictionary<string, string> Uninterrupted() => Content(Ran(_folder["whole"], Never));

    private static string[] Names(RunDirectory run, string folder) => [.. Directory.GetFiles(run.File(folder)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>Every file of metrics, arrays and artifacts with its bytes, and the verdicts and figures.</summary>
    private static SortedDictionary<string, string> Content(RunDirectory run) => new(
        Compared.SelectMany(folder => Directory.GetFiles(run.File(folder), "*", SearchOption.AllDirectories)).Append(run.File("verdicts.json"))
            .ToDictionary(path => Path.GetRelativePath(run.Path, path), path => Convert.ToHexString(File.ReadAllBytes(path))), StringComparer.Ordinal);
}
