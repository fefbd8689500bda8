namespace Understudy.EndToEndTests;

/// <summary>The first commands of a stranger work with an empty cache and without a network.</summary>
public class OfflineTests(SmokeRun smoke)
{
    [Fact]
    public void Without_cache_and_network_the_first_command_of_every_study_works()
    {
        var folder = smoke.NewFolder("offline");
        var tool = ToolProcess.Program;

        // the command itself takes minutes: its plan shows that it needs no data, and the smallest preset that it trains, judges and draws
        var ended = Isolation.WithoutNetwork(
            folder, $"set -e; '{tool}' show; '{tool}' run {SmokeRun.Study} --dry-run; '{tool}' run {SmokeRun.Study} @smoke --quiet; '{tool}' list; '{tool}' doctor");

        Assert.True(ended.Code == 0, ended.Error);
        Assert.Contains("\ndata     none\n", ended.Out, StringComparison.Ordinal);
        Assert.Equal(SmokeRun.Results(smoke.Run), SmokeRun.Results(Assert.Single(Directory.GetDirectories(Path.Combine(folder, "runs")))));
        Assert.False(Directory.Exists(Path.Combine(folder, "cache", "data")));
    }

    [Theory]
    [InlineData("data get mnist --offline", "error: mnist is not in the cache and --offline was given\n  get it: understudy data get mnist ")]
    [InlineData("data get imagenet", "error: imagenet is not a data set\n  sets: cifar10, mnist, fashion-mnist\n")]
    [InlineData("run specialization @mnist --yes --offline", "error: mnist is not in the cache and --offline was given\n")]
    public void Missing_data_are_a_sentence(string line, string expected)
    {
        var ended = Isolation.WithoutNetwork(smoke.NewFolder("offline-data"), $"'{ToolProcess.Program}' {line} --quiet");

        Assert.Equal(2, ended.Code);
        Assert.StartsWith(expected, ended.Error, StringComparison.Ordinal);
    }
}
