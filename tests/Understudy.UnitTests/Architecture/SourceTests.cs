using System.Text.RegularExpressions;

namespace Understudy.UnitTests.Architecture;

public partial class SourceTests
{
    private const int LongestFile = 500;

    [Fact]
    public void No_file_is_too_long_to_read_in_one_sitting()
    {
        var tooLong = Sources("src", "tests", "bench", "eng", "samples")
            .Where(path => File.ReadLines(path).Count() > LongestFile)
            .Where(path => !File.ReadLines(path).First().StartsWith("// Long because", StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(Repository.Root, path));

        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_source_has_unfinished_work_without_an_issue()
    {
        var unfinished = Sources("src")
            .SelectMany(path => File.ReadLines(path).Where(line => Unfinished().IsMatch(line)).Select(line => $"{Path.GetFileName(path)}: {line.Trim()}"));

        Assert.Empty(unfinished);
    }

    [Fact]
    public void Every_class_is_sealed_abstract_or_static()
    {
        var open = Sources("src")
            .SelectMany(path => File.ReadLines(path).Where(line => OpenClass().IsMatch(line)).Select(line => $"{Path.GetFileName(path)}: {line.Trim()}"));

        Assert.Empty(open);
    }

    private static IEnumerable<string> Sources(params string[] folders)
        => folders.Select(folder => Path.Combine(Repository.Root, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Where(path => !path.EndsWith(".g.cs", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal));

    [GeneratedRegex(@"TODO(?! #\d)|FIXME|HACK|NotImplementedException")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"^\s*(public|internal|private|protected|file)\s+((unsafe|partial|readonly)\s+)*(class|record)\s+(?!struct)\w")]
    private static partial Regex OpenClass();
}
