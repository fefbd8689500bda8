using Understudy.Engine;

namespace Understudy.UnitTests.Engine;

public class ScalarFunctionsTests
{
    [Theory]
    // Abramowitz and Stegun 1964, table 7.1
    [InlineData(0.1, 0.1124629160)]
    [InlineData(0.5, 0.5204998778)]
    [InlineData(1.0, 0.8427007929)]
    [InlineData(1.5, 0.9661051465)]
    [InlineData(2.0, 0.9953222650)]
    public void The_error_function_has_its_tabulated_values(double x, double expected)
    {
        Assert.Equal(expected, ScalarFunctions.Erf(x), 5.1e-11);
        Assert.Equal(-ScalarFunctions.Erf(x), ScalarFunctions.Erf(-x));
    }

    [Fact]
    public void The_error_function_is_its_series()
    {
        // 2/√π e^(−x²) Σ 2ⁿ x²ⁿ⁺¹ / (2n + 1)!!: all terms have one sign
        for (var x = 0.0; x <= 6; x += 1.0 / 64)
        {
            var (term, sum) = (x, x);
            for (var n = 1; n < 200; n++)
                sum += term *= 2 * x * x / ((2 * n) + 1);
            Assert.Equal(2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum, ScalarFunctions.Erf(x), 1e-12);
        }
    }

    [Fact]
    public void The_exponential_is_that_of_the_mathematical_library()
    {
        for (var x = -40.0; x <= 40; x += 0.37)
            Assert.Equal(1, ScalarFunctions.Exp(x) / Math.Exp(x), 1e-15);
        Assert.Equal(0, ScalarFunctions.Exp(-1000));
        Assert.Equal(double.PositiveInfinity, ScalarFunctions.Exp(1000));
    }
}
