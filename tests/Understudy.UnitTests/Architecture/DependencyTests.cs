using System.Xml.Linq;

namespace Understudy.UnitTests.Architecture;

public class DependencyTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Understudy.Engine"] = [],
        ["Understudy.Data"] = ["Understudy.Engine"],
        ["Understudy.Learning"] = ["Understudy.Engine", "Understudy.Data"],
        ["Understudy.Lab"] = ["Understudy.Engine", "Understudy.Data"],
        ["Understudy.Studies"] = ["Understudy.Lab", "Understudy.Learning", "Understudy.Data", "Understudy.Engine"],
        ["Understudy.Cli"] = ["Understudy.Studies", "Understudy.Lab", "Understudy.Learning", "Understudy.Data"],
    };

    private static readonly Dictionary<string, string[]> Packages = new(StringComparer.Ordinal)
    {
        ["Understudy.Engine"] = [],
        ["Understudy.Data"] = [],
        ["Understudy.Learning"] = [],
        ["Understudy.Lab"] = ["YamlDotNet", "Microsoft.Extensions.Logging.Abstractions"],
        ["Understudy.Studies"] = [],
        ["Understudy.Cli"] = ["System.CommandLine", "Spectre.Console"],
    };

    [Fact]
    public void Projects_reference_only_what_the_table_allows()
    {
        var actual = Read("ProjectReference", Path.GetFileNameWithoutExtension);

        Assert.Equal(Allowed.Keys.Order(), actual.Keys.Order());
        foreach (var (project, references) in actual)
            Assert.Equal(Allowed[project].Order(), references.Order());
    }

    [Fact]
    public void Projects_use_only_the_packages_the_table_allows()
    {
        var actual = Read("PackageReference", name => name);

        foreach (var (project, packages) in actual)
            Assert.Equal(Packages[project].Order(), packages.Order());
    }

    private static Dictionary<string, string[]> Read(string element, Func<string, string?> name)
        => Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories).ToDictionary(
            path => Path.GetFileNameWithoutExtension(path),
            path => XDocument.Load(path).Descendants(element).Select(item => name(item.Attribute("Include")!.Value)!).ToArray(),
            StringComparer.Ordinal);
}
