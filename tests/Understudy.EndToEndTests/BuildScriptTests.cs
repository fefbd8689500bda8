namespace Understudy.EndToEndTests;

/// <summary>The build script and the script of continuous integration, with test programs that end as a test wants.</summary>
public class BuildScriptTests(SmokeRun smoke)
{
    private const string Good = "echo '   X  Total: 10, Errors: 0, Failed: 0, Skipped: 2, Not Run: 0, Time: 1s'";
    private const string Failing = "echo '   X  Total: 10, Errors: 1, Failed: 2, Skipped: 0, Not Run: 0, Time: 1s'; exit 1";
    private const string Crashing = "echo starting; kill -SEGV $$";

    [Theory]
    [InlineData(Good, 0, "8 passed, 0 failed, 2 skipped")]
    [InlineData(Failing, 1, "7 passed, 3 failed")]
    [InlineData(Crashing, 1, "0 passed, 1 failed")]
    [InlineData("exit 0", 1, "0 passed, 1 failed")]
    public void The_last_line_has_the_totals_whatever_a_test_program_does(string program, int code, string last)
    {
        var ended = Run("./build.sh e2e", program, program);

        Assert.Equal(code, ended.Code);
        Assert.Equal(last, ended.Out.TrimEnd('\n').Split('\n')[^1]);
    }

    [Theory]
    [InlineData(Good, Good, "40 passed, 0 failed, 10 skipped", "40 passed, 0 failed")]
    [InlineData(Good, Crashing, "32 passed, 1 failed, 8 skipped", "32 passed, 1 failed")]
    public void Continuous_integration_ends_with_passed_and_failed_alone(string units, string endToEnd, string before, string last)
    {
        var ended = Run(".ci/run", units, endToEnd);

        Assert.Equal([before, last], ended.Out.TrimEnd('\n').Split('\n')[^2..]);
        Assert.Equal(last.Contains(" 0 failed", StringComparison.Ordinal) ? 0 : 1, ended.Code);
    }

    [Fact]
    public void A_build_that_fails_counts()
    {
        var ended = Run("FAIL=build ./build.sh test", Good, Good);

        Assert.Equal((1, "0 passed, 1 failed"), (ended.Code, ended.Out.TrimEnd('\n').Split('\n')[^1]));
    }

    [Theory]
    [InlineData("./build.sh test")]
    [InlineData("./build.sh run specialization")]
    [InlineData("./build.sh bench engine")]
    public void The_servers_of_the_build_are_ended_after_every_verb(string line)
        => Assert.Contains("build-server shutdown\n", Run($"{line} >/dev/null; cat calls", Good, Good).Out, StringComparison.Ordinal);

    [Fact]
    public void The_tool_takes_the_place_of_the_script()
    {
        var ended = Run("./build.sh run specialization seed=3", Good, Good);

        Assert.Equal((3, "tool run specialization seed=3\n"), (ended.Code, ended.Out));
    }

    [Fact]
    public void An_unknown_verb_gives_2_and_the_usage()
    {
        var ended = Run("./build.sh tset", Good, Good);

        Assert.Equal(2, ended.Code);
        Assert.StartsWith("build.sh: tset is not one of its verbs\nThe one entry: ./build.sh run ", ended.Error, StringComparison.Ordinal);
    }

    /// <summary>Runs a line in a folder that looks like the repository, with a compiler that only notes what it was asked.</summary>
    private Ended Run(string line, string units, string endToEnd)
    {
        Requirement.Unix();
        var all = smoke.NewFolder("build-script");
        var folder = Path.Combine(all, $"{Directory.GetDirectories(all).Length}");
        foreach (var script in new[] { "build.sh", ".ci/run" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, script))!);
            File.Copy(Path.Combine(Repository.Root, script), Path.Combine(folder, script));
        }
        Directory.CreateDirectory(Path.Combine(folder, "studio/report/node_modules"));
        Directory.CreateDirectory(Path.Combine(folder, "src/Understudy.Lab/Reports"));
        File.WriteAllText(Path.Combine(folder, "src/Understudy.Lab/Reports/figures.js"), "");
        Program(folder, "bin/dotnet", $"echo \"$*\" >>'{folder}/calls'; [ \"$1\" != \"${{FAIL:-}}\" ]");
        Program(folder, "bin/dpkg-query", "printf 'install ok installed'");
        Program(folder, "artifacts/bin/Understudy.UnitTests/release/Understudy.UnitTests", units);
        Program(folder, "artifacts/bin/Understudy.EndToEndTests/release/Understudy.EndToEndTests", endToEnd);
        Program(folder, "artifacts/bin/Understudy.Cli/release/understudy", "echo \"tool $*\"; exit 3");
        return ToolProcess.RunOther("/usr/bin/bash", folder, "-c", $"export UNDERSTUDY_SHARED='{folder}' PATH='{folder}/bin':$PATH; {line}");
    }

    private static void Program(string folder, string path, string body)
    {
        var file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"#!/usr/bin/env bash\n{body}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
