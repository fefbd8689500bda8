using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;

namespace Understudy.UnitTests.Engine.LinearAlgebra;

public sealed class LeadingEigenvectorsTests
{
    private static readonly RandomSequence Start = new(1, "subspace");

    [Theory]
    [InlineData(30, 5)]
    [InlineData(200, 20)]
    [InlineData(300, 1)]
    [InlineData(300, 0)]
    public void The_leading_part_agrees_with_the_whole_spectrum(int n, int count)
    {
        var a = SymmetricMatrices.WithValues([.. Enumerable.Range(1, n).Select(i => 10.0 / i)], 6);

        var leading = Leading(a, n, count);

        var all = SymmetricMatrices.Solve(a, n);
        Assert.True(leading.IsConverged, $"residual {leading.Residual} after {leading.Iterations}");
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(all.Values[n - 1 - i], leading.Values[i], 1e-12);
            var expected = all.Vector(n - 1 - i);
            for (int column = 0; column < n; column++)
                Assert.Equal(expected[column], leading.Vectors[(i * n) + column], 1e-6);
        }
    }

    [Fact]
    public void Repeated_values_and_low_rank_give_an_orthonormal_basis()
    {
        const int n = 200;
        foreach (int rank in new[] { 0, 3, 12, 60 })
        {
            var a = rank == 0 ? new double[n * n] : SymmetricMatrices.WithValues([.. Enumerable.Range(0, n).Select(i => i < rank ? 2.0 : 0)], 7);

            var leading = Leading(a, n, 10);

            var (residual, skewness) = SymmetricMatrices.Errors(a, n, leading.Values, leading.Vectors);
            Assert.True(leading.IsConverged);
            Assert.True(residual < 1e-8, $"rank {rank}: residual {residual}");
            Assert.True(skewness < 1e-12, $"rank {rank}: not orthonormal by {skewness}");
        }
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        const int n = 260;
        var a = SymmetricMatrices.WithValues([.. Enumerable.Range(1, n).Select(i => 1.0 / i)], 8);
        using var team = new Team(2);

        var alone = Leading(a, n, 12);
        var together = Leading(a, n, 12, team: team);

        Assert.Equal(alone.Vectors.ToArray(), together.Vectors.ToArray());
        Assert.Equal(alone.Values.ToArray(), together.Values.ToArray());
    }

    [Fact]
    public void A_limit_on_iterations_is_told()
    {
        const int n = 300;
        var a = SymmetricMatrices.WithValues([.. Enumerable.Range(1, n).Select(i => 1 - (0.001 * i))], 9);

        var leading = Leading(a, n, 5, 1e-12, 2);

        Assert.False(leading.IsConverged);
        Assert.Equal(2, leading.Iterations);
    }

    private static LeadingEigenvectors Leading(double[] a, int n, int count, double tolerance = 1e-9, int limit = 100, Team? team = null)
        => LeadingEigenvectors.Of(a, n, count, Start, tolerance, limit, team, TestContext.Current.CancellationToken);
}
