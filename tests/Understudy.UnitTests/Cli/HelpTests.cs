using System.Text.Json.Nodes;

namespace Understudy.UnitTests.Cli;

public sealed class HelpTests : IDisposable
{
    private static readonly string[] Verbs = ["run", "sweep", "resume", "list", "compare", "report", "show", "export", "hessian", "random-teacher", "data", "doctor", "bench", "completion"];

    private static readonly string[] Keys = ["path", "type", "value", "default", "documentation"];

    private readonly Terminal _terminal = new();

    [Fact]
    public void Without_arguments_there_are_two_lines_three_examples_and_the_verbs()
    {
        var answer = _terminal.Run();

        Assert.Equal(0, answer.Code);
        var paragraphs = answer.Out.TrimEnd().Split("\n\n");
        Assert.Equal(2, paragraphs[0].Split('\n').Length);
        Assert.Equal(3, paragraphs[1].Split('\n').Count(line => line.StartsWith("  understudy ", StringComparison.Ordinal)));
        Assert.Equal(Verbs, paragraphs[2].Split('\n').Skip(1).Select(line => line.Trim().Split(' ')[0]));
    }

    [Theory]
    [MemberData(nameof(EveryVerb))]
    public void Help_leads_with_examples_fits_80_columns_and_equals_the_flag(string verb)
    {
        var asked = _terminal.Run("help", verb);
        var flagged = _terminal.Run(verb, "--help");

        Assert.Equal(0, asked.Code);
        Assert.Equal(asked.Out, flagged.Out);
        Assert.StartsWith($"understudy {verb}: ", asked.Out, StringComparison.Ordinal);
        Assert.True(asked.Out.IndexOf("\nexamples\n", StringComparison.Ordinal) < asked.Out.IndexOf("\nusage\n", StringComparison.Ordinal));
        // a command that is to be copied is never broken
        Assert.All(asked.Out.Split('\n').Where(line => !line.StartsWith("  understudy ", StringComparison.Ordinal)), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void Examples_name_runs_the_user_has()
    {
        _terminal.Run("run", "specialization", "@smoke", "-q");

        Assert.Contains($"  understudy resume {_terminal.OnlyRun()}\n", _terminal.Run("help", "resume").Out, StringComparison.Ordinal);
        Assert.Contains($"  understudy export {_terminal.OnlyRun()} --csv\n", _terminal.Run("help", "export").Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("engine")]
    [InlineData("specialization")]
    [InlineData("curvature")]
    public void The_examples_of_bench_name_something_that_is_timed(string suite)
    {
        Assert.Contains($"understudy bench {suite}", _terminal.Run("help", "bench").Out, StringComparison.Ordinal);
        Assert.StartsWith($"error: no workload of {suite} is called that\n", _terminal.Run("bench", suite, "nothing").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_alone_lists_studies_with_paper_and_presets()
    {
        var answer = _terminal.Run("show");

        Assert.Equal(
            """
            specialization: Counting to a number
              Does every step count?
              paper: Nobody 2026, On Counting
              claims: 2
              presets
                @quick  under a second, for the tests of the command line
                @smoke  a moment
              run it: understudy run specialization

            more: understudy show STUDY

            """, answer.Out);
    }

    [Fact]
    public void Show_explains_a_section_from_the_documentation_of_its_record()
    {
        var answer = _terminal.Run("show", "specialization", "student", "student.width=3");

        Assert.StartsWith(
            """

            student
              The student.
              student.width = 3   (default 8)
                  a whole number. Hidden nodes.
              student.depth = 1
                  a whole number. Hidden layers.
            """, answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_as_JSON_has_type_value_default_and_documentation()
    {
        var document = JsonNode.Parse(_terminal.Run("show", "specialization", "student.width", "--json").Out)!;

        var setting = Assert.Single(document["settings"]!.AsArray())!;
        Assert.Equal(["student.width", "a whole number", "8", "8", "Hidden nodes."], Keys.Select(key => setting[key]!.ToString()));
    }

    [Theory]
    [InlineData("ru", "run")]
    [InlineData("run spec", "specialization")]
    [InlineData("run specialization @", "@quick @smoke")]
    [InlineData("run specialization student.w", "student.width=")]
    [InlineData("run specialization --str", "--strict")]
    [InlineData("help comp", "compare completion")]
    [InlineData("data get m", "mnist")]
    [InlineData("completion z", "zsh")]
    public void Words_are_completed(string line, string expected)
    {
        var answer = _terminal.Run($"[suggest:{line.Length}]", line);

        var word = line.Split(' ')[^1];
        var candidates = answer.Out.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Where(candidate => candidate.StartsWith(word, StringComparison.Ordinal));
        Assert.Equal(expected.Split(' '), candidates);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public void Every_shell_gets_a_script(string shell)
        => Assert.Contains("[suggest:", _terminal.Run("completion", shell).Out, StringComparison.Ordinal);

    [Fact]
    public void Doctor_tests_itself_with_known_answers()
    {
        var answer = _terminal.Run("doctor", "--json");

        Assert.Equal(0, answer.Code);
        var document = JsonNode.Parse(answer.Out)!;
        Assert.All(document["selfTest"]!.AsArray(), item => Assert.True((bool)item!["right"]!));
        Assert.Superset(new HashSet<string>(["processor", "registers", "cores", "memory", "runtime", "Chromium", "ffmpeg", "Slurm", "npm", "cache"]), document["machine"]!.AsObject().Select(item => item.Key).ToHashSet());
    }

    public static TheoryData<string> EveryVerb() => [.. Verbs];

    public void Dispose() => _terminal.Dispose();
}
