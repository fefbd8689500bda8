using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Threading;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Krylov;

public sealed class LanczosProcessTests
{
    private const double Unit = 2.2e-16;

    private static readonly LanczosOptions Kept = new() { KeepsBasis = true };

    [Theory]
    [InlineData(60, 1)]
    [InlineData(60, 6)]
    [InlineData(150, 20)]
    public void Quadrature_is_exact_for_polynomials_of_degree_twice_the_steps_minus_one(int n, int steps)
    {
        var a = TestOperators.Random(n, 1);
        var v = TestOperators.Vectors(1, n, 2);
        var exact = SymmetricMatrices.Solve(SymmetricMatrices.Random(n, 1), n);
        double range = exact.Values[n - 1];

        var rule = LanczosProcess.Of(a, v, steps).Tridiagonal.Quadrature();

        // Chebyshev polynomials stay below 1 on the spectrum; their sums keep all digits
        for (int degree = 0; degree < 2 * steps; degree++)
        {
            double expected = 0;
            for (int i = 0; i < n; i++)
            {
                double component = TestOperators.Dot(exact.Vector(i), v);
                expected += component * component * Chebyshev(degree, exact.Values[i] / range);
            }

            Assert.Equal(expected / TestOperators.Dot(v, v), rule.Integrate(x => Chebyshev(degree, x / range)), 1e-11);
        }
    }

    [Fact]
    public void First_two_moments_are_those_of_the_start_vector()
    {
        const int n = 100;
        var a = TestOperators.Random(n, 3);
        var v = TestOperators.Vectors(1, n, 4);
        var image = TestOperators.Apply(a, v);

        var rule = LanczosProcess.Of(a, v, 12).Tridiagonal.Quadrature();

        double square = TestOperators.Dot(v, v);
        Assert.Equal(1, rule.Integrate(_ => 1), 1e-13);
        Assert.Equal(TestOperators.Dot(v, image) / square, rule.Integrate(x => x), 1e-12);
        Assert.Equal(TestOperators.Dot(image, image) / square, rule.Integrate(x => x * x), 1e-11);
    }

    [Fact]
    public void Basis_is_orthonormal_and_reduces_the_matrix()
    {
        const int n = 120;
        const int steps = 40;
        var a = TestOperators.Random(n, 5);

        var process = LanczosProcess.Of(a, TestOperators.Vectors(1, n, 6), steps, Kept);

        var images = TestOperators.Apply(a, process.Basis);
        Assert.True(process.LossOfOrthogonality < 20 * Unit, $"loss {process.LossOfOrthogonality}");
        for (int i = 0; i < steps; i++)
        {
            for (int j = 0; j < steps; j++)
            {
                double entry = TestOperators.Dot(process.Basis.Slice(i * n, n), images.AsSpan(j * n, n));
                double expected = i == j ? process.Tridiagonal.Alpha[i] : Math.Abs(i - j) == 1 ? process.Tridiagonal.Beta[Math.Min(i, j)] : 0;
                Assert.Equal(expected, entry, 1e-12);
            }
        }
    }

    [Fact]
    public void Last_components_bound_the_distance_to_an_eigenvalue()
    {
        const int n = 100;
        var exact = SymmetricMatrices.Solve(SymmetricMatrices.Random(n, 7), n);

        var process = LanczosProcess.Of(TestOperators.Random(n, 7), TestOperators.Vectors(1, n, 8), 30);

        var rule = process.Tridiagonal.Quadrature();
        for (int i = 0; i < rule.Nodes.Length; i++)
        {
            double distance = double.PositiveInfinity;
            foreach (double value in exact.Values)
                distance = Math.Min(distance, Math.Abs(value - rule.Nodes[i]));
            Assert.True(distance <= (process.Residual * rule.LastComponents[i]) + 1e-12);
        }

        Assert.True(process.Residual * rule.LastComponents[^1] < 1, "the largest Ritz value has begun to converge");
    }

