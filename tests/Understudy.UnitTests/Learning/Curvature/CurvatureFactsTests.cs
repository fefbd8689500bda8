using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Plans;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;

namespace Understudy.UnitTests.Learning.Curvature;

/// <summary>What is known of the spectrum of any network of a kind, at any parameters.</summary>
public class CurvatureFactsTests
{
    // the reference's rule for zero in double precision
    private const double Zero = 1e-10;

    [Fact]
    public void The_residual_of_a_rectified_network_has_no_diagonal_blocks_so_traces_of_Hessian_and_Gauss_Newton_agree() => Property.Holds(20, draw =>
    {
        int[] widths = [1 + draw.Index(4), .. Enumerable.Range(0, 1 + draw.Index(3)).Select(_ => 1 + draw.Index(5)), 3];
        var point = DrawnPoints.Of(draw, Mlp.Of(DrawnPoints.Activations[draw.Case % 2], widths), OutputLoss.CrossEntropy, 15);

        var residual = Matrix(point, CurvatureMatrix.Residual);

        for (var layer = 0; layer < point.Network.Layers; layer++)
        {
            var (start, end) = (point.Network.Layout.Slots[2 * layer].Offset, layer == point.Network.Layers - 1 ? point.Size : point.Network.Layout.Slots[(2 * layer) + 2].Offset);
            for (var row = start; row < end; row++)
                Assert.All(residual[((row * point.Size) + start)..((row * point.Size) + end)], value => Assert.Equal(0, value));
        }

        var hessian = Matrix(point, CurvatureMatrix.Hessian);
        var trace = Enumerable.Range(0, point.Size).Sum(i => hessian[(i * point.Size) + i]);
        Assert.Equal(ExactTraces.Of(point).Hessian!.Value, trace, 1e-12 * trace);
    });

