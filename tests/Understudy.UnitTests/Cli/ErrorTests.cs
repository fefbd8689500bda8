using System.Text.Json.Nodes;

namespace Understudy.UnitTests.Cli;

public sealed class ErrorTests : IDisposable
{
    private readonly Terminal _terminal = new();

    [Theory]
    [InlineData("run specialization student.widht=3", """
        error: student.widht is not a setting of specialization; did you mean student.width?
          settings in student: width, depth, activation, initialization, multiplier
          see: understudy show specialization student
        """)]
    [InlineData("show specialization student.widht", """
        error: student.widht is not a setting of specialization; did you mean student.width?
          settings in student: width, depth, activation, initialization, multiplier
          see: understudy show specialization student
        """)]
    [InlineData("run specialisation", """
        error: specialisation is not a study; did you mean specialization?
          studies: specialization
          see: understudy show
        """)]
    [InlineData("run specialization @quik", """
        error: @quik is not a preset of specialization; did you mean @quick?
          presets: @quick, @smoke
          see: understudy show specialization
        """)]
    [InlineData("rum specialization", """
        error: rum is not a verb of understudy; did you mean run?
          verbs: run, sweep, resume, list, compare, report, show, export, hessian, random-teacher, data, doctor, bench, completion
          see: understudy help
        """)]
    [InlineData("run", """
        error: run needs the name of a study
          usage: understudy run STUDY [@preset] [--config FILE] [PATH=VALUE ...]
          see: understudy help run
        """)]
    [InlineData("run specialization --strct", """
        error: --strct is not a flag of run; did you mean --strict?
          flags: --config, --preset, --dry-run, --out, --threads, --strict, --offline, --yes
          see: understudy help run
        """)]
    [InlineData("run specialization --out", """
        error: --out needs a value: --out DIR
          see: understudy help run
        """)]
    [InlineData("run specialization --out=", """
        error: --out needs a value: --out DIR
          see: understudy help run
        """)]
    [InlineData("run specialization --config nowhere.yaml", """
        error: nowhere.yaml cannot be read: there is no such file
          give the path of a YAML or JSON file of settings
        """)]
    [InlineData("run specialization seed=", """
        error: seed takes a whole number, not nothing
          see: understudy show specialization seed
        """)]
    [InlineData("run specialization --threads many", """
        error: --threads takes a whole number from 1 to 4096, not many
        """)]
    [InlineData("run specialization steps=0", """
        error: steps (0) must be at least 1.
        """)]
    [InlineData("run specialization steps=many", """
        error: steps takes a whole number, not many
          see: understudy show specialization steps
        """)]
    [InlineData("run specialization seed=1,2", """
        error: seed=1,2 asks for 2 runs, and run makes one
          several runs: understudy sweep specialization seed=1,2
        """)]
    [InlineData("resume nowhere", """
        error: nowhere is not a run: there is no run.json in it
          see what there is: understudy list
        """)]
    [InlineData("compare one", """
        error: compare needs at least two directories of runs
          usage: understudy compare DIR DIR ...
          see: understudy help compare
        """)]
    [InlineData("completion bsh", """
        error: bsh is not a shell this knows; did you mean bash?
          shells: bash, zsh, fish, pwsh
        """)]
    [InlineData("data fetch", """
        error: fetch is not something data does
          data does: list, get, verify, path, remove
          see: understudy help data
        """)]
    [InlineData("data get cifar1", """
        error: cifar1 is not a data set; did you mean cifar10?
          sets: cifar10, mnist, fashion-mnist
          see: understudy data list
        """)]
    [InlineData("data remove mnist", """
        error: nobody can be asked whether mnist may be removed
          say so: understudy data remove mnist --yes
        """)]
    [InlineData("run specialization data=cifar10 --offline", """
        error: cifar10 is not in the cache and --offline was given
          get it: understudy data get cifar10        (139 MB)
          or point to a copy: understudy data get cifar10 --from DIR
        """)]
    [InlineData("run specialization data=cifar10", """
        error: cifar10 is not in the cache
          get it: understudy data get cifar10        (139 MB)
          or point to a copy: understudy data get cifar10 --from DIR
        """)]
    [InlineData("list nowhere", """
        error: nowhere is not a folder
          see: understudy help list
        """)]
    [InlineData("list a b", """
        error: b is one word too many for list
          usage: understudy list [DIR]
          see: understudy help list
        """)]
    public void Errors_are_sentences_with_the_nearest_right_thing_and_code_2(string line, string expected)
    {
        var answer = _terminal.Run(line.Split(' '));

        Assert.Equal(2, answer.Code);
        Assert.Equal(expected + "\n", answer.Error);
        Assert.Equal("", answer.Out);
    }

    [Fact]
    public void With_json_an_error_is_the_document_too()
    {
        var answer = _terminal.Run("rum", "--json");

        Assert.Equal(2, (int)JsonNode.Parse(answer.Out)!["error"]!["code"]!);
    }

    [Fact]
    public void On_a_terminal_the_user_is_asked_before_anything_is_fetched()
    {
        (_terminal.IsTerminal, _terminal.Input, _terminal.Columns) = (true, "n\n", 100);

        var answer = _terminal.Run("run", "specialization", "data=cifar10", "--no-color");

        Assert.Equal(2, answer.Code);
        Assert.StartsWith("cifar10 is needed and not in the cache. Fetch 139 MB? [y/N] error: cifar10 is not in the cache\n", answer.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _terminal.Dispose();
}
