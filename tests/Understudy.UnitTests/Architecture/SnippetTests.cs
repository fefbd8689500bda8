using System.Text.RegularExpressions;
using Understudy.Cli;
using Understudy.Studies;
using Understudy.UnitTests.Cli;

namespace Understudy.UnitTests.Architecture;

/// <summary>Code in documents is compiled, and commands in documents exist.</summary>
public sealed partial class SnippetTests
{
    private static readonly Block[] Blocks = [.. Documents().SelectMany(path => Snippets.Blocks(Relative(path), File.ReadAllText(path)))];

    private static readonly Region[] Regions = [.. new[] { "samples", "tests" }.Select(folder => Path.Combine(Repository.Root, folder))
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        .Where(path => !path.Contains("/obj/", StringComparison.Ordinal)).SelectMany(path => Snippets.Regions(Relative(path), File.ReadAllText(path)))];

    [Fact]
    public void Every_block_of_code_is_a_region_that_is_compiled()
    {
        var strange = Blocks.Where(block => block.Language is "csharp" or "cs" or "c#" && !Regions.Any(region => region.IsShown(block)));

        Assert.Empty(strange);
    }

    [Fact]
    public void Every_region_of_a_guide_is_shown()
    {
        var guides = Regions.Where(region => region.Source.Contains("/Guides/", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(guides);
        Assert.Empty(guides.Where(region => !Blocks.Any(region.IsShown)).Select(region => $"{region.Source}: {region.Name}"));
    }

    [Fact]
    public void Every_command_of_a_document_is_read_without_complaint()
    {
        var wrong = Blocks.Where(block => block.Language is "sh" or "bash" or "shell" or "console")
            .SelectMany(block => ShellCommand.Of(block).Select(words => (Block: block, Words: words, Problem: Problem(words))))
            .Where(item => item.Problem is not null).Select(item => $"{item.Block}: {string.Join(' ', item.Words)}: {item.Problem}");

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("understudy run specialization @smoke seed=3", null)]
    [InlineData("understudy run specialization 'twoLayer.student.overRealization=[1, 2]' --threads 2 # a comment", null)]
    [InlineData("./build.sh run specialization @smoke", null)]
    [InlineData("understudy report runs/x | less", null)]
    [InlineData("git clone somewhere", null)]
    [InlineData("understudy rum specialization", "rum is not a verb")]
    [InlineData("understudy run specialization sed=3", "sed is not a setting")]
    [InlineData("understudy list --jsn", "--jsn is not a flag")]
    [InlineData("./build.sh tset", "./build.sh has no tset")]
    public void Commands_that_cannot_work_are_found(string line, string? expected)
    {
        var problem = Problem(ShellCommand.Words(line));

        if (expected is null)
            Assert.Null(problem);
        else
            Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_and_regions_are_compared_without_their_common_indentation()
    {
        var block = Assert.Single(Snippets.Blocks("a.md", "text\n```csharp\nusing A.B;\n\nif (x)\n    y();\n```\n"));
        var region = Assert.Single(Snippets.Regions("a.cs", "using A.B;\n{\n    // <one>\n    if (x)\n        y();\n    // </one>\n}\n"));

        Assert.Equal(("csharp", 3), (block.Language, block.Line));
        Assert.True(region.IsShown(block));
        Assert.False((region with { Usings = new HashSet<string>() }).IsShown(block));
        Assert.Throws<FormatException>(() => Snippets.Regions("a.cs", "// <one>\n// </two>\n"));
        Assert.Throws<FormatException>(() => Snippets.Blocks("a.md", "```\nopen\n"));
    }

    /// <summary>Why a command cannot work, or null; commands of other programs are not looked at.</summary>
    private static string? Problem(string[] words) => words switch
    {
        ["understudy", .. var arguments] => ToolProblem(arguments),
        ["./build.sh", "run", .. var arguments] => ToolProblem(["run", .. arguments.DefaultIfEmpty("specialization")]),
        ["./build.sh", var target, ..] when !Targets().Contains(target) => $"./build.sh has no {target}",
        _ => null,
    };

    private static HashSet<string> Targets()
        => [.. Target().Matches(File.ReadAllText(Path.Combine(Repository.Root, "build.sh"))).Select(match => match.Groups[1].Value)];

    /// <summary>What the tool says against a command line: runs and sweeps are planned, of the others verb, flags and number of words are looked at.</summary>
    private static string? ToolProblem(string[] arguments)
    {
        using var terminal = new Terminal { Studies = StudyCatalog.All };
        if (arguments is ["run", ..] && !arguments.Contains("--config"))
            return terminal.Run([.. arguments, "--dry-run"]) is { Code: not 0 } refused ? refused.Error : null;
        using var interruption = new Interruption(_ => { }, TimeProvider.System);
        var grammar = new Grammar(new Surroundings
        {
            Studies = StudyCatalog.All,
            Out = TextWriter.Null,
            Error = TextWriter.Null,
            Variable = _ => null,
            Interruption = interruption,
            Children = (_, _, _) => throw new InvalidOperationException("Nothing is carried out here."),
        });
        var parsed = grammar.Parse(arguments);
        try
        {
            if (grammar.VerbOf(parsed) is { } verb)
                ParseProblems.Check(grammar, verb, parsed);
            else if (grammar.Words(parsed) is [var word, ..] && !Grammar.IsHelp(parsed))
                throw ParseProblems.UnknownVerb(word, grammar.Verbs);
            return null;
        }
        catch (UsageException problem)
        {
            return problem.Message;
        }
    }

    private static IEnumerable<string> Documents()
        => new[] { "README.md", "CONTRIBUTING.md" }.Select(name => Path.Combine(Repository.Root, name)).Where(File.Exists)
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.Combine(folder, "README.md")).Where(File.Exists));

    private static string Relative(string path) => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/');

    [GeneratedRegex(@"^    ([a-z0-9]+)\)$", RegexOptions.Multiline)]
    private static partial Regex Target();
}
