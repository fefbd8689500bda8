using Understudy.Engine.Random;
using Understudy.Learning.OnlineLearning;

namespace Understudy.UnitTests.Learning.OnlineLearning;

public class GaussianIntegralsTests
{
    /// <summary>Fixture F3 of the specification, checked there against 4e7 samples.</summary>
    private static readonly double[] Fixture =
    [
        0.518, -0.049, -0.24, 0.115,
        -0.049, 1.571, -0.277, 0.079,
        -0.24, -0.277, 2.285, -0.444,
        0.115, 0.079, -0.444, 1.227,
    ];

    // ten printed digits
    private const double Printed = 5.1e-11;

    [Fact]
    public void Averages_of_the_error_function_are_the_recorded_ones()
    {
        var c = new FieldCovariance(Fixture, 4);

        Assert.Equal(-0.0157918794, GaussianIntegrals.I2(FieldActivation.Erf, c, 0, 1), Printed);
        Assert.Equal(0.3223493728, GaussianIntegrals.J2(FieldActivation.Erf, c, 0, 1), Printed);
        Assert.Equal(-0.0816504540, GaussianIntegrals.I3(FieldActivation.Erf, c, 0, 1, 2), Printed);
        Assert.Equal(-0.0321653044, GaussianIntegrals.I4(FieldActivation.Erf, c, 0, 1, 2, 3), Printed);
    }

    [Fact]
    public void Averages_of_rectified_fields_are_the_recorded_ones()
    {
        var c = new FieldCovariance(Fixture, 4);

        Assert.Equal(0.1315349625, GaussianIntegrals.I2(FieldActivation.Relu, c, 0, 1), Printed);
        Assert.Equal(0.2413507783, GaussianIntegrals.J2(FieldActivation.Relu, c, 0, 1), Printed);
        Assert.Equal(-0.0754197955, GaussianIntegrals.I3(FieldActivation.Relu, c, 0, 1, 2), Printed);
        Assert.False(GaussianIntegrals.HasI4(FieldActivation.Relu));
        Assert.Throws<NotSupportedException>(() => GaussianIntegrals.I4(FieldActivation.Relu, new FieldCovariance(Fixture, 4), 0, 1, 2, 3));
    }

    [Theory]
    [InlineData(FieldActivation.Erf)]
    [InlineData(FieldActivation.Relu)]
    [InlineData(FieldActivation.Linear)]
    public void Averages_with_one_field_twice_are_those_of_samples(FieldActivation g)
    {
        // indices that coincide are where a formula for distinct fields could fail
        const int Samples = 200_000;
        var c = new FieldCovariance([0.8, 0.3, 0.3, 1.4], 2);
        var normal = new double[2 * Samples];
        new RandomSequence(3, "test/fields").FillNormal(0, normal);
        var (i2, j2, i3, i4) = (0.0, 0.0, 0.0, 0.0);
        for (var s = 0; s < Samples; s++)
        {
            var a = Math.Sqrt(0.8) * normal[2 * s];
            var b = (0.3 / Math.Sqrt(0.8) * normal[2 * s]) + (Math.Sqrt(1.4 - (0.09 / 0.8)) * normal[(2 * s) + 1]);
            i2 += Value(g, a) * Value(g, a);
            j2 += Slope(g, a) * Slope(g, a);
            i3 += Slope(g, a) * b * Value(g, a);
            i4 += Slope(g, a) * Slope(g, a) * Value(g, a) * Value(g, b);
        }

        // five standard deviations of a mean whose terms have one of about 1.5
        const double Error = 5 * 1.5 / 447;
        Assert.Equal(GaussianIntegrals.I2(g, c, 0, 0), i2 / Samples, Error);
        Assert.Equal(GaussianIntegrals.J2(g, c, 0, 0), j2 / Samples, Error);
        Assert.Equal(GaussianIntegrals.I3(g, c, 0, 1, 0), i3 / Samples, Error);
        if (GaussianIntegrals.HasI4(g))
            Assert.Equal(GaussianIntegrals.I4(g, c, 0, 0, 0, 1), i4 / Samples, Error);
    }

    [Fact]
    public void A_rectified_field_without_variance_is_off()
    {
        var c = new FieldCovariance([0, 0, 0, 1], 2);

        Assert.Equal(0, GaussianIntegrals.I2(FieldActivation.Relu, c, 0, 1));
        Assert.Equal(0, GaussianIntegrals.J2(FieldActivation.Relu, c, 0, 1));
        Assert.Equal(0, GaussianIntegrals.I3(FieldActivation.Relu, c, 0, 1, 1));
    }

    [Fact]
    public void The_arcsine_is_that_of_the_mathematical_library()
    {
        for (var x = -1.0; x <= 1; x += 1.0 / 1024)
            Assert.Equal(Math.Asin(x), Arcsine.Clamped(x), 4.5e-16);
        Assert.Equal(Math.PI / 2, Arcsine.Clamped(1 + 1e-9));
        Assert.Equal(-Math.PI / 2, Arcsine.Clamped(-3));
        Assert.True(double.IsNaN(Arcsine.Clamped(double.NaN)));
    }

    internal static double Value(FieldActivation g, double x) => g switch
    {
        FieldActivation.Erf => Understudy.Engine.ScalarFunctions.Erf(x / Math.Sqrt(2)),
        FieldActivation.Relu => Math.Max(x, 0),
        _ => x,
    };

    internal static double Slope(FieldActivation g, double x) => g switch
    {
        FieldActivation.Erf => Math.Sqrt(2 / Math.PI) * Math.Exp(-x * x / 2),
        FieldActivation.Relu => x > 0 ? 1 : 0,
        _ => 1,
    };
}
