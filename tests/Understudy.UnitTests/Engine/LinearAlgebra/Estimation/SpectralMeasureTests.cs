using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Threading;
using Understudy.UnitTests.Engine.LinearAlgebra.Krylov;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Estimation;

public sealed class SpectralMeasureTests
{
    private const int Size = 80;

    private static readonly double[] Values = TestSpectra.Outliers(Size);

    [Fact]
    public void Weights_sum_to_one_and_the_first_two_moments_are_those_of_the_probe()
    {
        var a = TestSpectra.Dense(Values);
        var measure = SpectralMeasure.Estimate(a, new QuadratureOptions { Probes = 3, Steps = 12, Distribution = ProbeDistribution.Gaussian, Seed = 5 });
        var probes = new double[3 * Size];
        new Probes(ProbeDistribution.Gaussian, 5, Size).Fill(0, probes);
        var images = TestOperators.Apply(a, probes);

        for (int i = 0; i < 3; i++)
        {
            var v = probes.AsSpan(i * Size, Size);
            var av = images.AsSpan(i * Size, Size);
            double square = TestOperators.Dot(v, v);
            Assert.Equal(1, measure.Probes[i].Integrate(_ => 1), 1e-13);
            Assert.Equal(TestOperators.Dot(v, av) / square, measure.Probes[i].Integrate(t => t), 1e-12);
            Assert.Equal(TestOperators.Dot(av, av) / square, measure.Probes[i].Integrate(t => t * t), 1e-11);
        }
    }

    [Fact]
    public void What_was_kept_in_numbers_is_the_same_measure_again()
    {
        var a = TestSpectra.Dense(Values);
        var top = ExtremeEigenpairs.Of(a, new EigenpairOptions { Top = 2 }).Top;
        var measure = SpectralMeasure.Estimate(a, top.Values, top.Vectors, new QuadratureOptions { Probes = 3, Steps = 12 });

        var kept = SpectralMeasure.Kept(Size, [.. measure.Probes.Select(probe => GaussQuadrature.Kept(probe.Nodes, probe.Weights))], measure.Exhausted, measure.Stems, measure.Steps);

        Assert.Equal(SpectralDensity.Of(measure).Mean, SpectralDensity.Of(kept).Mean);
        Assert.Equal(measure.ShareUpTo(0.1), kept.ShareUpTo(0.1));
        Assert.Equal(measure.Products, kept.Products);
    }

    [Fact]
    public void Numbers_that_are_no_quadrature_are_refused()
    {
        Assert.Contains("2 nodes and 1 weights", Refused([1, 2], [1]), StringComparison.Ordinal);
        Assert.Contains("Node 1, 0, is not", Refused([1, 0], [0.5, 0.5]), StringComparison.Ordinal);
        Assert.Contains("Node 0, NaN, is not", Refused([double.NaN], [1]), StringComparison.Ordinal);
        Assert.Contains("Weight 1, -0.5, is below 0", Refused([1, 2], [1.5, -0.5]), StringComparison.Ordinal);
        Assert.Contains("the sum 0.9 and not 1", Refused([1, 2], [0.5, 0.4]), StringComparison.Ordinal);
        var probe = GaussQuadrature.Kept([1, 2], [0.5, 0.5]);
        Assert.Throws<ArgumentException>(() => SpectralMeasure.Kept(5, [probe], [], [], 2));
        Assert.Throws<ArgumentException>(() => SpectralMeasure.Kept(1, [probe], [false], [3.0], 2));
        static string Refused(double[] nodes, double[] weights) => Assert.Throws<ArgumentException>(() => GaussQuadrature.Kept(nodes, weights)).Message;
    }

    [Fact]
    public void Sums_over_the_spectrum_are_as_far_off_as_they_say()
    {
        var a = TestSpectra.Dense(Values);

        Calibration.Holds(
            Values.Sum(v => Math.Exp(-v)),
            seed => SpectralMeasure.Estimate(a, new QuadratureOptions { Probes = 20, Steps = 20, Seed = seed }).Sum(v => Math.Exp(-v)));
    }

