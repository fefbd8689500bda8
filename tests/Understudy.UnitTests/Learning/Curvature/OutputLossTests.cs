using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Learning.Losses;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;

namespace Understudy.UnitTests.Learning.Curvature;

public class OutputLossTests
{
    [Fact]
    public void Residuals_and_roots_of_numbers_are_those_of_graphs() => Property.Holds(36, draw =>
    {
        var point = DrawnPoints.Any(draw);
        var (loss, outputs) = (point.Loss, point.Network.Outputs);
        var (output, target) = (draw.Normal(outputs), point.Examples.Rows(0, 1).Targets);
        var (f, y) = (Ops.Input("f", new Shape(1, outputs)), Ops.Input("y", new Shape(1, target.Length)));
        Sym[] sums = [.. Transforms.Grad(Ops.Sum(loss.PerExample(f, y)), [f]), .. Enumerable.Range(0, loss.RootColumns(outputs)).Select(column => loss.Root(f, column))];
        using var plan = Plan.Compile(sums, new PlanOptions { Precision = DType.F64 });
        plan.Write(f, output);
        plan.Write(y, target);
        plan.Run();
        var expected = new double[sums.Length * outputs];
        for (var i = 0; i < sums.Length; i++)
            plan.Read(i, expected.AsSpan(i * outputs, outputs));

        var (residual, roots) = (new double[outputs], new double[(sums.Length - 1) * outputs]);
        loss.Residual(output, target, residual);
        loss.Roots(output, roots);

        AssertClose(expected[..outputs], residual, 1e-14);
        AssertClose(expected[outputs..], roots, 1e-14);
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
}
