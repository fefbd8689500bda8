using System.Numerics;
using MathNet.Numerics;
using Understudy.Engine.Kernels;

namespace Understudy.UnitTests.Engine.Kernels;

public class TranscendentalTests
{
    private const int Points = 6_000;

    /// <summary>Operation, range of arguments, permitted units in the last place.</summary>
    public static TheoryData<string, double, double, double> Ranges => new()
    {
        { "Exp", -87, 88, 2 },
        { "Exp", -1, 1, 2 },
        { "Expm1", -20, 80, 4 },
        { "Expm1", -1, 1, 4 },
        { "Expm1", -1e-4, 1e-4, 4 },
        { "Log", 1e-30, 1e-20, 2 },
        { "Log", 0.3, 3, 2 },
        { "Log", 0.99, 1.01, 2 },
        { "Log", 1, 1e30, 2 },
        { "Log1p", -0.9, 3, 4 },
        { "Log1p", -1e-3, 1e-3, 4 },
        { "Log1p", 1, 1e20, 4 },
        { "Tanh", -12, 12, 2 },
        { "Tanh", -1, 1, 2 },
        { "Tanh", -1e-3, 1e-3, 2 },
        { "Sigmoid", -80, 20, 2 },
        { "Sigmoid", -3, 3, 2 },
        { "Softplus", -80, 80, 4 },
        { "Softplus", -3, 3, 4 },
        { "Erf", -7, 7, 2 },
        { "Erf", -1.5, 1.5, 2 },
        { "Erf", -1e-3, 1e-3, 2 },
        { "Sin", -4, 4, 4 },
        { "Sin", -1e5, 1e5, 4 },
        { "Cos", -4, 4, 4 },
        { "Cos", -1e5, 1e5, 4 },
    };

