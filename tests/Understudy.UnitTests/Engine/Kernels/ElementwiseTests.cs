using System.Numerics;
using Understudy.Engine.Kernels;

namespace Understudy.UnitTests.Engine.Kernels;

public class ElementwiseTests
{
    private const double P = 0.25;
    private const double Q = -1.5;

    public static TheoryData<string> Operations
        => [.. Enum.GetValues<ElementOperation>().Where(operation => Defined(operation, 0, 0, 0) is not null).Select(operation => operation.ToString())];

    [Theory]
    [MemberData(nameof(Operations))]
    public void An_operation_follows_its_definition_with_the_same_bits_at_every_width(string name)
    {
        Check<float>(Enum.Parse<ElementOperation>(name));
        Check<double>(Enum.Parse<ElementOperation>(name));
    }

    [Theory]
    [InlineData(ElementStep.One)]
    [InlineData(ElementStep.Register)]
    internal void An_operand_may_stand_still(ElementStep step) => Property.Holds(20, draw =>
    {
        var (a, b) = (draw.NormalSingle(draw.Extent(60)), draw.NormalSingle(1));

        var y = Widths.Agree(new ElementwiseCase<float>(ElementOperation.Multiply, a, b) { StepB = step });

        Assert.Equal(Array.ConvertAll(a, x => x * b[0]), y);
    });

    [Fact]
    public void A_value_does_not_depend_on_its_neighbours() => Property.Holds(20, draw =>
    {
        var x = draw.NormalSingle(50);
        foreach (var operation in (ElementOperation[])[ElementOperation.Exp, ElementOperation.Tanh, ElementOperation.Log1p, ElementOperation.Sin])
        {
            var together = Widths.Agree(new ElementwiseCase<float>(operation, x));
            var alone = x.Select(value => Widths.Agree(new ElementwiseCase<float>(operation, [value]))[0]).ToArray();

            Widths.SameBits(alone, together, operation.ToString());
        }
    });

    [Theory]
    [InlineData("Max", double.NaN, 1.0, double.NaN)]
    [InlineData("Max", 1.0, double.NaN, double.NaN)]
    [InlineData("Min", double.NaN, 1.0, double.NaN)]
    [InlineData("Min", 1.0, double.NaN, double.NaN)]
    [InlineData("Rectify", double.NaN, 0.0, double.NaN)]
    [InlineData("Rectify", 0.0, 0.0, 0.0)]
    [InlineData("Step", 0.0, 0.0, P)]
    [InlineData("RectifyGrad", 0.0, 8.0, 8 * P)]
    [InlineData("Sign", -0.0, 0.0, -0.0)]
    [InlineData("Sign", double.NaN, 0.0, double.NaN)]
    [InlineData("Greater", 1.0, 1.0, 0.0)]
    [InlineData("Greater", double.NaN, 1.0, 0.0)]
    public void Ties_kinks_and_not_a_number_follow_the_stated_convention(string name, double a, double b, double y)
        => Widths.SameBits([y], Widths.Agree(new ElementwiseCase<double>(Enum.Parse<ElementOperation>(name), [a], [b]) { P = P, Q = Q }), name);

    [Fact]
    public unsafe void A_result_may_overwrite_an_operand()
    {
        var x = new Draw(3).NormalSingle(37);
        var expected = Widths.Agree(new ElementwiseCase<float>(ElementOperation.Exp, x));

        fixed (float* px = x)
            Elementwise<F8, float>.Run<Elementwise<F8, float>.Exp>(new ElementCall<float> { Y = px, A = px, Count = x.Length });

        Assert.Equal(expected, x);
    }

    [Fact]
    public unsafe void Nothing_is_allocated()
    {
        var x = new float[100];
        fixed (float* px = x)
        {
            var kernel = Elementwise<F8, float>.Kernel(ElementOperation.Tanh);
            var call = new ElementCall<float> { Y = px, A = px, Count = x.Length };
            kernel(call);
            var before = GC.GetAllocatedBytesForCurrentThread();

            for (var i = 0; i < 100; i++)
                kernel(call);

            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    private static void Check<T>(ElementOperation operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Property.Holds(12, draw =>
        {
            var count = draw.Extent(70);
            var a = Widths.Cast<T>(draw.Normal(count));
            if (operation is ElementOperation.Sqrt or ElementOperation.Rsqrt)
                a = Array.ConvertAll(a, T.Abs);
            a[0] = T.One;
            var (b, c) = (Widths.Cast<T>(draw.Normal(count)), Widths.Cast<T>(draw.Normal(count)));

            var y = Widths.Agree(new ElementwiseCase<T>(operation, a, b, c) { P = T.CreateTruncating(P), Q = T.CreateTruncating(Q) });

            for (var i = 0; i < count; i++)
            {
                var exact = Defined(operation, double.CreateTruncating(a[i]), double.CreateTruncating(b[i]), double.CreateTruncating(c[i]))!.Value;
                // rounding of the sum's terms: a difference may be much smaller than they are
                Assert.Equal(exact, double.CreateTruncating(y[i]), (typeof(T) == typeof(float) ? 1.2e-7 : 2.3e-16) * (1 + 2 * Math.Abs(exact)));
            }
        });

    private static double? Defined(ElementOperation operation, double a, double b, double c) => operation switch
    {
        ElementOperation.Affine => P * a + Q,
        ElementOperation.Add => a + b,
        ElementOperation.Subtract => a - b,
        ElementOperation.Multiply => a * b,
        ElementOperation.Divide => a / b,
        ElementOperation.ScaledAdd => a + c * b,
        ElementOperation.MultiplyAdd => a * b + c,
        ElementOperation.Square => a * a,
        ElementOperation.Sqrt => Math.Sqrt(a),
        ElementOperation.Rsqrt => 1 / Math.Sqrt(a),
        ElementOperation.Abs => Math.Abs(a),
        ElementOperation.Copy => a,
        ElementOperation.Fill => P,
        ElementOperation.Sign => Math.Sign(a),
        ElementOperation.Rectify => a > 0 ? a : P * a,
        ElementOperation.Step => a > 0 ? 1 : P,
        ElementOperation.RectifyGrad => a > 0 ? b : P * b,
        ElementOperation.Max => Math.Max(a, b),
        ElementOperation.Min => Math.Min(a, b),
        ElementOperation.Greater => a > b ? 1 : 0,
        ElementOperation.Select => a != 0 ? b : c,
        _ => null,
    };
}
