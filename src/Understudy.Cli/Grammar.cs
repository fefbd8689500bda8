using System.CommandLine;
using System.CommandLine.Completions;
using Understudy.Cli.Commands;

namespace Understudy.Cli;

/// <summary>The verbs and flags, and how a command line is read with them.</summary>
internal sealed class Grammar
{
    private readonly RootCommand _root = new("a laboratory of teacher-student learning");
    private readonly Dictionary<Command, Argument<string[]>> _words = [];
    private readonly Surroundings _surroundings;

    internal Grammar(Surroundings surroundings)
    {
        _surroundings = surroundings;
        Verbs =
        [
            new RunVerb(Flags), new SweepVerb(Flags), new ResumeVerb(Flags), new ListVerb(), new CompareVerb(), new ReportVerb(Flags), new ShowVerb(),
            new ExportVerb(), new HessianVerb(Flags), new RandomTeacherVerb(Flags), new DataVerb(Flags), new DoctorVerb(), new BenchVerb(), new CompletionVerb(),
        ];
        // help and version are ours: help begins with examples
        foreach (var option in _root.Options.ToArray())
            _root.Options.Remove(option);
        foreach (var option in Flags.Everywhere)
            _root.Options.Add(option);
        foreach (var verb in Verbs)
        {
            _root.Subcommands.Add(verb.Command);
            Add(verb.Command, verb);
        }
        var help = new Command("help", "the help of a verb") { TreatUnmatchedTokensAsErrors = false };
        _root.Subcommands.Add(help);
        Add(help, null);
    }

    /// <summary>The flags of several verbs.</summary>
    internal Flags Flags { get; } = new();

    /// <summary>The verbs in the order they are listed.</summary>
    internal IReadOnlyList<Verb> Verbs { get; }

    /// <summary>Reads a command line.</summary>
    internal ParseResult Parse(IReadOnlyList<string> arguments)
        => _root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });

    /// <summary>The verb of a command line, or null where there is none.</summary>
    internal Verb? VerbOf(ParseResult parsed) => Verbs.FirstOrDefault(verb => verb.Command == parsed.CommandResult.Command);

    /// <summary>Whether the command line is <c>help …</c>.</summary>
    internal static bool IsHelp(ParseResult parsed) => parsed.CommandResult.Command.Name == "help";

    /// <summary>Whether a shell asks how to complete a line.</summary>
    internal bool AsksForSuggestions(ParseResult parsed) => _root.Directives.OfType<SuggestDirective>().Any(directive => parsed.GetResult(directive) is not null);

    /// <summary>The words after the verb, without flags and their values.</summary>
    internal IReadOnlyList<string> Words(ParseResult parsed)
        => _words.TryGetValue(parsed.CommandResult.Command, out var words) ? [.. parsed.GetValue(words) ?? [], .. parsed.UnmatchedTokens] : [.. parsed.UnmatchedTokens];

    /// <summary>The flags a verb takes, its own and those of every verb.</summary>
    internal IEnumerable<Option> FlagsOf(Verb? verb) => (verb?.Command.Options ?? []).Concat(Flags.Everywhere);

    private void Add(Command command, Verb? verb)
    {
        var words = new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore };
        words.CompletionSources.Add(context => Complete(verb, words, context));
        command.Arguments.Add(words);
        _words.Add(command, words);
    }

    private IEnumerable<CompletionItem> Complete(Verb? verb, Argument<string[]> words, CompletionContext context)
    {
        string[] before = [.. context.ParseResult.GetValue(words) ?? []];
        if (before.Length > 0 && before[^1] == context.WordToComplete)
            before = before[..^1];
        var next = verb is not null ? verb.Continue(_surroundings, before) : before.Length == 0 ? Verbs.Select(item => item.Command.Name) : [];
        return next.Where(word => word.StartsWith(context.WordToComplete ?? "", StringComparison.OrdinalIgnoreCase)).Select(word => new CompletionItem(word));
    }
}
