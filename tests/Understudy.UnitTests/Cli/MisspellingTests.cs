using System.Text.RegularExpressions;
using Understudy.Data.Cache;
using Understudy.Lab;
using Understudy.Lab.Configuration;
using Understudy.Studies;

namespace Understudy.UnitTests.Cli;

/// <summary>Every verb, study, preset, setting and data set is suggested where two letters of it are swapped.</summary>
public sealed partial class MisspellingTests : IDisposable
{
    private readonly Terminal _terminal = new() { Studies = StudyCatalog.All };

    public static TheoryData<string> Studies => [.. StudyCatalog.All.Select(study => study.Card.Name)];

    [Fact]
    public void Verbs() => Each(VerbLine().Matches(_terminal.Run("help").Out).Select(match => match.Groups[1].Value), "", verb => [verb]);

    [Fact]
    public void Studies_are_suggested() => Each(_terminal.Studies.Select(study => study.Card.Name), "", study => ["run", study]);

    [Theory]
    [MemberData(nameof(Studies))]
    public void Presets_are_suggested(string study) => Each(Presets.Names(Of(study)), "@", preset => ["run", study, "@" + preset]);

    [Theory]
    [MemberData(nameof(Studies))]
    public void Settings_are_suggested(string study)
        => Each(Setting.Tree(Of(study)).All().Select(setting => setting.Path).Where(path => path.Length > 0), "", path => ["show", study, path]);

    [Fact]
    public void Data_sets_are_suggested() => Each(DatasetManifest.Default.Sets.Select(set => set.Name), "", set => ["data", "get", set]);

    public void Dispose() => _terminal.Dispose();

    private IStudy Of(string name) => _terminal.Studies.Single(study => study.Card.Name == name);

    private void Each(IEnumerable<string> names, string mark, Func<string, string[]> line)
    {
        string[] all = [.. names];
        Assert.NotEmpty(all);
        Assert.All(all, name =>
        {
            var wrong = Swapped(name);
            var answer = _terminal.Run(line(wrong));
            Assert.Equal(2, answer.Code);
            Assert.Contains($"{wrong} is not a ", answer.Error, StringComparison.Ordinal);
            Assert.Contains($"; did you mean {mark}{name}?\n", answer.Error, StringComparison.Ordinal);
        });
    }

    /// <summary>The last two neighbours that differ, in the other order.</summary>
    private static string Swapped(string name)
    {
        var at = name.Length - 2;
        while (name[at] == name[at + 1])
            at--;
        return $"{name[..at]}{name[at + 1]}{name[at]}{name[(at + 2)..]}";
    }

    [GeneratedRegex(@"^  ([a-z]+)  +\S", RegexOptions.Multiline)]
    private static partial Regex VerbLine();
}
