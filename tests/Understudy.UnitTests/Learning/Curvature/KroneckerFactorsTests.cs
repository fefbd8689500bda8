using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;

namespace Understudy.UnitTests.Learning.Curvature;

public class KroneckerFactorsTests
{
    private static readonly NodeActivation Linear = NodeActivation.LeakyRelu(1);

    [Fact]
    public void One_example_has_Kronecker_products_in_every_diagonal_block() => Property.Holds(30, draw =>
    {
        var any = DrawnPoints.Any(draw);
        var point = any.On(any.Examples.Slice(draw.Index(any.Examples.Count), 1));
        var expected = Blocks(point);

        var factors = KroneckerFactors.Of(point);

        AssertClose(expected, Whole(factors.Kfac()));
        AssertClose(expected, Whole(factors.Ekfac()));
    });

    [Fact]
    public void Linear_networks_under_a_squared_error_have_them_on_any_examples() => Property.Holds(15, draw =>
    {
        int[] widths = [draw.Extent(5), .. Enumerable.Range(0, draw.Case % 3).Select(_ => draw.Extent(5)), 2];
        var point = DrawnPoints.Of(draw, Mlp.Of(Linear, widths), draw.Case % 2 == 0 ? OutputLoss.HalfSquared : OutputLoss.MeanSquared, 12);

        var factors = KroneckerFactors.Of(point);

        AssertClose(Blocks(point), Whole(factors.Kfac()));
        AssertClose(Blocks(point), Whole(factors.Ekfac()));
    });

    [Fact]
    public void Eigenvalues_that_are_fitted_again_are_nearer_and_keep_every_trace() => Property.Holds(30, draw =>
    {
        var point = DrawnPoints.Any(draw);
        var (blocks, factors, traces) = (Blocks(point), KroneckerFactors.Of(point), ExactTraces.Of(point).GaussNewtonBySlot);

        var (kfac, ekfac) = (factors.Kfac(), factors.Ekfac());

        var (coarse, fine) = (Whole(kfac), Whole(ekfac));
        Assert.InRange(Distance(blocks, fine), 0, Distance(blocks, coarse) + (1e-12 * blocks.Max(Math.Abs) * point.Size));
        foreach (var (number, layer) in factors.Layers.Index())
        {
            var range = Enumerable.Range(layer.Offset, layer.Inputs * layer.Nodes);
            Assert.Equal(traces[2 * number] + traces[(2 * number) + 1], range.Sum(i => fine[(i * point.Size) + i]), 1e-12 * (1 + traces.Sum()));
        }

        Assert.Equal(traces.Sum(), ekfac.Trace, 1e-12 * (1 + traces.Sum()));
    });

    [Fact]
    public void Approximations_are_symmetric_and_positive_semidefinite_with_the_eigenvalues_they_tell() => Property.Holds(20, draw =>
    {
        var point = DrawnPoints.Any(draw);
        var factors = KroneckerFactors.Of(point);

        foreach (var approximation in new[] { factors.Kfac(), factors.Ekfac() })
        {
            // refuses what is not symmetric to 1e-13
            var entries = ExactHessian.ByProducts(approximation, out _);
            var values = approximation.Eigenvalues();
            Assert.True(values[0] >= 0);
            AssertClose(SymmetricEigen.Of(entries, point.Size).Values.ToArray(), values);
            Assert.Equal(values.Sum(), approximation.Trace, 1e-12 * (1 + values.Sum()));
        }
    });

    [Fact]
    public void A_damped_solution_times_the_damped_matrix_is_the_right_side() => Property.Holds(20, draw =>
    {
        var point = DrawnPoints.Any(draw);
        var (approximation, damping) = (KroneckerFactors.Of(point).Ekfac(), Math.Pow(10, draw.Uniform(-3, 0)));
        var (sides, solutions, products) = (draw.Normal(3 * point.Size), new double[3 * point.Size], new double[3 * point.Size]);

        approximation.Solve(damping, sides, solutions);
        approximation.Apply(solutions, products);

        // rounding grows with the condition number
        var condition = 1 + (approximation.Eigenvalues()[^1] / damping);
        AssertClose(sides, [.. products.Zip(solutions, (product, solution) => product + (damping * solution))], 1e-14 * condition);
    });

