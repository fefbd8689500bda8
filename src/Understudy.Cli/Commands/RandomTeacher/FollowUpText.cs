using System.Text;
using Understudy.Cli.Output;
using Understudy.Data;
using Understudy.Studies.RandomTeacher.FollowUps;

namespace Understudy.Cli.Commands.RandomTeacher;

/// <summary>A follow-up as text and as files.</summary>
internal static class FollowUpText
{
    internal static void Write(Screen screen, IFollowUp found)
    {
        var table = new TextTable([.. found.Table.Headings.Select((heading, i) => i == 0 ? heading : ">" + heading)]);
        foreach (var row in found.Table.Rows)
            table.Add([.. row.Select(cell => new Cell(cell))]);
        if (found.Table.Rows.Count > 0)
        {
            table.Write(screen);
            screen.Line();
        }

        foreach (var line in found.Summary)
            screen.Line(line);
    }

    /// <summary>Writes a file that was asked for.</summary>
    /// <exception cref="UsageException">It cannot be written.</exception>
    internal static void Save(Invocation invocation, string? path, string flag, string word, Action<TextWriter> write)
    {
        if (path is null)
            return;
        try
        {
            using var writer = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
            write(writer);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be written: {FileProblem.Writing(problem)}\n  choose another file with {flag}");
        }

        invocation.Error.Line($"{word,-6}  {path}");
    }
}
