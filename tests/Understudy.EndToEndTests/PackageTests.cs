using System.Text.Json.Nodes;

namespace Understudy.EndToEndTests;

public class PackageTests(SmokeRun smoke)
{
    [Fact]
    public void The_packed_tool_installs_runs_and_knows_its_documentation()
    {
        var folder = smoke.NewFolder("package");
        var (packages, tools) = (Path.Combine(folder, "packages"), Path.Combine(folder, "tools"));

        var packed = ToolProcess.RunOther("dotnet", Repository.Root, "pack", "src/Understudy.Cli", "-c", "Release", "-o", packages, "-v", "quiet", "-nologo");
        var version = Path.GetFileNameWithoutExtension(Assert.Single(Directory.GetFiles(packages, "Understudy.Cli.*.nupkg")))["Understudy.Cli.".Length..];
        var installed = ToolProcess.RunOther(
            "dotnet", folder, "tool", "install", "Understudy.Cli", "--tool-path", tools, "--add-source", packages, "--version", version);
        var tool = Path.Combine(tools, OperatingSystem.IsWindows() ? "understudy.exe" : "understudy");
        var ran = ToolProcess.RunOther(tool, folder, "run", SmokeRun.Study, "@smoke", "--quiet");
        var shown = ToolProcess.RunOther(tool, folder, "show", SmokeRun.Study, "--json");

        Assert.True(packed.Code == 0, packed.Out + packed.Error);
        Assert.True(installed.Code == 0, installed.Out + installed.Error);
        Assert.True(ran.Code == 0, ran.Error);
        Assert.Equal(SmokeRun.Results(smoke.Run), SmokeRun.Results(Assert.Single(Directory.GetDirectories(Path.Combine(folder, "runs")))));
        Assert.All(JsonNode.Parse(shown.Out)!["settings"]!.AsArray(), setting => Assert.NotEqual("", (string?)setting!["documentation"]));
    }
}
