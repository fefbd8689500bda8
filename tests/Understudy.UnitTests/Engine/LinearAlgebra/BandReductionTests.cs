using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Threading;

namespace Understudy.UnitTests.Engine.LinearAlgebra;

public sealed class BandReductionTests
{
    [Fact]
    public void Both_stages_keep_the_eigenvalues_and_the_first_their_vectors_at_every_small_size_and_width()
    {
        using var team = new Team(2);
        for (int n = 1; n <= 40; n += n < 12 ? 1 : 7)
        {
            for (int width = 1; width <= 9; width += 2)
            {
                var a = SymmetricMatrices.Random(n, (ulong)n);
                var expected = SymmetricMatrices.Solve(a, n).Values.ToArray();
                var work = (double[])a.Clone();
                var (diagonal, beside, vectors) = (new double[n], new double[n], new double[n * n]);

                var reduced = BandReduction.Of(work, n, width, team, null, default);
                BandChase.Reduce(reduced.Band.Clone(), diagonal, beside, team, default);
                bool isConverged = TridiagonalValues.Find(diagonal, beside, default);
                bool isSolved = InverseIteration.Find(reduced.Band, diagonal, vectors, default);
                reduced.Reflections.Apply(work, vectors, n, team, default);

                var (residual, skewness) = SymmetricMatrices.Errors(a, n, diagonal, vectors);
                Assert.True(isConverged && isSolved);
                for (int i = 0; i < n; i++)
                    Assert.Equal(expected[i], diagonal[i], 1e-14 * n);
                Assert.True(residual <= 1e-13 * n, $"n {n}, width {width}: residual {residual}");
                Assert.True(skewness <= 1e-14 * n, $"n {n}, width {width}: not orthonormal by {skewness}");
            }
        }
    }
}
