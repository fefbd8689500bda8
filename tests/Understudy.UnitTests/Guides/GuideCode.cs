namespace Understudy.UnitTests.Guides;

/// <summary>Compares the C# blocks of a document with the marked regions of the file they were copied from.</summary>
internal static class GuideCode
{
    /// <summary>Every region <c>// &lt;name&gt;</c> … <c>// &lt;/name&gt;</c> is a block of the document, in the same order, and there are no others.</summary>
    internal static void AssertSame(string document, string source)
    {
        var blocks = Blocks(File.ReadAllLines(Path.Combine(Repository.Root, document)));
        var regions = Regions(File.ReadAllLines(Path.Combine(Repository.Root, source)));

        Assert.Equal(regions, blocks);
    }

    private static List<string> Blocks(string[] lines)
    {
        var blocks = new List<string>();
        List<string>? current = null;
        foreach (var line in lines)
        {
            if (current is null)
                current = line == "```csharp" ? [] : null;
            else if (line == "```")
                (blocks, current) = ([.. blocks, Dedented(current)], null);
            else
                current.Add(line);
        }

        return blocks;
    }

    private static List<string> Regions(string[] lines)
    {
        var regions = new List<string>();
        List<string>? current = null;
        foreach (var line in lines)
        {
            var trimmed = line.Trim();
            if (trimmed.StartsWith("// </", StringComparison.Ordinal))
                (regions, current) = ([.. regions, Dedented(current!)], null);
            else if (trimmed.StartsWith("// <", StringComparison.Ordinal))
                current = [];
            else
                current?.Add(line);
        }

        return regions;
    }

    private static string Dedented(List<string> lines)
    {
        var indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > 0 ? line[indent..] : line));
    }
}
