using Understudy.Engine;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;

namespace Understudy.UnitTests.Learning.Curvature;

public class ExactDiagonalsTests
{
    [Theory]
    [MemberData(nameof(ReferenceCase.AllNames), MemberType = typeof(ReferenceCase))]
    public void They_are_the_diagonals_of_the_whole_matrices(string name)
    {
        var reference = ReferenceCase.Load(name);
        using var curvature = reference.Curvature();
        var (size, count) = (reference.Size, reference.Examples.Count);
        var isDense = reference.Network is Mlp;
        var whole = isDense ? ExactHessian.Of(reference.Point, new ExactOptions { Matrix = CurvatureMatrix.GaussNewton }) : ExactHessian.ByProducts(curvature.GaussNewton, out _);
        var (rows, squares) = (ExampleGradients.Rows(curvature, 0, count), new double[size]);
        for (var at = 0; at < rows.Length; at++)
            squares[at % size] += rows[at] * rows[at];
        double[] mean = [.. Enumerable.Range(0, size).Select(i => Enumerable.Range(0, count).Sum(example => rows[(example * size) + i]) / count)];

        var diagonals = ExactDiagonals.Of(curvature);

        AssertClose(Diagonal(whole, size), [.. diagonals.GaussNewton]);
        AssertClose(squares, [.. diagonals.SquareSums]);
        AssertClose([.. squares.Select(sum => sum / count)], [.. diagonals.SecondMoment]);
        AssertClose([.. squares.Zip(mean, (sum, own) => (sum / count) - (own * own))], [.. diagonals.Covariance]);
        AssertClose(mean, [.. diagonals.Gradient]);
        Assert.All(diagonals.Covariance, variance => Assert.True(variance >= 0));
        // the reference's traces
        Assert.Equal(reference.Number("ggn", "trace"), diagonals.GaussNewton.Sum(), (name == "bn-tanh-ce" ? 1e-10 : 1e-12) * reference.Number("ggn", "trace"));
        Assert.Equal(reference.Number("gradient_covariance", "trace"), diagonals.Covariance.Sum(), (name == "bn-tanh-ce" ? 1e-10 : 1e-12) * reference.Number("gradient_second_moment", "trace"));
    }

    [Theory]
    [MemberData(nameof(ReferenceCase.TinyNames), MemberType = typeof(ReferenceCase))]
    public void Of_tiny_networks_they_are_the_entries_of_the_reference(string name)
    {
        var reference = ReferenceCase.Load(name);

        var diagonals = ExactDiagonals.Of(reference.Point);

        AssertClose(Diagonal(reference.Matrix("G"), reference.Size), [.. diagonals.GaussNewton]);
        AssertClose(Diagonal(reference.Matrix("S"), reference.Size), [.. diagonals.SecondMoment]);
        if (reference.IsRectified)
            AssertClose(Diagonal(reference.Matrix("H"), reference.Size), [.. diagonals.Hessian!]);
        else
            Assert.Null(diagonals.Hessian);
    }

    [Fact]
    public void The_diagonal_of_the_Hessian_is_that_of_rectified_convolutions()
    {
        var reference = ReferenceCase.Load("conv-relu-ce");
        using var curvature = reference.Curvature();

        var diagonal = ExactDiagonals.Of(curvature).Hessian;

        AssertClose(Diagonal(ExactHessian.ByProducts(curvature.Hessian, out _), reference.Size), [.. diagonal!]);
        using var curved = ReferenceCase.Load("conv-tanh-ce").Curvature();
        Assert.Null(ExactDiagonals.Of(curved).Hessian);
    }

    [Fact]
    public void Closed_forms_and_reverse_passes_agree() => Property.Holds(30, draw =>
    {
        var dense = DrawnPoints.Any(draw);
        var image = ImagePoint.Any(draw);
        using var team = new Team(2);
        foreach (var (network, loss, examples, parameters) in new[] { (dense.Network, dense.Loss, dense.Examples, dense.Parameters.ToArray()), ((INetwork)image.Network, image.Loss, image.Examples, image.Parameters) })
        {
            using var opaque = new NetworkCurvature(new OpaqueNetwork(network), loss, examples, parameters);
            using var closed = new NetworkCurvature(network, loss, examples, parameters);
            using var shared = new NetworkCurvature(network, loss, examples, parameters, new CurvatureOptions { Team = team });

            var (expected, diagonals, threads) = (ExactDiagonals.Of(opaque), ExactDiagonals.Of(closed), ExactDiagonals.Of(shared));

            AssertNear(expected.GaussNewton, diagonals.GaussNewton);
            AssertNear(expected.SecondMoment, diagonals.SecondMoment);
            Assert.Equal(diagonals.GaussNewton, threads.GaussNewton);
            Assert.Equal(diagonals.SecondMoment, threads.SecondMoment);
            Assert.Equal(ExactTraces.HaveHessian(network), expected.Hessian is not null);
            Assert.Equal(expected.Hessian is null, diagonals.Hessian is null);
        }
    });

