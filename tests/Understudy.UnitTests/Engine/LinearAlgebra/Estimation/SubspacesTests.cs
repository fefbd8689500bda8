using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Estimation;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Estimation;

public sealed class SubspacesTests
{
    private const int Size = 30;

    private static readonly double[] Basis = SymmetricEigen.Of(SymmetricMatrices.Random(Size, 1), Size).Vectors.ToArray();

    [Fact]
    public void Angles_that_were_built_in_are_found_however_small_or_near_the_right_angle()
    {
        double[] angles = [0, 1e-14, 1e-12, 1e-8, 1e-4, 0.3, Math.PI / 4, 1.2, (Math.PI / 2) - 1e-9, Math.PI / 2];
        int k = angles.Length;
        var (left, right) = Pair(angles);

        double[] found = Subspaces.PrincipalAngles(Mixed(left, k, 2), Mixed(right, k, 3), Size);

        for (int i = 0; i < k; i++)
            Assert.Equal(angles[i], found[i], 3e-15);
        Assert.Equal(angles.Sum(a => Math.Cos(a) * Math.Cos(a)) / k, Subspaces.Overlap(Mixed(left, k, 2), Mixed(right, k, 3), Size), 1e-13);
    }

    [Fact]
    public void The_same_subspace_in_another_basis_overlaps_fully()
    {
        var left = Basis[..(5 * Size)];

        Assert.Equal(1, Subspaces.Overlap(left, Mixed(left, 5, 4), Size), 1e-14);
        Assert.All(Subspaces.PrincipalAngles(left, Mixed(left, 5, 4), Size), angle => Assert.InRange(angle, 0, 3e-15));
    }

    [Fact]
    public void Orthogonal_subspaces_have_right_angles()
    {
        var (left, right) = (Basis[..(4 * Size)], Basis[(4 * Size)..(8 * Size)]);

        Assert.Equal(0, Subspaces.Overlap(left, right, Size), 1e-28);
        Assert.All(Subspaces.PrincipalAngles(left, right, Size), angle => Assert.Equal(Math.PI / 2, angle, 3e-15));
    }

    [Fact]
    public void A_subspace_within_a_larger_one_has_zero_angles_in_either_order()
    {
        var (large, small) = (Basis[..(7 * Size)], Basis[(2 * Size)..(4 * Size)]);

        Assert.Equal(1, Subspaces.Overlap(large, small, Size), 1e-14);
        foreach (var angles in new[] { Subspaces.PrincipalAngles(large, small, Size), Subspaces.PrincipalAngles(small, large, Size) })
        {
            Assert.Equal(2, angles.Length);
            Assert.All(angles, angle => Assert.InRange(angle, 0, 3e-15));
        }
    }

    [Fact]
    public void The_share_of_a_vector_is_its_squared_cosine()
    {
        var vector = new double[Size];
        for (int i = 0; i < Size; i++)
            vector[i] = (3 * Basis[i]) + (4 * Basis[(10 * Size) + i]);

        Assert.Equal(0.36, Subspaces.Share(Basis.AsSpan(0, 5 * Size), vector), 1e-13);
        Assert.Equal(1, Subspaces.Share(Basis, vector), 1e-13);
        Assert.Equal(0, Subspaces.Share([], vector));
        Assert.True(double.IsNaN(Subspaces.Share(Basis, new double[Size])));
    }

    [Fact]
    public void Singular_values_of_rows_agree_with_the_eigenvalues_of_their_products()
    {
        double[] rows = SymmetricMatrices.Random(12, 5);
        var squares = new double[144];
        Products.Multiply(12, 12, 12, rows, rows, squares, transposeRight: true);
        double[] expected = [.. SymmetricMatrices.Solve(squares, 12).Values.ToArray().Select(v => Math.Sqrt(Math.Max(v, 0))).OrderDescending()];

        double[] values = SingularValues.Of(rows, 12, 12);

        for (int i = 0; i < 12; i++)
            Assert.Equal(expected[i], values[i], 1e-7);
    }

    [Fact]
    public void Rows_that_do_not_fit_are_named()
    {
        Assert.Equal("left", Assert.Throws<ArgumentException>(() => Subspaces.Overlap(new double[7], Basis, Size)).ParamName);
        Assert.Equal("right", Assert.Throws<ArgumentException>(() => Subspaces.PrincipalAngles(Basis, [], Size)).ParamName);
        Assert.Equal("subspace", Assert.Throws<ArgumentException>(() => Subspaces.Share(Basis.AsSpan(1), new double[Size])).ParamName);
    }

    /// <summary>Two subspaces with these angles between their rows.</summary>
    private static (double[] Left, double[] Right) Pair(double[] angles)
    {
        int k = angles.Length;
        var right = new double[k * Size];
        for (int i = 0; i < k; i++)
        {
            for (int column = 0; column < Size; column++)
                right[(i * Size) + column] = (Math.Cos(angles[i]) * Basis[(i * Size) + column]) + (Math.Sin(angles[i]) * Basis[((k + i) * Size) + column]);
        }

        return (Basis[..(k * Size)], right);
    }

    /// <summary>The same subspace in a basis that is turned.</summary>
    private static double[] Mixed(double[] rows, int k, ulong seed)
    {
        var turned = new double[k * Size];
        var turn = SymmetricEigen.Of(SymmetricMatrices.Random(k, seed), k).Vectors;
        Products.Multiply(k, Size, k, turn, rows, turned);
        return turned;
    }
}