    [Fact]
    public void Degenerate_matrices_are_exhausted_and_exact()
    {
        var zero = SpectralMeasure.Estimate(TestSpectra.Identity(Size, 0));
        var identity = SpectralMeasure.Estimate(TestSpectra.Identity(Size, 2));
        var one = SpectralMeasure.Estimate(TestSpectra.Dense([5, .. new double[Size - 1]]));
        var two = SpectralMeasure.Estimate(new Diagonal([.. Enumerable.Range(0, Size).Select(i => i < 20 ? 1.0 : 4)]));

        Assert.Equal((0.0, 0.0, 10), (zero.Smallest, zero.Largest, zero.Products));
        Assert.Equal(10, identity.Products);
        Assert.Equal(2, identity.Smallest, 1e-14);
        Assert.Equal(2, identity.Largest, 1e-14);
        Assert.Equal(0, identity.CountAbove(2.1).Upper, 1e-11);
        Assert.Equal(Size, identity.CountAbove(1.9).Lower, 1e-11);
        Assert.Equal(5, one.Largest, 1e-13);
        Assert.Equal(0, one.Smallest, 1e-13);
        Assert.Equal(20, one.Products);
        Assert.All(two.Probes, probe =>
        {
            Assert.Equal(2, probe.Nodes.Length);
            Assert.Equal(1, probe.Nodes[0], 1e-13);
            Assert.Equal(4, probe.Nodes[1], 1e-13);
        });
        var above = two.CountAbove(2);
        Assert.InRange(60, above.Lower, above.Upper);
        Assert.InRange(above.Upper - above.Lower, 0, 20);
    }

    [Fact]
    public void A_matrix_of_one_row_is_a_single_node()
    {
        var measure = SpectralMeasure.Estimate(new Diagonal([-3]), new QuadratureOptions { Probes = 2 });

        Assert.Equal((-3.0, -3.0, 2), (measure.Smallest, measure.Largest, measure.Products));
        Assert.Equal(1, SpectralDensity.Of(measure).Mass, 1e-6);
    }

    [Fact]
    public void The_share_of_each_probe_lies_within_its_bounds_at_every_threshold()
    {
        // a diagonal matrix, and no Student interval: the measure of one probe is its squared components
        var probe = new double[Size];
        new Probes(ProbeDistribution.Gaussian, 1, Size).Fill(0, probe);
        double square = TestOperators.Dot(probe, probe);
        var quadrature = LanczosProcess.Of(new Diagonal(Values), probe, 15).Tridiagonal.Quadrature();

        for (double threshold = -1; threshold < 11; threshold += 0.01)
        {
            double exact = Enumerable.Range(0, Size).Where(i => Values[i] <= threshold).Sum(i => probe[i] * probe[i]) / square;
            var (_, lower, upper) = SpectralMeasure.Cumulative(quadrature, threshold, isExact: false);
            Assert.InRange(exact, lower - 1e-12, upper + 1e-12);
        }
    }

    [Fact]
    public void The_band_of_the_share_holds_the_truth_and_is_finite()
    {
        var a = TestSpectra.Dense(Values);
        int held = 0;
        int asked = 0;
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var measure = SpectralMeasure.Estimate(a, new QuadratureOptions { Steps = 30, Seed = seed });
            foreach (double threshold in new[] { -0.4, -0.1, 0, 0.3, 1, 5, 8 })
            {
                var share = measure.ShareUpTo(threshold);
                double exact = Values.Count(v => v <= threshold) / (double)Size;
                Assert.InRange(share.Value, share.Lower, share.Upper);
                held += share.Lower - 1e-12 <= exact && exact <= share.Upper + 1e-12 ? 1 : 0;
                asked++;
            }
        }

