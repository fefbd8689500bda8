using Understudy.Engine.Graphs;

namespace Understudy.UnitTests.Engine.Primitives;

/// <summary>The laws every operation's derivative rules obey.</summary>
public class DerivativeLawTests
{
    public static TheoryData<string> Cases => PrimitiveCases.Names;

    public static TheoryData<string> CasesWithTrueDerivatives
        => [.. PrimitiveCases.All.Select(@case => @case.Name).Where(name => name != "StopGradient")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Vjp_is_the_transpose_of_jvp(string name)
    {
        var point = new Point(name, seed: 1);
        var u = Ops.Input(point.Output.Shape);
        point.Give(u);
        var tangent = Transforms.Jvp(point.Output, point.TangentOf()) ?? Ops.Constant(0, point.Output.Shape);
        var cotangents = Transforms.Vjp(point.Output, u, point.Wrt);

        var results = point.Evaluate(Point.Inner([u], [tangent]), Point.Inner(cotangents, point.Directions));

        AssertClose(results[0][0], results[1][0], 1e-12);
    }

    [Theory]
    [MemberData(nameof(CasesWithTrueDerivatives))]
    public void Jvp_is_the_limit_of_central_differences(string name)
    {
        var point = new Point(name, seed: 2);
        var tangent = Transforms.Jvp(point.Output, point.TangentOf())!;
        const double Step = 1e-6;

        var exact = point.Evaluate(tangent)[0];
        var ahead = point.EvaluateMoved(Step, point.Output)[0];
        var behind = point.EvaluateMoved(-Step, point.Output)[0];

        for (var i = 0; i < exact.Length; i++)
            AssertClose((ahead[i] - behind[i]) / (2 * Step), exact[i], 1e-7);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_over_reverse_equals_reverse_over_reverse(string name)
    {
        var point = new Point(name, seed: 3);
        var loss = point.Loss();

        var forward = Transforms.Hvp(loss, point.Wrt, point.Directions);
        var reverse = Transforms.HvpInReverse(loss, point.Wrt, point.Directions);

        var results = point.Evaluate([.. forward, .. reverse]);
        for (var i = 0; i < forward.Length; i++)
            AssertClose(results[i], results[i + forward.Length], 1e-10);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Hessians_are_symmetric(string name)
    {
        var point = new Point(name, seed: 4);
        var loss = point.Loss();
        Sym[] others = [.. point.Wrt.Select(input => Ops.Input(input.Shape))];
        foreach (var other in others)
            point.Give(other);

        var left = Point.Inner(others, Transforms.Hvp(loss, point.Wrt, point.Directions));
        var right = Point.Inner(point.Directions, Transforms.Hvp(loss, point.Wrt, others));

        var results = point.Evaluate(left, right);
        AssertClose(results[0][0], results[1][0], 1e-10);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Third_derivatives_are_symmetric(string name)
    {
        var point = new Point(name, seed: 5);
        var loss = point.Loss();
        Sym[] others = [.. point.Wrt.Select(input => Ops.Input(input.Shape))];
        foreach (var other in others)
            point.Give(other);

        var left = Point.Inner(point.Directions, Transforms.Hvp(Point.Inner(others, Transforms.Grad(loss, point.Wrt)), point.Wrt, others));
        var right = Point.Inner(others, Transforms.Hvp(Point.Inner(others, Transforms.Grad(loss, point.Wrt)), point.Wrt, point.Directions));

        var results = point.Evaluate(left, right);
        AssertClose(results[0][0], results[1][0], 1e-10);
    }

    internal static void AssertClose(double[] expected, double[] actual, double relative)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            AssertClose(expected[i], actual[i], relative);
    }

    internal static void AssertClose(double expected, double actual, double relative)
        => Assert.True(Math.Abs(expected - actual) <= relative * (1 + Math.Abs(expected)), $"{expected:R} and {actual:R}");
}
