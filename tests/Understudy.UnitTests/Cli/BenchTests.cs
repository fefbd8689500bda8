using System.Text.Json.Nodes;
using Understudy.Cli.Timing;
using Understudy.Engine.Speed;

namespace Understudy.UnitTests.Cli;

public sealed class BenchTests : IDisposable
{
    private readonly Terminal _terminal = new();

    [Fact]
    public void A_workload_is_timed_beside_the_peak_and_written_as_Markdown()
    {
        var file = Path.Combine(_terminal.Folder, "engine.md");

        var answer = _terminal.Run("bench", "engine", "exp", "--slices", "1", "--json", "--out", file);

        Assert.Equal(0, answer.Code);
        var workload = Assert.Single(JsonNode.Parse(answer.Out)!["workloads"]!.AsArray())!;
        Assert.True((double)workload["best"]! > 0);
        Assert.Equal("ns", (string?)workload["unit"]);
        Assert.Contains("| workload | threads | best | median |", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Operations_are_shares_of_the_peak_of_all_threads()
    {
        var workload = new SpeedCase("product", 2, SpeedUnit.SingleOperations, 1e9, 1e9, 50, "", _ => new SpeedWork(() => { }, () => { }));

        var result = new SpeedResult(workload, Best: 0.01, Median: 0.02, Peak: 1e11, PeakSpread: 0);

        Assert.Equal(50, result.Value, 9);
        Assert.Equal(25, result.MedianValue, 9);
    }

    [Fact]
    public void Elements_are_nanoseconds_and_steps_microseconds_each()
    {
        var elements = new SpeedCase("exp", 1, SpeedUnit.Elements, 1000, 0, null, "", _ => new SpeedWork(() => { }, () => { }));

        Assert.Equal(2, new SpeedResult(elements, 2e-6, 3e-6, 1, 0).Value, 9);
        Assert.Equal(0.002, new SpeedResult(elements with { Unit = SpeedUnit.StudentSteps }, 2e-6, 3e-6, 1, 0).Value, 9);
    }

    [Fact]
    public void Several_passes_keep_the_best_of_each_workload_beside_the_highest_peak()
    {
        var workload = new SpeedCase("product", 1, SpeedUnit.SingleOperations, 1e9, 1e9, 50, "", _ => new SpeedWork(() => { }, () => { }));

        var better = new SpeedResult(workload, 0.02, 0.04, 1e11, 0.2).Better(new SpeedResult(workload, 0.03, 0.03, 2e11, 0.1));

        Assert.Equal(new SpeedResult(workload, 0.02, 0.03, 2e11, 0.2), better);
    }

    [Fact]
    public void A_recorded_time_becomes_a_ratio_and_counted_operations_a_share()
    {
        var steps = new SpeedCase("step", 1, SpeedUnit.StudentSteps, 10, 2e5, null, "", _ => new SpeedWork(() => { }, () => { })) { Peers = [new SpeedPeer("another program", 30)] };

        var result = new SpeedResult(steps, Best: 2e-5, Median: 3e-5, Peak: 1e11, PeakSpread: 0);

        Assert.Equal("15.0 times as fast as another program (30 µs)", result.Recorded);
        Assert.Equal(10, result.Share!.Value, 9);
    }

    public void Dispose() => _terminal.Dispose();
}
