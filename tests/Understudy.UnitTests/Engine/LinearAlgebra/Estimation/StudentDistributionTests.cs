using MathNet.Numerics.Distributions;
using Understudy.Engine.LinearAlgebra.Estimation;

namespace Understudy.UnitTests.Engine.LinearAlgebra.Estimation;

public sealed class StudentDistributionTests
{
    [Fact]
    public void Quantiles_agree_with_an_independent_inversion()
    {
        for (int degrees = 1; degrees <= 200; degrees++)
        {
            double expected = StudentT.InvCDF(0, 1, degrees, 0.975);

            // closed forms to four, then the error of the expansion
            double tolerance = degrees <= 4 ? 1e-8 : degrees < 9 ? 1.5e-4 : 1e-5;
            Assert.Equal(expected, StudentDistribution.Quantile975(degrees), tolerance * expected);
        }
    }

    [Fact]
    public void Without_degrees_of_freedom_there_is_no_bound() => Assert.Equal(double.PositiveInfinity, StudentDistribution.Quantile975(0));
}
