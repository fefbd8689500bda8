using System.Text.Json.Nodes;

namespace Understudy.EndToEndTests;

/// <summary>Sweeps on a cluster, whose scheduler is a few scripts on the path.</summary>
public class SlurmTests(SmokeRun smoke)
{
    private static readonly string[] Short = ["@smoke", "parts=[two-layer]"];

    /// <summary>Long enough that a signal arrives in the middle.</summary>
    private static readonly string[] Long = [.. Short, "twoLayer.training.epochSteps=20000", "twoLayer.training.epochs=16"];

    [Fact]
    public void A_sweep_is_arrays_of_tasks_and_its_runs_are_those_of_this_machine()
    {
        Requirement.Unix();
        var folder = smoke.NewFolder("slurm");
        var slurm = new FakeSlurm(folder);
        var here = smoke.NewFolder("slurm-not");
        Assert.Equal(0, ToolProcess.Run(here, ["run", SmokeRun.Study, .. Short, "seed=2", "--quiet"]).Code);

        var ended = ToolProcess.RunWith(folder, slurm.Variables, ["sweep", SmokeRun.Study, .. Short, "seed=1,2,3", "--slurm", "--threads", "2", "--at-once", "5", "--sbatch", "time=01:00:00 mem=1G"]);

        Assert.True(ended.Code == 0, ended.Error);
        var sweep = Assert.Single(Directory.GetDirectories(Path.Combine(folder, "runs")));
        Assert.Equal(SmokeRun.Results(Assert.Single(Directory.GetDirectories(Path.Combine(here, "runs")))), SmokeRun.Results(Path.Combine(sweep, "001")));
        Assert.True(File.Exists(Path.Combine(sweep, "report.html")));
        Assert.Contains("3 of 3", ended.Error, StringComparison.Ordinal);
        // arrays of this cluster hold two
        Assert.Equal(2, slurm.Jobs);
        Assert.Equal(
            ["--parsable", "--array=0-0%5", "--job-name=understudy-specialization", "--cpus-per-task=2"], slurm.Arguments[..4]);
        Assert.Matches("^--mem=[0-9]+M$", slurm.Arguments[4]);
        Assert.Equal(["--signal=B:TERM@120", "--requeue", "--open-mode=append", $"--output={Path.Combine(sweep, "slurm")}/%A_%a.log", "--dependency=afterany:1", "--time=01:00:00", "--mem=1G"], slurm.Arguments[5..12]);

        var again = ToolProcess.RunWith(folder, slurm.Variables, "resume", sweep, "--slurm");

        Assert.Equal(0, again.Code);
        Assert.Equal(2, slurm.Jobs);
    }

    [Fact]
    public void A_task_whose_time_is_up_goes_on_from_its_checkpoint_and_who_comes_later_follows()
    {
        Requirement.Unix();
        var folder = smoke.NewFolder("slurm-requeue");
        var slurm = new FakeSlurm(folder);
        var here = smoke.NewFolder("slurm-requeue-not");
        Assert.Equal(0, ToolProcess.Run(here, ["run", SmokeRun.Study, .. Long, "--quiet"]).Code);
        var submitted = ToolProcess.RunWith(folder, slurm.Variables, ["sweep", SmokeRun.Study, .. Long, "seed=1", "--slurm", "--detach"]);
        var sweep = Assert.Single(Directory.GetDirectories(Path.Combine(folder, "runs")));
        Patience.Until(() => Directory.GetFiles(sweep, "*.jsonl", SearchOption.AllDirectories).Length > 0, "the task did not begin");

        Assert.True(slurm.Warn(1, 0));
        var ended = ToolProcess.RunWith(folder, slurm.Variables, "resume", sweep, "--slurm");

        Assert.Equal(0, submitted.Code);
        Assert.Contains($"follow  understudy resume {Path.GetRelativePath(folder, sweep)} --slurm\n", submitted.Out, StringComparison.Ordinal);
        Assert.True(ended.Code == 0, ended.Error);
        Assert.Equal(1, slurm.Jobs);
        Assert.Single(JsonNode.Parse(File.ReadAllText(Path.Combine(sweep, "000", "run.json")))!["resumes"]!.AsArray());
        Assert.Equal(SmokeRun.Results(Assert.Single(Directory.GetDirectories(Path.Combine(here, "runs")))), SmokeRun.Results(Path.Combine(sweep, "000")));
    }

    [Fact]
    public void A_follower_that_is_stopped_stops_its_tasks_and_none_begins_again()
    {
        Requirement.Unix();
        var folder = smoke.NewFolder("slurm-term");
        var slurm = new FakeSlurm(folder);
        using var tool = ToolProcess.StartWith(folder, slurm.Variables, ["sweep", SmokeRun.Study, .. Long, "twoLayer.training.epochs=400", "seed=1", "--slurm"]);
        Patience.Until(() => Directory.Exists(Path.Combine(folder, "runs")) && Directory.GetFiles(folder, "*.jsonl", SearchOption.AllDirectories).Length > 0, "the task did not begin");

        tool.Signal("TERM");
        var stopped = tool.Wait();

        Assert.Equal(3, stopped.Code);
        Assert.Contains("stopping the tasks after a checkpoint", stopped.Error, StringComparison.Ordinal);
        var sweep = Assert.Single(Directory.GetDirectories(Path.Combine(folder, "runs")));
        Assert.Equal("cancelled", JsonNode.Parse(File.ReadAllText(Path.Combine(sweep, "000", "run.json")))!["status"]!.GetValue<string>());
        Assert.True(File.Exists(Path.Combine(sweep, "slurm", "stop")));
        Assert.Empty(Directory.GetFiles(sweep, "run.lock", SearchOption.AllDirectories));
    }

    [Fact]
    public void What_the_scheduler_refuses_is_told_and_the_runs_wait()
    {
        Requirement.Unix();
        var folder = smoke.NewFolder("slurm-refused");

        var refused = ToolProcess.RunWith(folder, new FakeSlurm(folder).Variables, ["sweep", SmokeRun.Study, .. Short, "seed=1", "--slurm", "--sbatch", "partition=nowhere"]);

        Assert.Equal(2, refused.Code);
        var sweep = Path.GetRelativePath(folder, Assert.Single(Directory.GetDirectories(Path.Combine(folder, "runs"))));
        Assert.Contains(
            $"error: sbatch refuses the runs: invalid partition\n  options of yours go to --sbatch, as in --sbatch \"partition=NAME time=02:00:00\"\n  the runs wait in {sweep}: understudy resume {sweep} --slurm\n", refused.Error, StringComparison.Ordinal);
    }
}
