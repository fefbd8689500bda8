using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Threading;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Krylov;

public sealed class LobpcgTests
{
    private static readonly EigenpairOptions Exact = new() { Tolerance = 1e-8, Seed = 5 };

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 2)]
    [InlineData(3, 2, 1)]
    [InlineData(60, 5, 5)]
    [InlineData(60, 60, 0)]
    [InlineData(150, 6, 2)]
    public void Both_ends_agree_with_the_whole_spectrum(int n, int top, int bottom)
    {
        var all = SymmetricMatrices.Solve(SymmetricMatrices.Random(n, (ulong)n), n).Values.ToArray();
        var a = new CountedOperator(TestOperators.Random(n, (ulong)n));

        var pairs = Lobpcg.Of(a, Exact with { Top = top, Bottom = bottom, VerifiesResiduals = true });

        Assert.True(pairs.IsConverged);
        Assert.Equal(a.Products, pairs.Products);
        for (int i = 0; i < top; i++)
            Assert.Equal(all[n - 1 - i], pairs.Top.Values[i], 1e-9);
        for (int i = 0; i < bottom; i++)
            Assert.Equal(all[i], pairs.Bottom.Values[i], 1e-9);
        Check(n, pairs.Top);
        Check(n, pairs.Bottom);
    }

    [Fact]
    public void Degenerate_spectra_do_no_harm()
    {
        const int n = 70;
        Solve([.. Enumerable.Repeat(1.0, n)], 5, 4);
        Solve(new double[n], 5, 4);
        Solve(new double[n], n, 0);
        Solve([.. Enumerable.Range(0, n).Select(i => i == 9 ? 3.0 : 0)], 3, 2);
        Solve([.. Enumerable.Range(0, n).Select(i => i == 9 ? 3.0 : 0)], 0, 2);
        Solve([.. Enumerable.Range(0, n).Select(i => i < 30 ? 2.0 : -1)], 32, 3);
        Solve([.. Enumerable.Range(0, n).Select(i => i < 20 ? 3.0 : i < 24 ? 5.0 - i + 20 : 1)], 12, 2);
        Solve([.. Enumerable.Range(0, n).Select(i => i < 6 ? 1 + (1e-7 * i) : 0.5 - (0.001 * i))], 6, 1);

        static void Solve(double[] values, int top, int bottom)
        {
            var pairs = Lobpcg.Of(new Diagonal(values), Exact with { Top = top, Bottom = bottom, VerifiesResiduals = true });

            var expected = values.OrderDescending().ToArray();
            Assert.True(pairs.IsConverged, $"top {top}, bottom {bottom}");
            for (int i = 0; i < top; i++)
                Assert.Equal(expected[i], pairs.Top.Values[i], 1e-9);
            for (int i = 0; i < bottom; i++)
                Assert.Equal(expected[^(i + 1)], pairs.Bottom.Values[i], 1e-9);
            Check(values.Length, pairs.Top);
            Check(values.Length, pairs.Bottom);
        }
    }

    [Fact]
    public void Images_do_not_drift_over_many_iterations()
    {
        const int n = 400;
        double[] values = [.. Enumerable.Range(0, n).Select(i => 1 - Math.Pow((i + 1.0) / n, 2))];

        var pairs = Lobpcg.Of(new Diagonal(values), new EigenpairOptions { Top = 2, Tolerance = 1e-9, VerifiesResiduals = true });

        Assert.True(pairs.IsConverged);
        Assert.True(pairs.Products > 6 * 80, $"{pairs.Products} products refresh the images at least once");
        Check(n, pairs.Top);
    }

    [Fact]
    public void A_fitting_diagonal_saves_products()
    {
        const int n = 300;
        double[] values = [.. Enumerable.Range(0, n).Select(i => 1.0 + i)];
        double[] inverse = [.. values.Select(value => 1 / value)];

        var plain = Lobpcg.Of(new Diagonal(values), new EigenpairOptions { Bottom = 2 });
        var helped = Lobpcg.Of(new Diagonal(values), new EigenpairOptions { Bottom = 2 }, inverse);

        Assert.True(plain.IsConverged && helped.IsConverged);
        Assert.True(helped.Products < plain.Products, $"{helped.Products} against {plain.Products}");
        Assert.Equal(2, helped.Bottom.Values[1], 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Threads_do_not_change_a_bit(int threads)
    {
        double[] values = [.. Enumerable.Range(0, 4000).Select(i => i < 5 ? 9.0 - i : 1.0 / i)];
        using var team = new Team(threads);

        var alone = Lobpcg.Of(new Diagonal(values), new EigenpairOptions { Top = 3 });
        var together = Lobpcg.Of(new Diagonal(values), new EigenpairOptions { Top = 3, Team = team });

        Assert.True(alone.Top.Vectors.SequenceEqual(together.Top.Vectors));
        Assert.True(alone.Top.Residuals.SequenceEqual(together.Top.Residuals));
        Assert.Equal(alone.Products, together.Products);
    }

    [Fact]
    public void Good_start_vectors_save_products()
    {
        const int n = 200;
        var a = TestOperators.Random(n, 3);
        var options = new EigenpairOptions { Top = 4 };
        var cold = Lobpcg.Of(a, options);

        var warm = Lobpcg.Of(a, options with { WarmStart = cold.Top.Vectors.ToArray(), Tolerance = 1e-5 });

        Assert.Equal(8, warm.Products);
        Assert.Equal(cold.Top.Values[3], warm.Top.Values[3], 1e-9);
    }

    [Fact]
    public void A_limit_or_a_cancellation_returns_what_there_is()
    {
        double[] values = [.. Enumerable.Range(0, 500).Select(i => i == 0 ? 100.0 : 1 - (i / 500.0))];
        using var cancellation = new CancellationTokenSource();
        var progress = new Reports(report =>
        {
            if (report.Products > 60)
                cancellation.Cancel();
        });

        var limited = Lobpcg.Of(new Diagonal(values), new EigenpairOptions { Top = 3, MaximumProducts = 50 });
        var cancelled = Lobpcg.Of(new Diagonal(values), new EigenpairOptions { Top = 3 }, default, progress, cancellation.Token);
        var never = Lobpcg.Of(new Diagonal(values), new EigenpairOptions { Top = 3 }, default, null, new CancellationToken(true));

        Assert.False(limited.IsConverged || limited.IsCancelled);
        Assert.InRange(limited.Products, 44, 50);
        Assert.True(cancelled.IsCancelled);
        Assert.True(cancelled.Top.Converged[0]);
        Assert.False(cancelled.Top.Converged[2]);
        Assert.Equal(0, never.Top.Count);
        Assert.True(never.IsCancelled);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        var a = new Diagonal([1, 2, 3]);

        Assert.Equal("inverseDiagonal", Assert.Throws<ArgumentException>(() => Lobpcg.Of(a, new() { Top = 1 }, [1, 2])).ParamName);
        Assert.Equal("inverseDiagonal", Assert.Throws<ArgumentException>(() => Lobpcg.Of(a, new() { Top = 1 }, [1, 2, 0])).ParamName);
        Assert.Equal("options", Assert.Throws<ArgumentException>(() => Lobpcg.Of(a, new() { Top = 4 })).ParamName);
        Assert.Equal("options", Assert.Throws<ArgumentException>(() => Lobpcg.Of(a, new() { Top = 1, MemoryBytes = 100 })).ParamName);
        Assert.Throws<ArithmeticException>(() => Lobpcg.Of(new Diagonal([1, double.NaN]), new() { Top = 1 }));
    }

    private static void Check(int n, Eigenpairs pairs)
    {
        for (int i = 0; i < pairs.Count; i++)
        {
            for (int j = 0; j <= i; j++)
                Assert.Equal(i == j ? 1 : 0, TestOperators.Dot(pairs.Vectors.Slice(i * n, n), pairs.Vector(j)), 1e-12);
            // images follow orthogonal combinations for 40 iterations
            Assert.Equal(pairs.TrueResiduals[i], pairs.Residuals[i], 1e-11);
        }
    }
}
