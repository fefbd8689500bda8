using Understudy.Lab.Configuration;

namespace Understudy.UnitTests.Lab;

public class SettingTests
{
    private static readonly Setting Tree = Setting.Tree(new ToyStudy());

    [Fact]
    public void Every_setting_has_type_default_and_documentation()
    {
        var width = Tree.Find("student.width")!;

        Assert.Equal(("student.width", "width", "a whole number", "4", "Hidden nodes, n."), (width.Path, width.Name, width.TypeInWords, ConfigJson.Text(width.Default), width.Documentation));
        Assert.All(Tree.All().Skip(1), setting => Assert.NotEmpty(setting.Documentation));
    }

    [Fact]
    public void Inherited_settings_are_documented_from_their_own_assembly()
        => Assert.StartsWith("The seed of the run", Tree.Find("seed")!.Documentation, StringComparison.Ordinal);

    [Fact]
    public void References_in_a_comment_become_words() => Assert.Equal("The activation; see toyKind.", Tree.Find("student.kind")!.Documentation);

    [Theory]
    [InlineData("student.kind", "one of relu, leaky-relu")]
    [InlineData("seeds", "a whole number or null")]
    [InlineData("parts", "a list of words")]
    [InlineData("grid", "a list of whole numbers")]
    [InlineData("learningRate", "a number")]
    [InlineData("student", "a section of settings")]
    public void Types_are_words(string path, string words) => Assert.Equal(words, Tree.Find(path)!.TypeInWords);

    [Theory]
    [InlineData("width", "widht", 1)]
    [InlineData("width", "", 5)]
    [InlineData("kind", "mind", 1)]
    [InlineData("abc", "cab", 2)]
    [InlineData("Width", "width", 0)]
    public void Edit_distance_counts_changes(string from, string to, int distance)
    {
        Assert.Equal(distance, NearestName.Distance(from, to));
        Assert.Equal(distance, NearestName.Distance(to, from));
    }
}