    [Fact]
    public void A_block_has_its_part()
    {
        var point = ImagePoint.Of(new Draw(5), new LayeredNetwork(new Shape(4, 4, 1), new ConvolutionLayer(2), new ActivationLayer(NodeActivation.Tanh), new DenseLayer(3)), OutputLoss.CrossEntropy, 6);
        using var all = new NetworkCurvature(point.Network, point.Loss, point.Examples, point.Parameters);
        using var some = new NetworkCurvature(point.Network, point.Loss, point.Examples, point.Parameters, new CurvatureOptions { Block = slot => slot.Name.EndsWith("bias", StringComparison.Ordinal) });
        int[] places = [.. point.Network.Layout.Slots.Where(slot => slot.Name.EndsWith("bias", StringComparison.Ordinal)).SelectMany(slot => Enumerable.Range(slot.Offset, slot.Shape.Count))];

        var (whole, part) = (ExactDiagonals.Of(all), ExactDiagonals.Of(some));

        Assert.Equal(5, part.GaussNewton.Count);
        Assert.Equal(places.Select(i => whole.GaussNewton[i]), part.GaussNewton);
        Assert.Equal(places.Select(i => whole.SecondMoment[i]), part.SecondMoment);
        AssertNear([.. places.Select(i => whole.Covariance[i])], part.Covariance);
    }

    [Fact]
    public void Residual_blocks_with_normalizations_have_them_too()
    {
        var network = new LayeredNetwork(
            new Shape(4, 4, 2),
            new ResidualLayer(new SequenceLayer(new ConvolutionLayer(2, hasBias: false), new NormalizeLayer(), new ActivationLayer(NodeActivation.Relu)), null), new FlattenLayer(), new DenseLayer(3));
        var point = ImagePoint.Of(new Draw(8), network, OutputLoss.CrossEntropy, 5);
        using var curvature = new NetworkCurvature(point.Network, point.Loss, point.Examples, point.Parameters);

        var diagonals = ExactDiagonals.Of(curvature);

        AssertClose(Diagonal(ExactHessian.ByProducts(curvature.GaussNewton, out _), point.Size), [.. diagonals.GaussNewton]);
        AssertClose(Diagonal(ExactHessian.ByProducts(curvature.SecondMoment, out _), point.Size), [.. diagonals.SecondMoment]);
        AssertClose(Diagonal(ExactHessian.ByProducts(curvature.Covariance, out _), point.Size), [.. diagonals.Covariance]);
    }

    [Theory]
    [InlineData("tiny-tanh-ce")]
    [InlineData("tiny-tanh-mse")]
    public void Drawn_labels_estimate_the_diagonal_without_bias(string name)
    {
        using var curvature = ReferenceCase.Load(name).Curvature();
        var expected = ExactDiagonals.Of(curvature).GaussNewton;

        var estimate = ExactDiagonals.SampledGaussNewton(curvature, 400, 1);

        Assert.Equal(400, estimate.Samples);
        // five standard errors of the mean, of some thirty entries
        for (var i = 0; i < expected.Count; i++)
            Assert.Equal(expected[i], estimate.Values[i], (5 * estimate.StandardErrors[i]) + 1e-12);
    }

    [Theory]
    [InlineData("mlp-relu-ce")]
    [InlineData("conv-relu-ce")]
    public void Of_many_examples_a_few_draws_are_near(string name)
    {
        using var curvature = ReferenceCase.Load(name).Curvature();
        var expected = ExactDiagonals.Of(curvature).GaussNewton;

        var estimate = ExactDiagonals.SampledGaussNewton(curvature, 20, 1);

        double[] off = [.. estimate.Values.Zip(expected, (value, exact) => value - exact)];
        // errors are of independent labels of N examples: those that are told are as large as those there are
        Assert.InRange(Norm(off) / Norm([.. expected]), 0, 0.1);
        Assert.InRange(Norm(off) / Norm([.. estimate.StandardErrors]), 0.5, 2);
    }

    [Fact]
    public void More_draws_leave_smaller_errors_and_a_seed_decides_them()
    {
        using var curvature = ReferenceCase.Load("tiny-relu-ce").Curvature();

        var (few, many) = (ExactDiagonals.SampledGaussNewton(curvature, 20, 1), ExactDiagonals.SampledGaussNewton(curvature, 320, 1));

        Assert.InRange(many.StandardErrors.Sum() / few.StandardErrors.Sum(), 0.15, 0.4);
        Assert.Equal(few.Values, ExactDiagonals.SampledGaussNewton(curvature, 20, 1).Values);
        Assert.NotEqual(few.Values, ExactDiagonals.SampledGaussNewton(curvature, 20, 2).Values);
    }

    [Fact]
    public void What_cannot_be_had_is_told()
    {
        var point = DrawnPoints.Of(new Draw(3), Mlp.Relu(2, 3, 2), OutputLoss.MeanSquared, 4);
        using var curvature = point.Products();

        Assert.Throws<ArgumentOutOfRangeException>(() => ExactDiagonals.SampledGaussNewton(curvature, 1, 1));
        Assert.Contains("Labels are drawn for", Assert.Throws<ArgumentException>(() => ExactDiagonals.SampledGaussNewton(curvature, 2, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => ExactDiagonals.Of(curvature, new CancellationToken(true)));
    }

    private static double[] Diagonal(double[] matrix, int size) => [.. Enumerable.Range(0, size).Select(i => matrix[(i * size) + i])];

    private static void AssertNear(IReadOnlyList<double> expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        // both sum up the same terms in another order; those of a convolution are squares of sums that can cancel
        var tolerance = 1e-12 * (1e-3 + expected.Max());
        for (var i = 0; i < expected.Count; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }
}