    [Fact]
    public void One_rectified_layer_has_few_negative_eigenvalues_and_a_residual_of_pairs() => Property.Holds(12, draw =>
    {
        var (nodes, classes) = (1 + draw.Index(6), 2 + draw.Index(2));
        var point = DrawnPoints.Of(draw, Mlp.Relu(6, nodes, classes), OutputLoss.CrossEntropy, 60);

        var hessian = Values(point, CurvatureMatrix.Hessian);
        var residual = Values(point, CurvatureMatrix.Residual);

        Assert.InRange(Negative(hessian), 0, nodes * (classes - 1));
        Assert.InRange(Negative(residual), 1, nodes * (classes - 1));
        Assert.Equal(Positive(residual), Negative(residual));
        for (var i = 0; i < residual.Length; i++)
            Assert.Equal(-residual[^(i + 1)], residual[i], 1e-13 * residual[^1]);
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void The_rank_of_the_Gauss_Newton_matrix_is_that_of_the_outputs(int examples)
    {
        foreach (var (loss, rank) in new[] { (OutputLoss.CrossEntropy, 2), (OutputLoss.HalfSquared, 3), (OutputLoss.Logistic, 1) })
        {
            var point = DrawnPoints.Of(new Draw(examples), Mlp.Of(NodeActivation.Tanh, 5, 6, loss == OutputLoss.Logistic ? 1 : 3), loss, examples);

            var values = Values(point, CurvatureMatrix.GaussNewton);

            Assert.Equal(rank * examples, Positive(values));
            Assert.Equal(0, Negative(values));
        }
    }

    [Fact]
    public void Shifting_all_logits_changes_nothing_so_zeros_are_as_many_as_the_last_layer_has_inputs() => Property.Holds(8, draw =>
    {
        var width = 1 + draw.Index(4);
        var point = DrawnPoints.Of(draw, Mlp.Of(NodeActivation.Gelu, 2, width, 3), OutputLoss.CrossEntropy, 200);
        var hessian = Matrix(point, CurvatureMatrix.Hessian);
        var last = point.Network.Layout.Slots[2].Offset;

        for (var input = 0; input <= width; input++)
        {
            var shift = new double[point.Size];
            shift.AsSpan(last + (input * 3), 3).Fill(1);
            Assert.All(Rows(hessian, point.Size), row => Assert.Equal(0, Dot(row, shift), 1e-14 * hessian.Max(Math.Abs)));
        }
    });

    [Theory]
    [InlineData("softmax-regression")]
    [InlineData("mlp-tanh-ce-trained")]
    public void A_pixel_that_is_never_set_gives_an_empty_row_for_every_node_of_the_first_layer(string name)
    {
        var reference = ReferenceCase.Load(name);
        var hessian = ExactHessian.Of(reference.Point);

        var silent = Enumerable.Range(0, 64).Where(pixel => Enumerable.Range(0, reference.Examples.Count).All(i => reference.Examples.Inputs[(i * 64) + pixel] == 0)).ToArray();
        var nodes = reference.Network.Layout.Slots[0].Shape[1];

        // so many of the first 500 digits' pixels
        Assert.Equal(8, silent.Length);
        var empty = Rows(hessian, reference.Size).Index().Where(row => row.Item.All(value => value == 0)).Select(row => row.Index);
        Assert.Equal(silent.SelectMany(pixel => Enumerable.Range(pixel * nodes, nodes)), empty);
    }

    [Fact]
    public void Rescaling_a_rectified_node_keeps_the_signs_of_eigenvalues_but_not_their_size() => Property.Holds(8, draw =>
    {
        var (inputs, nodes, outputs) = (3, 4, 3);
        var point = DrawnPoints.Of(draw, Mlp.Relu(inputs, nodes, outputs), OutputLoss.CrossEntropy, 50);
        var rescaled = point.Parameters.ToArray();
        const double factor = 8;
        for (var i = 0; i <= inputs; i++)
            rescaled[(i * nodes) + 1] *= factor;
        for (var c = 0; c < outputs; c++)
            rescaled[((inputs + 1) * nodes) + outputs + c] /= factor;

        var before = Values(point, CurvatureMatrix.Hessian);
        var after = Values(new MlpPoint(point.Network, point.Loss, point.Examples, rescaled), CurvatureMatrix.Hessian);

        Assert.Equal((Positive(before), Negative(before)), (Positive(after), Negative(after)));
        Assert.True(Math.Abs(after[^1] - before[^1]) > 0.01 * before[^1]);
    });

    [Fact]
    public void Weight_decay_shifts_every_eigenvalue() => Property.Holds(12, draw =>
    {
        var point = DrawnPoints.Of(draw, Mlp.Of(DrawnPoints.Activations[draw.Case % 5], 2 + draw.Index(3), 3, 3), OutputLoss.CrossEntropy, 10);
        var decay = draw.Uniform(0.01, 2);
        using var curvature = point.Products();
        var size = point.Size;

        var values = Values(point, CurvatureMatrix.Hessian);
        var penalized = SymmetricEigen.Of(Penalized(point, decay), size).Values.ToArray();
        var shifted = ExactHessian.ByProducts(new ShiftedOperator(curvature.Hessian, decay), out _);

        var tolerance = 1e-12 * (decay + values.Max(Math.Abs));
        for (var i = 0; i < size; i++)
            Assert.Equal(values[i] + decay, penalized[i], tolerance);
        AssertClose(Penalized(point, decay), shifted, 1e-12);
    });

    [Fact]
    public void A_linear_model_has_no_residual() => Property.Holds(6, draw =>
    {
        var point = DrawnPoints.Of(draw, Mlp.Relu(1 + draw.Index(5), 4), OutputLoss.CrossEntropy, 12);

        Assert.Equal(Matrix(point, CurvatureMatrix.GaussNewton), Matrix(point, CurvatureMatrix.Hessian));
        Assert.All(Matrix(point, CurvatureMatrix.Residual), value => Assert.Equal(0, value));
    });

    [Fact]
    public void Permuting_hidden_nodes_leaves_the_spectrum() => Property.Holds(8, draw =>
    {
        var network = Mlp.Of(DrawnPoints.Activations[draw.Case % 5], 3, 5, 4, 2);
        var point = DrawnPoints.Of(draw, network, OutputLoss.HalfSquared, 20);
        var order = draw.Permutation(5);
        var permuted = point.Parameters.ToArray();
        for (var k = 0; k < 5; k++)
        {
            for (var i = 0; i < 4; i++)
            {
                permuted[(i * 5) + k] = point.Parameters[(i * 5) + order[k]];
                permuted[20 + (k * 4) + i] = point.Parameters[20 + (order[k] * 4) + i];
            }
        }

        AssertClose(Values(point, CurvatureMatrix.Hessian), Values(new MlpPoint(network, point.Loss, point.Examples, permuted), CurvatureMatrix.Hessian), 1e-11);
    });

    [Fact]
    public void The_Fisher_matrix_of_a_softmax_is_its_Gauss_Newton_matrix() => Property.Holds(8, draw =>
    {
        var point = DrawnPoints.Of(draw, Mlp.Of(DrawnPoints.Activations[draw.Case % 5], 3, 4, 3), OutputLoss.CrossEntropy, 9);
        var (count, size) = (point.Examples.Count, point.Size);
        var pass = new MlpPass(point, 0, count, null);
        var p = pass.Cotangents(1, (output, _, row) => OutputLoss.Softmax(output, 1, row));
        var fisher = new double[size * size];
        for (var label = 0; label < 3; label++)
        {
            // the gradients had the label been this one
            var rows = ExampleGradients.Rows(new MlpPoint(point.Network, point.Loss, point.Examples.WithTargets([.. Enumerable.Repeat((double)label, count)]), point.Parameters), 0, count);
            for (var i = 0; i < count; i++)
            {
                for (var at = 0; at < fisher.Length; at++)
                    fisher[at] += p[(label * count) + i] / count * rows[(i * size) + (at / size)] * rows[(i * size) + (at % size)];
            }
        }

        AssertClose(Matrix(point, CurvatureMatrix.GaussNewton), fisher, 1e-13);
    });

    /// <summary>The second derivatives of L + (μ/2)|θ|², by the engine from the penalized loss itself.</summary>
    private static double[] Penalized(MlpPoint point, double decay)
    {
        var (network, count) = (point.Network, point.Examples.Count);
        var traced = new TracedLoss(network, point.Loss, count, count, [.. network.Layout.Slots.Select(_ => true)]);
        var loss = traced.Chosen.Aggregate(traced.ShareAt(traced.Output), (sum, parameter) => sum + (0.5 * decay * Ops.Sum(parameter * parameter)));
        using var plan = Plan.Compile([.. Transforms.Hvp(loss, traced.Chosen, traced.Directions)], new PlanOptions { Precision = DType.F64 });
        plan.Write(traced.Inputs, point.Examples.Inputs);
        plan.Write(traced.Targets, point.Examples.Targets);
        var (matrix, unit) = (new double[point.Size * point.Size], new double[point.Size]);
        foreach (var (slot, parameter) in network.Layout.Slots.Zip(traced.Parameters))
            plan.Write(parameter, slot.Of(point.Parameters));
        for (var row = 0; row < point.Size; row++)
        {
            unit[row] = 1;
            foreach (var (slot, direction) in network.Layout.Slots.Zip(traced.Directions))
                plan.Write(direction, slot.Of<double>(unit.AsSpan()));
            plan.Run();
            foreach (var (i, slot) in network.Layout.Slots.Index())
                plan.Read(i, slot.Of<double>(matrix.AsSpan(row * point.Size, point.Size)));
            unit[row] = 0;
        }

        return matrix;
    }

    private static double[] Matrix(MlpPoint point, CurvatureMatrix matrix) => ExactHessian.Of(point, new ExactOptions { Matrix = matrix });

    private static double[] Values(MlpPoint point, CurvatureMatrix matrix) => SymmetricEigen.Of(Matrix(point, matrix), point.Size).Values.ToArray();

    private static int Positive(double[] values) => values.Count(value => value > Zero * values.Max(Math.Abs));

    private static int Negative(double[] values) => values.Count(value => value < -Zero * values.Max(Math.Abs));

    private static IEnumerable<double[]> Rows(double[] matrix, int size) => Enumerable.Range(0, size).Select(row => matrix[(row * size)..((row + 1) * size)]);
}
