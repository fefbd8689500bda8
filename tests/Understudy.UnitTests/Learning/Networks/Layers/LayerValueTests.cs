using Understudy.Engine;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;
using static Understudy.UnitTests.Learning.Networks.ImportedNetworkTests;

namespace Understudy.UnitTests.Learning.Networks.Layers;

/// <summary>What layers answer, against loops.</summary>
public sealed class LayerValueTests
{
    // sums of a few numbers of order one
    private const double Tolerance = 1e-13;

    [Fact]
    public void Every_token_has_mean_0_and_variance_1_after_layer_normalization()
    {
        const int tokens = 5, width = 8;
        var layer = new LayerNormLayer { Epsilon = 0 };
        var x = new Draw(1).Normal(3 * tokens * width);

        var result = Outputs(Flat(new Shape(tokens, width), layer), [.. x.Select(value => 2 + (3 * value))], [.. Enumerable.Repeat(1.0, width), .. new double[width]]);

        foreach (var row in result.Chunk(width))
        {
            Assert.Equal(0, row.Average(), Tolerance);
            Assert.Equal(1, row.Average(value => value * value), Tolerance);
        }
    }

    [Fact]
    public void Layer_normalization_does_not_see_shifts_and_scales_of_a_token_but_its_own()
    {
        var draw = new Draw(2);
        var network = Flat(new Shape(2, 6), new LayerNormLayer { Epsilon = 0 });
        double[] x = draw.Normal(12), scale = draw.Normal(6), shift = draw.Normal(6);

        var plain = Outputs(network, x, [.. Enumerable.Repeat(1.0, 6), .. new double[6]]);

        AssertClose([.. plain.Select((value, i) => (value * scale[i % 6]) + shift[i % 6])], Outputs(network, [.. x.Select(value => (7 * value) - 3)], [.. scale, .. shift]), Tolerance);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(null)]
    public void Groups_of_channels_are_normalized_by_their_mean_and_variance_over_all_pixels(int? channels)
    {
        const int pixels = 12, c = 6;
        var draw = new Draw(3);
        double[] x = draw.Normal(2 * pixels * c), scale = draw.Normal(c), shift = draw.Normal(c);
        var size = channels ?? c;

        double Normalized(int at)
        {
            var (example, group) = (at / (pixels * c), at % c / size);
            double[] own = [.. Enumerable.Range(0, x.Length).Where(i => i / (pixels * c) == example && i % c / size == group).Select(i => x[i])];
            var variance = own.Average(value => (value - own.Average()) * (value - own.Average()));
            return ((x[at] - own.Average()) / Math.Sqrt(variance + 0.1) * scale[at % c]) + shift[at % c];
        }

        AssertClose([.. Enumerable.Range(0, x.Length).Select(Normalized)], Outputs(Flat(new Shape(4, 3, c), new GroupNormLayer(channels) { Epsilon = 0.1 }), x, [.. scale, .. shift]), Tolerance);
    }

    [Fact]
    public void Batch_normalization_in_evaluation_mode_takes_the_given_statistics()
    {
        var layer = new NormalizeLayer(new ChannelStatistics([1, -2], [4, 0])) { Epsilon = 0.25 };
        var network = Flat(new Shape(2), layer);

        double[] expected = [((3 - 1) / Math.Sqrt(4.25) * 10) + 5, ((7 + 2) / 0.5 * 20) + 6];
        AssertClose(expected, Outputs(network, [3, 7], [10, 20, 5, 6]), Tolerance);
    }

    [Theory]
    [InlineData(6, 4, 2)]
    [InlineData(5, 7, 2)]
    [InlineData(5, 5, 3)]
    [InlineData(1, 3, 2)]
    [InlineData(4, 3, 1)]
    public void Adaptive_means_are_those_of_windows_that_cover_the_image(int height, int width, int size)
    {
        var x = new Draw(4).Normal(2 * height * width * 3);
        int First(int i, int extent) => (int)Math.Floor((double)i * extent / size);
        int End(int i, int extent) => (int)Math.Ceiling((i + 1.0) * extent / size);
        double Pixel(int n, int i, int j, int c) => x[(((((n * height) + i) * width) + j) * 3) + c];
        var expected = from n in Enumerable.Range(0, 2)
                       from i in Enumerable.Range(0, size)
                       from j in Enumerable.Range(0, size)
                       from c in Enumerable.Range(0, 3)
                       select (from row in Enumerable.Range(First(i, height), End(i, height) - First(i, height))
                               from column in Enumerable.Range(First(j, width), End(j, width) - First(j, width))
                               select Pixel(n, row, column, c)).Average();

        AssertClose([.. expected], Outputs(Flat(new Shape(height, width, 3), new AdaptiveAverageLayer(size)), x, []), Tolerance);
    }

    [Fact]
    public void Rows_get_length_1_but_below_the_floor()
    {
        var network = new LayeredNetwork(new Shape(2), new UnitLengthLayer { Floor = 0.1 });

        AssertClose([0.6, 0.8, 0, 0.5, 0, 0, -1, 0], Outputs(network, [3e-1, 4e-1, 0, 0.05, 0, 0, -1e9, 0], []), Tolerance);
    }

