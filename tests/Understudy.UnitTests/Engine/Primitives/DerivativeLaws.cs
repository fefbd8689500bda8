using Understudy.Engine.Graphs;

namespace Understudy.UnitTests.Engine.Primitives;

/// <summary>The laws every operation's derivative rules obey, as functions of a case.</summary>
internal static class DerivativeLaws
{
    internal static void AssertAll(PrimitiveCase @case)
    {
        AssertTranspose(@case);
        AssertDifferences(@case);
        AssertBothOrders(@case);
        AssertSymmetricHessian(@case);
        AssertSymmetricThirdDerivative(@case);
    }

    internal static void AssertTranspose(PrimitiveCase @case)
    {
        var point = new Point(@case, seed: 1);
        var u = Ops.Input(point.Output.Shape);
        point.Give(u);
        var tangent = Transforms.Jvp(point.Output, point.TangentOf()) ?? Ops.Constant(0, point.Output.Shape);
        var cotangents = Transforms.Vjp(point.Output, u, point.Wrt);

        var results = point.Evaluate(Point.Inner([u], [tangent]), Point.Inner(cotangents, point.Directions));

        AssertClose(results[0][0], results[1][0], 1e-12);
    }

    internal static void AssertDifferences(PrimitiveCase @case)
    {
        var point = new Point(@case, seed: 2);
        var tangent = Transforms.Jvp(point.Output, point.TangentOf())!;
        const double Step = 1e-6;

        var exact = point.Evaluate(tangent)[0];
        var ahead = point.EvaluateMoved(Step, point.Output)[0];
        var behind = point.EvaluateMoved(-Step, point.Output)[0];

        for (var i = 0; i < exact.Length; i++)
            AssertClose((ahead[i] - behind[i]) / (2 * Step), exact[i], 1e-7);
    }

    internal static void AssertBothOrders(PrimitiveCase @case)
    {
        var point = new Point(@case, seed: 3);
        var loss = point.Loss();

        var forward = Transforms.Hvp(loss, point.Wrt, point.Directions);
        var reverse = Transforms.HvpInReverse(loss, point.Wrt, point.Directions);

        var results = point.Evaluate([.. forward, .. reverse]);
        for (var i = 0; i < forward.Length; i++)
            AssertClose(results[i], results[i + forward.Length], 1e-10);
    }

    internal static void AssertSymmetricHessian(PrimitiveCase @case)
    {
        var point = new Point(@case, seed: 4);
        var loss = point.Loss();
        Sym[] others = [.. point.Wrt.Select(input => Ops.Input(input.Shape))];
        foreach (var other in others)
            point.Give(other);

        var left = Point.Inner(others, Transforms.Hvp(loss, point.Wrt, point.Directions));
        var right = Point.Inner(point.Directions, Transforms.Hvp(loss, point.Wrt, others));

        var results = point.Evaluate(left, right);
        AssertClose(results[0][0], results[1][0], 1e-10);
    }

    internal static void AssertSymmetricThirdDerivative(PrimitiveCase @case)
    {
        var point = new Point(@case, seed: 5);
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
