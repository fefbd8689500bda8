using System.Text.RegularExpressions;

namespace Understudy.UnitTests.Architecture;

/// <summary>A fenced block of a document.</summary>
/// <param name="Document">The document, below the root of the repository.</param>
/// <param name="Line">The number of its first line.</param>
/// <param name="Language">The word after the fence; empty where there is none.</param>
/// <param name="Text">Its lines, without the indentation they share.</param>
internal sealed record Block(string Document, int Line, string Language, string Text)
{
    public override string ToString() => $"{Document}:{Line}";
}

/// <summary>A part of a source file between <c>// &lt;name&gt;</c> and <c>// &lt;/name&gt;</c>.</summary>
/// <param name="Source">The file, below the root of the repository.</param>
/// <param name="Name">The name in the marks.</param>
/// <param name="Text">Its lines, without the indentation they share.</param>
/// <param name="Usings">The using directives at the head of the file.</param>
internal sealed record Region(string Source, string Name, string Text, IReadOnlySet<string> Usings);

/// <summary>The code in documents, and the compiled code it is a copy of.</summary>
internal static partial class Snippets
{
    /// <summary>The fenced blocks of a text.</summary>
    internal static IReadOnlyList<Block> Blocks(string document, string text)
    {
        List<Block> blocks = [];
        var (fence, language, first) = ("", "", 0);
        List<string> lines = [];
        foreach (var (number, line) in text.ReplaceLineEndings("\n").Split('\n').Index())
        {
            var trimmed = line.Trim();
            if (fence.Length == 0 && Fence().Match(trimmed) is { Success: true } opening)
            {
                (fence, language, first) = (opening.Groups[1].Value, opening.Groups[2].Value, number + 2);
                lines.Clear();
            }
            else if (fence.Length > 0 && trimmed == fence)
            {
                blocks.Add(new Block(document, first, language, Dedented(lines)));
                fence = "";
            }
            else
            {
                lines.Add(line);
            }
        }

        return fence.Length == 0 ? blocks : throw new FormatException($"{document}:{first - 1}: the block is not closed");
    }

    /// <summary>The marked regions of a source; they do not nest.</summary>
    internal static IReadOnlyList<Region> Regions(string source, string text)
    {
        List<Region> regions = [];
        HashSet<string> usings = new(StringComparer.Ordinal);
        string? name = null;
        List<string> lines = [];
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var mark = Mark().Match(line);
            if (Using().IsMatch(line))
                usings.Add(line);
            if (!mark.Success)
                lines.Add(line);
            else if (name is null && !mark.Groups["end"].Success)
                (name, lines) = (mark.Groups["name"].Value, []);
            else if (name == mark.Groups["name"].Value && mark.Groups["end"].Success)
                (regions, name) = ([.. regions, new Region(source, name, Dedented(lines), usings)], null);
            else
                throw new FormatException($"{source}: {line.Trim()} does not fit the marks before it");
        }

        return name is null ? regions : throw new FormatException($"{source}: the region {name} is not closed");
    }

    /// <summary>Whether a block is a region; using directives at its head may be those of the region's file.</summary>
    internal static bool IsShown(this Region region, Block block)
    {
        if (block.Text == region.Text)
            return true;
        string[] lines = block.Text.Split('\n');
        string[] head = [.. lines.TakeWhile(line => Using().IsMatch(line))];
        return head.Length > 0 && head.All(region.Usings.Contains) && string.Join('\n', lines[head.Length..]).TrimStart('\n') == region.Text;
    }

    private static string Dedented(List<string> lines)
    {
        var indent = lines.Where(line => line.Trim().Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty().Min();
        return string.Join('\n', lines.Select(line => line.Trim().Length > 0 ? line[indent..].TrimEnd() : "")).Trim('\n');
    }

    [GeneratedRegex(@"^(`{3,})\s*([a-zA-Z#+-]*)")]
    private static partial Regex Fence();

    [GeneratedRegex(@"^\s*// <(?<end>/)?(?<name>[a-z0-9-]+)>\s*$")]
    private static partial Regex Mark();

    [GeneratedRegex(@"^using (static )?[A-Z][\w.]*;$")]
    private static partial Regex Using();
}
