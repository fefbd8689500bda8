using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Threading;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Krylov;

public sealed class ExtremeEigenpairsTests
{
    private static readonly EigenpairOptions Exact = new() { Tolerance = 1e-10, Seed = 3 };

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(2, 2, 0)]
    [InlineData(3, 2, 2)]
    [InlineData(60, 5, 5)]
    [InlineData(60, 60, 0)]
    [InlineData(60, 0, 60)]
    [InlineData(150, 12, 3)]
    [InlineData(150, 0, 1)]
    public void Both_ends_agree_with_the_whole_spectrum(int n, int top, int bottom)
    {
        var a = SymmetricMatrices.Random(n, (ulong)n);

        foreach (int block in new[] { 1, 3 })
        {
            var pairs = ExtremeEigenpairs.Of(new DenseOperator(a, n), Exact with { Top = top, Bottom = bottom, BlockSize = block });

            Check(a, n, pairs, top, bottom);
        }
    }

    [Fact]
    public void Restarts_give_the_same_pairs_for_more_products()
    {
        const int n = 150;
        var a = SymmetricMatrices.Random(n, 4);
        var options = Exact with { Top = 4, Bottom = 2 };

        var whole = ExtremeEigenpairs.Of(new DenseOperator(a, n), options);
        var restarted = ExtremeEigenpairs.Of(new DenseOperator(a, n), options with { MaximumBasis = 1 });
        var blocks = ExtremeEigenpairs.Of(new DenseOperator(a, n), options with { MaximumBasis = 1, BlockSize = 4 });
        var wide = ExtremeEigenpairs.Of(new DenseOperator(a, n), options with { Bottom = 0, MaximumBasis = 1, BlockSize = 25 });

        Assert.Equal(0, whole.Restarts);
        Assert.True(restarted.Restarts > 0 && blocks.Restarts > 0 && wide.Restarts > 0);
        Assert.True(restarted.Products > whole.Products);
        Check(a, n, restarted, 4, 2);
        Check(a, n, blocks, 4, 2);
        Check(a, n, wide, 4, 0);
    }

    [Fact]
    public void Memory_decides_when_to_restart()
    {
        const int n = 150;
        var a = SymmetricMatrices.Random(n, 4);
        var options = Exact with { Top = 2 };

        var restarted = ExtremeEigenpairs.Of(new DenseOperator(a, n), options with { MemoryBytes = 30 * n * sizeof(double) });

        Assert.True(restarted.Restarts > 0);
        Check(a, n, restarted, 2, 0);
        var exception = Assert.Throws<ArgumentException>(
            () => ExtremeEigenpairs.Of(new DenseOperator(a, n), options with { MemoryBytes = 10 * n * sizeof(double) }));
        Assert.StartsWith("MemoryBytes is 12000; these pairs need ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Multiplicities_are_found_behind_invariant_subspaces()
    {
        const int n = 70;
        Check([.. Enumerable.Repeat(1.0, n)], 5, 4);
        Check([.. Enumerable.Repeat(1.0, n)], n, 0);
        Check(new double[n], 5, 4);
        Check(new double[n], 0, n);
        Check([.. Enumerable.Range(0, n).Select(i => i == 9 ? 3.0 : 0)], 3, 2);
        Check([.. Enumerable.Range(0, n).Select(i => i == 9 ? -3.0 : 0)], 3, 2);
        Check([.. Enumerable.Range(0, n).Select(i => i < 30 ? 2.0 : -1)], 32, 3);
        Check([.. Enumerable.Range(0, n).Select(i => i < 20 ? 3.0 : i < 24 ? 5.0 - i + 20 : 1)], 12, 2);
        Check([.. Enumerable.Range(0, n).Select(i => i < 20 ? 3.0 : i < 24 ? 5.0 - i + 20 : 1)], 23, 0);

        static void Check(double[] values, int top, int bottom)
        {
            int n = values.Length;
            foreach (int block in new[] { 1, 2, 5 })
            {
                foreach (int basis in new[] { 1, 300 })
                {
                    var a = new CountedOperator(new Diagonal(values));
                    var options = Exact with { Top = top, Bottom = bottom, BlockSize = block, MaximumBasis = basis };

                    var pairs = ExtremeEigenpairs.Of(a, options);

                    var expected = values.OrderDescending().ToArray();
                    Assert.True(pairs.IsConverged, $"top {top}, bottom {bottom}, block {block}");
                    Assert.Equal(a.Products, pairs.Products);
                    Near(expected[..top], pairs.Top.Values);
                    Near([.. expected.Reverse().Take(bottom)], pairs.Bottom.Values);
                    Orthonormal(n, pairs.Top);
                    Orthonormal(n, pairs.Bottom);
                }
            }
        }
    }

    [Fact]
    public void Copies_without_an_invariant_subspace_are_found_by_searching_or_by_blocks()
    {
        double[] values = [.. Enumerable.Range(0, 300).Select(i => i < 4 ? 3.0 : i == 4 ? 2 : i < 280 ? 0.5 - (i / 300.0) : -1.5)];
        var options = new EigenpairOptions { Top = 5, Bottom = 2 };

        var one = ExtremeEigenpairs.Of(new Diagonal(values), options with { Top = 2, Bottom = 0, Tolerance = 1e-2 });
        var searched = ExtremeEigenpairs.Of(new Diagonal(values), options with { SearchesForCopies = true });
        var searchedInLittle = ExtremeEigenpairs.Of(new Diagonal(values), options with { SearchesForCopies = true, MaximumBasis = 1 });
        var block = ExtremeEigenpairs.Of(new Diagonal(values), options with { BlockSize = 4 });

        Assert.True(one.Top.Values[1] < 2.5, "one start vector sees one copy");
        foreach (var pairs in new[] { searched, searchedInLittle, block })
        {
            Assert.True(pairs.IsConverged);
            for (int i = 0; i < 4; i++)
                Assert.Equal(3, pairs.Top.Values[i], 1e-9);
            Assert.Equal(values[4], pairs.Top.Values[4], 1e-6);
            Assert.Equal(-1.5, pairs.Bottom.Values[1], 1e-6);
            Orthonormal(300, pairs.Top);
        }
    }

    [Fact]
    public void Clusters_are_resolved_to_their_width()
    {
        double[] values = [.. Enumerable.Range(0, 100).Select(i => i < 6 ? 1 + (1e-5 * i) : 0.9 - (0.01 * i))];
        var a = SymmetricMatrices.WithValues(values, 5);

        var pairs = ExtremeEigenpairs.Of(new DenseOperator(a, 100), Exact with { Top = 8, Bottom = 1 });

        Check(a, 100, pairs, 8, 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Residuals_of_the_recurrence_are_the_true_ones(int block)
    {
        const int n = 120;
        var a = new CountedOperator(TestOperators.Random(n, 6));
        var options = new EigenpairOptions { Top = 5, Bottom = 4, Tolerance = 1e-3, VerifiesResiduals = true, BlockSize = block, MaximumBasis = 1, Seed = 8 };

        var pairs = ExtremeEigenpairs.Of(a, options);

        Assert.Equal(a.Products, pairs.Products);
        Assert.True(pairs.Restarts > 0);
        foreach (var end in new[] { pairs.Top, pairs.Bottom })
        {
            for (int i = 0; i < end.Count; i++)
            {
                // rounding of products and of the basis, far below what is left
                Assert.Equal(end.TrueResiduals[i], end.Residuals[i], 1e-11);
                Assert.True(end.Converged[i] && end.Residuals[i] <= 1e-3 * Math.Abs(end.Values[i]));
            }
        }

        Assert.True(pairs.Top.Residuals[4] > 1e-9, "the residual is not of the size of the rounding");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Threads_do_not_change_a_bit(int threads)
    {
        const int n = 4000;
        double[] values = [.. Enumerable.Range(0, n).Select(i => 1 / (1 + (0.1 * i)) - Math.Pow(i / 4000.0, 50))];
        using var team = new Team(threads);
        var options = new EigenpairOptions { Top = 5, Bottom = 3, MaximumBasis = 1, BlockSize = 2, Tolerance = 1e-3 };

        var alone = ExtremeEigenpairs.Of(new Diagonal(values), options);
        var together = ExtremeEigenpairs.Of(new Diagonal(values), options with { Team = team });

        Assert.True(alone.Restarts > 0);
        Assert.Equal(alone.Products, together.Products);
        Assert.True(alone.Top.Vectors.SequenceEqual(together.Top.Vectors));
        Assert.True(alone.Bottom.Vectors.SequenceEqual(together.Bottom.Vectors));
        Assert.True(alone.Bottom.Residuals.SequenceEqual(together.Bottom.Residuals));
    }

    [Fact]
    public void A_warm_start_saves_products_and_new_outliers_are_still_seen()
    {
        const int n = 400;
        double[] values = [.. Enumerable.Range(0, n).Select(i => i < 8 ? 5.0 / (1 + i) : 0.3 * (1 - (i / 400.0)))];
        var options = new EigenpairOptions { Top = 8 };
        var old = ExtremeEigenpairs.Of(new DenseOperator(SymmetricMatrices.WithValues(values, 7), n), options);
        values[200] = 4;
        var moved = SymmetricMatrices.WithValues(values, 7);
        var noise = SymmetricMatrices.Random(n, 8);
        for (int i = 0; i < moved.Length; i++)
            moved[i] += 1e-5 * noise[i];

        var cold = ExtremeEigenpairs.Of(new DenseOperator(moved, n), options);
        var warm = ExtremeEigenpairs.Of(new DenseOperator(moved, n), options with { WarmStart = old.Top.Vectors.ToArray() });

        Assert.True(warm.Products < cold.Products, $"{warm.Products} against {cold.Products}");
        Assert.True(warm.IsConverged);
        for (int i = 0; i < 8; i++)
            Assert.Equal(cold.Top.Values[i], warm.Top.Values[i], 1e-8);
    }

    /// <summary>The vector that was found before is one still, and its residual is small from the first step on; what is larger now stands in the random part of the start alone.</summary>
    [Theory]
    [InlineData(2410, 1e-3)]
    [InlineData(200_000, 1e-4)]
    public void A_warm_start_does_not_hide_an_eigenvalue_that_became_the_largest(int n, double tolerance)
    {
        var matrix = new Diagonal([.. Enumerable.Range(0, n).Select(i => i == 0 ? 1 : i == 1 ? 1.5 : 0.05 * (i % 97) / 97)]);
        var found = new double[n];
        found[0] = 1;
        for (ulong seed = 0; seed < 5; seed++)
        {
            var pairs = ExtremeEigenpairs.Of(matrix, new EigenpairOptions { Top = 1, Tolerance = tolerance, Seed = seed, WarmStart = found });

            Assert.True(pairs.IsConverged);
            Assert.Equal(1.5, pairs.Top.Values[0], 1e-3);
        }
    }

    [Fact]
    public void One_eigenvalue_above_a_multiple_of_the_identity_is_seen()
    {
        var matrix = new Diagonal([.. Enumerable.Range(0, 200_000).Select(i => i == 7 ? 2.0 : 1)]);
        for (ulong seed = 0; seed < 3; seed++)
            Assert.Equal(2, ExtremeEigenpairs.Of(matrix, new EigenpairOptions { Top = 1, Tolerance = 1e-2, Seed = seed }).Top.Values[0], 1e-2);
    }

    [Fact]
    public void Products_in_single_precision_converge_to_their_rounding()
    {
        const int n = 400;
        var values = Landscape.Values(n);
        var a = new Rounded(new DenseOperator(SymmetricMatrices.WithValues(values, 2), n));

        var pairs = ExtremeEigenpairs.Of(a, new EigenpairOptions { Top = 10, Bottom = 2, Tolerance = 1e-4, MaximumProducts = 300, VerifiesResiduals = true });

        Assert.True(pairs.IsConverged);
        for (int i = 0; i < 10; i++)
        {
            // products are off by 6e-8 of their largest entries
            Assert.Equal(values[i], pairs.Top.Values[i], 4e-7);
            Assert.Equal(pairs.Top.Residuals[i], pairs.Top.TrueResiduals[i], 4e-7);
        }

        Assert.Equal(-0.038, pairs.Bottom.Values[0], 4e-7);
    }

    [Fact]
    public void Another_seed_is_another_path_to_the_same_pairs()
    {
        var a = TestOperators.Random(100, 11);

        var first = ExtremeEigenpairs.Of(a, Exact with { Top = 3, Seed = 1 });
        var again = ExtremeEigenpairs.Of(a, Exact with { Top = 3, Seed = 1 });
        var other = ExtremeEigenpairs.Of(a, Exact with { Top = 3, Seed = 2 });

        Assert.Equal(2ul, other.Seed);
        Assert.True(first.Top.Vectors.SequenceEqual(again.Top.Vectors));
        Assert.False(first.Top.Residuals.SequenceEqual(other.Top.Residuals));
        for (int i = 0; i < 3; i++)
            Assert.Equal(first.Top.Values[i], other.Top.Values[i], 1e-11);
    }

    [Fact]
    public void Cancelling_returns_what_has_converged()
    {
        double[] values = [.. Enumerable.Range(0, 500).Select(i => i == 0 ? 100.0 : 1 - (i / 500.0))];
        using var cancellation = new CancellationTokenSource();
        var progress = new Reports(report =>
        {
            if (report.Products >= 15)
                cancellation.Cancel();
        });

        var pairs = ExtremeEigenpairs.Of(new Diagonal(values), new EigenpairOptions { Top = 5, Bottom = 5 }, progress, cancellation.Token);

        Assert.True(pairs.IsCancelled);
        Assert.False(pairs.IsConverged);
        Assert.Equal(15, pairs.Products);
        Assert.True(pairs.Top.Converged[0]);
        Assert.False(pairs.Top.Converged[4]);
        Assert.Equal(100, pairs.Top.Values[0], 1e-9);
        Assert.Equal(1, pairs.Top.ConvergedCount);
    }

    [Fact]
    public void Cancelling_inside_of_a_product_keeps_what_came_before()
    {
        double[] values = [.. Enumerable.Range(0, 200).Select(i => i == 0 ? 100.0 : 1 - (i / 200.0))];
        for (int limit = 0; limit < 60; limit++)
        {
            using var cancellation = new CancellationTokenSource();
            var a = new Interrupted(new Diagonal(values), limit, cancellation);

            var pairs = ExtremeEigenpairs.Of(a, new EigenpairOptions { Top = 3, Tolerance = 1e-13, MaximumBasis = 1, VerifiesResiduals = limit % 2 == 0 }, null, cancellation.Token);

            Assert.True(pairs.IsCancelled);
            Assert.Equal(limit, pairs.Products);
            Assert.Equal(Math.Min(3, limit), pairs.Top.Count);
            for (int i = 0; i < pairs.Top.Count; i++)
            {
                var image = TestOperators.Apply(new Diagonal(values), pairs.Top.Vector(i));
                for (int j = 0; j < 200; j++)
                    image[j] -= pairs.Top.Values[i] * pairs.Top.Vector(i)[j];
                Assert.Equal(Math.Sqrt(TestOperators.Dot(image, image)), pairs.Top.Residuals[i], 1e-11);
            }
        }
    }

    [Fact]
    public void Cancelled_before_the_first_product_there_are_no_pairs()
    {
        var pairs = ExtremeEigenpairs.Of(new Diagonal([1, 2, 3]), new EigenpairOptions { Top = 2 }, null, new CancellationToken(true));

        Assert.True(pairs.IsCancelled);
        Assert.Equal(0, pairs.Top.Count);
        Assert.Equal(0, pairs.Products);
    }

    [Fact]
    public void A_limit_on_products_is_kept_and_told()
    {
        const int n = 200;
        var a = new CountedOperator(TestOperators.Random(n, 9));

        var pairs = ExtremeEigenpairs.Of(a, new EigenpairOptions { Top = 5, MaximumProducts = 23, BlockSize = 2 });

        Assert.Equal(22, a.Products);
        Assert.Equal(22, pairs.Products);
        Assert.False(pairs.IsConverged);
        Assert.False(pairs.IsCancelled);
        Assert.Equal(5, pairs.Top.Count);
    }

    [Fact]
    public void Progress_tells_values_that_rise_towards_the_end()
    {
        const int n = 150;
        var reports = new List<EigenpairProgress>();

        var pairs = ExtremeEigenpairs.Of(TestOperators.Random(n, 10), new EigenpairOptions { Top = 1, Bottom = 1 }, new Reports(reports.Add));

        Assert.Equal(pairs.Products, reports[^1].Products);
        Assert.Equal([pairs.Top.Values[0], pairs.Bottom.Values[0]], reports[^1].Values);
        for (int i = 1; i < reports.Count; i++)
        {
            Assert.True(reports[i].Values[0] >= reports[i - 1].Values[0] - 1e-12);
            Assert.True(reports[i].Values[1] <= reports[i - 1].Values[1] + 1e-12);
        }
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        var a = new Diagonal([1, 2, 3]);

        Assert.Equal("Top is -1; it has to be at least 0. (Parameter 'options')", Message(new() { Top = -1 }));
        Assert.Equal("Tolerance is 0; it has to be positive. (Parameter 'options')", Message(new() { Tolerance = 0 }));
        Assert.Equal("Floor is NaN; it cannot be negative. (Parameter 'options')", Message(new() { Floor = double.NaN }));
        Assert.Equal("An operator of size 3 does not have 4 eigenpairs. (Parameter 'options')", Message(new() { Bottom = 4 }));
        Assert.Equal("4 numbers of a warm start are not whole vectors of length 3. (Parameter 'options')", Message(new() { WarmStart = new double[4] }));
        Assert.Equal("BlockSize is 0; it has to be at least 1. (Parameter 'options')", Message(new() { BlockSize = 0 }));
        Assert.Throws<ArithmeticException>(() => ExtremeEigenpairs.Of(new Diagonal([1, double.NaN]), new() { Top = 1 }));
        Assert.Equal(0, ExtremeEigenpairs.Of(a, new EigenpairOptions()).Products);

        string Message(EigenpairOptions options) => Assert.Throws<ArgumentException>(() => ExtremeEigenpairs.Of(a, options)).Message;
    }

    private static void Check(double[] a, int n, ExtremeEigenpairs pairs, int top, int bottom)
    {
        double scale = SymmetricMatrices.LargestMagnitude(SymmetricMatrices.Solve(a, n).Values);
        var ascending = SymmetricMatrices.Solve(a, n).Values.ToArray();
        Assert.True(pairs.IsConverged);
        Near([.. ascending.Reverse().Take(top)], pairs.Top.Values, 1e-12 * scale);
        Near(ascending[..bottom], pairs.Bottom.Values, 1e-12 * scale);
        foreach (var end in new[] { pairs.Top, pairs.Bottom })
        {
            var (residual, skewness) = SymmetricMatrices.Errors(a, n, end.Values, end.Vectors);
            Assert.True(residual <= 1e-10 * scale, $"residual {residual}");
            Assert.True(skewness <= 1e-13, $"skewness {skewness}");
        }
    }

    private static void Near(double[] expected, ReadOnlySpan<double> actual, double tolerance = 1e-12)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }

    private static void Orthonormal(int n, Eigenpairs pairs)
    {
        for (int i = 0; i < pairs.Count; i++)
        {
            for (int j = 0; j <= i; j++)
                Assert.Equal(i == j ? 1 : 0, TestOperators.Dot(pairs.Vectors.Slice(i * n, n), pairs.Vector(j)), 1e-13);
        }
    }

    /// <summary>Rounds products to single precision.</summary>
    private sealed class Rounded(ISymmetricOperator matrix) : ISymmetricOperator
    {
        public int Size => matrix.Size;

        public void Apply(ReadOnlySpan<double> vectors, Span<double> products)
        {
            matrix.Apply(vectors, products);
            for (int i = 0; i < products.Length; i++)
                products[i] = (float)products[i];
        }
    }
}
