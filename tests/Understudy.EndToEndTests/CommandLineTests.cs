using System.Text.Json.Nodes;

namespace Understudy.EndToEndTests;

public class CommandLineTests(SmokeRun smoke)
{
    [Fact]
    public void A_piped_run_has_no_control_characters_and_a_useful_last_block()
    {
        var run = Path.GetRelativePath(smoke.Folder, smoke.Run);

        Assert.DoesNotContain(smoke.Ended.Out + smoke.Ended.Error, letter => char.IsControl(letter) && letter != '\n');
        Assert.EndsWith(
            $"run     {run}\nreport  {Path.Combine(run, "report.html")}\nagain   understudy run {SmokeRun.Study} @smoke\n", smoke.Ended.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(smoke.Run, "report.html")));
    }

    [Fact]
    public void NO_COLOR_and_a_plain_locale_leave_words()
    {
        var ended = ToolProcess.RunWith(smoke.Folder, new Dictionary<string, string> { ["NO_COLOR"] = "1", ["LANG"] = "C" }, "report", smoke.Run);

        Assert.Equal(0, ended.Code);
        Assert.DoesNotContain('✔', ended.Out);
        Assert.DoesNotContain('\u001b', ended.Out);
    }

    [Theory]
    [InlineData("show")]
    [InlineData("list")]
    [InlineData("doctor")]
    [InlineData("data", "list")]
    [InlineData("show", SmokeRun.Study)]
    [InlineData("run", SmokeRun.Study, "@smoke", "--dry-run")]
    public void Json_is_one_document(params string[] arguments)
    {
        _ = smoke.Run;

        var ended = ToolProcess.Run(smoke.Folder, [.. arguments, "--json"]);

        Assert.Equal(0, ended.Code);
        Assert.NotNull(JsonNode.Parse(ended.Out));
    }

    [Fact]
    public void The_same_settings_give_the_same_bytes_on_one_thread_and_with_json()
    {
        var ended = ToolProcess.Run(smoke.NewFolder("again"), "run", SmokeRun.Study, "@smoke", "--threads", "1", "--json");

        Assert.Equal(0, ended.Code);
        var document = JsonNode.Parse(ended.Out)!;
        Assert.Equal("completed", (string?)document["status"]);
        Assert.Equal(SmokeRun.Results(smoke.Run), SmokeRun.Results(Path.Combine(smoke.NewFolder("again"), (string)document["run"]!)));
    }

    [Theory]
    [InlineData("rum", "rum is not a verb of understudy; did you mean run?")]
    [InlineData("run specialisation", "specialisation is not a study; did you mean specialization?")]
    [InlineData("run specialization @smokee", "@smokee is not a preset of specialization; did you mean @smoke?")]
    [InlineData("run specialization sed=3", "sed is not a setting of specialization; did you mean seed?")]
    [InlineData("run specialization --trheads 2", "--trheads is not a flag of run; did you mean --threads?")]
    public void Misspelt_words_suggest_the_right_one(string line, string expected)
    {
        var ended = ToolProcess.Run(smoke.Folder, line.Split(' '));

        Assert.Equal(2, ended.Code);
        Assert.StartsWith($"error: {expected}\n", ended.Error, StringComparison.Ordinal);
        Assert.Equal("", ended.Out);
    }

    [Fact]
    public void Missing_data_are_named_before_anything_starts()
    {
        var folder = smoke.NewFolder("data");

        var ended = ToolProcess.Run(folder, "run", SmokeRun.Study, "@cifar10", "--offline");

        Assert.Equal(2, ended.Code);
        Assert.StartsWith("error: cifar10 is not in the cache and --offline was given\n  get it: understudy data get cifar10 ", ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder, "runs")));
    }

    [Fact]
    public void Settings_are_explained_from_their_documentation_comments()
    {
        var ended = ToolProcess.Run(smoke.Folder, "show", SmokeRun.Study, "--json");

        Assert.All(JsonNode.Parse(ended.Out)!["settings"]!.AsArray(), setting => Assert.NotEqual("", (string?)setting!["documentation"]));
    }

    [Fact]
    public void Five_thousand_runs_are_listed_quickly()
    {
        Requirement.Unix();
        var runs = Directory.CreateDirectory(Path.Combine(smoke.NewFolder("many"), "runs")).FullName;
        var (run, verdicts) = (File.ReadAllBytes(Path.Combine(smoke.Run, "run.json")), File.ReadAllBytes(Path.Combine(smoke.Run, "verdicts.json")));
        for (var i = 0; i < 5000; i++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(runs, $"run-{i:0000}")).FullName;
            File.WriteAllBytes(Path.Combine(folder, "run.json"), run);
            File.WriteAllBytes(Path.Combine(folder, "verdicts.json"), verdicts);
        }

        // the budget is one second of an idle machine; tests share theirs, so processor time is limited, to three times that
        var ended = ToolProcess.RunOther("/usr/bin/bash", smoke.NewFolder("many"), "-c", $"ulimit -t 3; exec '{ToolProcess.Program}' list --json");

        Assert.True(ended.Code == 0, $"code {ended.Code}: the processor time was used up");
        Assert.Equal(5000, JsonNode.Parse(ended.Out)!.AsArray().Count);
    }

    [Fact]
    public void Bash_completes_studies_and_presets()
    {
        Requirement.Unix();
        var script = Path.Combine(smoke.NewFolder("bash"), "try.sh");
        File.WriteAllText(script, $$"""
            PATH="{{AppContext.BaseDirectory}}:$PATH"
            eval "$(understudy completion bash)"
            COMP_LINE="understudy run {{SmokeRun.Study}} @sm" COMP_POINT=${#COMP_LINE}
            COMP_POINT=${#COMP_LINE}
            _understudy 2>/dev/null
            echo "${COMPREPLY[@]}"

            """);

        var ended = ToolProcess.RunOther("/usr/bin/bash", smoke.Folder, script);

        Assert.Equal("@smoke\n", ended.Out);
    }
}
