namespace Understudy.EndToEndTests;

/// <summary>Every example of the help is a command that works as it stands, in a folder that has runs of two studies, a sweep and networks.</summary>
public class ExampleTests(SmokeRun smoke)
{
    [Fact]
    public void Every_example_of_the_help_works_as_it_stands()
    {
        Requirement.Unix();
        var folder = smoke.NewFolder("examples");
        Assert.Equal(0, ToolProcess.Run(folder, "run", SmokeRun.Study, "@smoke", "--quiet").Code);
        Assert.Equal(0, ToolProcess.Run(folder, "run", SmokeRun.Study, "@smoke", "seed=2", "--quiet").Code);
        Assert.Equal(0, ToolProcess.Run(folder, "sweep", SmokeRun.Study, "@smoke", "seed=1,2", "--quiet").Code);
        Assert.Equal(0, ToolProcess.Run(folder, "run", "random-teacher", "@smoke", "--quiet").Code);
        ExampleFiles.Write(folder);

        string[] lines = [.. Examples(folder)];
        Assert.True(lines.Length > 20, $"only {lines.Length} examples were found");
        Assert.All(lines, line =>
        {
            var ended = ToolProcess.RunOther("/usr/bin/bash", folder, "-c", $"PATH='{Path.GetDirectoryName(ToolProcess.Program)}':$PATH; {Shortened(line)}");
            // a set that could be fetched is known, and that is all an example can promise without the network
            var fetch = line.StartsWith("understudy data get ", StringComparison.Ordinal);
            Assert.True(ended.Code == (fetch ? 2 : 0), $"{line}: code {ended.Code}\n{ended.Error}");
            if (fetch)
                Assert.DoesNotContain("is not a", ended.Error, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Without_runs_the_examples_name_a_run_that_could_be()
    {
        var ended = ToolProcess.Run(smoke.NewFolder("no-runs"), "help", "resume");

        Assert.Contains($"  understudy resume {Path.Combine("runs", "20261122-031500-specialization-3fa2c1")}\n", ended.Out, StringComparison.Ordinal);
    }

    /// <summary>The lines of the help, of every verb but the one that only measures time.</summary>
    private static IEnumerable<string> Examples(string folder)
    {
        var overview = ToolProcess.Run(folder, "help").Out;
        var verbs = Section(overview, "verbs").Select(line => line.Trim().Split(' ')[0]).Where(verb => verb != "bench");
        return verbs.SelectMany(verb => Section(ToolProcess.Run(folder, "help", verb).Out, "examples")).Concat(Section(overview, "examples"))
            .Select(line => line.Trim()).Where(line => line.StartsWith("understudy ", StringComparison.Ordinal)).Select(line => line.Split("  ")[0]);
    }

    private static IEnumerable<string> Section(string text, string title)
        => text.Split('\n').SkipWhile(line => line != title).Skip(1).TakeWhile(line => line.Length > 0);

    /// <summary>The same command without training, network and other programs.</summary>
    private static string Shortened(string line)
    {
        // images that come with the program in place of those that would be fetched
        var own = line.Split(" | ")[0].Replace("--data fashion-mnist", "--data digits", StringComparison.Ordinal).Replace("--set fashion-mnist", $"--set {ExampleFiles.Pictures} --train 60 --test 20", StringComparison.Ordinal);
        var trains = own.StartsWith("understudy run ", StringComparison.Ordinal) || own.StartsWith("understudy sweep ", StringComparison.Ordinal);
        return own + (trains ? " --dry-run" : own.StartsWith("understudy data get ", StringComparison.Ordinal) ? " --offline" : "");
    }
}
