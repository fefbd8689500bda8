using System.CommandLine;
using Understudy.Lab.Runs;

namespace Understudy.Cli.Output;

/// <summary>Help that begins with what one can copy.</summary>
internal static class HelpText
{
    private const int Indent = 2;
    private const int WidestName = 26;

    /// <summary>The help of a verb, or of the tool.</summary>
    internal static void Write(Invocation invocation, Grammar grammar, Verb? verb)
    {
        if (verb is not null)
        {
            Of(invocation, grammar, verb);
            return;
        }
        Overview(invocation.Out, grammar);
        Section(invocation.Out, "flags of every verb", [.. grammar.Flags.Everywhere.Select(Row)]);
    }

    /// <summary>What the tool is: two lines, three examples, the verbs.</summary>
    internal static void Overview(Screen screen, Grammar grammar)
    {
        screen.Line($"understudy {ThisMachine.Version}: experiments in which a student network learns from a teacher network,");
        screen.Line("each with the claims of a paper, what this run measured, and a report in one file.");
        Section(screen, "examples",
        [
            ("understudy run specialization", "one run; ends with verdicts and a report"),
            ("understudy show", "the studies, their papers and run times"),
            ("understudy list", "the runs you have"),
        ]);
        Section(screen, "verbs", [.. grammar.Verbs.Select(verb => (verb.Command.Name, verb.Command.Description ?? ""))]);
        screen.Line();
        screen.Line("more: understudy help VERB");
    }

    private static void Of(Invocation invocation, Grammar grammar, Verb verb)
    {
        var screen = invocation.Out;
        var name = verb.Command.Name;
        screen.Paragraph($"understudy {name}: {verb.Command.Description}");
        Section(screen, "examples", [.. verb.Examples.Select(example => (ExampleRuns.Filled(example.Line, invocation.RunsFolder), example.Meaning))]);
        screen.Line();
        screen.Line("usage");
        screen.Paragraph($"understudy {name} {verb.Usage}", Indent);
        foreach (var paragraph in verb.Details)
        {
            screen.Line();
            screen.Paragraph(paragraph);
        }
        var own = verb.Command.Options.Where(option => !option.Hidden).Select(Row).ToArray();
        if (own.Length > 0)
            Section(screen, "flags", own);
        Section(screen, "flags of every verb", [.. grammar.Flags.Everywhere.Select(Row)]);
    }

    private static (string Name, string Meaning) Row(Option option)
    {
        var aliases = option.Aliases.Where(alias => alias != "-?").Select(alias => $", {alias}");
        return ($"{option.Name}{string.Concat(aliases)}{(option.HelpName is null ? "" : " " + option.HelpName)}", option.Description ?? "");
    }

    private static void Section(Screen screen, string title, IReadOnlyList<(string Name, string Meaning)> rows)
    {
        screen.Line();
        screen.Line(title);
        var fitting = rows.Select(row => row.Name.Length).Where(length => length <= WidestName).DefaultIfEmpty(0).Max();
        var longest = rows.Max(row => row.Name.Length);
        // examples stand one below the other where they are too long to stand beside their meaning
        var beside = rows.All(row => longest + 2 + row.Meaning.Length + Indent <= screen.Width);
        var column = (beside ? longest : fitting) + 2;
        foreach (var (name, meaning) in rows)
        {
            var lines = Screen.Wrapped(meaning, Math.Max(20, screen.Width - column - Indent)).ToArray();
            var sameLine = name.Length + 2 <= column;
            screen.Line(new string(' ', Indent) + name.PadRight(column) + (sameLine ? lines.FirstOrDefault() : ""));
            foreach (var line in sameLine ? lines.Skip(1) : lines)
                screen.Line(new string(' ', Indent + (sameLine ? column : 4)) + line);
        }
    }
}
