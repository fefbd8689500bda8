using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;

namespace Understudy.UnitTests.Engine.LinearAlgebra;

public class CholeskyTests
{
    private const int RightSides = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(130)]
    [InlineData(201)]
    public void Solutions_satisfy_their_equations(int n)
    {
        double[] a = Positive(n, 1), b = Normal(RightSides * n), x = (double[])b.Clone(), image = new double[b.Length];

        Factor(a, n).Solve(x);

        Products.Multiply(RightSides, n, n, x, a, image);
        // the factor belongs to a matrix within n ε |A| of A, and eigenvalues are at most 10
        double largest = SymmetricMatrices.LargestMagnitude(x);
        for (int i = 0; i < b.Length; i++)
            Assert.Equal(b[i], image[i], 20 * n * Math.ScaleB(1, -52) * largest * Math.Sqrt(n));
    }

    [Fact]
    public void A_shift_is_what_it_adds_to_the_diagonal()
    {
        const int n = 70;
        double[] a = Positive(n, 2), shifted = (double[])a.Clone(), x = Normal(n), y = (double[])x.Clone();
        for (int i = 0; i < n; i++)
            shifted[i * (n + 1)] += 0.7;

        Factor(a, n, 0.7).Solve(x);
        Factor(shifted, n).Solve(y);

        Assert.Equal(y, x);
    }

    [Fact]
    public void Only_the_lower_triangle_is_read()
    {
        const int n = 70;
        double[] a = Positive(n, 3), lower = (double[])a.Clone(), x = Normal(n), y = (double[])x.Clone();
        for (int row = 0; row < n; row++)
            lower.AsSpan(row * n)[(row + 1)..n].Fill(double.NaN);

        Factor(a, n).Solve(x);
        Factor(lower, n).Solve(y);

        Assert.Equal(x, y);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_team_gives_the_same_bits(int threads)
    {
        const int n = 201;
        double[] a = Positive(n, 4), x = Normal(n), y = (double[])x.Clone();
        using var team = new Team(threads);

        Factor(a, n).Solve(x);
        Cholesky.Of(a, n, 0, team, TestContext.Current.CancellationToken).Solve(y);

        Assert.Equal(x, y);
    }

    [Theory]
    [InlineData(0, -1e-3)]
    [InlineData(90, 0)]
    [InlineData(90, double.NaN)]
    [InlineData(0, double.PositiveInfinity)]
    public void A_matrix_that_is_not_positive_definite_is_told_from_one_that_is(int place, double pivot)
    {
        const int n = 100;
        var a = new double[n * n];
        for (int i = 0; i < n; i++)
            a[i * (n + 1)] = i == place ? pivot : 1 + i;

        var factor = Factor(a, n);

        Assert.False(factor.IsPositiveDefinite);
        Assert.Contains("not positive definite", Assert.Throws<InvalidOperationException>(() => factor.Solve(new double[n])).Message, StringComparison.Ordinal);
        a[place * (n + 1)] = 1;
        Assert.True(Factor(a, n).IsPositiveDefinite);
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        Assert.Throws<ArgumentException>(() => Factor(new double[5], 2));
        Assert.Contains("3 numbers are not rows of 2", Assert.Throws<ArgumentException>(() => Factor([1, 0, 0, 1], 2).Solve(new double[3])).Message, StringComparison.Ordinal);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => Cholesky.Of([1], 1, cancellation: cancelled.Token));
    }

    private static Cholesky Factor(double[] a, int n, double shift = 0) => Cholesky.Of(a, n, shift, null, TestContext.Current.CancellationToken);

    /// <summary>A matrix with eigenvalues between 0.1 and 10.</summary>
    private static double[] Positive(int n, ulong seed)
    {
        var values = new double[n];
        for (int i = 0; i < n; i++)
            values[i] = 0.1 + (9.9 * i / n);
        return SymmetricMatrices.WithValues(values, seed);
    }

    private static double[] Normal(int count)
    {
        var values = new double[count];
        new RandomSequence(5, "right sides").FillNormal(0, values);
        return values;
    }
}
