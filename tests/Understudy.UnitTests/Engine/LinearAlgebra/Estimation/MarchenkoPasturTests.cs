using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.Random;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Estimation;

public sealed class MarchenkoPasturTests
{
    [Theory]
    [InlineData(0.05, 1)]
    [InlineData(0.5, 2)]
    [InlineData(1, 1)]
    [InlineData(3, 0.5)]
    public void The_closed_form_is_the_integral_of_the_density(double alpha, double variance)
    {
        var law = new MarchenkoPastur(alpha, variance);

        // λ = c - h cos t takes the roots at the edges away; the midpoint rule is then spectrally accurate
        const int points = 20000;
        double half = (law.Upper - law.Lower) / 2;
        double mass = law.MassAtZero;
        double mean = 0;
        for (int i = 0; i < points; i++)
        {
            double t = Math.PI * (i + 0.5) / points;
            double value = law.Lower + half - (half * Math.Cos(t));
            double part = law.Density(value) * half * Math.Sin(t) * Math.PI / points;
            mass += part;
            mean += part * value;
            double end = law.Lower + half - (half * Math.Cos(Math.PI * (i + 1) / points));
            if (i % 1000 == 999)
                Assert.Equal(mass, law.Cumulative(end), 1e-6);
        }

        Assert.Equal(1, mass, 1e-6);
        Assert.Equal(variance, mean, 1e-6);
        Assert.Equal((0.0, 1.0), (law.Cumulative(-1), law.Cumulative(law.Upper + 1)));
    }

    [Theory]
    [InlineData(60, 300)]
    [InlineData(120, 60)]
    public void Noise_follows_the_law(int p, int n)
    {
        var law = new MarchenkoPastur((double)p / n);

        // fluctuations of eigenvalues are of the order of their distance, 1/P of the distribution
        double tolerance = 3.0 / p;
        Assert.InRange(law.DistanceTo(Covariance(p, n, 1)), 0, tolerance);
        Assert.InRange(new MarchenkoPastur((double)p / n, 1.5).DistanceTo(Covariance(p, n, 1)), 3 * tolerance, 1);
    }

    [Fact]
    public void A_spike_ends_up_where_the_transition_says()
    {
        const int p = 100;
        const int n = 400;
        var law = new MarchenkoPastur(0.25);
        foreach (double spike in new[] { 1.2, 3, 10 })
        {
            double largest = Covariance(p, n, spike)[^1];

            // the outlier has a standard deviation of about ℓ √(2/N); at the edge fluctuations are of the order P^(-2/3)
            double tolerance = spike > 1.5 ? 4 * spike * Math.Sqrt(2.0 / n) : 3 * Math.Pow(p, -2.0 / 3);
            Assert.Equal(law.OutlierPosition(spike), largest, tolerance);
        }

        Assert.Equal(3 * (1 + (0.25 / 2)), law.OutlierPosition(3), 1e-15);
        Assert.Equal(law.Upper, law.OutlierPosition(1.5));
        Assert.Equal(2 * law.OutlierPosition(3), new MarchenkoPastur(0.25, 2).OutlierPosition(6), 1e-14);
    }

    [Fact]
    public void The_atom_at_zero_counts_in_the_distance()
    {
        var law = new MarchenkoPastur(2);

        Assert.Equal(0.5, law.MassAtZero);
        Assert.Equal(0.5, law.Cumulative(0));
        Assert.InRange(law.DistanceTo([1, 1.5, 1.2]), 0.5, 1);
        Assert.Equal(0.5, law.DistanceTo([0.0, 0]), 1e-15);
        Assert.Equal(0, new MarchenkoPastur(0.5).MassAtZero);
        Assert.Equal(1, new MarchenkoPastur(0.5).DistanceTo([0.0, 0]), 1e-15);
    }

    [Fact]
    public void Arctangents_agree_with_the_system()
    {
        foreach (double y in new[] { 0, 1e-280, 1e-9, 0.1, 0.999, 1, 1.001, 7, 1e9, double.MaxValue })
        {
            foreach (double x in new[] { 0, 1e-300, 0.3, 1, 50, 1e12 })
            {
                double expected = Math.Atan2(y, x);
                Assert.Equal(expected, Arctangent.Of(y, x), 8e-16 * expected);
                Assert.Equal(-Arctangent.Of(y, x), Arctangent.Of(-y, x));
            }
        }
    }

    /// <summary>Ascending eigenvalues of a sample covariance, one direction of the population having the variance <paramref name="spike"/>.</summary>
    private static double[] Covariance(int p, int n, double spike)
    {
        var x = new double[p * n];
        new RandomSequence(1, "samples").FillNormal(0, x.AsSpan());
        for (int i = 0; i < n; i++)
            x[i] *= Math.Sqrt(spike);
        var covariance = new double[p * p];
        Products.Multiply(p, p, n, x, x, covariance, transposeRight: true);
        return [.. SymmetricMatrices.Solve(covariance, p).Values.ToArray().Select(value => value / n)];
    }
}
