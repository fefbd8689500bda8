using Understudy.Learning.Representations;
using static Understudy.UnitTests.Learning.Representations.DrawnEmbeddings;

namespace Understudy.UnitTests.Learning.Representations;

public sealed class LdaProbeTests
{
    /// <summary>Two clouds with one covariance that is not round: the boundary is a plane that can be written down.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(1, 4)]
    public void The_boundary_of_two_clouds_is_the_plane_of_equal_densities(int first, int second)
    {
        // around each mean four points: within a class the covariance is diag(2, 1/8) exactly
        double[] means = [-1, 0.5, 3, -0.25];
        var (features, labels) = (new List<double>(), new List<int>());
        for (var c = 0; c < 2; c++)
        {
            for (var copy = 0; copy < (c == 0 ? first : second); copy++)
            {
                foreach (var (x, y) in new[] { (2.0, 0.0), (-2, 0), (0, 0.5), (0, -0.5) })
                {
                    features.AddRange([means[2 * c] + x, means[(2 * c) + 1] + y]);
                    labels.Add(c);
                }
            }
        }

        // w·(x − middle) + ln π₁/π₀ = 0 with w = Σ⁻¹ (μ₁ − μ₀)
        double[] w = [(means[2] - means[0]) / 2, (means[3] - means[1]) * 8];
        var offset = Math.Log((double)second / first);
        var at = -offset / ((w[0] * w[0]) + (w[1] * w[1]));
        double[] Beside(double along, double across) =>
            [((means[0] + means[2]) / 2) + ((at + across) * w[0]) - (along * w[1]), ((means[1] + means[3]) / 2) + ((at + across) * w[1]) + (along * w[0])];
        double[][] points = [.. new[] { -2.0, 0, 1 }.SelectMany(along => new[] { Beside(along, -1e-9), Beside(along, 1e-9) })];

        var result = Run(new() { Shrinkage = 0 }, new([.. features], [.. labels], 2), new([.. points.SelectMany(point => point)], [0, 1, 0, 1, 0, 1], 2));

        Assert.Equal(1, result.TestAccuracy);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(1)]
    public void Discriminants_solve_the_equations_of_the_shrunk_covariance(double shrinkage)
    {
        // more than one block of rows, and classes of different sizes
        var (blobs, _) = Blobs(3, 700, 10, 6, 4, spread: 0.7);
        EmbeddingSet train = new(blobs.Features.ToArray(), [.. blobs.Labels.ToArray().Select((label, i) => i % 5 == 0 ? 0 : label)], 4);
        var rows = new FeatureRows(train, FeatureStandardization.Of(train.Features, train.Width));
        var standardized = new double[700 * 6];
        rows.Read(0, standardized);

        var discriminants = WithinScatter.Of(rows, null, TestContext.Current.CancellationToken).Discriminants(shrinkage, null, TestContext.Current.CancellationToken);

        double[] Mean(int c)
        {
            int[] own = [.. Enumerable.Range(0, 700).Where(i => train.Labels[i] == c)];
            return [.. Enumerable.Range(0, 6).Select(j => own.Average(i => standardized[(i * 6) + j]))];
        }

        double[][] means = [.. Enumerable.Range(0, 4).Select(Mean)];
        double Scatter(int u, int v) => Enumerable.Range(0, 700).Average(i => (standardized[(i * 6) + u] - means[train.Labels[i]][u]) * (standardized[(i * 6) + v] - means[train.Labels[i]][v]));
        var trace = Enumerable.Range(0, 6).Sum(j => Scatter(j, j));
        double Shrunk(int u, int v) => ((1 - shrinkage) * Scatter(u, v)) + (u == v ? shrinkage * trace / 6 : 0);
        for (var c = 0; c < 4; c++)
        {
            var weights = discriminants.Weights.Slice(c * 6, 6).ToArray();
            // Σ w = μ to rounding: numbers are below 10
            for (var u = 0; u < 6; u++)
                Assert.Equal(means[c][u], Enumerable.Range(0, 6).Sum(v => Shrunk(u, v) * weights[v]), 1e-12);
            var share = train.Labels.ToArray().Count(label => label == c) / 700.0;
            Assert.Equal(Math.Log(share) - (0.5 * means[c].Zip(weights, (mean, weight) => mean * weight).Sum()), discriminants.Biases[c], 1e-12);
        }
    }

    [Fact]
    public void The_estimated_shrinkage_is_the_noise_of_the_covariance_over_its_distance_from_a_sphere()
    {
        var (train, _) = Blobs(5, 60, 10, 20, 3, spread: 1);
        var rows = new FeatureRows(train, null);

        var estimated = WithinScatter.Of(rows, null, TestContext.Current.CancellationToken).LedoitWolf;

        double[][] means = [.. Enumerable.Range(0, 3).Select(c => Enumerable.Range(0, 20).Select(j => Enumerable.Range(0, 60).Where(i => i % 3 == c).Average(i => train.Features[(i * 20) + j])).ToArray())];
        double[][] centred = [.. Enumerable.Range(0, 60).Select(i => Enumerable.Range(0, 20).Select(j => train.Features[(i * 20) + j] - means[i % 3][j]).ToArray())];
        double S(int u, int v) => centred.Average(row => row[u] * row[v]);
        var sphere = Enumerable.Range(0, 20).Average(j => S(j, j));
        var (noise, distance) = (0.0, 0.0);
        for (var u = 0; u < 20; u++)
        {
            for (var v = 0; v < 20; v++)
            {
                var s = S(u, v);
                noise += centred.Sum(row => Math.Pow((row[u] * row[v]) - s, 2)) / (60 * 60);
                distance += Math.Pow(s - (u == v ? sphere : 0), 2);
            }
        }

        Assert.InRange(noise / distance, 0.1, 0.99);
        Assert.Equal(noise / distance, estimated, 1e-12);
    }

