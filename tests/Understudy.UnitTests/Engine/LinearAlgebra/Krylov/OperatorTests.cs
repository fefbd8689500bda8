using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Threading;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Krylov;

public sealed class OperatorTests
{
    private const int N = 40;

    [Fact]
    public void Every_operator_is_symmetric_and_linear_and_the_same_alone_as_in_a_block()
    {
        var a = TestOperators.Random(N, 1);
        var b = TestOperators.Random(N, 2);
        var u = SymmetricMatrices.Solve(SymmetricMatrices.Random(N, 3), N).Vectors[..(4 * N)];
        ISymmetricOperator[] operators =
        [
            a, new CountedOperator(a), new DeflatedOperator(a, u), new DeflatedOperator(a, u, -3), new ShiftedOperator(a, 0.5, -2), new SumOperator(a, b, 2, -3),
            new PrincipalBlock(a, 5..20), new PrincipalBlock(a, [7, 3, 30]),
        ];

        foreach (var matrix in operators)
        {
            int n = matrix.Size;
            var vectors = TestOperators.Vectors(3, n, 4);
            var images = TestOperators.Apply(matrix, vectors);
            Assert.Equal(TestOperators.Dot(vectors.AsSpan(0, n), images.AsSpan(n, n)), TestOperators.Dot(vectors.AsSpan(n, n), images.AsSpan(0, n)), 1e-11);
            // the second call has a smaller block than the first: buffers are longer than needed
            for (int row = 0; row < 3; row++)
                Assert.Equal(images.AsSpan(row * n, n).ToArray(), TestOperators.Apply(matrix, vectors.AsSpan(row * n, n)));
            var sum = Enumerable.Range(0, n).Select(i => vectors[i] + (2 * vectors[n + i])).ToArray();
            var image = TestOperators.Apply(matrix, sum);
            for (int i = 0; i < n; i++)
                Assert.Equal(images[i] + (2 * images[n + i]), image[i], 1e-11);
        }
    }

    [Fact]
    public void Deflating_eigenvectors_moves_their_values_to_zero_and_no_others()
    {
        var eigen = SymmetricMatrices.Solve(SymmetricMatrices.Random(N, 5), N);
        var deflated = new DeflatedOperator(TestOperators.Random(N, 5), eigen.Vectors[^(3 * N)..]);

        var images = TestOperators.Apply(deflated, eigen.Vectors);

        for (int i = 0; i < N; i++)
        {
            for (int j = 0; j < N; j++)
                Assert.Equal(i < N - 3 ? eigen.Values[i] * eigen.Vector(i)[j] : 0, images[(i * N) + j], 1e-12);
        }

        var moved = TestOperators.Apply(new DeflatedOperator(TestOperators.Random(N, 5), eigen.Vectors[^(3 * N)..], 7), eigen.Vector(N - 2));
        for (int j = 0; j < N; j++)
            Assert.Equal(7 * eigen.Vector(N - 2)[j], moved[j], 1e-12);
        Assert.Equal(TestOperators.Apply(TestOperators.Random(N, 5), eigen.Vector(1)), TestOperators.Apply(new DeflatedOperator(TestOperators.Random(N, 5), []), eigen.Vector(1)));
    }

    [Fact]
    public void Deflating_long_vectors_is_the_same_with_any_team()
    {
        // more elements of U than one thread alone is given
        const int n = 20_000;
        using var team = new Team(2);
        var a = new Diagonal([.. Enumerable.Range(0, n).Select(i => 1.0 / (i + 1))]);
        double[] u = TestOperators.Vectors(5, n, 6), vectors = TestOperators.Vectors(2, n, 7);

        Assert.Equal(TestOperators.Apply(new DeflatedOperator(a, u, 3), vectors), TestOperators.Apply(new DeflatedOperator(a, u, 3, team), vectors));
    }

    [Fact]
    public void Shift_scale_and_sum_are_what_they_say()
    {
        var a = new Diagonal([1, 2, 3]);
        var b = new Diagonal([10, 20, 40]);

        Assert.Equal([-1.0, -3, -5], TestOperators.Apply(new ShiftedOperator(a, 1, -2), [1, 1, 1]));
        Assert.Equal([-8.0, -16, -34], TestOperators.Apply(new SumOperator(a, b, 2, -1), [1, 1, 1]));
    }

    [Fact]
    public void A_principal_block_has_the_entries_of_its_rows_and_columns()
    {
        var matrix = SymmetricMatrices.Random(N, 6);
        int[] indices = [11, 4, 39, 0];

        var block = TestOperators.Apply(new PrincipalBlock(new DenseOperator(matrix, N), indices), [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
        var range = TestOperators.Apply(new PrincipalBlock(new DenseOperator(matrix, N), ^2..), [1, 0, 0, 1]);

        for (int row = 0; row < 4; row++)
        {
            for (int column = 0; column < 4; column++)
                Assert.Equal(matrix[(indices[row] * N) + indices[column]], block[(row * 4) + column]);
        }

        Assert.Equal([matrix[(38 * N) + 38], matrix[(38 * N) + 39], matrix[(39 * N) + 38], matrix[(39 * N) + 39]], range);
    }

    [Fact]
    public void Products_and_calls_are_counted()
    {
        var counted = new CountedOperator(new Diagonal([1, 2]));

        TestOperators.Apply(counted, [1, 2, 3, 4, 5, 6]);
        TestOperators.Apply(counted, [1, 2]);

        Assert.Equal(4, counted.Products);
        Assert.Equal(2, counted.Calls);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        var a = new Diagonal([1, 2, 3]);

        Assert.Equal("vectors", Assert.Throws<ArgumentException>(() => new DeflatedOperator(a, new double[4])).ParamName);
        Assert.Equal("right", Assert.Throws<ArgumentException>(() => new SumOperator(a, new Diagonal([1]))).ParamName);
        Assert.Equal("indices", Assert.Throws<ArgumentException>(() => new PrincipalBlock(a, [3])).ParamName);
        Assert.Equal("indices", Assert.Throws<ArgumentException>(() => new PrincipalBlock(a, [1, 1])).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrincipalBlock(a, 1..5));
        Assert.Equal("products", Assert.Throws<ArgumentException>(() => new CountedOperator(a).Apply([1, 2, 3], new double[2])).ParamName);
        Assert.Equal("vectors", Assert.Throws<ArgumentException>(() => new PrincipalBlock(a, [1, 2]).Apply([1, 2, 3], new double[3])).ParamName);
    }
}
