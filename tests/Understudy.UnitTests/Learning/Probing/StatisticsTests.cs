using Understudy.Engine.Random;
using Understudy.Learning.Networks;
using Understudy.Learning.Probing;

namespace Understudy.UnitTests.Learning.Probing;

public class StatisticsTests
{
    [Fact]
    public void Best_students_run_over_the_student_axis()
    {
        var statistics = SpecializationStatistics.Of(new CorrelationMatrix(2, 3, [0.1, 0.97, 0.2, 0.55, 0.3, -0.9]));

        Assert.Equal([0.97, 0.55], statistics.Best.ToArray());
        Assert.Equal([1, 0], statistics.ArgBest.ToArray());
        Assert.Equal([0.55, 0.97, 0.2], statistics.Usefulness.ToArray());
        Assert.Equal([1, 0, 0], statistics.BestTeacher.ToArray());
        Assert.Equal((0.76, 0.55, 0.5), (statistics.MeanBest, statistics.SmallestBest, statistics.RecoveredFraction));
        Assert.Equal([2, 1, 1, 1, 1, 1], statistics.Covered());
        Assert.Equal(4.0 / 14, statistics.EnergyShare([1, 2, 3]), 15);
    }

    [Fact]
    public void Statistics_agree_with_a_plain_count()
    {
        var values = new double[7 * 12];
        new RandomSequence(5, "test/rho").FillUniform(0, values);
        var rho = new CorrelationMatrix(7, 12, values);

        var statistics = SpecializationStatistics.Of(rho);

        for (var j = 0; j < 7; j++)
        {
            var row = values[(j * 12)..((j + 1) * 12)];
            Assert.Equal(row.Max(), statistics.Best[j]);
            Assert.Equal(Array.IndexOf(row, row.Max()), statistics.ArgBest[j]);
            for (var t = 0; t < SpecializationStatistics.Thresholds.Count; t++)
                Assert.Equal(row.Count(value => value > SpecializationStatistics.Thresholds[t]), statistics.Count(j, t));
        }

        Assert.Equal(Enumerable.Range(0, 7).Average(j => values[(j * 12)..((j + 1) * 12)].Max()), statistics.MeanBest, 14);
    }

    [Fact]
    public void Unobserved_teacher_nodes_take_no_part()
    {
        var statistics = SpecializationStatistics.Of(new CorrelationMatrix(3, 2, [0.99, 0, 0, 0.2, 0.96, 0.96]), [true, false, true]);

        Assert.Equal((1, 1.0), (statistics.Unobserved, statistics.RecoveredFraction));
        Assert.Equal(0.96, statistics.SmallestBest);
        Assert.False(statistics.IsObserved(1));
    }

    [Fact]
    public void Spearman_is_one_for_any_increasing_relation_and_shares_ranks_of_ties()
    {
        Assert.Equal(1, RankCorrelation.Spearman([1, 2, 3, 10], [0, 5, 6, 7]), 15);
        Assert.Equal(-1, RankCorrelation.Spearman([1, 2, 3], [9, 4, 1]), 15);
        // ranks 1.5 1.5 3 against 1 2 3
        Assert.Equal(0.8660254037844387, RankCorrelation.Spearman([4, 4, 5], [1, 2, 3]), 14);
        Assert.Equal(double.NaN, RankCorrelation.Spearman([1, 1], [1, 2]));
    }

    [Fact]
    public void Kendall_counts_pairs_and_treats_never_as_last()
    {
        double[] times = [1, 3, 2, double.PositiveInfinity];

        Assert.Equal(4 / 6.0, RankCorrelation.Kendall([0, 1, 2, 3], times), 15);
        Assert.Equal(5 / 6.0, RankCorrelation.PairsInOrder([0, 1, 2, 3], times), 15);
        Assert.Equal(0, RankCorrelation.Kendall([0, 1], [double.PositiveInfinity, double.PositiveInfinity]));
    }

    [Fact]
    public void The_lottery_rank_of_the_largest_is_zero()
    {
        Assert.Equal(0, RankCorrelation.Percentile([1, 5, 2], 1));
        Assert.Equal(1, RankCorrelation.Percentile([1, 5, 2], 0));
        Assert.Equal(0, RankCorrelation.Percentile([3], 0));
    }

    [Fact]
    public void Alignment_ignores_the_scale_and_sees_the_orientation()
    {
        var same = NodeAlignment.Of([3, 4], -0.5, [30, 40], -5);
        var reversed = NodeAlignment.Of([3, 4], -0.5, [-6, -8], 1);

        Assert.Equal((1.0, 0.0), (same.Cosine, same.OffsetError));
        Assert.Equal((0.0, 0.0), (same.OrientedSine, same.UnorientedSine));
        Assert.Equal((-1.0, 0.0), (reversed.Cosine, reversed.OffsetError));
        Assert.Equal((1.0, 0.0), (reversed.OrientedSine, reversed.UnorientedSine));
        Assert.True(reversed.IsWithin(0.01, 1));
        Assert.False(NodeAlignment.Of([0, 0], 1, [1, 0], 1).IsWithin(1, 1));
    }

    [Fact]
    public void Quantiles_interpolate_between_neighbours()
    {
        var quantiles = Quantiles.Of([3, 1, 2, 0]);

        Assert.Equal((3.0, 1.5), (quantiles.Largest, quantiles.Median));
        Assert.Equal(2.97, quantiles.Highest99, 12);
        Assert.Equal(Math.Sqrt(14 / 4.0), quantiles.RootMeanSquare, 14);
    }

    [Fact]
    public void The_gate_at_zero_is_the_slope()
    {
        var gradient = new double[3];

        ResidualGradient.Of([1.0], [2, 2, 2], [-1, 0, 1], NodeActivation.LeakyRelu(0.25), gradient);

        Assert.Equal([0.5, 0.5, 2], gradient);
    }

    [Fact]
    public void The_largest_gradient_of_a_chunk_is_that_of_single_samples()
    {
        const int Rows = 9, Nodes = 6, Outputs = 7;
        var random = new RandomSequence(2, "test/gradient");
        var (errors, fanOut, z) = (new float[Rows * Outputs], new float[Nodes * Outputs], new float[Rows * Nodes]);
        random.FillNormal(0, errors);
        random.FillNormal(1, fanOut);
        random.FillNormal(2, z);
        var largest = new double[Rows];

        ResidualGradient.Largest(errors, fanOut, z, NodeActivation.LeakyRelu(0.1), largest);

        var gradient = new double[Nodes];
        for (var row = 0; row < Rows; row++)
        {
            ResidualGradient.Of(Doubles(errors, row, Outputs), Doubles(fanOut, 0, fanOut.Length), Doubles(z, row, Nodes), NodeActivation.LeakyRelu(0.1), gradient);
            Assert.Equal(gradient.Max(Math.Abs), largest[row], 1e-5);
        }
    }

    private static double[] Doubles(float[] values, int row, int width) => [.. values.Skip(row * width).Take(width).Select(value => (double)value)];
}
