using Understudy.Cli.Output;
using Understudy.Studies.RandomTeacher.FollowUps;

namespace Understudy.Cli.Commands.RandomTeacher;

/// <summary>A follow-up as text.</summary>
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
}
