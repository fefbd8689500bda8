using Understudy.Engine;
using Understudy.Learning.Networks;
using Understudy.Learning.Pruning;
using Understudy.UnitTests.Learning.Training;

namespace Understudy.UnitTests.Learning.Pruning;

public sealed class MagnitudePrunerTests
{
    private static ParameterLayout Layout => SupervisedProblem.Normalized.Layout;

    [Fact]
    public void After_j_rounds_exactly_the_rounded_share_of_all_is_left()
    {
        var pruner = new MagnitudePruner(Layout, PruningScope.All);
        bool[] isKept = [.. Enumerable.Repeat(true, Layout.Count)];
        var parameters = new Draw(1).Normal(Layout.Count);
        Assert.Equal(Layout.Count, pruner.Count);

        for (var round = 1; round <= 24; round++)
        {
            pruner.Prune(parameters, isKept, pruner.Remaining(round));

            var threshold = isKept.Index().Where(item => item.Item).Min(item => Math.Abs(parameters[item.Index]));
            Assert.Equal((int)Math.Round(Math.Pow(0.8, round) * Layout.Count, MidpointRounding.AwayFromZero), isKept.Count(kept => kept));
            Assert.All(isKept.Index(), item => Assert.Equal(item.Item, Math.Abs(parameters[item.Index]) >= threshold));
        }
    }

    [Fact]
    public void Weights_without_the_last_layer_leave_vectors_and_classifier_whole()
    {
        var pruner = new MagnitudePruner(Layout);
        bool[] isKept = [.. Enumerable.Repeat(true, Layout.Count)];

        pruner.Prune(new double[Layout.Count], isKept, 10);

        Assert.Equal(["layer.0.weight", "layer.4.weight"], pruner.Prunable.Select(slot => slot.Name));
        Assert.Equal((9 * 4) + (9 * 4 * 6), pruner.Count);
        Assert.Equal(pruner.Count - 10, isKept.Count(kept => !kept));
        foreach (var slot in Layout.Slots.Where(slot => slot.Shape.Rank < 2 || slot.Name == Layout.Slots[^2].Name))
            Assert.DoesNotContain(false, slot.Of<bool>(isKept).ToArray());
    }

    [Fact]
    public void Of_equal_magnitudes_the_first_stay_and_no_number_goes_first()
    {
        var layout = new ParameterLayout([("a.weight", new Shape(2, 3)), ("b.weight", new Shape(1, 1))]);
        var pruner = new MagnitudePruner(layout, PruningScope.All with { Excluded = ["b.*"] });
        bool[] isKept = [.. Enumerable.Repeat(true, 7)];

        pruner.Prune([1, -1, 0, double.NaN, 1, 2, 0], isKept, 3);

        Assert.Equal([true, true, false, false, false, true, true], isKept);
        Assert.Equal([3], pruner.Kept(isKept));
    }

    [Fact]
    public void A_parameter_that_was_pruned_stays_pruned()
    {
        var pruner = new MagnitudePruner(Layout, PruningScope.All);
        bool[] first = [.. Enumerable.Repeat(true, Layout.Count)];
        pruner.Prune(new Draw(1).Normal(Layout.Count), first, 100);
        bool[] second = [.. first];

        pruner.Prune(new Draw(2).Normal(Layout.Count), second, 60);

        Assert.Equal(60, second.Count(kept => kept));
        Assert.All(second.Index(), item => Assert.True(!item.Item || first[item.Index]));
        Assert.Equal(100, pruner.Kept(first).Sum());
    }

    [Theory]
    [InlineData("layer.*.weight", "layer.10.weight", true)]
    [InlineData("layer.*.weight", "layer.10.bias", false)]
    [InlineData("*", "anything", true)]
    [InlineData("*.0.*", "layer.0.bias", true)]
    [InlineData("layer.1", "layer.10", false)]
    [InlineData("a*b*b", "abab", true)]
    [InlineData("a*b*b", "aab", false)]
    public void Patterns_have_stars_for_any_characters(string pattern, string name, bool matches) => Assert.Equal(matches, PruningScope.Matches(pattern, name));

    [Fact]
    public void What_cannot_be_pruned_is_told()
    {
        var pruner = new MagnitudePruner(Layout);

        Assert.Contains("No parameter", Assert.Throws<ArgumentException>(() => new MagnitudePruner(Layout, new PruningScope { Included = ["none"] })).Message, StringComparison.Ordinal);
        Assert.Contains("0 parameters are left, of which 1", Assert.Throws<ArgumentException>(() => pruner.Prune(new double[Layout.Count], new bool[Layout.Count], 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => pruner.Remaining(1, 1));
    }
}
