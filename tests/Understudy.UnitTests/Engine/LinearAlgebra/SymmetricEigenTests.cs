using MathNet.Numerics.LinearAlgebra;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Threading;

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
        Check(SymmetricMatrices.WithValues([.. Enumerable.Range(0, n).Select(i => i % 2 == 0 ? 1.0 : -3)], 3), n);
        Check(SymmetricMatrices.WithValues([.. Enumerable.Range(0, n).Select(i => i < 20 ? 2.0 : 1.0 / i)], 4), n);
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
    public void A_matrix_that_is_not_finite_has_no_numbers_for_an_answer()
    {
        double[] a = [1, 2, 3, 2, double.NaN, 5, 3, 5, 6];

        var all = SymmetricMatrices.Solve(a, 3);
        var one = SymmetricEigen.Of(a, 3, 1..2);

        Assert.False(all.IsConverged);
        Assert.False(one.IsConverged);
        Assert.All(all.Values.ToArray().Concat(all.Vectors.ToArray()).Concat(one.Values.ToArray()), value => Assert.True(double.IsNaN(value)));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(450)]
    public void Any_team_gives_the_same_bits(int n)
    {
        var a = SymmetricMatrices.Random(n, 9);
        using var two = new Team(2);
        using var three = new Team(3);

        var alone = SymmetricEigen.Of(a, n);
        var part = SymmetricEigen.Of(a, n, ^9..);

        foreach (var team in new[] { two, three })
        {
            Assert.Equal(alone.Values, SymmetricEigen.Of(a, n, team).Values);
            Assert.Equal(alone.Vectors, SymmetricEigen.Of(a, n, team).Vectors);
            Assert.Equal(part.Vectors, SymmetricEigen.Of(a, n, ^9.., team).Vectors);
        }
    }

    [Theory]
    [InlineData(7, 2, 2)]
    [InlineData(60, 0, 10)]
    [InlineData(60, 50, 10)]
    [InlineData(60, 20, 0)]
    [InlineData(60, 10, 30)]
    [InlineData(200, 150, 50)]
    [InlineData(450, 440, 10)]
    public void A_range_is_that_part_of_the_whole(int n, int first, int count)
    {
        var a = SymmetricMatrices.Random(n, 13);
        var all = SymmetricMatrices.Solve(a, n);

        var part = CheckRange(a, n, first, count);

        Assert.Equal(n, part.Spectrum.Length);
        Assert.Equal(part.Values, part.Spectrum.Slice(first, count));
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(all.Values[first + i], part.Values[i], 20 * Unit * n);
            // the values are farther apart than 1e-4
            for (int component = 0; component < n; component++)
                Assert.Equal(all.Vector(first + i)[component], part.Vector(i)[component], 1e-9);
        }
    }

    [Fact]
    public void Ranges_of_clustered_repeated_and_decoupled_values_are_orthonormal()
    {
        const int n = 120;
        CheckRange(SymmetricMatrices.WithValues([.. Enumerable.Range(0, n).Select(i => i < 20 ? 2.0 : 1.0 / i)], 1), n, n - 25, 25);
        CheckRange(SymmetricMatrices.WithValues([.. Enumerable.Range(0, n).Select(i => 1 + (1e-12 * i))], 2), n, 40, 30);
        CheckRange(SymmetricMatrices.WithValues([.. Enumerable.Range(0, n).Select(i => Math.Pow(10, -i / 10.0))], 3), n, 0, 30);
        CheckRange(SymmetricMatrices.WithValues([.. Enumerable.Range(0, 450).Select(i => i < 20 ? 2.0 : 1.0 / i)], 1), 450, 425, 25);
        CheckRange(SymmetricMatrices.WithValues([.. Enumerable.Range(0, n).Select(i => i % 2 == 0 ? 1.0 : -3)], 4), n, 45, 30);
        CheckRange(SymmetricMatrices.WithValues([.. Enumerable.Range(0, 450).Select(i => i % 2 == 0 ? 1.0 : -3)], 5), 450, 200, 50);
        CheckRange([.. Enumerable.Repeat(1.0, n * n)], n, n - 3, 3);
        CheckRange(new double[n * n], n, 10, 20);
        CheckRange([.. Enumerable.Range(0, n * n).Select(i => i % (n + 1) == 0 ? (double)(i % 7) : 0)], n, 60, 30);
    }

    [Fact]
    public void The_pairs_of_Wilkinsons_matrix_have_orthogonal_vectors()
    {
        const int n = 81;
        var a = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            a[(i * n) + i] = Math.Abs(i - 40);
            if (i > 0)
                a[(i * n) + i - 1] = a[((i - 1) * n) + i] = 1;
        }

        Check(a, n);
        CheckRange(a, n, n - 20, 20);
    }

    [Fact]
    public void Parts_whose_squares_vanish_beside_the_others_converge()
    {
        const int n = 30;
        foreach (double unit in new[] { 1e-100, 1e-140, 1e-146, 1e-155, 1e-162, 1e-200, 1e-310 })
        {
            var a = SymmetricMatrices.Random(n, 15);
            for (int i = 0; i < n * n; i++)
                a[i] *= i / n < 10 && i % n < 10 ? 1 : i / n < 10 || i % n < 10 ? 0 : unit;

            Check(a, n);
            CheckRange(a, n, 25, 5);
            Assert.True(SymmetricEigenvalues.Of(a, n).IsConverged, $"unit {unit}");
        }
    }

    [Theory]
    [InlineData(60, 5)]
    [InlineData(60, 60)]
    [InlineData(450, 5)]
    public void The_matrix_itself_as_memory_gives_the_same_bits(int n, int count)
    {
        var a = SymmetricMatrices.Random(n, 14);
        var kept = (double[])a.Clone();

        var copied = SymmetricEigen.Of(a, n, ..count);
        Assert.Equal(kept, a);
        var inPlace = SymmetricEigen.Overwriting(a, n, ..count);

        Assert.Equal(copied.Spectrum, inPlace.Spectrum);
        Assert.Equal(copied.Vectors, inPlace.Vectors);
    }

    [Fact]
    public void A_cancelled_token_ends_the_work()
        => Assert.Throws<OperationCanceledException>(() => SymmetricEigen.Of(new double[9], 3, new CancellationToken(true)));

    [Fact]
    public void A_range_beyond_the_matrix_is_refused()
        => Assert.ThrowsAny<ArgumentException>(() => SymmetricEigen.Of(new double[9], 3, 2..4));

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

    private static SymmetricEigen CheckRange(double[] a, int n, int first, int count)
    {
        double size = SymmetricMatrices.LargestMagnitude(a) * n;

        var part = SymmetricEigen.Of(a, n, first..(first + count));

        var (residual, skewness) = SymmetricMatrices.Errors(a, n, part.Values, part.Vectors);
        Assert.True(part.IsConverged);
        Assert.Equal(count, part.Values.Length);
        Assert.True(residual <= 20 * Unit * size, $"n {n}: residual {residual}");
        Assert.True(skewness <= 20 * Unit * n, $"n {n}: not orthonormal by {skewness}");
        return part;
    }
}
