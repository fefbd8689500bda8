using Understudy.Engine;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;

namespace Understudy.UnitTests.Learning.Curvature;

/// <summary>Gradients of single examples, traces, Gram matrices and the class structure of any network.</summary>
public class PulledRowsTests
{
    [Fact]
    public void Where_there_is_a_closed_form_reverse_passes_agree_with_it() => Property.Holds(30, draw =>
    {
        var point = DrawnPoints.Any(draw);
        var count = point.Examples.Count;
        using var closed = point.Products();
        using var opaque = new NetworkCurvature(new OpaqueNetwork(point.Network), point.Loss, point.Examples, point.Parameters);

        AssertNear(ExampleGradients.Rows(point, 0, count), ExampleGradients.Rows(opaque, 0, count));
        AssertNear(ExampleGradients.SquaredNorms(point), ExampleGradients.SquaredNorms(opaque));
        AssertNear(ExampleGradients.Gram(point), ExampleGradients.Gram(opaque));
        AssertNear(OutputGram.GaussNewton(point), OutputGram.GaussNewton(opaque));
        AssertNear(OutputGram.TangentKernel(point), OutputGram.TangentKernel(opaque));
        var (expected, traces) = (ExactTraces.Of(point), ExactTraces.Of(opaque));
        AssertNear([.. expected.GaussNewtonBySlot], [.. traces.GaussNewtonBySlot]);
        AssertNear([.. expected.SecondMomentBySlot], [.. traces.SecondMomentBySlot]);
        Assert.Equal(expected.Hessian is null, traces.Hessian is null);
        // a network that has a closed form is not taken the long way
        Assert.Equal(ExampleGradients.Gram(point), ExampleGradients.Gram(closed));
        Assert.Equal(expected.GaussNewtonBySlot, ExactTraces.Of(closed).GaussNewtonBySlot);
        Assert.Equal(OutputGram.GaussNewton(point), OutputGram.GaussNewton(closed));
        if (point.Loss != OutputLoss.CrossEntropy)
            return;
        var (structure, pulled) = (ClassStructure.Of(point), ClassStructure.Of(opaque));
        AssertNear(
            [structure.ClassTrace, structure.CrossTrace, structure.WithinTrace, structure.SameTrace], [pulled.ClassTrace, pulled.CrossTrace, pulled.WithinTrace, pulled.SameTrace]);
        AssertNear(structure.LeadingEigenvalues, pulled.LeadingEigenvalues);
    });

    [Theory]
    [MemberData(nameof(ReferenceCase.Names), MemberType = typeof(ReferenceCase))]
    public void The_trace_of_the_Hessian_is_known_of_rectified_networks_from_the_graph_alone(string name)
    {
        var reference = ReferenceCase.Load(name);
        using var curvature = new NetworkCurvature(new OpaqueNetwork(reference.Network), reference.Loss, reference.Examples, reference.Parameters);

        Assert.Equal(reference.IsRectified, ExactTraces.HaveHessian(curvature.Network));
        if (reference.IsRectified)
            Assert.Equal(reference.Number("hessian", "trace"), ExactTraces.Of(curvature).Hessian!.Value, 1e-12 * reference.Number("hessian", "trace"));
    }