    [Fact]
    public void Logits_of_unit_nodes_are_those_of_weights_divided_by_their_length()
    {
        var draw = new Draw(5);
        double[] x = draw.Normal(3 * 4), w = draw.Normal(4 * 2);
        double[] lengths = [.. Enumerable.Range(0, 2).Select(k => Norm([.. w.Where((_, i) => i % 2 == k)]))];

        var plain = Outputs(new LayeredNetwork(new Shape(4), new DenseLayer(2, hasBias: false)), x, [.. w.Select((value, i) => value / lengths[i % 2])]);

        AssertClose(plain, Outputs(new LayeredNetwork(new Shape(4), new DenseLayer(2, hasBias: false) { HasUnitNodes = true }), x, w), Tolerance);
    }

    [Fact]
    public void A_residual_layer_adds_the_path_to_the_skip()
    {
        var draw = new Draw(6);
        ILayer path = new SequenceLayer(new DenseLayer(3), new ActivationLayer(NodeActivation.Tanh)), skip = new DenseLayer(3, hasBias: false);
        var network = new LayeredNetwork(new Shape(2), new ResidualLayer(path, skip));
        double[] x = draw.Normal(4 * 2), weight = draw.Normal(6), bias = draw.Normal(3), projection = draw.Normal(6);

        var both = Outputs(network, x, [.. weight, .. bias, .. projection]);

        double[] beside = Outputs(new LayeredNetwork(new Shape(2), path), x, [.. weight, .. bias]), skipped = Outputs(new LayeredNetwork(new Shape(2), skip), x, projection);
        AssertClose([.. beside.Zip(skipped, (a, b) => a + b)], both, Tolerance);
        Assert.Equal(["layer.0.path.0.weight [2, 3]", "layer.0.path.0.bias [3]", "layer.0.skip.weight [2, 3]"], network.Layout.Slots.Select(slot => $"{slot.Name} {slot.Shape}"));
        Assert.Equal(12, network.MultiplyAdds);
    }

    [Fact]
    public void A_repeated_layer_is_as_many_layers_with_the_same_parameters()
    {
        var draw = new Draw(7);
        var layer = new SequenceLayer(new DenseLayer(3), new ActivationLayer(NodeActivation.Tanh));
        double[] x = draw.Normal(4 * 3), theta = draw.Normal(12);

        var repeated = Outputs(new LayeredNetwork(new Shape(3), new RepeatedLayer(layer, 3)), x, theta);

        AssertClose(Outputs(new LayeredNetwork(new Shape(3), layer, layer, layer), x, [.. theta, .. theta, .. theta]), repeated, Tolerance);
    }

    [Fact]
    public void Tokens_are_the_class_token_and_the_patches_in_order_plus_positions()
    {
        var network = Flat(new Shape(1, 2, 2), new ClassTokenLayer());

        Assert.Equal([101, 202, 311, 422, 531, 642], Outputs(network, [11, 22, 31, 42], [1, 2, 100, 200, 300, 400, 500, 600]));
        Assert.Equal([1, 2], Outputs(new LayeredNetwork(new Shape(3, 2), new FirstTokenLayer()), [1, 2, 3, 4, 5, 6], []));
    }

    [Fact]
    public void What_a_layer_does_not_take_is_told()
    {
        var image = new Shape(4, 4, 6);
        (ILayer Layer, Shape Example, string Words)[] cases =
        [
            (new AttentionLayer(4), new Shape(3, 6), "multiple of 4 heads"), (new AttentionLayer(1), new Shape(6), "tokens [t, d]"), (new TokenDenseLayer(2), new Shape(6), "tokens [t, d]"),
            (new ClassTokenLayer(), new Shape(3, 6), "patches [h, w, d]"), (new FirstTokenLayer(), new Shape(6), "tokens [t, d]"), (new AdaptiveAverageLayer(2), new Shape(4, 6), "images [h, w, c]"),
            (new GroupNormLayer(4), image, "groups of 4"), (new NormalizeLayer(new ChannelStatistics([0], [1])), image, "with 1 channels"), (new NormalizeLayer(), Shape.Scalar, "with channels"),
            (new LayerNormLayer(), Shape.Scalar, "with channels"), (new UnitLengthLayer(), Shape.Scalar, "with an axis"), (new RepeatedLayer(new DenseLayer(2), 2), new Shape(3), "keeps the shape"),
            (new ResidualLayer(new DenseLayer(2)), new Shape(3), "skip with the shape"),
        ];

        foreach (var (layer, example, words) in cases)
            Assert.Contains(words, Assert.Throws<ShapeException>(() => layer.Output(example)).Message, StringComparison.Ordinal);
        Assert.Contains("tied layers", Assert.Throws<ArgumentException>(() => new RepeatedLayer(new BatchNormLayer(), 2)).Message, StringComparison.Ordinal);
        Assert.Contains("variance of channel 1 is -1", Assert.Throws<ArgumentException>(() => new ChannelStatistics([0, 0], [1, -1])).Message, StringComparison.Ordinal);
        Assert.Contains("2 means, but 1 variances", Assert.Throws<ArgumentException>(() => new ChannelStatistics([0, 0], [1])).Message, StringComparison.Ordinal);
    }

    private static LayeredNetwork Flat(Shape example, ILayer layer) => new(example, layer, new FlattenLayer());
}
