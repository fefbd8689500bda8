using Understudy.Engine;
using Understudy.Engine.LinearAlgebra;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;

namespace Understudy.UnitTests.Learning.Curvature;

public class ActivationCurvatureTests
{
    [Fact]
    public void By_the_pre_activations_of_a_layer_it_is_the_block_of_its_biases_for_that_example_alone() => Property.Holds(30, draw =>
    {
        var point = DrawnPoints.Any(draw);
        var (example, layer) = (draw.Index(point.Examples.Count), draw.Index(point.Network.Layers));
        var alone = point.On(point.Examples.Slice(example, 1));
        var bias = point.Network.Layout.Slots[(2 * layer) + 1];
        double[] Block(CurvatureMatrix matrix)
        {
            var entries = ExactHessian.Of(alone, new ExactOptions { Matrix = matrix });
            return [.. Enumerable.Range(0, bias.Shape.Count).SelectMany(row => bias.Of<double>(entries.AsSpan((bias.Offset + row) * point.Size, point.Size)).ToArray())];
        }

        using var curvature = ActivationCurvature.ByPreActivations(point, layer, example);

        AssertNear(Block(CurvatureMatrix.Hessian), Whole(curvature.Hessian));
        AssertNear(Block(CurvatureMatrix.GaussNewton), Whole(curvature.GaussNewton));
        using var products = alone.Products();
        AssertNear(bias.Of<double>(products.Gradient()).ToArray(), curvature.Gradient());
    });

    [Fact]
    public void By_the_inputs_it_is_that_by_the_first_layer_between_its_weights() => Property.Holds(30, draw =>
    {
        var point = DrawnPoints.Any(draw);
        var (example, inputs, nodes) = (draw.Index(point.Examples.Count), point.Network.Inputs, point.Network.Widths[1]);
        using var byLayer = ActivationCurvature.ByPreActivations(point, 0, example);
        var (half, expected) = (new double[inputs * nodes], new double[inputs * inputs]);
        Products.Multiply(inputs, nodes, nodes, point.Weight(0), Whole(byLayer.Hessian), half);
        Products.Multiply(inputs, inputs, nodes, half, point.Weight(0), expected, transposeRight: true);

        using var curvature = ActivationCurvature.ByInputs(point.Network, point.Loss, point.Examples, example, point.Parameters);

        AssertNear(expected, Whole(curvature.Hessian));
        Assert.Equal(point.Examples.Slice(example, 1).Inputs, curvature.Point);
        if (point.Network.Activation.IsPiecewiseLinear)
            AssertNear(Whole(curvature.GaussNewton), Whole(curvature.Hessian));
    });

    [Fact]
    public void Products_by_the_inputs_are_differences_of_gradients_and_those_of_losses() => Property.Holds(20, draw =>
    {
        const double step = 1e-4;
        var smooth = DrawnPoints.Activations.Where(activation => !activation.IsPiecewiseLinear).ToArray();
        var point = DrawnPoints.Of(draw, Mlp.Of(smooth[draw.Case % smooth.Length], draw.Extent(6), draw.Extent(6), 3), draw.Case % 2 == 0 ? OutputLoss.CrossEntropy : OutputLoss.HalfSquared, 1);
        var direction = draw.Normal(point.Network.Inputs);
        MlpPoint Moved(double t) => point.On(new ExampleSet([.. point.Examples.Inputs.ToArray().Zip(direction, (x, v) => x + (t * v))], point.Examples.Targets.ToArray(), 1));
        double[] Gradient(double t)
        {
            using var moved = ActivationCurvature.ByInputs(point.Network, point.Loss, Moved(t).Examples, 0, point.Parameters);
            return moved.Gradient();
        }

        double Loss(double t)
        {
            using var moved = Moved(t).Products();
            return moved.Loss();
        }

        using var curvature = ActivationCurvature.ByInputs(point.Network, point.Loss, point.Examples, 0, point.Parameters);
        var product = Product(curvature.Hessian, direction);

        // the error of central differences is step² times a third derivative, beside rounding over the step
        double[] differences = [.. Gradient(step).Zip(Gradient(-step), (after, before) => (after - before) / (2 * step))];
        Assert.All(product.Zip(differences), pair => Assert.Equal(pair.Second, pair.First, 1e-5 * (1 + product.Max(Math.Abs))));
        Assert.Equal((Loss(step) - Loss(-step)) / (2 * step), Dot(direction, Gradient(0)), 1e-5 * (1 + Math.Abs(Loss(0))));
    });

    [Fact]
    public void A_vector_has_one_product_wherever_it_stands()
    {
        var point = DrawnPoints.Of(new Draw(2), Mlp.Of(NodeActivation.Tanh, 5, 4, 3), OutputLoss.CrossEntropy, 2);
        using var curvature = ActivationCurvature.ByInputs(point.Network, point.Loss, point.Examples, 1, point.Parameters);
        var vectors = new Draw(3).Normal(37 * curvature.Size);

        var products = Product(curvature.Hessian, vectors);

        foreach (var row in new[] { 0, 15, 16, 36 })
            Assert.Equal(products[(row * 5)..((row + 1) * 5)], Product(curvature.Hessian, vectors[(row * 5)..((row + 1) * 5)]));
    }

    [Fact]
    public void Layers_and_examples_that_do_not_exist_and_networks_that_couple_them_are_told()
    {
        var point = DrawnPoints.Of(new Draw(2), Mlp.Relu(5, 4, 3), OutputLoss.CrossEntropy, 2);

        Assert.Throws<ArgumentOutOfRangeException>(() => ActivationCurvature.ByPreActivations(point, 2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ActivationCurvature.ByPreActivations(point, 0, 2));
        Assert.StartsWith(
            "The network has 39 parameters, but was given 3.",
            Assert.Throws<ArgumentException>(() => ActivationCurvature.ByInputs(point.Network, point.Loss, point.Examples, 0, new double[3])).Message, StringComparison.Ordinal);
        var coupled = new LayeredNetwork(new Shape(5), new DenseLayer(4), new BatchNormLayer(), new DenseLayer(3));
        Assert.StartsWith(
            "The network couples examples: one of them has no loss of its own.",
            Assert.Throws<ArgumentException>(() => ActivationCurvature.ByInputs(coupled, point.Loss, point.Examples, 0, new double[coupled.Layout.Count])).Message, StringComparison.Ordinal);
    }

    /// <summary>Relative to the largest entry and 1, since an example may have no curvature at all behind rectifiers.</summary>
    private static void AssertNear(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-13 * (1 + expected.Max(Math.Abs))));
    }
}
