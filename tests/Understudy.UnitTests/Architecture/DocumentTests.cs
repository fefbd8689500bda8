using System.Text.RegularExpressions;

namespace Understudy.UnitTests.Architecture;

public partial class DocumentTests
{
    [Fact]
    public void Every_relative_link_of_a_document_leads_somewhere()
    {
        var broken = Documents().SelectMany(path => Link().Matches(WithoutCode(File.ReadAllText(path)))
            .Select(match => match.Groups["target"].Value.Split('#')[0])
            .Where(target => target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal))
            .Where(target => !Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, Uri.UnescapeDataString(target))))
            .Select(target => $"{Path.GetRelativePath(Repository.Root, path)}: {target}"));

        Assert.Empty(broken);
    }

    [Fact]
    public void Every_decision_has_the_four_sections()
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs/design"), "*.md"))
        {
            var text = File.ReadAllText(path);
            foreach (var section in new[] { "## Requirements", "## Decision", "## Consequences", "## Rejected" })
                Assert.True(text.Contains(section, StringComparison.Ordinal), $"{Path.GetFileName(path)} has no section {section}");
        }
    }

    private static IEnumerable<string> Documents()
        => Directory.EnumerateFiles(Repository.Root, "*.md").Concat(
            new[] { "docs", "src", "tests", "bench", "samples", "studio" }
                .Select(folder => Path.Combine(Repository.Root, folder)).Where(Directory.Exists)
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories)))
            .Where(path => !path.Contains("node_modules", StringComparison.Ordinal));

    private static string WithoutCode(string text) => Fence().Replace(text, "");

    [GeneratedRegex(@"\[[^\]]*\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