        // at least 95 %, as the bounds of quadrature are strict; thresholds of one seed go together
        Assert.InRange(held / (double)asked, 0.93, 1);
    }

    [Fact]
    public void Known_outliers_leave_the_bulk_to_the_probes()
    {
        double[] values = [.. Values.OrderDescending()];
        var a = new Diagonal(values);
        var measure = SpectralMeasure.Estimate(a, values.AsSpan(0, 3), TestSpectra.Units(Size, 0, 1, 2), new QuadratureOptions { Steps = 30 });

        Assert.Equal(values[..3], measure.Stems.ToArray());
        Assert.Equal((Size - 3.0) / Size, measure.ProbedMass);
        Assert.InRange(measure.Largest, 0.4, values[3] + 1e-12);
        Assert.Equal(3, measure.CountAbove(1).Value, 1e-12);
        Assert.Equal(3, measure.CountAbove(1).Lower, 1e-12);
        Calibration.Holds(values.Sum(), seed => SpectralMeasure.Estimate(
            a, values.AsSpan(0, 3), TestSpectra.Units(Size, 0, 1, 2), new QuadratureOptions { Probes = 20, Steps = 5, Seed = seed }).Sum(v => v));
    }

    [Fact]
    public void The_zero_of_the_projection_is_not_mistaken_for_an_eigenvalue()
    {
        double[] values = [50, 40, .. Enumerable.Range(0, 30).Select(i => 1 + (0.1 * i))];
        var measure = SpectralMeasure.Estimate(
            new Diagonal(values), values.AsSpan(0, 2), TestSpectra.Units(32, 0, 1), new QuadratureOptions { Steps = 100 });

        Assert.InRange(measure.Smallest, 1 - 1e-9, 1 + 1e-9);
        Assert.InRange(measure.Largest, 3.9 - 1e-9, 3.9 + 1e-9);
        Assert.Equal(0, measure.ShareUpTo(0.5).Value, 1e-12);
    }

    [Fact]
    public void Neither_blocks_nor_threads_change_a_bit()
    {
        using var team = new Team(2);
        var a = TestSpectra.Dense(Values);

        var alone = SpectralMeasure.Estimate(a, new QuadratureOptions { BlockSize = 1, Probes = 5, Steps = 20 });
        foreach (var other in new[]
        {
            SpectralMeasure.Estimate(a, new QuadratureOptions { BlockSize = 3, Probes = 5, Steps = 20 }),
            SpectralMeasure.Estimate(a, new QuadratureOptions { Team = team, Probes = 5, Steps = 20 }),
        })
        {
            for (int i = 0; i < 5; i++)
            {
                Assert.Equal(alone.Probes[i].Nodes.ToArray(), other.Probes[i].Nodes.ToArray());
                Assert.Equal(alone.Probes[i].Weights.ToArray(), other.Probes[i].Weights.ToArray());
            }
        }
    }

    [Theory]
    [InlineData(70, 3, 20)]
    [InlineData(39, 3, 13)]
    [InlineData(60, 3, 20)]
    public void What_was_finished_when_it_is_cancelled_is_that_of_fewer_probes_or_steps(int after, int probes, int steps)
    {
        using var source = new CancellationTokenSource();
        var options = new QuadratureOptions { BlockSize = 3, Probes = 8, Steps = 20, KeepsFinished = true };

        var kept = SpectralMeasure.Estimate(new Stopping(TestSpectra.Dense(Values), after, source), options, source.Token);

        var fewer = SpectralMeasure.Estimate(TestSpectra.Dense(Values), options with { Probes = probes, Steps = steps });
        Assert.True(kept.IsCancelled);
        Assert.False(fewer.IsCancelled);
        Assert.Equal((fewer.Steps, fewer.Products, probes), (kept.Steps, kept.Products, kept.Probes.Count));
        for (int i = 0; i < probes; i++)
            Assert.Equal(fewer.Probes[i].Nodes.ToArray(), kept.Probes[i].Nodes.ToArray());
    }

    [Fact]
    public void Nothing_is_kept_of_a_single_step_or_unless_it_is_asked_for()
    {
        foreach (var (after, keeps) in new[] { (1, true), (100, false) })
        {
            using var source = new CancellationTokenSource();
            var stopping = new Stopping(TestSpectra.Dense(Values), after, source);

            Assert.Throws<OperationCanceledException>(() => SpectralMeasure.Estimate(stopping, new QuadratureOptions { BlockSize = 3, Probes = 8, Steps = 20, KeepsFinished = keeps }, source.Token));
        }
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_named()
    {
        var a = new Diagonal([1, 2, 3]);

        Assert.Equal("vectors", Assert.Throws<ArgumentException>(() => SpectralMeasure.Estimate(a, [3.0], [0.0, 1])).ParamName);
        Assert.Equal("values", Assert.Throws<ArgumentException>(() => SpectralMeasure.Estimate(a, [1.0, 2, 3], new double[9])).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => SpectralMeasure.Estimate(a, new QuadratureOptions { Steps = 0 }));
        Assert.Throws<ArgumentException>(() => SpectralMeasure.Exact([]));
    }

    /// <summary>Cancels when so many products are made.</summary>
    private sealed class Stopping(ISymmetricOperator matrix, int after, CancellationTokenSource source) : ISymmetricOperator
    {
        private int _products;

        public int Size => matrix.Size;

        public void Apply(ReadOnlySpan<double> vectors, Span<double> products)
        {
            matrix.Apply(vectors, products);
            _products += vectors.Length / Size;
            if (_products >= after)
                source.Cancel();
        }
    }
}
