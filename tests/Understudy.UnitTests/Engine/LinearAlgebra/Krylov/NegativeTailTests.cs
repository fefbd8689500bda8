using Understudy.Engine.LinearAlgebra.Krylov;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Krylov;

public sealed class NegativeTailTests
{
    [Fact]
    public void Deflating_the_outliers_needs_fewer_products_where_the_basis_restarts()
    {
        var plain = Landscape.Diagonal(2000);
        var deflated = Landscape.Diagonal(2000);
        var options = new EigenpairOptions { Top = 10, Bottom = 1, MaximumBasis = 1 };

        var first = ExtremeEigenpairs.Of(plain, options with { Top = 0 });
        var second = NegativeTail.Of(deflated, options);

        Assert.True(first.IsConverged && second.IsConverged);
        Assert.True(first.Restarts > 0);
        Assert.True(deflated.Products < plain.Products, $"{deflated.Products} against {plain.Products}");
        Assert.Equal(deflated.Products, second.Products);
    }

    [Fact]
    public void Both_ends_are_found_with_residuals_of_the_whole_operator()
    {
        const int n = 300;
        var values = Landscape.Values(n);
        var a = new DenseOperator(SymmetricMatrices.WithValues(values, 1), n);

        var pairs = NegativeTail.Of(a, new EigenpairOptions { Top = 10, Bottom = 3 });

        Assert.True(pairs.IsConverged);
        for (int i = 0; i < 10; i++)
            Assert.Equal(values[i], pairs.Top.Values[i], 1e-9);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(values[n - 15 + i], pairs.Bottom.Values[i], 1e-9);
            var image = TestOperators.Apply(a, pairs.Bottom.Vector(i));
            for (int j = 0; j < n; j++)
                image[j] -= pairs.Bottom.Values[i] * pairs.Bottom.Vector(i)[j];
            // the residuals of the outliers enter as a bound, times a coupling of their size
            Assert.InRange(pairs.Bottom.Residuals[i] - Math.Sqrt(TestOperators.Dot(image, image)), -1e-14, 1e-10);
        }
    }

    [Fact]
    public void Without_a_tail_only_the_outliers_are_looked_for()
    {
        var pairs = NegativeTail.Of(Landscape.Diagonal(200), new EigenpairOptions { Top = 3 });

        Assert.True(pairs.IsConverged);
        Assert.Equal(3, pairs.Top.Count);
        Assert.Equal(0, pairs.Bottom.Count);
    }

    [Fact]
    public void Nothing_beside_the_outliers_is_a_tail_of_zeros()
    {
        var a = new DenseOperator(SymmetricMatrices.WithValues([.. Enumerable.Range(0, 60).Select(i => i < 4 ? 5.0 + i : 0)], 2), 60);

        var pairs = NegativeTail.Of(a, new EigenpairOptions { Top = 6, Bottom = 3, MaximumProducts = 200 });

        Assert.True(pairs.IsConverged);
        for (int i = 0; i < 3; i++)
            Assert.Equal(0, pairs.Bottom.Values[i], 1e-13);
    }

    [Fact]
    public void Every_matrix_of_size_one_to_three_is_split()
    {
        var pairs = NegativeTail.Of(new Diagonal([5, -1, 2]), new EigenpairOptions { Top = 1, Bottom = 2 });

        Assert.Equal(5, pairs.Top.Values[0], 1e-12);
        Assert.Equal(-1, pairs.Bottom.Values[0], 1e-12);
        Assert.Equal(2, pairs.Bottom.Values[1], 1e-12);
        Assert.True(NegativeTail.Of(new Diagonal([5, -1]), new EigenpairOptions { Top = 1, Bottom = 1 }).IsConverged);
        Assert.True(NegativeTail.Of(new Diagonal([-3]), new EigenpairOptions { Bottom = 1 }).IsConverged);
        var exception = Assert.Throws<ArgumentException>(() => NegativeTail.Of(new Diagonal([5, -1]), new EigenpairOptions { Top = 1, Bottom = 2 }));
        Assert.Equal("An operator of size 2 does not have 1 outliers and 2 others. (Parameter 'options')", exception.Message);
    }

    [Fact]
    public void A_tail_without_negative_values_is_not_made_of_deflated_outliers()
    {
        double[] values = [.. Enumerable.Range(0, 60).Select(i => i < 4 ? 50.0 + i : 1 + (0.1 * i))];

        var pairs = NegativeTail.Of(new Diagonal(values), new EigenpairOptions { Top = 4, Bottom = 2 });

        Assert.True(pairs.IsConverged);
        Assert.Equal(1.4, pairs.Bottom.Values[0], 1e-9);
        Assert.Equal(1.5, pairs.Bottom.Values[1], 1e-9);
    }

    [Fact]
    public void Cancelling_at_any_product_throws_nothing()
    {
        int all = NegativeTail.Of(Landscape.Diagonal(200), new EigenpairOptions { Top = 3, Bottom = 1, VerifiesResiduals = true }).Products;
        for (int limit = 0; limit < all - 4; limit++)
        {
            using var cancellation = new CancellationTokenSource();
            var a = new Interrupted(Landscape.Diagonal(200), limit, cancellation);

            var pairs = NegativeTail.Of(a, new EigenpairOptions { Top = 3, Bottom = 1, VerifiesResiduals = true }, null, cancellation.Token);

            Assert.True(pairs.IsCancelled, $"cancelled after {limit} of {all}");
            Assert.False(pairs.IsConverged);
            Assert.Equal(limit, pairs.Products);
        }
    }

    [Fact]
    public void A_limit_or_a_cancellation_is_told()
    {
        var limited = NegativeTail.Of(Landscape.Diagonal(500), new EigenpairOptions { Top = 3, Bottom = 1, MaximumProducts = 40 });
        var cancelled = NegativeTail.Of(Landscape.Diagonal(500), new EigenpairOptions { Top = 3, Bottom = 1 }, null, new CancellationToken(true));

        Assert.False(limited.IsConverged);
        Assert.False(limited.IsCancelled);
        Assert.True(cancelled.IsCancelled);
        Assert.Equal(0, cancelled.Products);
    }
}
