using Understudy.Engine.Threading;
using Understudy.Learning.Representations;
using static Understudy.UnitTests.Learning.Representations.DrawnEmbeddings;

namespace Understudy.UnitTests.Learning.Representations;

public sealed class RidgeProbeTests
{
    [Fact]
    public void Classes_that_are_far_apart_are_told_apart()
    {
        var (train, test) = Blobs(1, 1000, 300, 8, 5, spread: 20);

        var result = Run(new(), train, test);

        Assert.Equal((1, 1), (result.TrainAccuracy, result.TestAccuracy));
        Assert.Equal(test.Labels.ToArray(), result.Predictions);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(30)]
    public void Weights_and_classes_are_those_of_the_normal_equations_by_elimination(double penalty)
    {
        // more than one block of rows
        var (train, test) = Blobs(2, 700, 200, 7, 4, spread: 0.7);
        var standardization = FeatureStandardization.Of(train.Features, train.Width);
        var rows = new FeatureRows(train, standardization);
        var equations = new RidgeEquations(train.Width, train.Classes, null);
        equations.Add(rows, 0, 650, TestContext.Current.CancellationToken);
        equations.Add(rows, 650, 700, TestContext.Current.CancellationToken);

        var weights = equations.Solve(penalty, TestContext.Current.CancellationToken);

        var expected = Eliminated(Features(train, standardization), train, penalty);
        for (var k = 0; k < train.Classes; k++)
        {
            for (var j = 0; j <= train.Width; j++)
                // weights are below 1, and the condition number is below 100
                Assert.Equal(expected[j, k], weights[(k * (train.Width + 1)) + j], 1e-12);
        }

        int[] predictions = [.. Features(test, standardization).Select(row => Enumerable.Range(0, train.Classes).MaxBy(k => row.Select((value, j) => value * expected[j, k]).Sum()))];
        Assert.Equal(predictions, Run(new() { Penalties = [penalty] }, train, test).Predictions);
    }

    [Fact]
    public void Scale_and_offset_of_features_do_not_matter()
    {
        var (train, test) = Blobs(3, 400, 150, 6, 3, spread: 0.6);
        double Changed(double value, int example, int feature) => (value * Math.Pow(10, feature - 3)) + feature;

        var expected = Run(new(), train, test);
        var actual = Run(new(), train.With(Changed), test.With(Changed));

        Assert.Equal(expected.Predictions, actual.Predictions);
        Assert.Equal(expected.HeldOutAccuracies, actual.HeldOutAccuracies);
    }

    [Fact]
    public void A_constant_feature_changes_nothing()
    {
        var (train, test) = Blobs(4, 400, 150, 6, 3, spread: 0.6);
        double Dead(double value, int example, int feature) => feature == 2 ? 0.3 : value;
        EmbeddingSet Without(EmbeddingSet set) => new([.. set.Features.ToArray().Where((_, i) => i % set.Width != 2)], set.Labels.ToArray(), set.Classes);

        var expected = Run(new(), Without(train), Without(test));
        var actual = Run(new(), train.With(Dead), test.With(Dead));

        Assert.Equal(expected.Predictions, actual.Predictions);
        Assert.Equal(expected.HeldOutAccuracies, actual.HeldOutAccuracies);
    }

    [Fact]
    public void The_penalty_is_the_first_of_those_that_do_best_on_the_held_out_examples()
    {
        // 60 features for 80 examples to be fitted: little penalty is too little
        var (train, test) = Blobs(5, 100, 400, 60, 3, spread: 0.3);
        var probe = new RidgeProbe { Penalties = [1e-6, 1, 50, 1e9] };

        var result = Run(probe, train, test);

        var best = result.HeldOutAccuracies.Max();
        Assert.Equal(probe.Penalties[result.HeldOutAccuracies.ToList().IndexOf(best)], result.Penalty);
        Assert.NotEqual(1e-6, result.Penalty);
        Assert.All(result.HeldOutAccuracies, accuracy => Assert.Equal(Math.Round(accuracy * 20), accuracy * 20, 1e-12));
        Assert.Equal(Run(new() { Penalties = [result.Penalty] }, train, test).Predictions, result.Predictions);
    }

    [Fact]
    public void Labels_of_held_out_examples_choose_the_penalty_but_do_not_fit_it()
    {
        var (train, test) = Blobs(6, 200, 50, 5, 2, spread: 3);
        // the first 40 are labelled the other way round: whatever fits the others is wrong on all of them
        var mislabelled = new EmbeddingSet(train.Features.ToArray(), [.. train.Labels.ToArray().Select((label, i) => i < 40 ? 1 - label : label)], 2);

        double[] right = [.. Run(new(), train, test).HeldOutAccuracies], wrong = [.. Run(new(), mislabelled, test).HeldOutAccuracies];

        Assert.All(right.Zip(wrong), pair => Assert.Equal(1, pair.First + pair.Second, 1e-12));
    }

