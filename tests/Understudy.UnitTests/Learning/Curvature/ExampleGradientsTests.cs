using Understudy.Engine.Graphs;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Plans;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;

namespace Understudy.UnitTests.Learning.Curvature;

public class ExampleGradientsTests
{
    [Theory]
    [MemberData(nameof(ReferenceCase.TinyNames), MemberType = typeof(ReferenceCase))]
    public void Gradients_of_tiny_networks_and_their_second_moment_are_those_of_the_reference(string name)
    {
        var reference = ReferenceCase.Load(name);
        double[] expected = [.. reference.Root.GetProperty("per_sample_gradients").EnumerateArray().SelectMany(row => reference.Ours([.. row.EnumerateArray().Select(item => item.GetDouble())]))];
        var (size, count) = (reference.Size, reference.Examples.Count);

        var rows = ExampleGradients.Rows(reference.Point, 0, count);

        AssertClose(expected, rows);
        var moment = new double[size * size];
        Products.Multiply(size, size, count, rows, rows, moment, transposeLeft: true);
        AssertClose(reference.Matrix("S"), [.. moment.Select(value => value / count)]);
    }

    [Theory]
    [InlineData("tiny-relu-ce")]
    [InlineData("mlp-relu-ce-trained")]
    [InlineData("mlp-tanh-mse")]
    public void The_Gram_matrix_has_the_eigenvalues_of_the_second_moment(string name)
    {
        var reference = ReferenceCase.Load(name);
        var (count, expected) = (reference.Examples.Count, reference.Numbers("gradient_second_moment", "eigenvalues_descending"));

        var gram = ExampleGradients.Gram(reference.Point);

        double[] values = [.. SymmetricEigen.Of(gram, count).Values.ToArray().Select(value => value / count).Reverse()];
        AssertClose(expected, values, 1e-11);
    }

    [Theory]
    [MemberData(nameof(ReferenceCase.Names), MemberType = typeof(ReferenceCase))]
    public void Exact_traces_are_those_of_the_reference(string name)
    {
        var reference = ReferenceCase.Load(name);
        var (gaussNewton, moment) = (reference.Number("ggn", "trace"), reference.Number("gradient_second_moment", "trace"));

        var traces = ExactTraces.Of(reference.Point);

        Assert.Equal(gaussNewton, traces.GaussNewton, 1e-12 * gaussNewton);
        Assert.Equal(moment, traces.SecondMoment, 1e-12 * moment);
        foreach (var (block, trace) in reference.Root.GetProperty("ggn").GetProperty("blocks").EnumerateArray().Zip(traces.GaussNewtonBySlot))
            Assert.Equal(block.GetProperty("trace").GetDouble(), trace, 1e-12 * gaussNewton);
        if (reference.IsRectified || reference.Network.Layout.Slots.Count == 2)
            Assert.Equal(reference.Number("hessian", "trace"), traces.Hessian!.Value, 1e-12 * gaussNewton);
        else
            Assert.Null(traces.Hessian);
    }

    [Fact]
    public void Norms_and_inner_products_are_those_of_the_rows_and_rows_those_of_single_gradients() => Property.Holds(30, draw =>
    {
        var point = DrawnPoints.Any(draw);
        var (count, size) = (point.Examples.Count, point.Size);
        using var two = new Team(2);
        var rows = ExampleGradients.Rows(point, 0, count, two);
        var expected = new double[count * count];
        Products.Multiply(count, count, size, rows, rows, expected, transposeRight: true);
        var example = draw.Index(count);

        AssertClose(expected, ExampleGradients.Gram(point, two));
        Assert.Equal(ExampleGradients.Gram(point), ExampleGradients.Gram(point, two));
        AssertClose([.. Enumerable.Range(0, count).Select(i => expected[(i * count) + i])], ExampleGradients.SquaredNorms(point));
        Assert.Equal(expected.Where((_, at) => at / count == at % count).Sum() / count, ExactTraces.Of(point, two).SecondMoment, 1e-12 * (1 + expected.Max()));
        Assert.Equal(rows[(example * size)..((example + 1) * size)], ExampleGradients.Rows(point, example, 1));
        var (inputs, targets) = point.Examples.Rows(example, 1);
        using var alone = new NetworkCurvature(point.Network, point.Loss, new ExampleSet(inputs, targets, 1), point.Parameters);
        AssertClose(alone.Gradient(), rows[(example * size)..((example + 1) * size)]);
    });

