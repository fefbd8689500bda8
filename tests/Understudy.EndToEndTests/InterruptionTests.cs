using System.Text.Json.Nodes;

namespace Understudy.EndToEndTests;

public class InterruptionTests(SmokeRun smoke)
{
    /// <summary>Long enough that a signal arrives in the middle: several seconds.</summary>
    private static readonly string[] Long = ["@smoke", "parts=[two-layer]", "twoLayer.training.epochSteps=20000", "twoLayer.training.epochs=16"];

    [Fact]
    public void SIGTERM_in_the_middle_gives_3_and_resuming_gives_the_same_bytes()
    {
        Requirement.Unix();
        var folder = smoke.NewFolder("term");
        var whole = smoke.NewFolder("term-not");
        Assert.Equal(0, ToolProcess.Run(whole, ["run", SmokeRun.Study, .. Long, "--quiet"]).Code);
        var expected = SmokeRun.Results(Assert.Single(Directory.GetDirectories(Path.Combine(whole, "runs"))));
        using var tool = ToolProcess.Start(folder, ["run", SmokeRun.Study, .. Long]);
        WaitForRows(folder, tool);

        tool.Signal("TERM");
        var stopped = tool.Wait();
        var run = Assert.Single(Directory.GetDirectories(Path.Combine(folder, "runs")));
        var resumed = ToolProcess.Run(folder, "resume", Path.GetRelativePath(folder, run));

        Assert.Equal(3, stopped.Code);
        Assert.Contains($"stopping after this step, checkpoint in {Path.Combine("runs", Path.GetFileName(run), "checkpoints")}; Ctrl-C again to end at once\n", stopped.Error, StringComparison.Ordinal);
        Assert.Equal(0, resumed.Code);
        Assert.Equal(expected, SmokeRun.Results(run));
    }

    [Theory]
    [InlineData("run.json")]
    [InlineData("two-layer*.jsonl")]
    [InlineData("two-layer-finished.json")]
    [InlineData("samples-finished.json")]
    [InlineData("*.vl.json")]
    public void SIGKILL_at_any_time_and_resuming_gives_the_same_bytes(string asSoonAsThereIs)
    {
        var folder = smoke.NewFolder("kill-" + asSoonAsThereIs.Replace('*', '-'));
        using var tool = ToolProcess.Start(folder, "run", SmokeRun.Study, "@smoke");
        WaitFor(asSoonAsThereIs, folder, tool);

        tool.Kill();
        tool.Wait();
        var run = Assert.Single(Directory.GetDirectories(Path.Combine(folder, "runs")));
        var resumed = ToolProcess.Run(folder, "resume", run);

        Assert.True(resumed.Code == 0, resumed.Error);
        Assert.Equal(SmokeRun.Results(smoke.Run), SmokeRun.Results(run));
        Assert.Empty(Directory.GetFiles(run, "*.part", SearchOption.AllDirectories));
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

    [Fact]
    public void Ctrl_C_stops_after_a_checkpoint()
    {
        var (stopped, run, status) = Interrupted("ctrl-c", "kill -INT $0");

        Assert.Equal((3, "cancelled"), (stopped.Code, status));
        Assert.Contains($"stopping after this step, checkpoint in {run}/checkpoints; Ctrl-C again to end at once\n", stopped.Error, StringComparison.Ordinal);
        Assert.EndsWith($"run     {run}\nresume  understudy resume {run}\n", stopped.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_Ctrl_C_ends_at_once()
    {
        // a machine under load may get the second one only when the run has stopped already
        const int Attempts = 5;
        var (stopped, _, status) = Enumerable.Range(0, Attempts).Select(attempt => Interrupted($"ctrl-c-twice-{attempt}", "kill -INT $0; sleep 0.02; kill -INT $0"))
            .FirstOrDefault(attempt => attempt.Stopped.Code != 3);

        Assert.Equal((130, "killed"), (stopped?.Code, status));
    }

    private (Ended Stopped, string Run, string Status) Interrupted(string name, string signals)
    {
        Requirement.Linux("needs env --default-signal: a test that runs in the background ignores SIGINT, and so would its children");
        var folder = smoke.NewFolder(name);
        using var tool = ToolProcess.StartOther("/usr/bin/env", folder, ["--default-signal=INT", ToolProcess.Program, "run", SmokeRun.Study, .. Long]);
        WaitForRows(folder, tool);
        ToolProcess.RunOther("/usr/bin/bash", folder, "-c", signals, $"{tool.Id}");
        var stopped = tool.Wait();
        var listed = Assert.Single(JsonNode.Parse(ToolProcess.Run(folder, "list", "--json").Out)!.AsArray())!;
        return (stopped, (string)listed["run"]!, (string)listed["status"]!);
    }

    [Fact]
    public void A_second_process_is_refused_and_a_killed_one_leaves_its_run_to_the_next()
    {
        var folder = smoke.NewFolder("second");
        using var tool = ToolProcess.Start(folder, ["run", SmokeRun.Study, .. Long]);
        WaitForRows(folder, tool);
        var run = Assert.Single(Directory.GetDirectories(Path.Combine(folder, "runs")));

        var second = ToolProcess.Run(folder, "resume", run);
        var running = ToolProcess.Run(folder, "list");
        tool.Kill();
        tool.Wait();
        var killed = ToolProcess.Run(folder, "list");

        Assert.Equal(2, second.Code);
        Assert.Equal($"error: {run} is being written by process {tool.Id} on {Environment.MachineName}\n  wait until it has ended, or stop it; a run has one writer\n", second.Error);
        Assert.Contains("  running", running.Out, StringComparison.Ordinal);
        Assert.Contains("  killed", killed.Out, StringComparison.Ordinal);
        Assert.Equal(0, ToolProcess.Run(folder, "resume", run).Code);
    }

    private static void WaitForRows(string folder, ToolProcess tool) => WaitFor("*.jsonl", folder, tool);

    private static void WaitFor(string file, string folder, ToolProcess tool)
    {
        var runs = Path.Combine(folder, "runs");
        Patience.Until(() => tool.HasEnded || (Directory.Exists(runs) && Directory.EnumerateFiles(runs, file, SearchOption.AllDirectories).Any()), $"there is no {file}");
    }
}