    [Fact]
    public void Traces_tell_how_far_they_are_and_can_be_stopped()
    {
        var reference = ReferenceCase.Load("conv-relu-ce");
        using var curvature = reference.Curvature();
        var told = new Told<double>();

        _ = ExactTraces.Of(curvature, told);

        Assert.Equal(reference.Examples.Count, told.Values.Count);
        Assert.Equal(1, told.Values[^1]);
        Assert.Throws<OperationCanceledException>(() => ExactTraces.Of(curvature, null, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Of_convolutional_networks_they_are_what_single_examples_give_one_by_one() => Property.Holds(12, draw =>
    {
        var point = ImagePoint.Any(draw);
        var (count, size, outputs) = (point.Examples.Count, point.Size, point.Network.Outputs);
        using var team = new Team(2);
        using var curvature = new NetworkCurvature(point.Network, point.Loss, point.Examples, point.Parameters, new CurvatureOptions { Team = team });
        var expected = new double[count * size];
        for (var i = 0; i < count; i++)
        {
            using var alone = new NetworkCurvature(point.Network, point.Loss, point.Examples.Slice(i, 1), point.Parameters);
            alone.Gradient().CopyTo(expected, i * size);
        }

        var rows = ExampleGradients.Rows(curvature, 0, count);

        AssertNear(expected, rows);
        AssertNear(Gram(expected, count, size), ExampleGradients.Gram(curvature));
        AssertNear([.. Gram(expected, count, size).Where((_, at) => at / count == at % count)], ExampleGradients.SquaredNorms(curvature));
        Assert.Equal(rows[size..], count == 1 ? [] : ExampleGradients.Rows(curvature, 1, count - 1));
        double[] gaussNewton = ExactHessian.ByProducts(curvature.GaussNewton, out _), moment = ExactHessian.ByProducts(curvature.SecondMoment, out _);
        var traces = ExactTraces.Of(curvature);
        AssertNear(Traces(point, gaussNewton), [.. traces.GaussNewtonBySlot]);
        AssertNear(Traces(point, moment), [.. traces.SecondMomentBySlot]);
        var scale = traces.GaussNewton;
        if (traces.Hessian is { } trace)
            Assert.Equal(Traces(point, ExactHessian.ByProducts(curvature.Hessian, out _)).Sum(), trace, 1e-12 * scale);
        AssertSpectrum(gaussNewton, OutputGram.GaussNewton(curvature), size, count * outputs);
        AssertNear(Kernel(point), OutputGram.TangentKernel(curvature));
    });

    [Fact]
    public void The_trace_of_the_Hessian_is_known_for_rectified_convolutions_and_not_for_others()
    {
        ExactTraces Of(params ILayer[] layers)
        {
            var point = ImagePoint.Of(new Draw(4), new LayeredNetwork(new Shape(4, 4, 1), layers), OutputLoss.CrossEntropy, 5);
            using var curvature = new NetworkCurvature(point.Network, point.Loss, point.Examples, point.Parameters);
            return ExactTraces.Of(curvature);
        }

        var rectified = Of(new ConvolutionLayer(2), new ActivationLayer(NodeActivation.Relu), PoolLayer.Largest(), new DenseLayer(3));

        Assert.Equal(rectified.GaussNewton, rectified.Hessian);
        Assert.Null(Of(new ConvolutionLayer(2), new ActivationLayer(NodeActivation.Tanh), new DenseLayer(3)).Hessian);
        Assert.Null(Of(new SequenceLayer(new ConvolutionLayer(2), new ActivationLayer(NodeActivation.Gelu)), new DenseLayer(3)).Hessian);
        // nodes of length 1 are not linear in their weights
        Assert.Null(Of(new ConvolutionLayer(2), new ActivationLayer(NodeActivation.Relu), new DenseLayer(3, false) { HasUnitNodes = true }).Hessian);
    }

    [Fact]
    public void A_block_has_the_part_of_every_row()
    {
        var point = ImagePoint.Of(new Draw(5), new LayeredNetwork(new Shape(4, 4, 1), new ConvolutionLayer(2), new ActivationLayer(NodeActivation.Tanh), new DenseLayer(3)), OutputLoss.CrossEntropy, 6);
        using var all = new NetworkCurvature(point.Network, point.Loss, point.Examples, point.Parameters);
        using var last = new NetworkCurvature(point.Network, point.Loss, point.Examples, point.Parameters, new CurvatureOptions { Block = slot => slot.Name.StartsWith("layer.2", StringComparison.Ordinal) });
        var (size, first) = (point.Size, last.Block.Count);

        var rows = ExampleGradients.Rows(last, 0, 6);

        Assert.Equal((32 * 3) + 3, first);
        Assert.Equal(ExampleGradients.Rows(all, 0, 6).Where((_, at) => at % size >= size - first), rows);
        Assert.Equal(ExactTraces.Of(all).GaussNewtonBySlot.TakeLast(2), ExactTraces.Of(last).GaussNewtonBySlot);
    }

    [Fact]
    public void Chunks_and_threads_change_nothing()
    {
        var point = ImagePoint.Of(new Draw(6), new LayeredNetwork(new Shape(4, 4, 1), new ConvolutionLayer(2), new ActivationLayer(NodeActivation.Relu), new DenseLayer(3)), OutputLoss.CrossEntropy, 7);
        using var curvature = new NetworkCurvature(point.Network, point.Loss, point.Examples, point.Parameters);
        using var two = new Team(2);
        using var shared = new NetworkCurvature(point.Network, point.Loss, point.Examples, point.Parameters, new CurvatureOptions { Team = two });

        Assert.Equal(OutputGram.GaussNewton(curvature), OutputGram.GaussNewton(shared));
        using var source = curvature.Rows();
        var whole = PulledGram.Of(source, 3, curvature.WriteRoots, null);
        foreach (var atOnce in new[] { 1, 2, 3, 6 })
            AssertNear(whole, PulledGram.Of(source, 3, curvature.WriteRoots, null, atOnce));
    }

    [Fact]
    public void What_cannot_be_had_is_told()
    {
        var point = ImagePoint.Of(new Draw(7), new LayeredNetwork(new Shape(4, 4, 1), new ConvolutionLayer(2), new DenseLayer(3)), OutputLoss.HalfSquared, 3);
        using var curvature = new NetworkCurvature(point.Network, point.Loss, point.Examples, point.Parameters);

        Assert.Throws<ArgumentOutOfRangeException>(() => ExampleGradients.Rows(curvature, 3, 1));
        Assert.Contains("have a class structure", Assert.Throws<ArgumentException>(() => ClassStructure.Of(curvature)).Message, StringComparison.Ordinal);
    }

    private static void AssertNear(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        // both sum up the same terms in another order; terms can be larger than what is left of them
        var tolerance = 1e-12 * (1e-3 + expected.Max(Math.Abs));
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }

    private static double[] Gram(double[] rows, int count, int size)
    {
        var gram = new double[count * count];
        Products.Multiply(count, count, size, rows, rows, gram, transposeRight: true);
        return gram;
    }

    private static double[] Traces(ImagePoint point, double[] matrix)
        => [.. point.Network.Layout.Slots.Select(slot => Enumerable.Range(slot.Offset, slot.Shape.Count).Sum(i => matrix[(i * point.Size) + i]))];

    private static void AssertSpectrum(double[] matrix, double[] gram, int size, int columns)
    {
        double[] expected = SymmetricEigenvalues.Of(matrix, size).Values.ToArray(), values = SymmetricEigenvalues.Of(gram, columns).Values.ToArray();
        var common = Math.Min(size, columns);
        AssertNear(expected[^common..], values[^common..]);
    }

    /// <summary>J Jᵀ/N by the Jacobian's own products with unit vectors.</summary>
    private static double[] Kernel(ImagePoint point)
    {
        using var jacobian = new NetworkJacobian(point.Network, point.Examples, point.Parameters);
        var (kernel, unit, pulled) = (new double[jacobian.Rows * jacobian.Rows], new double[jacobian.Rows], new double[jacobian.Columns]);
        for (var row = 0; row < jacobian.Rows; row++)
        {
            unit[row] = 1.0 / point.Examples.Count;
            jacobian.MultiplyTransposed(unit, pulled);
            jacobian.Multiply(pulled, kernel.AsSpan(row * jacobian.Rows, jacobian.Rows));
            unit[row] = 0;
        }

        return kernel;
    }
}
