using System.CommandLine;
using System.CommandLine.Parsing;
using Understudy.Lab.Configuration;

namespace Understudy.Cli;

/// <summary>What can be wrong with a command line before a verb looks at it, in our words.</summary>
internal static class ParseProblems
{
    internal static UsageException UnknownVerb(string word, IReadOnlyList<Verb> verbs)
    {
        string[] names = [.. verbs.Select(verb => verb.Command.Name)];
        var what = word.StartsWith('-') ? "a flag" : "a verb";
        return new UsageException(
            $"{word} is not {what} of understudy{(word.StartsWith('-') ? "" : NearestName.Suggestion(word, names.Append("help")))}\n"
            + $"  verbs: {string.Join(", ", names)}\n  see: understudy help");
    }

    /// <summary>Checks flags and the number of words.</summary>
    /// <exception cref="UsageException">Something is unknown, missing or too much.</exception>
    internal static void Check(Grammar grammar, Verb verb, ParseResult parsed)
    {
        var name = verb.Command.Name;
        var words = grammar.Words(parsed);
        if (words.FirstOrDefault(word => word.Length > 1 && word[0] == '-' && !char.IsAsciiDigit(word[1])) is { } flag)
            throw UnknownFlag(grammar, verb, flag);
        foreach (var option in grammar.FlagsOf(verb))
            CheckValue(name, option, parsed.GetResult(option));
        if (words.Count < verb.Words.Least)
            throw new UsageException($"{verb.Missing}\n  usage: understudy {name} {verb.Usage}\n  see: understudy help {name}");
        if (words.Count > verb.Words.Most)
            throw new UsageException($"{words[verb.Words.Most]} is one word too many for {name}\n  usage: understudy {name} {verb.Usage}\n  see: understudy help {name}");
    }

    private static UsageException UnknownFlag(Grammar grammar, Verb verb, string word)
    {
        var flag = word.Split('=', 2)[0];
        string[] names = [.. grammar.FlagsOf(verb).Where(option => !option.Hidden).Select(option => option.Name)];
        string[] own = [.. verb.Command.Options.Where(option => !option.Hidden).Select(option => option.Name)];
        return new UsageException(
            $"{flag} is not a flag of {verb.Command.Name}{NearestName.Suggestion(flag, names)}\n"
            + $"  flags: {string.Join(", ", own.DefaultIfEmpty("those of every verb"))}\n  see: understudy help {verb.Command.Name}");
    }

    private static void CheckValue(string verb, Option option, OptionResult? result)
    {
        if (result is null || result.Implicit)
            return;
        var taking = option.Arity.MinimumNumberOfValues > 0;
        if (taking && (result.Tokens.Count == 0 || result.Tokens[0].Value.Length == 0 || result.Tokens[0].Value.StartsWith("--", StringComparison.Ordinal)))
            throw new UsageException($"{option.Name} needs a value: {option.Name} {option.HelpName}\n  see: understudy help {verb}");
        if (taking && (result.Tokens.Count > 1 || result.IdentifierTokenCount > 1))
            throw new UsageException($"{option.Name} was given twice\n  see: understudy help {verb}");
        if (!taking && result.Tokens.Count > 0 && result.Tokens[0].Value is not ("true" or "false"))
            throw new UsageException($"{option.Name} takes no value\n  see: understudy help {verb}");
    }
}
