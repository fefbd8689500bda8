using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Krylov;

public class OrthonormalRowsTests
{
    private const int Size = 1300;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(1300)]
    public void Two_rows_side_by_side_are_the_same_bits_as_one_after_the_other(int length)
    {
        var (x, y, z) = (Drawn(1)[..length], Drawn(2)[..length], Drawn(3)[..length]);

        Assert.Equal((RowAlgebra.Dot(x, y), RowAlgebra.Dot(x, z)), RowAlgebra.Dots(x, y, z));

        var (apart, together) = (x.ToArray(), x.ToArray());
        RowAlgebra.Add(0.3, y, apart);
        RowAlgebra.Add(-1.7, z, apart);
        RowAlgebra.Add(0.3, y, -1.7, z, together);
        Assert.Equal(apart, together);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void What_is_appended_is_orthogonal_to_all_rows_and_its_coefficients_are_those_of_the_vector(int near)
    {
        using var team = new Team(2);
        var (alone, together) = (Basis(7, null), Basis(7, team));
        // coupled to the rows from 5 on, as a product in a Lanczos process is
        var vector = Drawn(20);
        for (int row = 0; row < 7; row++)
            RowAlgebra.Add((row >= 5 ? 3 : near > 0 ? 1e-14 : 3) - RowAlgebra.Dot(alone.Row(row), vector), alone.Row(row), vector);
        var (coefficients, others) = (new double[7], new double[7]);

        double length = alone.Append(vector.ToArray(), 0, coefficients, 0, near);
        Assert.Equal(length, together.Append(vector.ToArray(), 0, others, 0, near));

        Assert.Equal(coefficients, others);
        Assert.Equal(alone.Rows, together.Rows);
        Assert.InRange(OrthonormalRows.LossOfOrthogonality(alone.Rows.AsSpan(0, 8 * Size), 8), 0, 1e-15);
        for (int row = 0; row < 7; row++)
            Assert.Equal(RowAlgebra.Dot(alone.Row(row), vector), coefficients[row], 1e-13);
    }

    [Fact]
    public void A_vector_that_turns_out_coupled_to_earlier_rows_is_swept_again()
    {
        var basis = Basis(7, null);
        // nearly all of it lies along rows that the first sweep leaves out
        var vector = Drawn(20);
        RowAlgebra.Scale(1e-12, vector);
        RowAlgebra.Add(1, basis.Row(2), vector);

        Assert.True(basis.Append(vector, 0, [], 0, 5) > 0);

        Assert.InRange(OrthonormalRows.LossOfOrthogonality(basis.Rows.AsSpan(0, 8 * Size), 8), 0, 1e-14);
    }

    [Fact]
    public void Purifying_sweeps_until_nothing_is_left_along_the_rows()
    {
        var basis = Basis(7, null);
        var vector = Drawn(20);
        RowAlgebra.Scale(1e-10, vector);
        RowAlgebra.Add(1, basis.Row(3), vector);

        basis.Purify(vector, 0);

        double length = Math.Sqrt(RowAlgebra.Dot(vector, vector));
        for (int row = 0; row < 7; row++)
            Assert.InRange(Math.Abs(RowAlgebra.Dot(basis.Row(row), vector)), 0, 1e-14 * length);
    }

    private static OrthonormalRows Basis(int rows, Team? team)
    {
        var basis = new OrthonormalRows(Size, rows + 1, team);
        for (int row = 0; row < rows; row++)
            Assert.True(basis.Append(Drawn(100 + row), 0, [], 0) > 0);
        return basis;
    }

    private static double[] Drawn(int index)
    {
        var numbers = new double[Size];
        new RandomSequence(1, "test/rows").FillNormal(index, numbers);
        return numbers;
    }
}
