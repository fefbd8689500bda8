namespace Understudy.EndToEndTests;

/// <summary>The samples are built with the solution, run as they are, and stay short enough to read.</summary>
public class SampleTests(SmokeRun smoke)
{
    private const int FewLines = 60;

    public static TheoryData<string> Names
        => [.. Directory.GetDirectories(Path.Combine(Repository.Root, "samples")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [InlineData("EngineAlone", "power iteration 40: largest curvature about")]
    [InlineData("Toolbox", "step 4000: mean squared error from")]
    [InlineData("WholeStudy", "report: ")]
    public void A_sample_runs_and_says_what_it_found(string name, string expected)
    {
        var ended = ToolProcess.RunOther(Program(name), smoke.NewFolder(name));

        Assert.True(ended.Code == 0, $"{name} ended with {ended.Code}\n{ended.Error}");
        Assert.Empty(ended.Error);
        Assert.Contains(expected, ended.Out.TrimEnd('\n').Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_study_from_code_leaves_the_run_that_the_tool_would()
    {
        var folder = smoke.NewFolder("from-code");
        var mine = Path.Combine(folder, "mine");

        var ended = ToolProcess.RunOther(Program("WholeStudy"), folder, "mine");
        var ran = ToolProcess.Run(folder, "run", SmokeRun.Study, "--config", Path.Combine("mine", "config.json"), "--quiet");

        Assert.True(ended.Code == 0, ended.Error);
        Assert.True(ran.Code == 0, ran.Error);
        var tools = Assert.Single(Directory.GetDirectories(Path.Combine(folder, "runs")));
        Assert.Equal(SmokeRun.Results(tools), SmokeRun.Results(mine));
        Assert.Equal(Names(tools), Names(mine));

        static IEnumerable<string> Names(string run)
            => Directory.EnumerateFiles(run, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(run, path)).Order(StringComparer.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sample_has_fewer_than_sixty_lines(string name)
        => Assert.InRange(File.ReadLines(Path.Combine(Repository.Root, "samples", name, "Program.cs")).Count(), 5, FewLines - 1);

    private static string Program(string name)
    {
        var path = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", name, "release", OperatingSystem.IsWindows() ? name + ".exe" : name));
        Assert.True(File.Exists(path), $"{path} is missing: build the whole solution first, with ./build.sh test or dotnet build Understudy.slnx -c Release");
        return path;
    }
}
