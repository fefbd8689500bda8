using Understudy.Engine;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;

namespace Understudy.UnitTests.Learning.Curvature;

public class KroneckerConvolutionTests
{
    private static readonly NodeActivation Linear = NodeActivation.LeakyRelu(1);

    public static TheoryData<KroneckerSetting, KroneckerMatrix> Kinds => new(
        from setting in Enum.GetValues<KroneckerSetting>() from matrix in Enum.GetValues<KroneckerMatrix>() select (setting, matrix));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Convolutions_of_one_position_are_fully_connected_layers(KroneckerSetting setting, KroneckerMatrix matrix) => Property.Holds(10, draw =>
    {
        // a kernel as large as the image, then kernels of one pixel on an image of one
        var (side, channels, loss) = (1 + draw.Index(3), 1 + draw.Index(2), draw.Coin() ? OutputLoss.CrossEntropy : OutputLoss.HalfSquared);
        int[] widths = [side * side * channels, draw.Extent(4), draw.Extent(4), 3];
        var activation = DrawnPoints.Activations[draw.Case % DrawnPoints.Activations.Length];
        var dense = DrawnPoints.Of(draw, Mlp.Of(activation, widths), loss, draw.Extent(15));
        var network = new LayeredNetwork(
            new Shape(side, side, channels),
            new ConvolutionLayer(widths[1], side, padding: 0), new ActivationLayer(activation), new ConvolutionLayer(widths[2], 1), new ActivationLayer(activation), new FlattenLayer(), new DenseLayer(3));
        var expected = KroneckerFactors.Of(dense, new KroneckerOptions { Matrix = matrix });

        var factors = new ImagePoint(network, loss, dense.Examples, dense.Parameters.ToArray()).Factors(setting, matrix);

        foreach (var (own, other) in factors.Layers.Zip(expected.Layers))
        {
            Assert.Equal((other.Offset, other.Inputs, other.Nodes), (own.Offset, own.Inputs, own.Nodes));
            AssertNear(other.OfInputs, own.OfInputs);
            AssertNear(other.OfNodes, own.OfNodes);
        }

        AssertNear(Whole(expected.Kfac()), Whole(factors.Kfac()));
        AssertNear(expected.Ekfac().Eigenvalues(), factors.Ekfac().Eigenvalues());
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Factors_are_sums_over_positions_of_those_of_the_fully_connected_network_that_does_the_same(KroneckerSetting setting, KroneckerMatrix matrix) => Property.Holds(12, draw =>
    {
        var activation = DrawnPoints.Activations[draw.Case % DrawnPoints.Activations.Length];
        ConvolutionLayer first = new(1 + draw.Index(3), 1 + draw.Index(3), 1 + draw.Index(2), draw.Index(2)), second = new(1 + draw.Index(3), 1 + draw.Index(2), 1 + draw.Index(2), draw.Index(2));
        Shape image = new(3 + draw.Index(3), 3 + draw.Index(3), 1 + draw.Index(2)), middle = first.Output(image), last = second.Output(middle);
        var point = ImagePoint.Of(
            draw, new LayeredNetwork(image, first, new ActivationLayer(activation), second, new ActivationLayer(activation), new DenseLayer(3)), OutputLoss.CrossEntropy, draw.Extent(8));
        var slots = point.Network.Layout.Slots;
        Unrolled[] unrolled = [new(first, image, slots[0].Shape), new(second, middle, slots[2].Shape)];
        var parameters = unrolled.SelectMany((layer, i) => layer.Dense(slots[2 * i].Of<double>(point.Parameters), slots[(2 * i) + 1].Of<double>(point.Parameters))).Concat(point.Parameters[slots[4].Offset..]);
        var dense = KroneckerFactors.Of(
            new MlpPoint(Mlp.Of(activation, image.Count, middle.Count, last.Count, 3), point.Loss, point.Examples, [.. parameters]), new KroneckerOptions { Matrix = matrix });

        var factors = point.Factors(setting, matrix);

        for (var i = 0; i < 2; i++)
        {
            var (ofInputs, ofNodes) = unrolled[i].Factors(dense.Layers[i], setting);
            AssertNear(ofInputs, factors.Layers[i].OfInputs);
            AssertNear(ofNodes, factors.Layers[i].OfNodes);
        }

        AssertNear(dense.Layers[2].OfInputs, factors.Layers[2].OfInputs);
        AssertNear(dense.Layers[2].OfNodes, factors.Layers[2].OfNodes);
    });

    [Fact]
    public void Reduced_factors_are_exact_for_a_linear_convolution_whose_results_are_averaged_under_a_squared_error() => Property.Holds(12, draw =>
    {
        var loss = draw.Coin() ? OutputLoss.HalfSquared : OutputLoss.MeanSquared;
        // before the last one kernels of one pixel, which read all positions alike
        ILayer[] before = [.. Enumerable.Range(0, draw.Case % 3).Select(_ => new ConvolutionLayer(1 + draw.Index(3), 1, hasBias: draw.Coin()))];
        var network = new LayeredNetwork(
            new Shape(4, 5, 2), [.. before, new ConvolutionLayer(1 + draw.Index(3), before.Length == 0 ? 3 : 1), new ActivationLayer(Linear), new AdaptiveAverageLayer(1), new DenseLayer(3), new DenseLayer(2)]);
        var point = ImagePoint.Of(draw, network, loss, 6);
        var blocks = point.Blocks();

        var reduced = point.Factors(KroneckerSetting.Reduce);

        AssertNear(blocks, Whole(reduced.Kfac()));
        AssertNear(blocks, Whole(reduced.Ekfac()));
        // patches of an image differ, so that the mean of their squares is not the square of their mean
        Assert.True(Distance(blocks, Whole(point.Factors().Kfac())) > 1e-3 * Distance(blocks, new double[blocks.Length]));
    });

    [Theory]
    [InlineData(KroneckerSetting.Expand)]
    [InlineData(KroneckerSetting.Reduce)]
    public void Products_and_damped_inverses_are_those_of_the_Kronecker_products_of_the_factors(KroneckerSetting setting) => Property.Holds(12, draw =>
    {
        var point = ImagePoint.Any(draw);
        var (factors, damping) = (point.Factors(setting), 0.1);
        var expected = new double[point.Size * point.Size];
        foreach (var layer in factors.Layers)
        {
            for (var row = 0; row < layer.Inputs * layer.Nodes; row++)
            {
                for (var column = 0; column < layer.Inputs * layer.Nodes; column++)
                {
                    var product = layer.OfInputs[(row / layer.Nodes * layer.Inputs) + (column / layer.Nodes)] * layer.OfNodes[(row % layer.Nodes * layer.Nodes) + (column % layer.Nodes)];
                    expected[((layer.Offset + row) * point.Size) + layer.Offset + column] = product;
                }
            }
        }

        var kfac = factors.Kfac();

        AssertNear(expected, Whole(kfac));
        var (sides, solutions, products) = (draw.Normal(2 * point.Size), new double[2 * point.Size], new double[2 * point.Size]);
        kfac.Solve(damping, sides, solutions);
        Products.Multiply(2, point.Size, point.Size, solutions, expected, products);
        AssertClose(sides, [.. products.Zip(solutions, (product, solution) => product + (damping * solution))], 1e-13 * (1 + (kfac.Eigenvalues()[^1] / damping)));
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fitted_eigenvalues_are_what_the_block_has_in_the_basis_so_they_keep_its_trace_and_are_nearer(KroneckerSetting setting, KroneckerMatrix matrix) => Property.Holds(16, draw =>
    {
        var point = ImagePoint.Any(draw);
        var (blocks, factors, expected) = (point.Blocks(matrix), point.Factors(setting, matrix), new double[point.Size * point.Size]);
        foreach (var layer in factors.Layers)
        {
            var (inputs, nodes) = (SymmetricEigen.Of(layer.OfInputs, layer.Inputs), SymmetricEigen.Of(layer.OfNodes, layer.Nodes));
            for (var a = 0; a < layer.Inputs; a++)
            {
                for (var b = 0; b < layer.Nodes; b++)
                {
                    var basis = new double[point.Size];
                    for (var i = 0; i < layer.Inputs * layer.Nodes; i++)
                        basis[layer.Offset + i] = inputs.Vectors[(a * layer.Inputs) + (i / layer.Nodes)] * nodes.Vectors[(b * layer.Nodes) + (i % layer.Nodes)];
                    var product = new double[point.Size];
                    Products.Multiply(point.Size, 1, point.Size, blocks, basis, product);
                    Products.Multiply(point.Size, point.Size, 1, basis, [.. basis.Select(value => Dot(basis, product) * value)], expected, accumulate: true);
                }
            }
        }

        var ekfac = factors.Ekfac();

        var trace = Enumerable.Range(0, point.Size).Sum(i => blocks[(i * point.Size) + i]);
        AssertNear(expected, Whole(ekfac));
        Assert.Equal(trace, ekfac.Trace, 1e-11 * trace);
        Assert.InRange(Distance(blocks, Whole(ekfac)), 0, Distance(blocks, Whole(factors.Kfac())) + (1e-12 * blocks.Max(Math.Abs) * point.Size));
    });

    [Theory]
    [InlineData(KroneckerSetting.Expand)]
    [InlineData(KroneckerSetting.Reduce)]
    public void Factors_are_means_over_examples_and_the_same_on_any_threads(KroneckerSetting setting)
    {
        // more examples than a chunk holds
        var network = new LayeredNetwork(new Shape(4, 4, 1), new ConvolutionLayer(2), new ActivationLayer(NodeActivation.Tanh), PoolLayer.Largest(), new ConvolutionLayer(2), new DenseLayer(2));
        var point = ImagePoint.Of(new Draw(3), network, OutputLoss.CrossEntropy, 1_500);
        using Team two = new(2), three = new(3);
        var (left, right) = (point.On(point.Examples.Slice(0, 500)).Factors(setting), point.On(point.Examples.Slice(500, 1000)).Factors(setting));

        var all = point.Factors(setting);

        foreach (var (number, layer) in all.Layers.Index())
        {
            AssertNear(Mean(left.Layers[number].OfInputs, right.Layers[number].OfInputs), layer.OfInputs);
            AssertNear(Mean(left.Layers[number].OfNodes, right.Layers[number].OfNodes), layer.OfNodes);
        }

        foreach (var team in new[] { two, three })
        {
            var factors = point.Factors(setting, team: team);
            Assert.All(all.Layers.Zip(factors.Layers), pair => Assert.Equal(pair.First.OfInputs, pair.Second.OfInputs));
            Assert.All(all.Layers.Zip(factors.Layers), pair => Assert.Equal(pair.First.OfNodes, pair.Second.OfNodes));
            Assert.Equal(all.Ekfac().Eigenvalues(), factors.Ekfac().Eigenvalues());
        }

        static double[] Mean(ReadOnlySpan<double> third, ReadOnlySpan<double> twoThirds) => [.. third.ToArray().Zip(twoThirds.ToArray(), (x, y) => (x + (2 * y)) / 3)];
    }

    [Fact]
    public void Drawn_labels_have_the_factors_of_the_Gauss_Newton_matrix_as_mean()
    {
        var network = new LayeredNetwork(new Shape(4, 4, 1), new ConvolutionLayer(2), new ActivationLayer(NodeActivation.Tanh), new DenseLayer(3));
        var point = ImagePoint.Of(new Draw(5), network, OutputLoss.CrossEntropy, 2);
        const int draws = 400;
        var (mean, square) = (0.0, 0.0);

        for (var i = 0UL; i < draws; i++)
        {
            var drawn = point.On(SampledLabels.Draw(network, point.Loss, point.Examples, point.Parameters, new RandomSequence(i, "test/labels")));
            var entry = drawn.Factors(matrix: KroneckerMatrix.SecondMoment).Layers[0].OfNodes[0];
            (mean, square) = (mean + (entry / draws), square + (entry * entry / draws));
        }

        // four standard errors
        Assert.Equal(point.Factors().Layers[0].OfNodes[0], mean, 4 * Math.Sqrt((square - (mean * mean)) / draws));
    }

    public static TheoryData<string, ILayer> Others => new()
    {
        { "layer.1 is a BatchNormLayer", new BatchNormLayer() },
        { "layer.1 is a GroupNormLayer", new GroupNormLayer(1) },
        { "layer.1 is a ResidualLayer", new ResidualLayer(new ConvolutionLayer(2)) },
        { "layer.1 is a fully connected layer whose weights are divided by their lengths", new DenseLayer(3) { HasUnitNodes = true } },
        { "layer.1.0 is a BatchNormLayer", new SequenceLayer(new BatchNormLayer()) },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Other_layers_are_refused_by_name(string where, ILayer layer)
    {
        var network = new LayeredNetwork(new Shape(4, 4, 1), new ConvolutionLayer(2), layer, new DenseLayer(3));

        var problem = Assert.Throws<ArgumentException>(() => ImagePoint.Of(new Draw(1), network, OutputLoss.CrossEntropy, 2).Factors());

        Assert.StartsWith(
            $"Kronecker factors are for fully connected and convolutional layers with activations, pools and flattening between them, but {where}: "
            + "take products with the matrix itself (NetworkCurvature.GaussNewton), or leave the layer out.", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_without_weights_and_parameters_of_another_are_told()
    {
        var (bare, network) = (new LayeredNetwork(new Shape(2, 2, 1), new FlattenLayer()), new LayeredNetwork(new Shape(2, 2, 1), new DenseLayer(2)));
        var examples = new ExampleSet(new double[4], [0], 1);

        Assert.StartsWith("The network has no layer with weights.", Assert.Throws<ArgumentException>(() => KroneckerFactors.Of(bare, OutputLoss.CrossEntropy, examples, [])).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "The network has 10 parameters, but was given 3.", Assert.Throws<ArgumentException>(() => KroneckerFactors.Of(network, OutputLoss.CrossEntropy, examples, new double[3])).Message, StringComparison.Ordinal);
    }

    /// <summary>To 1e-11 of the largest number; where all are 0, as behind rectifiers that are all off, exactly.</summary>
    private static void AssertNear(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var tolerance = 1e-11 * expected.ToArray().Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
            Assert.InRange(Math.Abs(expected[i] - actual[i]), 0, tolerance);
    }

    private static double Distance(double[] x, double[] y) => Math.Sqrt(x.Zip(y, (a, b) => (a - b) * (a - b)).Sum());

    /// <summary>A convolution as a fully connected layer, each of whose weights is one of the kernel or 0.</summary>
    private sealed class Unrolled
    {
        private readonly Shape _image;
        private readonly Shape _result;
        private readonly Shape _weights;
        private readonly int[][] _places;

        internal Unrolled(ConvolutionLayer layer, Shape image, Shape weights)
        {
            (_image, _weights, _result) = (image, weights, layer.Output(image));
            // of each position, where in the image every number of the patch is, −1 in the padding; behind them the one of the bias
            _places =
            [
                .. from top in Enumerable.Range(0, _result[0])
                   from left in Enumerable.Range(0, _result[1])
                   select (int[])[.. from y in Enumerable.Range((top * layer.Stride) - layer.Padding, weights[0])
                                     from x in Enumerable.Range((left * layer.Stride) - layer.Padding, weights[1])
                                     from channel in Enumerable.Range(0, weights[2])
                                     select y < 0 || x < 0 || y >= image[0] || x >= image[1] ? -1 : (((y * image[1]) + x) * image[2]) + channel, image.Count],
            ];
        }

        private int Filters => _weights[3];

        /// <summary>Weights and biases of the fully connected layer.</summary>
        internal double[] Dense(ReadOnlySpan<double> kernel, ReadOnlySpan<double> bias)
        {
            var dense = new double[(_image.Count + 1) * _result.Count];
            foreach (var (position, places) in _places.Index())
            {
                for (var filter = 0; filter < Filters; filter++)
                {
                    var node = (position * Filters) + filter;
                    dense[(_image.Count * _result.Count) + node] = bias[filter];
                    for (var i = 0; i < places.Length - 1; i++)
                    {
                        if (places[i] >= 0)
                            dense[(places[i] * _result.Count) + node] = kernel[(i * Filters) + filter];
                    }
                }
            }

            return dense;
        }

        /// <summary>The factors of the convolution from those of the fully connected layer, whose entries are means over examples of products at two positions.</summary>
        internal (double[] OfInputs, double[] OfNodes) Factors(LayerFactors dense, KroneckerSetting setting)
        {
            var (inputs, positions) = (_places[0].Length, _places.Length);
            var (ofInputs, ofNodes) = (new double[inputs * inputs], new double[Filters * Filters]);
            for (var s = 0; s < positions; s++)
            {
                for (var t = 0; t < positions; t++)
                {
                    if (s != t && setting == KroneckerSetting.Expand)
                        continue;
                    for (var i = 0; i < inputs * inputs; i++)
                    {
                        var (row, column) = (_places[s][i / inputs], _places[t][i % inputs]);
                        if (row >= 0 && column >= 0)
                            ofInputs[i] += dense.OfInputs[(row * dense.Inputs) + column] / (setting == KroneckerSetting.Expand ? 1 : positions * positions);
                    }

                    for (var i = 0; i < Filters * Filters; i++)
                        ofNodes[i] += dense.OfNodes[(((s * Filters) + (i / Filters)) * dense.Nodes) + (t * Filters) + (i % Filters)] / (setting == KroneckerSetting.Expand ? positions : 1);
                }
            }

            return (ofInputs, ofNodes);
        }
    }
}
