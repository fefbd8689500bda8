using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.Threading;
using Understudy.UnitTests.Engine.LinearAlgebra.Krylov;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Estimation;

public sealed class SketchedTraceTests
{
    private const int Size = 100;

    private static readonly double[] Values = TestSpectra.Outliers(Size);

    [Theory]
    [InlineData(TraceMethod.XTrace)]
    [InlineData(TraceMethod.HutchPlusPlus)]
    public void Errors_are_as_large_as_they_say_with_every_kind_of_probes(TraceMethod method)
    {
        var a = TestSpectra.Dense(Values);

        foreach (var distribution in Enum.GetValues<ProbeDistribution>())
            Calibration.Holds(Values.Sum(), seed => Estimate(method, a, new SketchOptions { Products = 60, Seed = seed, Distribution = distribution }).Estimate);
    }

    [Theory]
    [InlineData(TraceMethod.XTrace)]
    [InlineData(TraceMethod.HutchPlusPlus)]
    public void A_matrix_of_low_rank_is_exact(TraceMethod method)
    {
        foreach (int rank in new[] { 0, 1, 5 })
        {
            double[] values = [.. Enumerable.Range(0, Size).Select(i => i < rank ? 2.0 + i : 0)];

            var estimate = Estimate(method, TestSpectra.Dense(values), new SketchOptions { Products = 24 });

            // the zeros of the matrix are zeros up to rounding
            Assert.Equal(values.Sum(), estimate.Value, 1e-11);
            Assert.Equal(0, estimate.HalfWidth, 1e-11);
        }
    }

    [Theory]
    [InlineData(TraceMethod.XTrace)]
    [InlineData(TraceMethod.HutchPlusPlus)]
    public void Multiples_of_the_identity_are_exact_on_the_sphere(TraceMethod method)
    {
        var estimate = Estimate(method, TestSpectra.Identity(Size, 4), new SketchOptions { Products = 12 });

        Assert.Equal(4 * Size, estimate.Value, 1e-10);
        Assert.Equal(0, estimate.HalfWidth, 1e-10);
    }

    [Theory]
    [InlineData(TraceMethod.XTrace)]
    [InlineData(TraceMethod.HutchPlusPlus)]
    public void A_budget_of_all_rows_gives_the_exact_trace(TraceMethod method)
    {
        var counted = new Diagonal(Values);

        var estimate = Estimate(method, counted, new SketchOptions { Products = Size + 5 });

        Assert.Equal(Values.Sum(), estimate.Value, 1e-13);
        Assert.Equal((TraceMethod.Exact, 0.0, Size), (estimate.Method, estimate.HalfWidth, estimate.Products));
        Assert.Equal(Size, counted.Products);
    }

    [Theory]
    [InlineData(TraceMethod.XTrace)]
    [InlineData(TraceMethod.HutchPlusPlus)]
    public void Neither_blocks_nor_threads_change_a_bit(TraceMethod method)
    {
        using var team = new Team(2);
        var a = TestSpectra.Dense(Values);

        var alone = Estimate(method, a, new SketchOptions { Products = 30, BlockSize = 1 });

        Assert.Equal(alone, Estimate(method, a, new SketchOptions { Products = 30, BlockSize = 7 }));
        Assert.Equal(alone, Estimate(method, a, new SketchOptions { Products = 30, Team = team }));
        // enough for the basis to be shared out
        var large = new Diagonal([.. Enumerable.Range(0, 10_000).Select(i => 1.0 / (i + 1))]);
        Assert.Equal(Estimate(method, large, new SketchOptions { Products = 30 }), Estimate(method, large, new SketchOptions { Products = 30, Team = team }));
    }

    [Theory]
    [InlineData(TraceMethod.XTrace)]
    [InlineData(TraceMethod.HutchPlusPlus)]
    public void The_budget_of_products_is_kept_and_counted(TraceMethod method)
    {
        foreach (int products in new[] { 6, 7, 8, 31 })
        {
            var counted = new Diagonal(Values);

            var estimate = Estimate(method, counted, new SketchOptions { Products = products });

            Assert.Equal(counted.Products, estimate.Products);
            Assert.InRange(estimate.Products, products - 1, products);
        }
    }

    [Fact]
    public void Decaying_spectra_are_met_more_closely_than_by_as_many_plain_samples()
    {
        double[] values = [.. Enumerable.Range(0, 200).Select(i => Math.Pow(0.8, i))];
        var a = TestSpectra.Dense(values);

        var plain = Hutchinson.Trace(a, new ProbeOptions { Samples = 40 });
        var halves = Estimate(TraceMethod.HutchPlusPlus, a, new SketchOptions { Products = 42 });
        var turns = Estimate(TraceMethod.XTrace, a, new SketchOptions { Products = 40 });

        Assert.True(halves.StandardError < plain.StandardError / 4, $"{halves.StandardError} against {plain.StandardError}");
        Assert.True(turns.StandardError < halves.StandardError / 1.5, $"{turns.StandardError} against {halves.StandardError}");
        Assert.InRange(Math.Abs(turns.Value - values.Sum()) / turns.StandardError, 0, 5);
    }

    [Theory]
    [InlineData(TraceMethod.XTrace)]
    [InlineData(TraceMethod.HutchPlusPlus)]
    public void Products_that_are_not_finite_are_told(TraceMethod method)
        => Assert.Throws<ArithmeticException>(() => Estimate(method, TestSpectra.Identity(Size, double.NaN), new SketchOptions { Products = 12 }));

    [Fact]
    public void Budgets_that_are_too_small_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => XTrace.Trace(TestSpectra.Identity(Size), new SketchOptions { Products = 3 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => HutchPlusPlus.Trace(TestSpectra.Identity(Size), new SketchOptions { Products = 5 }));
    }

    [Fact]
    public void Errors_of_squared_norms_are_as_large_as_they_say()
        => Calibration.Holds(
            Values.Sum(value => value * value), seed => XTrace.SquaredNorm(TestSpectra.Dense(Values), new SketchOptions { Products = 60, Seed = seed }).Estimate);

    [Fact]
    public void A_squared_norm_of_few_large_values_is_met_more_closely_than_by_as_many_plain_samples()
    {
        var a = TestSpectra.Dense(Values);

        var plain = Hutchinson.SquaredNorm(a, new ProbeOptions { Samples = 60 });
        var sketched = XTrace.SquaredNorm(a, new SketchOptions { Products = 60 });

        Assert.True(sketched.StandardError < plain.StandardError / 20, $"{sketched.StandardError} against {plain.StandardError}");
    }

    [Fact]
    public void A_squared_norm_counts_two_products_for_each_of_the_square_and_is_exact_with_all_rows()
    {
        var (some, all) = (new Diagonal(Values), new Diagonal(Values));

        var estimate = XTrace.SquaredNorm(some, new SketchOptions { Products = 31 });
        var exact = XTrace.SquaredNorm(all, new SketchOptions { Products = 2 * Size });

        Assert.Equal(some.Products, estimate.Products);
        Assert.InRange(estimate.Products, 28, 31);
        Assert.Equal((TraceMethod.Exact, 0.0, 2 * Size, 2 * Size), (exact.Method, exact.HalfWidth, exact.Products, all.Products));
        Assert.Equal(Values.Sum(value => value * value), exact.Value, 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => XTrace.SquaredNorm(some, new SketchOptions { Products = 7 }));
    }

    private static TraceEstimate Estimate(TraceMethod method, ISymmetricOperator a, SketchOptions options)
        => method == TraceMethod.XTrace ? XTrace.Trace(a, options) : HutchPlusPlus.Trace(a, options);
}
