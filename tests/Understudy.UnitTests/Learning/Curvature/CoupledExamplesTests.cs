using Understudy.Engine;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;
using static Understudy.UnitTests.Learning.Networks.ImportedNetworkTests;

namespace Understudy.UnitTests.Learning.Curvature;

/// <summary>Examples that see each other, through the statistics of their batch, are taken all at once whatever batches are asked for.</summary>
public sealed class CoupledExamplesTests
{
    private const int Rows = 7;

    // the reference states 1e-12 for losses and gradients
    private const double Tolerance = 1e-12;

    private readonly ReferenceCase _reference = ReferenceCase.Load("bn-tanh-ce");

    [Fact]
    public void Curvature_is_that_of_the_reference()
    {
        using var curvature = _reference.Curvature(new CurvatureOptions { BatchRows = Rows });
        var signs = _reference.Signs(777);

        var gradient = curvature.Gradient(out var loss);
        var product = Product(curvature.Hessian, signs);

        AssertPoint(loss, gradient);
        Assert.Equal(_reference.Number("lanczos", "vHv_over_n"), Dot(signs, product) / _reference.Size, Tolerance * Norm(product));
    }

    [Fact]
    public void Losses_accuracies_and_gradients_are_those_of_the_reference()
    {
        using var evaluator = new LossEvaluator(_reference.Network, _reference.Loss, _reference.Examples, batchRows: Rows);
        var gradient = new double[evaluator.Size];

        var loss = evaluator.Gradient(_reference.Parameters, gradient);
        var value = evaluator.At(_reference.Parameters);

        AssertPoint(loss, gradient);
        Assert.Equal(loss, value.Loss, Tolerance * loss);
        Assert.Equal(_reference.Number("accuracy"), value.Accuracy);
    }

    [Fact]
    public void Pulled_residuals_are_the_gradient_of_the_reference_and_pushed_directions_their_adjoint()
    {
        using var jacobian = new NetworkJacobian(_reference.Network, _reference.Examples, _reference.Parameters, new CurvatureOptions { BatchRows = Rows });
        double[] residuals = Residuals(Outputs(_reference.Network, _reference.Examples.Inputs.ToArray(), _reference.Parameters)), direction = _reference.Signs(9);
        double[] gradient = new double[jacobian.Columns], change = new double[jacobian.Rows];

        jacobian.MultiplyTransposed(residuals, gradient);
        jacobian.Multiply(direction, change);

        AssertPoint(_reference.Number("loss", "value"), gradient);
        Assert.Equal(Dot(gradient, direction), Dot(residuals, change), Tolerance * Norm(gradient) * Norm(direction));
    }

    [Fact]
    public void Outputs_on_more_examples_than_a_batch_are_those_of_all_at_once()
    {
        // more than the 500 rows that outputs are else cut into
        const int count = 503;
        var draw = new Draw(1);
        var network = new LayeredNetwork(new Shape(3), new DenseLayer(4), new BatchNormLayer(), new DenseLayer(2));
        double[] inputs = draw.Normal(count * 3), theta = draw.Normal(network.Layout.Count);

        AssertClose(Outputs(network, inputs, theta), NetworkOutputs.Of(network, new ExampleSet(inputs, new double[count], count), theta));
    }

    private void AssertPoint(double loss, double[] gradient)
    {
        Assert.Equal(_reference.Number("loss", "value"), loss, Tolerance * loss);
        Assert.Equal(_reference.Number("gradient", "norm"), Norm(gradient), Tolerance * Norm(gradient));
        var first = _reference.Numbers("gradient", "first8");
        foreach (var (ours, theirs) in _reference.Order.Index().Where(place => place.Item < first.Length))
            Assert.Equal(first[theirs], gradient[ours], Tolerance * gradient.Max(Math.Abs));
    }

    /// <summary>(softmax − the class) / N, [N, C].</summary>
    private double[] Residuals(double[] outputs)
    {
        var (examples, classes) = (_reference.Examples, _reference.Network.Outputs);
        return [.. outputs.Chunk(classes).SelectMany((row, i) =>
        {
            double[] weights = [.. row.Select(value => Math.Exp(value - row.Max()))];
            return weights.Select((weight, c) => ((weight / weights.Sum()) - (c == (int)examples.Targets[i] ? 1 : 0)) / examples.Count);
        })];
    }
}
