using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.UnitTests.Engine.LinearAlgebra.Krylov;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Estimation;

public sealed class HutchinsonTests
{
    private const int Size = 40;

    private static readonly double[] Values = TestSpectra.Outliers(Size);

    [Theory]
    [InlineData(ProbeDistribution.Rademacher)]
    [InlineData(ProbeDistribution.Gaussian)]
    [InlineData(ProbeDistribution.Sphere)]
    public void Errors_of_traces_and_norms_are_as_large_as_they_say(ProbeDistribution distribution)
    {
        var a = TestSpectra.Dense(Values);
        ProbeOptions Options(ulong seed) => new() { Distribution = distribution, Samples = 40, Seed = seed };

        Calibration.Holds(Values.Sum(), seed => Hutchinson.Trace(a, Options(seed)).Estimate);
        Calibration.Holds(Values.Sum(v => v * v), seed => Hutchinson.SquaredNorm(a, Options(seed)).Estimate);
    }

    [Fact]
    public void Four_moments_agree_with_the_eigenvalues_within_their_errors()
    {
        var a = TestSpectra.Dense(Values);

        for (int k = 1; k <= 4; k++)
            Calibration.Holds(
                Values.Sum(v => Math.Pow(v, k)), seed => Hutchinson.Moments(a, new ProbeOptions { Samples = 40, Seed = seed })[k - 1].Estimate);
    }

    [Theory]
    [InlineData(ProbeDistribution.Rademacher)]
    [InlineData(ProbeDistribution.Gaussian)]
    [InlineData(ProbeDistribution.Sphere)]
    public void The_variance_of_a_sample_is_that_of_the_formula(ProbeDistribution distribution)
    {
        double[] matrix = SymmetricMatrices.WithValues(Values, 1);
        var a = TestSpectra.Dense(Values);
        double norm = Values.Sum(v => v * v);
        double trace = Values.Sum();
        double diagonal = Enumerable.Range(0, Size).Sum(i => matrix[i * (Size + 1)] * matrix[i * (Size + 1)]);
        double expected = distribution switch
        {
            ProbeDistribution.Rademacher => 2 * (norm - diagonal),
            ProbeDistribution.Gaussian => 2 * norm,
            _ => 2.0 * Size / (Size + 2) * (norm - (trace * trace / Size)),
        };

        Calibration.IsUnbiased(expected, seed =>
        {
            var estimate = Hutchinson.Trace(a, new ProbeOptions { Distribution = distribution, Samples = 30, Seed = seed });
            return estimate.StandardError * estimate.StandardError * estimate.Samples;
        });
    }

    [Fact]
    public void Traces_of_blocks_are_unbiased_and_sum_to_the_whole()
    {
        double[] matrix = SymmetricMatrices.WithValues(Values, 1);
        var a = TestSpectra.Dense(Values);
        int[] offsets = [0, 3, 3, 25, Size];

        for (int block = 0; block < 4; block++)
        {
            double truth = Enumerable.Range(offsets[block], offsets[block + 1] - offsets[block]).Sum(i => matrix[i * (Size + 1)]);
            if (block == 1)
                Assert.Equal(0, Hutchinson.Blocks(a, offsets).Blocks[block].Value);
            else
                Calibration.Holds(truth, seed => Hutchinson.Blocks(a, offsets, new ProbeOptions { Samples = 40, Seed = seed }).Blocks[block].Estimate);
        }

        var traces = Hutchinson.Blocks(a, offsets);
        Assert.Equal(Hutchinson.Trace(a).Value, traces.Whole.Value);
        Assert.Equal(traces.Whole.Value, traces.Blocks.Sum(block => block.Value), 1e-12 * Size * 10);
    }

    [Fact]
    public void Signs_are_exact_for_diagonal_matrices_and_the_sphere_for_multiples_of_the_identity()
    {
        var diagonal = Hutchinson.Trace(new Diagonal(Values));
        var multiple = Hutchinson.Trace(TestSpectra.Identity(Size, 3), new ProbeOptions { Distribution = ProbeDistribution.Sphere });
        var zero = Hutchinson.Trace(TestSpectra.Identity(Size, 0), new ProbeOptions { Distribution = ProbeDistribution.Gaussian });

        Assert.Equal(Values.Sum(), diagonal.Value, 1e-12);
        Assert.Equal(0, diagonal.HalfWidth, 1e-12);
        Assert.Equal(3 * Size, multiple.Value, 1e-11);
        Assert.Equal((0.0, 0.0), (zero.Value, zero.HalfWidth));
    }

    [Fact]
    public void Two_distinct_values_in_a_turned_basis_are_unbiased_and_their_norm_is_exact()
    {
        // two distinct values: ± 1 in a basis that is turned by 45 degrees
        double[] swap = [0, 1, 1, 0];
        var a = new DenseOperator(swap, 2);

        Calibration.Holds(0, seed => Hutchinson.Trace(a, new ProbeOptions { Samples = 40, Seed = seed }).Estimate);
        Assert.Equal(2, Hutchinson.SquaredNorm(a).Value);
    }

    [Fact]
    public void Sampling_stops_at_the_tolerance_but_never_before_ten()
    {
        var easy = Hutchinson.Trace(new Diagonal(Values), new ProbeOptions { RelativeTolerance = 0.01 });
        var normal = Hutchinson.Trace(TestSpectra.Dense(Values), new ProbeOptions { RelativeTolerance = 0.05, Samples = 2000 });
        var poor = Hutchinson.Trace(TestSpectra.Dense(Values), new ProbeOptions { RelativeTolerance = 1e-6, Samples = 33 });

        Assert.Equal((10, 10, true), (easy.Samples, easy.Products, easy.IsConverged));
        Assert.True(normal.IsConverged);
        Assert.InRange(normal.Samples, 20, 1999);
        Assert.InRange(normal.HalfWidth / normal.Value, 0, 0.05);
        Assert.Equal((33, 33, false), (poor.Samples, poor.Products, poor.IsConverged));
    }

    [Fact]
    public void Blocks_of_any_size_give_the_same_bits_and_as_many_products()
    {
        foreach (double tolerance in new[] { 0, 0.1 })
        {
            var one = Run(1, tolerance);
            foreach (int block in new[] { 2, 7, 64 })
                Assert.Equal(one, Run(block, tolerance));
        }

        static IEnumerable<TraceEstimate> Run(int block, double tolerance)
        {
            var options = new ProbeOptions { BlockSize = block, Samples = 60, RelativeTolerance = tolerance };
            var a = TestSpectra.Dense(Values);
            return [Hutchinson.Trace(a, options), Hutchinson.SquaredNorm(a, options), .. Hutchinson.Moments(a, options)];
        }
    }

    [Fact]
    public void A_single_sample_has_an_unbounded_error()
    {
        var estimate = Hutchinson.Trace(TestSpectra.Dense(Values), new ProbeOptions { Samples = 1 });

        Assert.Equal(double.PositiveInfinity, estimate.HalfWidth);
    }

    [Theory]
    [InlineData(0, 30, 20)]
    [InlineData(0, 41)]
    [InlineData(-1, 40)]
    [InlineData(7)]
    public void Offsets_that_do_not_ascend_within_the_matrix_are_refused(params int[] offsets)
        => Assert.Throws<ArgumentException>(() => Hutchinson.Blocks(TestSpectra.Identity(Size), offsets));

    [Fact]
    public void Cancelling_ends_between_blocks()
        => Assert.Throws<OperationCanceledException>(() => Hutchinson.Trace(TestSpectra.Identity(Size), null, new CancellationToken(true)));
}