    [Fact]
    public void Factors_are_means_over_examples_and_the_same_on_any_threads()
    {
        // more examples than a chunk holds
        var point = DrawnPoints.Of(new Draw(3), Mlp.Of(NodeActivation.Tanh, 3, 4, 2), OutputLoss.CrossEntropy, 1_500);
        using var two = new Team(2);
        var (left, right) = (KroneckerFactors.Of(point.On(point.Examples.Slice(0, 500))), KroneckerFactors.Of(point.On(point.Examples.Slice(500, 1000))));

        var all = KroneckerFactors.Of(point, new KroneckerOptions { Team = two });

        var alone = KroneckerFactors.Of(point);
        foreach (var (number, layer) in all.Layers.Index())
        {
            AssertClose(Mean(left.Layers[number].OfInputs, right.Layers[number].OfInputs), layer.OfInputs.ToArray());
            AssertClose(Mean(left.Layers[number].OfNodes, right.Layers[number].OfNodes), layer.OfNodes.ToArray());
            Assert.Equal(alone.Layers[number].OfNodes, layer.OfNodes);
        }

        Assert.Equal(alone.Ekfac().Eigenvalues(), all.Ekfac().Eigenvalues());

        static double[] Mean(ReadOnlySpan<double> third, ReadOnlySpan<double> twoThirds) => [.. third.ToArray().Zip(twoThirds.ToArray(), (x, y) => (x + (2 * y)) / 3)];
    }

    [Fact]
    public void Factors_of_the_second_moment_are_exact_for_one_example_and_with_drawn_labels_have_those_of_the_Gauss_Newton_matrix_as_mean()
    {
        var point = DrawnPoints.Of(new Draw(5), Mlp.Of(NodeActivation.Tanh, 3, 4, 3), OutputLoss.CrossEntropy, 1);
        using var curvature = point.Products();
        var options = new KroneckerOptions { Matrix = KroneckerMatrix.SecondMoment };
        var expected = Whole(curvature.SecondMoment);
        new BlockDiagonalOperator(curvature.SecondMoment, curvature.Block, Layer).Restrict(expected);

        AssertClose(expected, Whole(KroneckerFactors.Of(point, options).Kfac()));
        const int draws = 400;
        var (mean, square) = (0.0, 0.0);
        for (var i = 0UL; i < draws; i++)
        {
            var drawn = point.On(SampledLabels.Draw(point.Network, point.Loss, point.Examples, point.Parameters, new RandomSequence(i, "test/labels")));
            var entry = KroneckerFactors.Of(drawn, options).Layers[0].OfNodes[0];
            (mean, square) = (mean + (entry / draws), square + (entry * entry / draws));
        }

        // four standard errors
        Assert.Equal(KroneckerFactors.Of(point).Layers[0].OfNodes[0], mean, 4 * Math.Sqrt((square - (mean * mean)) / draws));
    }

    [Fact]
    public void Damping_must_be_positive_and_vectors_whole_rows()
    {
        var approximation = KroneckerFactors.Of(DrawnPoints.Of(new Draw(1), Mlp.Relu(2, 2), OutputLoss.CrossEntropy, 3)).Kfac();

        Assert.Throws<ArgumentOutOfRangeException>(() => approximation.Solve(0, new double[6], new double[6]));
        Assert.StartsWith("Vectors of 6 and products of 12 numbers are not rows of 6.", Assert.Throws<ArgumentException>(() => approximation.Apply(new double[6], new double[12])).Message, StringComparison.Ordinal);
    }

    private static string Layer(ParameterSlot slot) => slot.Name[..slot.Name.LastIndexOf('.')];

    /// <summary>G without what couples layers, in closed form.</summary>
    private static double[] Blocks(MlpPoint point)
    {
        var entries = ExactHessian.Of(point, new ExactOptions { Matrix = CurvatureMatrix.GaussNewton });
        using var curvature = point.Products();
        new BlockDiagonalOperator(curvature.GaussNewton, point.Network.Layout, Layer).Restrict(entries);
        return entries;
    }

    private static double Distance(double[] x, double[] y) => Math.Sqrt(x.Zip(y, (a, b) => (a - b) * (a - b)).Sum());
}
