using Understudy.Lab.Claims;

namespace Understudy.Cli.Output;

/// <summary>The last lines of a run: what came out, where it is, how to repeat it.</summary>
internal static class VerdictBlock
{
    private const int WordWidth = 15;
    private const int Gap = 2;

    /// <summary>One line per claim: outcome, statement, measurement; the latter two below each other where they are too wide.</summary>
    internal static void Write(Screen screen, IReadOnlyList<Verdict> verdicts)
    {
        var indent = screen.Signs ? WordWidth + 1 : WordWidth - 1;
        var room = Math.Max(20, screen.Width - indent);
        Verdict[] fitting = [.. verdicts.Where(verdict => verdict.Claim.Statement.Length + Gap + verdict.Measured.Length <= room)];
        var column = 0;
        foreach (var verdict in fitting.OrderBy(verdict => verdict.Claim.Statement.Length))
        {
            if (verdict.Claim.Statement.Length + Gap + fitting.Where(other => other.Claim.Statement.Length <= verdict.Claim.Statement.Length).Max(other => other.Measured.Length) <= room)
                column = verdict.Claim.Statement.Length + Gap;
        }
        foreach (var verdict in verdicts)
            Write(screen, verdict, indent, room, column);
    }

    /// <summary>How many of each outcome, as in "9 Supported, 1 Partly".</summary>
    internal static string Summary(IEnumerable<Outcome> outcomes)
    {
        Outcome[] order = [Outcome.Supported, Outcome.Partly, Outcome.NotSupported, Outcome.Inconclusive, Outcome.NotRun];
        var counts = outcomes.CountBy(outcome => outcome).ToDictionary();
        return string.Join(", ", order.Where(counts.ContainsKey).Select(outcome => $"{counts[outcome]} {outcome}"));
    }

    /// <summary>The worst outcome there is, for the color of a summary.</summary>
    internal static Outcome? Worst(IEnumerable<Outcome> outcomes) => outcomes.Select(outcome => (Outcome?)outcome).MaxBy(outcome => Severity(outcome!.Value));

    private static int Severity(Outcome outcome) => outcome switch
    {
        Outcome.NotSupported => 4,
        Outcome.Partly => 3,
        Outcome.Inconclusive => 2,
        Outcome.Supported => 1,
        _ => 0,
    };

    private static void Write(Screen screen, Verdict verdict, int indent, int room, int column)
    {
        var word = screen.Paint(screen.Word(verdict.Outcome), verdict.Outcome) + new string(' ', indent - screen.Word(verdict.Outcome).Length);
        var (statement, measured) = (verdict.Claim.Statement, verdict.Measured);
        if (statement.Length + Gap + measured.Length <= room)
        {
            var padded = statement.Length + Gap <= column && column + measured.Length <= room ? statement.PadRight(column) : statement + new string(' ', Gap);
            screen.Line(word + padded + measured);
            return;
        }
        var first = true;
        foreach (var line in Screen.Wrapped(statement, room).Concat(Screen.Wrapped(measured, room - Gap).Select(line => new string(' ', Gap) + line)))
        {
            screen.Line((first ? word : new string(' ', indent)) + line);
            first = false;
        }
    }
}
