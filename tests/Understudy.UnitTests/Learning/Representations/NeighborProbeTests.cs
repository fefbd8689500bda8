using Understudy.Engine.Threading;
using Understudy.Learning.Representations;
using static Understudy.UnitTests.Learning.Representations.DrawnEmbeddings;

namespace Understudy.UnitTests.Learning.Representations;

public sealed class NeighborProbeTests
{
    public static TheoryData<int, NeighborMetric, double?> Rules => new()
    {
        { 1, NeighborMetric.Euclidean, null },
        { 20, NeighborMetric.Euclidean, null },
        { 7, NeighborMetric.Cosine, null },
        { 20, NeighborMetric.Cosine, 0.07 },
    };

    [Fact]
    public void Classes_that_are_far_apart_are_told_apart()
    {
        var (train, test) = Blobs(1, 500, 200, 8, 5, spread: 20);

        var result = Run(new(), train, test);

        Assert.Equal((1, 1), (result.TrainAccuracy, result.TestAccuracy));
        Assert.Equal(test.Labels.ToArray(), result.Predictions);
        Assert.Equal(1, Run(NeighborProbe.Cosine, train, test).TestAccuracy);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Classes_are_those_of_a_search_through_all_examples(int neighbors, NeighborMetric metric, double? temperature)
    {
        // more than one block of either
        var (train, test) = Blobs(2, 2100, 300, 3, 4, spread: 0.8);
        var probe = new NeighborProbe { Neighbors = neighbors, Metric = metric, Temperature = temperature, TrainExamples = 50 };

        var result = Run(probe, train, test);

        Assert.Equal(Enumerable.Range(0, test.Count).Select(i => Searched(probe, train, test, i, -1)), result.Predictions);
        // 50 of 2100, evenly spaced
        Assert.Equal(Enumerable.Range(0, 50).Average(i => Searched(probe, train, train, 42 * i, 42 * i) == train.Labels[42 * i] ? 1.0 : 0), result.TrainAccuracy, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rotation_changes_nothing(int neighbors, NeighborMetric metric, double? temperature)
    {
        var (train, test) = Blobs(3, 400, 150, 6, 3, spread: 0.6);
        var probe = new NeighborProbe { Neighbors = neighbors, Metric = metric, Temperature = temperature };

        Assert.Equal(Run(probe, train, test).Predictions, Run(probe, train.Rotated(), test.Rotated()).Predictions);
    }

    [Fact]
    public void Distances_do_not_lose_digits_far_from_0_and_cosines_do_not_see_lengths()
    {
        var (train, test) = Blobs(4, 400, 150, 6, 3, spread: 0.6);
        // squares of a million would leave differences of squares 1e-4 exact; the offset itself leaves features 1e-10
        double Far(double value, int example, int feature) => value + 1e6;
        double Longer(double value, int example, int feature) => value * (1 + (example % 7));

        Assert.Equal(Run(new(), train, test).Predictions, Run(new(), train.With(Far), test.With(Far)).Predictions);
        Assert.Equal(Run(NeighborProbe.Cosine, train, test).Predictions, Run(NeighborProbe.Cosine, train.With(Longer), test.With(Longer)).Predictions);
    }

    [Fact]
    public void Of_classes_with_equally_many_votes_the_smallest_wins_and_of_equally_near_examples_the_first()
    {
        var train = new EmbeddingSet([-1, 1, 1, 5], [2, 1, 0, 0], 3);
        var test = new EmbeddingSet([0.25, 0.9], [0, 0], 3);

        Assert.Equal([1, 1], Run(new() { Neighbors = 1 }, train, test).Predictions);
        Assert.Equal([0, 0], Run(new() { Neighbors = 2 }, train, test).Predictions);
        Assert.Equal([0, 0], Run(new() { Neighbors = 3 }, train, test).Predictions);
    }

    [Fact]
    public void An_example_is_no_neighbour_of_itself_but_its_twin_is()
    {
        const int classes = 4, count = 2000;
        var single = Meaningless(5, count, 5, classes);
        var twins = new EmbeddingSet([.. single.Features, .. single.Features], [.. single.Labels, .. single.Labels], classes);
        var probe = new NeighborProbe { Neighbors = 1, TrainExamples = int.MaxValue };

        AssertChance(Run(probe, single, single).TrainAccuracy, count, classes);
        Assert.Equal(1, Run(probe, single, single).TestAccuracy);
        Assert.Equal(1, Run(probe, twins, single).TrainAccuracy);
    }

    [Fact]
    public void A_low_temperature_asks_the_nearest_and_a_high_one_all_alike()
    {
        var (train, test) = Blobs(6, 400, 150, 6, 3, spread: 0.6);
        NeighborProbe Rule(int neighbors, double? temperature) => new() { Metric = NeighborMetric.Cosine, Neighbors = neighbors, Temperature = temperature };

        Assert.Equal(Run(Rule(1, null), train, test).Predictions, Run(Rule(21, 1e-7), train, test).Predictions);
        // three neighbours of three classes are a tie, which a high temperature leaves to the cosines
        Assert.Equal(Run(Rule(3, null), train, test).Predictions.Where((_, i) => !IsTied(i)), Run(Rule(3, 1e9), train, test).Predictions.Where((_, i) => !IsTied(i)));

        bool IsTied(int i) => Votes(Rule(3, null), train, test, i, -1).All(votes => votes == 1);
    }

    [Fact]
    public void Labels_that_say_nothing_are_guessed()
    {
        const int classes = 4, tests = 2000;

        AssertChance(Run(new(), Meaningless(7, 400, 10, classes), Meaningless(8, tests, 10, classes)).TestAccuracy, tests, classes);
    }

    [Fact]
    public void Any_team_gives_the_same_bits()
    {
        var (train, test) = Blobs(9, 2100, 300, 20, 10, spread: 0.2);

        new NeighborProbe().AssertSameWithAnyTeam(train, test, _ => []);
        NeighborProbe.Cosine.AssertSameWithAnyTeam(train, test, _ => []);
        // classes are coarse: the keys themselves
        using var team = new Team(3);
        Assert.Equal(Keys(null), Keys(team));

        double[] Keys(Team? threads)
            => new NearestRows(train, NeighborMetric.Euclidean, 20, threads).Find(test.Features, null, TestContext.Current.CancellationToken).Keys;
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        var (train, test) = Blobs(10, 20, 10, 4, 3, spread: 1);

        Assert.Contains("20 training examples do not leave 20 neighbours", Assert.Throws<ArgumentException>(() => Run(new(), train, test)).Message, StringComparison.Ordinal);
        Assert.Contains("by the cosine", Assert.Throws<ArgumentException>(() => Run(new() { Neighbors = 3, Temperature = 1 }, train, test)).Message, StringComparison.Ordinal);
        Assert.Contains("5 and 3", Assert.Throws<ArgumentException>(() => Run(new(), train, Meaningless(9, 10, 5, 3))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(new() { Neighbors = 0 }, train, test));
        Assert.True(double.IsNaN(Run(new() { Neighbors = 3, TrainExamples = 0 }, train, test).TrainAccuracy));
        new NeighborProbe { Neighbors = 3 }.AssertCancellable(train, test);
    }

    private static NeighborProbeResult Run(NeighborProbe probe, EmbeddingSet train, EmbeddingSet test)
        => probe.Run(train, test, null, TestContext.Current.CancellationToken);

    private static int Searched(NeighborProbe probe, EmbeddingSet train, EmbeddingSet set, int example, int own)
    {
        var votes = Votes(probe, train, set, example, own);
        return Array.IndexOf(votes, votes.Max());
    }

    /// <summary>The votes by distances or cosines to every example, sorted.</summary>
    private static double[] Votes(NeighborProbe probe, EmbeddingSet train, EmbeddingSet set, int example, int own)
    {
        var nearest = Enumerable.Range(0, train.Count).Where(i => i != own)
            .Select(i => (Label: train.Labels[i], Key: Key(i))).OrderBy(item => item.Key).Take(probe.Neighbors);
        var votes = new double[train.Classes];
        foreach (var (label, key) in nearest)
            votes[label] += probe.Temperature is { } temperature ? Math.Exp(-key / temperature) : 1;
        return votes;

        double Key(int other)
        {
            var (distance, product, ownSquare, otherSquare) = (0.0, 0.0, 0.0, 0.0);
            for (var j = 0; j < set.Width; j++)
            {
                double a = set.Features[(example * set.Width) + j], b = train.Features[(other * set.Width) + j];
                (distance, product) = (distance + ((a - b) * (a - b)), product + (a * b));
                (ownSquare, otherSquare) = (ownSquare + (a * a), otherSquare + (b * b));
            }

            return probe.Metric == NeighborMetric.Euclidean ? distance : -product / Math.Sqrt(ownSquare * otherSquare);
        }
    }
}
