using Understudy.Learning.Representations;

namespace Understudy.UnitTests.Learning.Representations;

public sealed class FeatureStandardizationTests
{
    [Fact]
    public void Every_feature_gets_mean_0_and_unbiased_deviation_1()
    {
        const int width = 4, rows = 50;
        double[] features = [.. new Draw(1).Normal(width * rows).Select((value, i) => (value * (1 + (i % width))) + 100)], standardized = new double[width * rows];

        var standardization = FeatureStandardization.Of(features, width);
        standardization.Apply(features, standardized);

        Assert.Equal(0, standardization.ConstantFeatures);
        for (var j = 0; j < width; j++)
        {
            double[] column = [.. standardized.Where((_, i) => i % width == j)];
            // the mean, near 100, is rounded to 1.4e-14
            Assert.Equal(0, column.Average(), 1e-13);
            Assert.Equal(1, column.Sum(value => value * value) / (rows - 1), 1e-13);
        }
    }

    [Fact]
    public void A_dead_unit_is_centred_and_not_scaled()
    {
        double[] features = [0, 1, 0, 1 + 1e-7, 0, 1], standardized = new double[6];

        var standardization = FeatureStandardization.Of(features, 2);
        standardization.Apply(features, standardized);

        Assert.Equal(2, standardization.ConstantFeatures);
        Assert.Equal([1, 1], standardization.Deviation.ToArray());
        Assert.Equal([0, 0, 0], standardized.Where((_, i) => i % 2 == 0));
        Assert.All(standardized, value => Assert.InRange(value, -1e-7, 1e-7));
    }

    [Fact]
    public void One_row_is_its_own_mean()
    {
        var standardization = FeatureStandardization.Of([3, 4], 2);

        Assert.Equal([3, 4], standardization.Mean.ToArray());
        Assert.Equal(2, standardization.ConstantFeatures);
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        Assert.Contains("5 features are not rows of 2", Assert.Throws<ArgumentException>(() => FeatureStandardization.Of(new double[5], 2)).Message, StringComparison.Ordinal);
        Assert.Contains("3 features with room for 3", Assert.Throws<ArgumentException>(() => FeatureStandardization.Of([3, 4], 2).Apply(new double[3], new double[3])).Message, StringComparison.Ordinal);
    }
}