    [Theory]
    [InlineData(Reorthogonalization.Full, true)]
    [InlineData(Reorthogonalization.Full, false)]
    [InlineData(Reorthogonalization.None, true)]
    [InlineData(Reorthogonalization.None, false)]
    public void Lockstep_is_the_same_to_the_bit_as_one_by_one(Reorthogonalization kind, bool keepsBasis)
    {
        const int n = 130;
        const int count = 5;
        var a = TestOperators.Random(n, 9);
        var starts = TestOperators.Vectors(count, n, 10);
        var options = new LanczosOptions { Reorthogonalization = kind, KeepsBasis = keepsBasis };

        var together = LanczosProcess.Lockstep(a, starts, 25, options);

        for (int i = 0; i < count; i++)
        {
            var alone = LanczosProcess.Of(a, starts.AsSpan(i * n, n), 25, options);
            Same(alone, together[i]);
            Assert.Equal(keepsBasis ? 25 * n : 0, alone.Basis.Length);
        }
    }

    [Fact]
    public void Keeping_the_basis_does_not_change_a_bit()
    {
        const int n = 90;
        var starts = TestOperators.Vectors(1, n, 11);

        foreach (var kind in new[] { Reorthogonalization.Full, Reorthogonalization.None })
        {
            var kept = LanczosProcess.Of(TestOperators.Random(n, 12), starts, 20, new LanczosOptions { Reorthogonalization = kind, KeepsBasis = true });
            var lost = LanczosProcess.Of(TestOperators.Random(n, 12), starts, 20, new LanczosOptions { Reorthogonalization = kind });
            Assert.Equal(kept.Tridiagonal.Alpha.ToArray(), lost.Tridiagonal.Alpha.ToArray());
            Assert.Equal(kept.Tridiagonal.Beta.ToArray(), lost.Tridiagonal.Beta.ToArray());
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Threads_do_not_change_a_bit(int threads)
    {
        const int n = 6000;
        using var team = new Team(threads);
        var starts = TestOperators.Vectors(2, n, 13);
        double[] values = [.. Enumerable.Range(0, n).Select(i => 1.0 / (1 + i))];

        var alone = LanczosProcess.Lockstep(new Diagonal(values), starts, 30, Kept);
        var together = LanczosProcess.Lockstep(new Diagonal(values), starts, 30, Kept with { Team = team });

        Same(alone[0], together[0]);
        Same(alone[1], together[1]);
    }

    [Fact]
    public void A_block_is_one_call_per_step_and_an_exhausted_process_leaves_it()
    {
        var a = new Diagonal([1, 2, 3, 4, 5, 6, 7, 8]);
        double[] starts = [1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0];

        var processes = LanczosProcess.Lockstep(a, starts, 100);

        Assert.Equal([1, 3, 5], Array.ConvertAll(processes, process => process.Steps));
        Assert.All(processes, process => Assert.True(process.IsExhausted));
        Assert.Equal(5, a.Calls);
        Assert.Equal(9, a.Products);
    }

    [Fact]
    public void Degenerate_matrices_are_exhausted_after_one_step_per_distinct_value()
    {
        const int n = 50;
        Check([.. Enumerable.Repeat(1.0, n)], 1);
        Check(new double[n], 1);
        Check([.. Enumerable.Range(0, n).Select(i => i == 7 ? 3.0 : 0)], 2);
        Check([.. Enumerable.Range(0, n).Select(i => i < 20 ? -2.0 : 5e10)], 2);
        Check([.. Enumerable.Range(0, n).Select(i => i < 20 ? 3.0 : i % 4)], 4);
        Check([2.5], 1);
        Check([1, -1], 2);

        static void Check(double[] values, int distinct)
        {
            var process = LanczosProcess.Of(new Diagonal(values), TestOperators.Vectors(1, values.Length, 14), 30);

            var nodes = process.Tridiagonal.Quadrature().Nodes.ToArray();
            var expected = values.Distinct().Order().ToArray();
            Assert.True(process.IsExhausted);
            Assert.Equal(distinct, process.Steps);
            for (int i = 0; i < distinct; i++)
                Assert.Equal(expected[i], nodes[i], 1e-13 * Math.Max(1, expected.Max(Math.Abs)));
        }
    }

    [Fact]
    public void Without_reorthogonalization_the_loss_is_measured_and_ghosts_share_their_weight()
    {
        double[] values = [.. Enumerable.Range(1, 300).Select(i => 100.0 / (i * i))];
        var a = new Diagonal(values);
        var v = TestOperators.Vectors(1, 300, 15);
        var none = new LanczosOptions { Reorthogonalization = Reorthogonalization.None };

        var full = LanczosProcess.Of(a, v, 60, Kept);
        var lost = LanczosProcess.Of(a, v, 60, none with { KeepsBasis = true });
        var bound = LanczosProcess.Of(a, v, 60, none);

        Assert.True(full.LossOfOrthogonality < 20 * Unit);
        Assert.True(lost.LossOfOrthogonality > 0.1, $"loss {lost.LossOfOrthogonality}");
        Assert.InRange(bound.LossOfOrthogonality, 1e-10, lost.LossOfOrthogonality);
        Assert.True(Near(lost) > 1 && Near(full) == 1, "ghosts of the largest value appear without reorthogonalization alone");
        var rule = lost.Tridiagonal.Quadrature();
        Assert.Equal(full.Tridiagonal.Quadrature().Integrate(Math.Sqrt), rule.Integrate(x => Math.Sqrt(Math.Abs(x))), 1e-3);

        static int Near(LanczosProcess process)
        {
            int count = 0;
            foreach (double node in process.Tridiagonal.Quadrature().Nodes)
                count += Math.Abs(node - 100) < 1e-6 ? 1 : 0;
            return count;
        }
    }

    [Fact]
    public void Leading_part_is_the_shorter_process()
    {
        var a = TestOperators.Random(80, 16);
        var v = TestOperators.Vectors(1, 80, 17);

        var part = LanczosProcess.Of(a, v, 20).Tridiagonal.Leading(7);

        var shorter = LanczosProcess.Of(a, v, 7).Tridiagonal;
        Assert.Equal(shorter.Alpha.ToArray(), part.Alpha.ToArray());
        Assert.Equal(shorter.Beta.ToArray(), part.Beta.ToArray());
        Assert.Equal(0, part.Leading(0).Quadrature().Nodes.Length);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        var a = new Diagonal([1, 2, 3]);

        Assert.Equal("start", Assert.Throws<ArgumentException>(() => LanczosProcess.Of(a, new double[3], 2)).ParamName);
        Assert.Equal("start", Assert.Throws<ArgumentException>(() => LanczosProcess.Of(a, [1, double.NaN, 0], 2)).ParamName);
        Assert.Equal("start", Assert.Throws<ArgumentException>(() => LanczosProcess.Of(a, [1, 2], 2)).ParamName);
        Assert.Equal("starts", Assert.Throws<ArgumentException>(() => LanczosProcess.Lockstep(a, new double[4], 2)).ParamName);
        Assert.Equal("starts", Assert.Throws<ArgumentException>(() => LanczosProcess.Lockstep(a, [], 2)).ParamName);
        Assert.Equal("steps", Assert.Throws<ArgumentOutOfRangeException>(() => LanczosProcess.Of(a, [1, 2, 3], -1)).ParamName);
        Assert.Equal("matrix", Assert.Throws<ArgumentException>(() => new DenseOperator(new double[5], 2)).ParamName);
        Assert.Equal("products", Assert.Throws<ArgumentException>(() => new DenseOperator(new double[4], 2).Apply([1, 2], new double[4])).ParamName);
        Assert.Equal("vectors", Assert.Throws<ArgumentException>(() => new DenseOperator(new double[4], 2).Apply([1], new double[1])).ParamName);
        Assert.Equal("beta", Assert.Throws<ArgumentException>(() => new Tridiagonal([1, 2], [1, 2])).ParamName);
        Assert.Throws<ArithmeticException>(() => LanczosProcess.Of(new Diagonal([1, double.NaN]), [1, 1], 2));
        Assert.Throws<ArithmeticException>(() => new Tridiagonal([1, double.NaN], [1]).Quadrature());
        Assert.Throws<OperationCanceledException>(() => LanczosProcess.Of(a, [1, 2, 3], 2, null, new CancellationToken(true)));
    }

    private static void Same(LanczosProcess expected, LanczosProcess actual)
    {
        Assert.Equal(expected.Tridiagonal.Alpha.ToArray(), actual.Tridiagonal.Alpha.ToArray());
        Assert.Equal(expected.Tridiagonal.Beta.ToArray(), actual.Tridiagonal.Beta.ToArray());
        Assert.Equal(expected.Residual, actual.Residual);
        Assert.Equal(expected.LossOfOrthogonality, actual.LossOfOrthogonality);
        Assert.True(expected.Basis.SequenceEqual(actual.Basis));
    }

    private static double Chebyshev(int degree, double x)
    {
        double previous = 1;
        double current = degree == 0 ? 1 : x;
        for (int i = 2; i <= degree; i++)
            (previous, current) = (current, (2 * x * current) - previous);
        return current;
    }
}