    [Fact]
    public void The_output_Gram_matrix_has_the_eigenvalues_of_the_Gauss_Newton_matrix() => Property.Holds(30, draw =>
    {
        var point = DrawnPoints.Any(draw);
        using var two = new Team(2);
        var columns = point.Examples.Count * point.Network.Outputs;
        var expected = SymmetricEigen.Of(ExactHessian.Of(point, new ExactOptions { Matrix = CurvatureMatrix.GaussNewton }), point.Size).Values.ToArray();

        var gram = OutputGram.GaussNewton(point, two);

        var values = SymmetricEigen.Of(gram, columns).Values.ToArray();
        var common = Math.Min(columns, point.Size);
        AssertClose(expected[^common..], values[^common..], 1e-12);
        Assert.All(values[..^common], value => Assert.Equal(0, value, 1e-12 * values[^1]));
        Assert.Equal(gram, OutputGram.GaussNewton(point));
    });

    [Fact]
    public void The_tangent_kernel_is_the_Gram_matrix_of_the_Jacobian() => Property.Holds(10, draw =>
    {
        var point = DrawnPoints.Any(draw);
        var (count, outputs, network) = (point.Examples.Count, point.Network.Outputs, point.Network);
        var jacobian = new double[count * outputs * point.Size];
        for (var row = 0; row < count * outputs; row++)
            Pull(point, row / outputs, row % outputs).CopyTo(jacobian, row * point.Size);
        var expected = new double[count * outputs * count * outputs];
        Products.Multiply(count * outputs, count * outputs, point.Size, jacobian, jacobian, expected, transposeRight: true);

        AssertClose([.. expected.Select(value => value / count)], OutputGram.TangentKernel(point));
    });

    [Fact]
    public void A_Gram_matrix_that_no_array_holds_is_refused()
    {
        var point = DrawnPoints.Of(new Draw(1), Mlp.Relu(1, 2), OutputLoss.HalfSquared, 25_000);

        Assert.Equal(
            "The Gram matrix of 50,000 gradients has 2,500,000,000 entries, more than an array holds: take fewer examples, or products.",
            Assert.Throws<InvalidOperationException>(() => OutputGram.GaussNewton(point)).Message);
    }

    [Fact]
    public void Examples_that_do_not_exist_are_told()
    {
        var point = DrawnPoints.Any(new Draw(1));

        Assert.Throws<ArgumentOutOfRangeException>(() => ExampleGradients.Rows(point, point.Examples.Count, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ExampleGradients.Rows(point, -1, 1));
    }

    /// <summary>∂f_c/∂θ of one example, by the engine.</summary>
    private static double[] Pull(MlpPoint point, int example, int output)
    {
        var parameters = point.Network.Parameters();
        var input = Ops.Input("x", new Understudy.Engine.Shape(1, point.Network.Inputs));
        var f = Ops.Sum(Ops.Slice(point.Network.Output(input, parameters), 1, output, 1));
        using var plan = Plan.Compile([.. Transforms.Grad(f, parameters)], new PlanOptions { Precision = Understudy.Engine.DType.F64 });
        plan.Write(input, point.Examples.Rows(example, 1).Inputs);
        foreach (var (slot, parameter) in point.Network.Layout.Slots.Zip(parameters))
            plan.Write(parameter, slot.Of(point.Parameters));
        plan.Run();
        var gradient = new double[point.Size];
        foreach (var (i, slot) in point.Network.Layout.Slots.Index())
            plan.Read(i, slot.Of<double>(gradient.AsSpan()));
        return gradient;
    }
}
