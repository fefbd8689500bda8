using MathNet.Numerics.LinearAlgebra;
using Understudy.Engine.LinearAlgebra;

namespace Understudy.UnitTests.Engine.LinearAlgebra;

public sealed class SymmetricEigenTests
{
    private const double Unit = 2.2e-16;

    [Fact]
    public void Eigenvectors_are_orthonormal_and_solve_the_equation_at_every_small_size()
    {
        for (int n = 0; n <= 20; n++)
            Check(SymmetricMatrices.Random(n, (ulong)n), n);
    }

    [Fact]
    public void A_matrix_of_two_hundred_agrees_with_an_independent_solver()
    {
        const int n = 200;
        var a = SymmetricMatrices.Random(n, 3);

        var eigen = Check(a, n);

        var expected = Matrix<double>.Build.DenseOfRowMajor(n, n, a).Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).Order().ToArray();
        for (int i = 0; i < n; i++)
            Assert.Equal(expected[i], eigen.Values[i], 50 * n * Unit);
    }

    [Fact]
    public void Clustered_graded_diagonal_and_rank_one_matrices_are_solved()
    {
        const int n = 40;
        Check(SymmetricMatrices.WithValues([.. Enumerable.Range(0, n).Select(i => i < 20 ? 1.0 : 1 + (1e-12 * i))], 1), n);
        Check(SymmetricMatrices.WithValues([.. Enumerable.Range(0, n).Select(i => Math.Pow(10, -i / 2.0))], 2), n);
        Check([.. Enumerable.Range(0, n * n).Select(i => i % (n + 1) == 0 ? (double)(i % 7) : 0)], n);
        Check([.. Enumerable.Repeat(1.0, n * n)], n);
        Check(new double[n * n], n);
        Check([.. SymmetricMatrices.Random(n, 4).Select(value => value * 1e200)], n);
        Check([.. SymmetricMatrices.Random(n, 5).Select(value => value * 1e-200)], n);
    }

    [Fact]
    public void Known_eigenvalues_of_the_second_difference_are_found()
    {
        const int n = 30;
        var a = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            a[(i * n) + i] = 2;
            if (i > 0)
                a[(i * n) + i - 1] = a[((i - 1) * n) + i] = -1;
        }

        var eigen = SymmetricMatrices.Solve(a, n);

        for (int i = 0; i < n; i++)
            Assert.Equal(2 - (2 * Math.Cos((i + 1) * Math.PI / (n + 1))), eigen.Values[i], 1e-14);
    }

    [Fact]
    public void Only_the_lower_triangle_is_read()
    {
        double[] a = [2, double.NaN, 1, 2];

        var eigen = SymmetricMatrices.Solve(a, 2);

        Assert.Equal(1, eigen.Values[0], 1e-15);
        Assert.Equal(3, eigen.Values[1], 1e-15);
    }

    [Fact]
    public void Not_a_number_ends_without_an_answer_rather_than_never()
    {
        double[] a = [1, 2, 3, 2, double.NaN, 5, 3, 5, 6];

        Assert.True(double.IsNaN(SymmetricMatrices.Solve(a, 3).Values[2]) || !SymmetricMatrices.Solve(a, 3).IsConverged);
    }

    [Fact]
    public void A_span_of_another_length_is_refused()
        => Assert.Throws<ArgumentException>(() => SymmetricMatrices.Solve(new double[5], 2));

    private static SymmetricEigen Check(double[] a, int n)
    {
        double size = SymmetricMatrices.LargestMagnitude(a) * n;

        var eigen = SymmetricMatrices.Solve(a, n);

        var (residual, skewness) = SymmetricMatrices.Errors(a, n, eigen.Values, eigen.Vectors);
        Assert.True(eigen.IsConverged);
        Assert.True(residual <= 20 * Unit * size, $"n {n}: residual {residual}");
        Assert.True(skewness <= 20 * Unit * Math.Max(n, 1), $"n {n}: not orthonormal by {skewness}");
        for (int i = 1; i < n; i++)
            Assert.True(eigen.Values[i - 1] <= eigen.Values[i]);
        return eigen;
    }
}
