using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Threading;

namespace Understudy.UnitTests.Engine.LinearAlgebra;

public sealed class BandReductionTests
{
    [Fact]
    public void Both_stages_keep_the_eigenvalues_at_every_small_size_and_width()
    {
        using var team = new Team(2);
        for (int n = 1; n <= 40; n += n < 12 ? 1 : 7)
        {
            for (int width = 1; width <= 9; width += 2)
            {
                var a = SymmetricMatrices.Random(n, (ulong)n);
                var expected = SymmetricMatrices.Solve(a, n).Values.ToArray();
                var (diagonal, beside) = (new double[n], new double[n]);

                BandReduction.Reduce(a, n, width, team, null, default);
                BandChase.Reduce(a, n, width, diagonal, beside, team, default);

                for (int row = 0; row < n; row++)
                {
                    for (int column = 0; column < row - width; column++)
                        Assert.Equal(0, a[(row * n) + column]);
                }

                Assert.True(TridiagonalValues.Find(diagonal, beside, default));
                for (int i = 0; i < n; i++)
                    Assert.Equal(expected[i], diagonal[i], 1e-13 * n);
            }
        }
    }
}