    public static TheoryData<string, double, double> SpecialValues => new()
    {
        { "Exp", double.NegativeInfinity, 0 },
        { "Exp", double.PositiveInfinity, double.PositiveInfinity },
        { "Exp", 1000, double.PositiveInfinity },
        { "Exp", -1000, 0 },
        { "Exp", 0, 1 },
        { "Expm1", -0.0, -0.0 },
        { "Expm1", double.NegativeInfinity, -1 },
        { "Expm1", double.PositiveInfinity, double.PositiveInfinity },
        { "Log", 0, double.NegativeInfinity },
        { "Log", -0.0, double.NegativeInfinity },
        { "Log", 1, 0 },
        { "Log", -1, double.NaN },
        { "Log", double.PositiveInfinity, double.PositiveInfinity },
        { "Log", double.NegativeInfinity, double.NaN },
        { "Log1p", -0.0, -0.0 },
        { "Log1p", -1, double.NegativeInfinity },
        { "Log1p", -2, double.NaN },
        { "Log1p", double.PositiveInfinity, double.PositiveInfinity },
        { "Tanh", -0.0, -0.0 },
        { "Tanh", double.PositiveInfinity, 1 },
        { "Tanh", double.NegativeInfinity, -1 },
        { "Sigmoid", 0, 0.5 },
        { "Sigmoid", double.NegativeInfinity, 0 },
        { "Sigmoid", double.PositiveInfinity, 1 },
        { "Softplus", double.NegativeInfinity, 0 },
        { "Softplus", double.PositiveInfinity, double.PositiveInfinity },
        { "Erf", -0.0, -0.0 },
        { "Erf", double.PositiveInfinity, 1 },
        { "Erf", double.NegativeInfinity, -1 },
        { "Sin", -0.0, -0.0 },
        { "Sin", double.PositiveInfinity, double.NaN },
        { "Cos", 0, 1 },
        { "Cos", double.NegativeInfinity, double.NaN },
        { "Exp", double.NaN, double.NaN },
        { "Expm1", double.NaN, double.NaN },
        { "Log", double.NaN, double.NaN },
        { "Log1p", double.NaN, double.NaN },
        { "Tanh", double.NaN, double.NaN },
        { "Sigmoid", double.NaN, double.NaN },
        { "Softplus", double.NaN, double.NaN },
        { "Erf", double.NaN, double.NaN },
        { "Sin", double.NaN, double.NaN },
        { "Cos", double.NaN, double.NaN },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Values_are_accurate_and_equal_at_every_width_in_single_precision(string operation, double from, double to, double ulps)
        => Check<float>(operation, from, to, ulps);

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Values_are_accurate_and_equal_at_every_width_in_double_precision(string operation, double from, double to, double ulps)
        => Check<double>(operation, from, to, ulps);

    [Theory]
    [MemberData(nameof(SpecialValues))]
    public void Special_values_are_exact(string operation, double x, double y)
    {
        Widths.SameBits([(float)y], Widths.Agree(new ElementwiseCase<float>(Parse(operation), [(float)x])), operation);
        Widths.SameBits([y], Widths.Agree(new ElementwiseCase<double>(Parse(operation), [x])), operation);
    }

    [Fact]
    public void Denormal_numbers_are_neither_lost_nor_flushed()
    {
        float[] small = [float.Epsilon, -float.Epsilon, 1e-40f, -1e-40f];
        double[] tiny = [double.Epsilon, -double.Epsilon, 1e-310, -1e-310];
        foreach (var operation in (ElementOperation[])[ElementOperation.Expm1, ElementOperation.Log1p, ElementOperation.Tanh, ElementOperation.Sin])
        {
            Widths.SameBits(small, Widths.Agree(new ElementwiseCase<float>(operation, small)), operation.ToString());
            Widths.SameBits(tiny, Widths.Agree(new ElementwiseCase<double>(operation, tiny)), operation.ToString());
        }
        Assert.Equal(Math.Log(1e-40f), Widths.Agree(new ElementwiseCase<float>(ElementOperation.Log, [1e-40f]))[0], 1e-5);
        Assert.Equal(Math.Log(1e-310), Widths.Agree(new ElementwiseCase<double>(ElementOperation.Log, [1e-310]))[0], 1e-12);
        Assert.Equal((float)Math.Exp(-100), Widths.Agree(new ElementwiseCase<float>(ElementOperation.Exp, [-100]))[0], float.Epsilon);
        Assert.Equal(Math.Exp(-740), Widths.Agree(new ElementwiseCase<double>(ElementOperation.Exp, [-740]))[0], double.Epsilon);
    }

    private static ElementOperation Parse(string operation) => Enum.Parse<ElementOperation>(operation);

    private static void Check<T>(string operation, double from, double to, double ulps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var draw = new Draw(1);
        var x = new T[Points];
        for (var i = 0; i < Points; i++)
            x[i] = T.CreateTruncating(from + (to - from) * (i + draw.Uniform()) / Points);

        var y = Widths.Agree(new ElementwiseCase<T>(Parse(operation), x));

        var (worst, at) = (0.0, 0);
        for (var i = 0; i < Points; i++)
        {
            var exact = Exact(operation, double.CreateTruncating(x[i]), out var slack);
            var error = Math.Abs(double.CreateTruncating(y[i]) - exact) / Ulp<T>(exact) - (typeof(T) == typeof(double) ? slack : 0);
            if (error > worst)
                (worst, at) = (error, i);
        }
        Assert.True(worst <= ulps, $"{operation}({x[at]:R}) is off by {worst:F2} units in the last place.");
    }

    private static double Ulp<T>(double exact)
        => typeof(T) == typeof(double) ? Math.BitIncrement(Math.Abs(exact)) - Math.Abs(exact)
            : MathF.BitIncrement(MathF.Abs((float)exact)) - MathF.Abs((float)exact);

    // slack: what the oracle itself may be off by, in units of the last place of a double
    private static double Exact(string operation, double x, out double slack)
    {
        slack = operation is "Softplus" or "Erf" or "Expm1" ? 2 : operation is "Log1p" or "Tanh" or "Sigmoid" ? 1 : 0.5;
        return operation switch
        {
            "Exp" => Math.Exp(x),
            "Expm1" => Math.Abs(x) < 1 ? 2 * Math.Sinh(x / 2) * Math.Exp(x / 2) : Math.Exp(x) - 1,
            "Log" => Math.Log(x),
            "Log1p" => Log1p(x),
            "Tanh" => Math.Tanh(x),
            "Sigmoid" => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x)),
            "Softplus" => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x))),
            "Erf" => SpecialFunctions.Erf(x),
            "Sin" => Math.Sin(x),
            "Cos" => Math.Cos(x),
            _ => throw new ArgumentOutOfRangeException(nameof(operation)),
        };
    }

    // Kahan's formula
    private static double Log1p(double x)
    {
        var u = 1 + x;
        return u == 1 ? x : Math.Log(u) * x / (u - 1);
    }
}
