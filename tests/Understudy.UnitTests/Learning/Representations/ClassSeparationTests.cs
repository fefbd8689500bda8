using Understudy.Learning.Representations;
using static Understudy.UnitTests.Learning.Representations.DrawnEmbeddings;

namespace Understudy.UnitTests.Learning.Representations;

public sealed class ClassSeparationTests
{
    [Fact]
    public void Classes_that_are_points_are_all_of_the_covariance()
    {
        EmbeddingSet points = new([1, 2, 1, 2, 5, -3, 5, -3, 5, -3], [0, 0, 1, 1, 1], 3);

        Assert.Equal(1, ClassSeparation.BetweenShare(points), 1e-15);
        Assert.Equal(0, ClassSeparation.BetweenShare(new([3, 3, 3, 3], [0, 1], 2)));
    }

    [Fact]
    public void Within_and_between_add_up_to_the_whole()
    {
        var (set, _) = Blobs(1, 301, 5, 7, 4, spread: 0.8);
        double Column(int j, IEnumerable<int> examples, double mean) => examples.Sum(i => Math.Pow(set.Features[(i * 7) + j] - mean, 2));
        double Mean(int j, IEnumerable<int> examples) => examples.Average(i => set.Features[(i * 7) + j]);
        int[] all = [.. Enumerable.Range(0, 301)];

        var within = Enumerable.Range(0, 7).Sum(j => all.GroupBy(i => set.Labels[i]).Sum(own => Column(j, own, Mean(j, own))));
        var whole = Enumerable.Range(0, 7).Sum(j => Column(j, all, Mean(j, all)));

        Assert.Equal(1 - (within / whole), ClassSeparation.BetweenShare(set), 1e-12);
    }

    [Fact]
    public void Moving_turning_and_scaling_all_embeddings_changes_nothing()
    {
        var (set, _) = Blobs(2, 200, 5, 6, 3, spread: 0.5);

        var moved = set.Rotated().With((value, _, feature) => (1e-3 * value) + feature);

        Assert.Equal(ClassSeparation.BetweenShare(set), ClassSeparation.BetweenShare(moved), 1e-10);
    }

    [Fact]
    public void Labels_that_say_nothing_have_the_share_of_their_degrees_of_freedom()
        // the mean over labels is (K − 1)/(N − 1); with 30 features its standard deviation is a fifth of it
        => Assert.Equal(9.0 / 1999, ClassSeparation.BetweenShare(Meaningless(3, 2000, 30, 10)), 9.0 / 1999);
}
