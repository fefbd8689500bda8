namespace Understudy.EndToEndTests;

public class InterruptionTests(SmokeRun smoke)
{
    [Fact]
    public void SIGTERM_in_the_middle_gives_3_and_resuming_gives_the_same_bytes()
    {
        Requirement.Unix();
        var folder = smoke.NewFolder("term");
        var expected = SmokeRun.Results(smoke.Run);
        using var tool = ToolProcess.Start(folder, "run", SmokeRun.Study, "@smoke");
        WaitForRows(folder, tool);

        tool.Signal("TERM");
        var stopped = tool.Wait();
        var run = Assert.Single(Directory.GetDirectories(Path.Combine(folder, "runs")));
        var resumed = ToolProcess.Run(folder, "resume", Path.GetRelativePath(folder, run));

        Assert.SkipWhen(stopped.Code == 0, "the run was over before the signal arrived");
        Assert.Equal(3, stopped.Code);
        Assert.Contains($"stopping after this step, checkpoint in {Path.Combine("runs", Path.GetFileName(run), "checkpoints")}; Ctrl-C again to end at once\n", stopped.Error, StringComparison.Ordinal);
        Assert.Equal(0, resumed.Code);
        Assert.Equal(expected, SmokeRun.Results(run));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.6)]
    [InlineData(0.85)]
    public void SIGKILL_at_any_time_and_resuming_gives_the_same_bytes(double part)
    {
        var folder = smoke.NewFolder($"kill-{part}");
        var expected = SmokeRun.Results(smoke.Run);
        using var tool = ToolProcess.Start(folder, "run", SmokeRun.Study, "@smoke");
        using var never = new ManualResetEventSlim();
        never.Wait(smoke.Took * part, TestContext.Current.CancellationToken);

        tool.Kill();
        tool.Wait();
        Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "runs")), "the run had not begun yet");
        var run = Assert.Single(Directory.GetDirectories(Path.Combine(folder, "runs")));
        Assert.SkipUnless(File.Exists(Path.Combine(run, "run.json")), "the run had not begun yet");
        var resumed = ToolProcess.Run(folder, "resume", run);

        Assert.True(resumed.Code == 0, resumed.Error);
        Assert.Equal(expected, SmokeRun.Results(run));
    }

    [Fact]
    public void A_sweep_runs_in_processes_of_its_own_and_its_first_point_is_the_run()
    {
        var folder = smoke.NewFolder("sweep");

        var ended = ToolProcess.Run(folder, "sweep", SmokeRun.Study, "@smoke", "seed=1,2", "--local", "2");

        Assert.True(ended.Code == 0, ended.Error);
        var sweep = Assert.Single(Directory.GetDirectories(Path.Combine(folder, "runs")));
        Assert.Equal(SmokeRun.Results(smoke.Run), SmokeRun.Results(Path.Combine(sweep, "000")));
        Assert.NotEqual(SmokeRun.Results(smoke.Run), SmokeRun.Results(Path.Combine(sweep, "001")));
        Assert.True(File.Exists(Path.Combine(sweep, "report.html")));
    }

    [Fact]
    public void A_stopped_sweep_stops_its_children_and_resumes()
    {
        Requirement.Unix();
        var folder = smoke.NewFolder("sweep-term");
        using var tool = ToolProcess.Start(folder, "sweep", SmokeRun.Study, "@smoke", "seed=1,2,3", "--local", "1");
        WaitForRows(folder, tool);

        tool.Signal("TERM");
        var stopped = tool.Wait();
        var sweep = Assert.Single(Directory.GetDirectories(Path.Combine(folder, "runs")));
        var locks = Directory.GetFiles(sweep, "run.lock", SearchOption.AllDirectories);
        var resumed = ToolProcess.Run(folder, "resume", sweep);

        Assert.Equal(3, stopped.Code);
        Assert.Empty(locks);
        Assert.True(resumed.Code == 0, resumed.Error);
        Assert.Equal(SmokeRun.Results(smoke.Run), SmokeRun.Results(Path.Combine(sweep, "000")));
    }

    private static void WaitForRows(string folder, ToolProcess tool)
    {
        using var never = new ManualResetEventSlim();
        while (!tool.HasEnded && !(Directory.Exists(Path.Combine(folder, "runs"))
            && Directory.EnumerateFiles(Path.Combine(folder, "runs"), "*.jsonl", SearchOption.AllDirectories).Any()))
            never.Wait(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
    }
}
