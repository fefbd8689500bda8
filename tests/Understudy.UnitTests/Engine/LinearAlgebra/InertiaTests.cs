using Understudy.Engine.LinearAlgebra;

namespace Understudy.UnitTests.Engine.LinearAlgebra;

public sealed class InertiaTests
{
    [Fact]
    public void Signs_are_those_of_the_eigenvalues()
    {
        for (int n = 0; n <= 40; n++)
        {
            var a = SymmetricMatrices.Random(n, (ulong)n);
            // a vanishing diagonal forces pivots of two
            for (int i = 0; i < n && n % 3 == 0; i++)
                a[(i * n) + i] = 0;

            var inertia = Inertia.Of(a, n);

            var values = SymmetricMatrices.Solve(a, n).Values.ToArray();
            Assert.Equal(new Inertia(values.Count(value => value > 0), values.Count(value => value < 0), 0), inertia);
        }
    }

    [Fact]
    public void A_congruence_does_not_change_the_counts()
    {
        const int n = 30;
        double[] values = [.. Enumerable.Range(0, n).Select(i => i < 8 ? -1.0 - i : i < 20 ? 2.0 + i : 0)];
        var stretch = SymmetricMatrices.Random(n, 2);
        var half = new double[n * n];
        var whole = new double[n * n];
        Products.Multiply(n, n, n, stretch, SymmetricMatrices.WithValues(values, 1), half);
        Products.Multiply(n, n, n, half, stretch, whole, transposeRight: true);

        Assert.Equal(new Inertia(12, 8, 10), Inertia.Of(SymmetricMatrices.WithValues(values, 1), n));
        Assert.Equal(new Inertia(12, 8, 10), Inertia.Of(whole, n));
    }

    [Fact]
    public void Degenerate_matrices_are_counted()
    {
        Assert.Equal(new Inertia(0, 0, 3), Inertia.Of(new double[9], 3));
        Assert.Equal(new Inertia(1, 0, 0), Inertia.Of([2], 1));
        Assert.Equal(new Inertia(1, 1, 0), Inertia.Of([0, 1, 1, 0], 2));
        Assert.Equal(new Inertia(1, 0, 9), Inertia.Of([.. Enumerable.Repeat(1.0, 100)], 10));
        Assert.Equal(new Inertia(1, 1, 1), Inertia.Of([0, 0, 1e-200, 0, 0, 0, 1e-200, 0, 0], 3));
        Assert.Equal(new Inertia(1, 0, 1), Inertia.Of([1, 0, 0, 1e-11], 2));
        Assert.Equal(new Inertia(2, 0, 0), Inertia.Of([1, 0, 0, 1e-11], 2, 1e-12));
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        Assert.Equal("matrix", Assert.Throws<ArgumentException>(() => Inertia.Of(new double[5], 2)).ParamName);
        Assert.Equal("matrix", Assert.Throws<ArgumentException>(() => Inertia.Of([double.NaN], 1)).ParamName);
        Assert.Equal("threshold", Assert.Throws<ArgumentOutOfRangeException>(() => Inertia.Of([1], 1, -1)).ParamName);
    }
}