    [Fact]
    public void Features_beyond_the_limit_are_cut_and_counted()
    {
        var (train, test) = Blobs(7, 400, 150, 6, 3, spread: 0.6);
        // a unit that is active at one example of 400 is there √400 deviations from its mean
        double Rare(double value, int example, int feature) => feature == 1 ? (example == 123 ? 1 : 0) : value;
        double Rarer(double value, int example, int feature) => feature == 1 ? (example == 123 ? 7000 : 0) : value;

        Assert.Equal(0, Run(new(), train.With(Rare), test).Cut);
        Assert.Equal(1, Run(new() { Limit = 10 }, train.With(Rare), test).Cut);
        Assert.Equal(Run(new() { Limit = 10 }, train.With(Rare), test.With(Rare)).Predictions, Run(new() { Limit = 10 }, train.With(Rarer), test.With(Rarer)).Predictions);
    }

    [Fact]
    public void Labels_that_say_nothing_are_guessed()
    {
        const int classes = 4, tests = 2000;

        AssertChance(Run(new(), Meaningless(8, 400, 10, classes), Meaningless(9, tests, 10, classes)).TestAccuracy, tests, classes);
    }

    [Fact]
    public void Any_team_gives_the_same_bits()
    {
        var (train, test) = Blobs(10, 1200, 300, 90, 10, spread: 0.2);

        new RidgeProbe().AssertSameWithAnyTeam(train, test, result => [.. ((RidgeProbeResult)result).HeldOutAccuracies, ((RidgeProbeResult)result).Penalty]);
        // accuracies are coarse: the weights themselves
        using var team = new Team(3);
        Assert.Equal(Weights(null), Weights(team));

        double[] Weights(Team? threads)
        {
            var equations = new RidgeEquations(train.Width, train.Classes, threads);
            equations.Add(new FeatureRows(train, null), 0, train.Count, TestContext.Current.CancellationToken);
            return equations.Solve(1, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        var (train, test) = Blobs(11, 4, 10, 4, 3, spread: 1);

        Assert.Contains("A share of 0.2 of 4 examples", Assert.Throws<ArgumentException>(() => Run(new(), train, test)).Message, StringComparison.Ordinal);
        Assert.Contains("[0, 1]", Assert.Throws<ArgumentException>(() => Run(new() { Penalties = [0, 1] }, train, test)).Message, StringComparison.Ordinal);
        Assert.Contains("5 and 3", Assert.Throws<ArgumentException>(() => Run(new(), train, Meaningless(9, 10, 5, 3))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(new() { Limit = 0 }, train, test));
        new RidgeProbe { Penalties = [1] }.AssertCancellable(train, test);
    }

    private static RidgeProbeResult Run(RidgeProbe probe, EmbeddingSet train, EmbeddingSet test)
        => probe.Run(train, test, null, TestContext.Current.CancellationToken);

    /// <summary>Standardized rows with a 1 at their end.</summary>
    private static double[][] Features(EmbeddingSet set, FeatureStandardization standardization)
    {
        var features = new double[set.Features.Length];
        standardization.Apply(set.Features, features);
        return [.. features.Chunk(set.Width).Select(row => (double[])[.. row, 1])];
    }

    /// <summary>W [d + 1, K] by elimination without pivoting, which a positive definite matrix does not need.</summary>
    private static double[,] Eliminated(double[][] rows, EmbeddingSet set, double penalty)
    {
        var (n, classes) = (set.Width + 1, set.Classes);
        var system = new double[n, n + classes];
        for (var i = 0; i < rows.Length; i++)
        {
            for (var u = 0; u < n; u++)
            {
                for (var v = 0; v < n; v++)
                    system[u, v] += rows[i][u] * rows[i][v];
                system[u, n + set.Labels[i]] += rows[i][u];
            }
        }

        for (var u = 0; u < n; u++)
            system[u, u] += penalty;
        for (var u = 0; u < n; u++)
        {
            for (var v = 0; v < n; v++)
            {
                var factor = v == u ? 0 : system[v, u] / system[u, u];
                for (var column = u; column < n + classes; column++)
                    system[v, column] -= factor * system[u, column];
            }
        }

        var weights = new double[n, classes];
        for (var u = 0; u < n; u++)
        {
            for (var k = 0; k < classes; k++)
                weights[u, k] = system[u, n + k] / system[u, u];
        }

        return weights;
    }
}
