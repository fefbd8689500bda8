using System.Text;

namespace Understudy.UnitTests.Architecture;

/// <summary>Commands in documents, as a shell would read them.</summary>
internal static class ShellCommand
{
    /// <summary>The commands of a block: lines ended by a backslash go on, prompts and comments are dropped.</summary>
    /// <remarks>In a block with prompts, what stands without one is output.</remarks>
    internal static IEnumerable<string[]> Of(Block block)
    {
        string[] lines = [.. block.Text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Select(line => line.Trim())];
        var prompted = lines.Any(line => line.StartsWith("$ ", StringComparison.Ordinal));
        return lines.Where(line => !prompted || line.StartsWith("$ ", StringComparison.Ordinal))
            .Select(line => Words(prompted ? line[2..] : line)).Where(words => words.Length > 0);
    }

    /// <summary>The words of a line up to a comment, a pipe, a redirection or the next command.</summary>
    internal static string[] Words(string line)
    {
        List<string> words = [];
        var (word, quote, begun) = (new StringBuilder(), '\0', false);
        foreach (var letter in line)
        {
            if (quote != '\0' ? letter == quote : letter is '\'' or '"')
                (quote, begun) = (quote == '\0' ? letter : '\0', true);
            else if (quote == '\0' && (letter is '|' or '>' or ';' or '&' || (letter == '#' && !begun)))
                break;
            else if (quote != '\0' || !char.IsWhiteSpace(letter))
                (_, begun) = (word.Append(letter), true);
            else if (begun)
                End();
        }

        if (begun)
            End();
        return [.. words];

        void End()
        {
            words.Add(word.ToString());
            (_, begun) = (word.Clear(), false);
        }
    }
}
