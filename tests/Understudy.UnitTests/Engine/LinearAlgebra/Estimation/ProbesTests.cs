using Understudy.Engine.LinearAlgebra.Estimation;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Estimation;

public sealed class ProbesTests
{
    [Theory]
    [InlineData(ProbeDistribution.Rademacher)]
    [InlineData(ProbeDistribution.Gaussian)]
    [InlineData(ProbeDistribution.Sphere)]
    public void The_mean_of_their_squares_is_the_identity(ProbeDistribution distribution)
    {
        const int n = 5;
        const int count = 4000;
        var vectors = new double[count * n];

        new Probes(distribution, 1, n).Fill(0, vectors);

        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double mean = Enumerable.Range(0, count).Average(row => vectors[(row * n) + i] * vectors[(row * n) + j]);
                // a product has variance of at most 2: five standard errors
                Assert.Equal(i == j ? 1 : 0, mean, 5 * Math.Sqrt(2.0 / count));
            }
        }
    }

    [Fact]
    public void A_probe_is_the_same_in_any_block()
    {
        const int n = 77;
        foreach (var distribution in Enum.GetValues<ProbeDistribution>())
        {
            var all = new double[6 * n];
            var one = new double[n];

            new Probes(distribution, 3, n).Fill(0, all);
            new Probes(distribution, 3, n).Fill(4, one);

            Assert.Equal(all[(4 * n)..(5 * n)], one);
        }
    }

    [Fact]
    public void Signs_are_signs_and_the_sphere_has_radius_root_n()
    {
        const int n = 100;
        var (signs, sphere) = (new double[n], new double[n]);

        new Probes(ProbeDistribution.Rademacher, 1, n).Fill(0, signs);
        new Probes(ProbeDistribution.Sphere, 1, n).Fill(0, sphere);

        Assert.All(signs, sign => Assert.Equal(1, Math.Abs(sign)));
        Assert.Equal(n, sphere.Sum(x => x * x), 1e-11);
    }
}
