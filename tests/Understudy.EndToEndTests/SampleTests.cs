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
        var ended = ToolProcess.RunOther(Program("WholeStudy"), folder, "mine");
        var shown = ToolProcess.Run(folder, "show", "mine");
        var (judged, before) = (ToolProcess.Run(folder, "report", "mine"), SmokeRun.Results(Path.Combine(folder, "mine")));

        Assert.True(ended.Code == 0, ended.Error);
        Assert.All(["config.json", "run.json", "verdicts.json", "report.html"], file => Assert.True(File.Exists(Path.Combine(folder, "mine", file)), file));
        Assert.NotEmpty(before);
        Assert.True(shown.Code == 0, shown.Error);
        Assert.True(judged.Code == 0, judged.Error);
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
