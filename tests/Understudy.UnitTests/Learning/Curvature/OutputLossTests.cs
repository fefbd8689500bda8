using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Learning.Losses;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;

namespace Understudy.UnitTests.Learning.Curvature;

public class OutputLossTests
{
    [Fact]
    public void Residuals_and_squared_roots_of_numbers_are_the_derivatives_of_graphs() => Property.Holds(36, draw =>
    {
        var point = DrawnPoints.Any(draw);
        var (loss, outputs) = (point.Loss, point.Network.Outputs);
        var (output, target) = (draw.Normal(outputs), point.Examples.Rows(0, 1).Targets);
        var (f, y) = (Ops.Input("f", new Shape(1, outputs)), Ops.Input("y", new Shape(1, target.Length)));
        var sum = Ops.Sum(loss.PerExample(f, y));
        Sym[] derivatives = [.. Transforms.Grad(sum, [f]), .. Enumerable.Range(0, outputs).Select(c => Transforms.Hvp(sum, [f], [Ops.OneHot(Ops.Constant(c, new Shape(1)), outputs)])[0])];
        using var plan = Plan.Compile(derivatives, new PlanOptions { Precision = DType.F64 });
        plan.Write(f, output);
        plan.Write(y, target);
        plan.Run();
        var expected = new double[derivatives.Length * outputs];
        for (var i = 0; i < derivatives.Length; i++)
            plan.Read(i, expected.AsSpan(i * outputs, outputs));

        var (residual, roots) = (new double[outputs], new double[outputs * outputs]);
        loss.Residual(output, target, residual);
        loss.Roots(output, roots);

        AssertClose(expected[..outputs], residual, 1e-14);
        AssertClose(expected[outputs..], Squared(roots, outputs), 1e-14);
    });

    [Fact]
    public void Softmax_of_huge_outputs_is_finite()
    {
        var (residual, roots) = (new double[3], new double[9]);

        OutputLoss.CrossEntropy.Residual([5000, -5000, 4000], [1], residual);
        OutputLoss.CrossEntropy.Roots([5000, -5000, 4000], roots);

        Assert.Equal([1, -1, 0], residual);
        Assert.All(roots, value => Assert.Equal(0, value));
    }

    /// <summary>B Bᵀ, with the columns of B given as rows.</summary>
    private static double[] Squared(double[] roots, int outputs)
    {
        var product = new double[outputs * outputs];
        for (var at = 0; at < roots.Length; at++)
        {
            for (var other = 0; other < outputs; other++)
                product[(at % outputs * outputs) + other] += roots[at] * roots[at - (at % outputs) + other];
        }

        return product;
    }
}