    /// <summary>Within classes examples lie on one line, as far from the mean on either side: all say the same of a covariance that is singular.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(1000)]
    public void Features_that_are_one_are_told_apart_without_a_given_shrinkage(int count)
    {
        double Value(int i) => (i < count / 2 ? 0 : 5) + (2 * (i % 2));
        EmbeddingSet train = new([.. Enumerable.Range(0, count).SelectMany(i => new[] { Value(i), Value(i) })], [.. Enumerable.Range(0, count).Select(i => i < count / 2 ? 0 : 1)], 2);
        EmbeddingSet test = new([1, 1, 3, 3, 4, 4, 6, 6], [0, 0, 1, 1], 2);

        var result = Run(new(), train, test);

        Assert.Equal((WithinScatter.SmallestShrinkage, 1, 1), (result.Shrinkage, result.TrainAccuracy, result.TestAccuracy));
        // one feature alone has a boundary at the same place
        Assert.Equal(Run(new(), First(train), First(test)).Predictions, result.Predictions);
        Assert.Throws<ArgumentException>(() => Run(new() { Shrinkage = 0 }, train, test));

        static EmbeddingSet First(EmbeddingSet set) => new([.. set.Features.ToArray().Where((_, i) => i % 2 == 0)], set.Labels.ToArray(), 2);
    }

    [Fact]
    public void Two_equal_features_of_two_values_say_what_one_says()
    {
        // a third of the first class and half of the second have the value 1
        double[] values = [.. Enumerable.Range(0, 1000).Select(i => i < 600 ? (i % 3 == 0 ? 1.0 : 0) : i % 2)];
        int[] labels = [.. Enumerable.Range(0, 1000).Select(i => i < 600 ? 0 : 1)];
        EmbeddingSet one = new(values, labels, 2), two = new([.. values.SelectMany(value => new[] { value, value })], labels, 2);

        Assert.Equal(Run(new(), one, one).Predictions, Run(new(), two, two).Predictions);
    }

    [Fact]
    public void Fewer_examples_are_shrunk_more_and_more_features_than_examples_do_not_matter()
    {
        var (many, test) = Blobs(6, 3000, 300, 40, 3, spread: 0.5);
        var few = many.Slice(0, 30);

        var (fromMany, fromFew) = (Run(new(), many, test), Run(new(), few, test));

        Assert.True(fromFew.Shrinkage > fromMany.Shrinkage);
        Assert.True(fromFew.TestAccuracy > 0.6, $"{fromFew.TestAccuracy}");
        Assert.Contains("40 features depend on each other", Assert.Throws<ArgumentException>(() => Run(new() { Shrinkage = 0 }, few, test)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scale_and_offset_of_features_do_not_matter()
    {
        var (train, test) = Blobs(7, 400, 150, 6, 3, spread: 0.6);
        double Changed(double value, int example, int feature) => (value * Math.Pow(10, feature - 3)) + feature;

        Assert.Equal(Run(new(), train, test).Predictions, Run(new(), train.With(Changed), test.With(Changed)).Predictions);
    }

    [Fact]
    public void A_class_that_nobody_saw_is_never_given()
    {
        var (train, test) = Blobs(8, 300, 100, 5, 2, spread: 3);

        var result = Run(new(), new(train.Features.ToArray(), train.Labels.ToArray(), 4), new(test.Features.ToArray(), test.Labels.ToArray(), 4));

        Assert.Equal(Run(new(), train, test).Predictions, result.Predictions);
    }

    [Fact]
    public void Any_team_gives_the_same_bits_and_can_be_stopped()
    {
        var (train, test) = Blobs(9, 1200, 300, 90, 10, spread: 0.2);

        new LdaProbe().AssertSameWithAnyTeam(train, test, result => [((LdaProbeResult)result).Shrinkage]);
        new LdaProbe().AssertCancellable(train, test);
        Assert.Throws<ArgumentException>(() => Run(new() { Shrinkage = 1.1 }, train, test));
    }

    [Fact]
    public void Labels_that_say_nothing_are_guessed()
        => AssertChance(Run(new(), Meaningless(10, 400, 10, 4), Meaningless(11, 2000, 10, 4)).TestAccuracy, 2000, 4);

    private static LdaProbeResult Run(LdaProbe probe, EmbeddingSet train, EmbeddingSet test) => probe.Run(train, test, null, TestContext.Current.CancellationToken);
}
