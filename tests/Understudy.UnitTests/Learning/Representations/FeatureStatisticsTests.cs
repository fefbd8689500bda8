using Understudy.Engine.Random;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Representations;

namespace Understudy.UnitTests.Learning.Representations;

public class FeatureStatisticsTests
{
    private const int Width = 5;

    private static readonly double[] Drawn = Normal(1, 12 * Width);

    [Fact]
    public void Moments_correlations_and_distances_are_those_of_every_pair()
    {
        // the last feature is dead, the one before it constant
        double[] features = [.. Drawn.Select((value, i) => i % Width == 4 ? 0 : i % Width == 3 ? 7 : value)];
        double[][] rows = [.. features.Chunk(Width)];
        double[][] columns = [.. Enumerable.Range(0, Width).Select(j => rows.Select(row => row[j]).ToArray())];
        static double Deviation(double[] values) => Math.Sqrt(values.Sum(value => (value - values.Average()) * (value - values.Average())) / (values.Length - 1));
        static double Correlation(double[] a, double[] b) => a.Zip(b, (x, y) => (x - a.Average()) * (y - b.Average())).Sum() / (a.Length - 1) / Deviation(a) / Deviation(b);
        static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());

        var found = FeatureStatistics.Of(features, Width);

        Assert.All(Enumerable.Range(0, Width), j => Assert.Equal((columns[j].Average(), Deviation(columns[j])), (found.Means[j], found.Deviations[j]), (a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) < 1e-12));
        Assert.Equal(1, found.Dead);
        Assert.Equal((Correlation(columns[0], columns[1]) + Correlation(columns[0], columns[2]) + Correlation(columns[1], columns[2])) / 3, found.MeanCorrelation, 1e-12);
        Assert.Equal(Enumerable.Range(0, rows.Length).SelectMany(i => Enumerable.Range(0, i).Select(j => Distance(rows[i], rows[j]))).Average(), found.MeanDistance, 1e-12);
    }

    [Fact]
    public void What_has_no_pairs_is_not_a_number()
    {
        var one = FeatureStatistics.Of([1, 2], 2);
        var same = FeatureStatistics.Of([1, 2, 1, 3], 2);

        Assert.Equal((double.NaN, double.NaN, 0.0), (one.MeanCorrelation, one.MeanDistance, one.Deviations[0]));
        Assert.Equal((double.NaN, 1.0), (same.MeanCorrelation, same.MeanDistance));
        Assert.Throws<ArgumentException>(() => FeatureStatistics.Of([1, 2, 3], 2));
    }

    [Fact]
    public void Features_are_compared_image_by_image()
    {
        var other = Normal(2, Drawn.Length);

        var (same, turned, found) = (FeatureComparison.Of(Drawn, Drawn, Width), FeatureComparison.Of(Drawn, [.. Drawn.Select(value => -2 * value)], Width), FeatureComparison.Of(Drawn, other, Width));

        Assert.Equal((0.0, 0.0), (same.Distance, same.RootMeanSquare));
        Assert.Equal((1, -1), (same.Cosine, turned.Cosine), (a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) < 1e-12);
        double[][] a = [.. Drawn.Chunk(Width)], b = [.. other.Chunk(Width)];
        static double Dot(double[] x, double[] y) => x.Zip(y, (one, two) => one * two).Sum();
        double[][] apart = [.. a.Zip(b, (x, y) => x.Zip(y, (one, two) => one - two).ToArray())];
        Assert.Equal(apart.Average(row => Math.Sqrt(Dot(row, row))), found.Distance, 1e-12);
        Assert.Equal(Math.Sqrt(apart.Sum(row => Dot(row, row)) / Drawn.Length), found.RootMeanSquare, 1e-12);
        Assert.Equal(a.Zip(b, (x, y) => Dot(x, y) / Math.Sqrt(Dot(x, x) * Dot(y, y))).Average(), found.Cosine, 1e-12);
        Assert.Equal(0, FeatureComparison.Of([0, 0], [1, 0], 2).Cosine);
        Assert.Throws<ArgumentException>(() => FeatureComparison.Of(Drawn, [1, 2], Width));
    }

    [Fact]
    public void Scales_of_layers_are_those_of_what_they_give()
    {
        var network = EncoderText.Network("4 M 6", new Understudy.Engine.Shape(8, 8, 2), Normalization.Batch).InEvaluationMode();
        var (parameters, images) = (Normal(3, network.Layout.Count), Array.ConvertAll(Normal(4, 7 * network.Inputs), value => (float)value));
        var places = LayerPlace.Of(network, int.MaxValue);

        var scales = LayerScales.Of(network, places, images, parameters, cancellation: TestContext.Current.CancellationToken);

        var sets = LayerReader.Read(network, places, images, new int[7], 1, parameters, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(places.Count, scales.Length);
        // computed in single precision
        Assert.All(scales.Zip(sets), pair => Assert.Equal(1, pair.First / Math.Sqrt(pair.Second.Features.ToArray().Average(value => value * value)), 1e-5));
        Assert.True(scales.Distinct().Count() > 3);
        Assert.Throws<ArgumentException>(() => LayerScales.Of(network, places, [], parameters));
    }

    private static double[] Normal(ulong seed, int count)
    {
        var values = new double[count];
        new RandomSequence(seed, "features").FillNormal(0, values);
        return values;
    }
}
