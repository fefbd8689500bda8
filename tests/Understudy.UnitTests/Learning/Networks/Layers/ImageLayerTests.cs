using Understudy.Engine;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;
using static Understudy.UnitTests.Learning.Networks.ImportedNetworkTests;

namespace Understudy.UnitTests.Learning.Networks.Layers;

/// <summary>Layers on images that are not square, 9 × 7, against loops.</summary>
public sealed class ImageLayerTests
{
    private const int Examples = 3;

    // sums of some dozen numbers of order one
    private const double Tolerance = 1e-13;

    private static readonly Shape Image = new(9, 7, 2);

    private readonly double[] _inputs = new Draw(1).Normal(Examples * Image.Count);

    [Theory]
    [InlineData(2, 2, 6, 5)]
    [InlineData(2, 0, 4, 3)]
    [InlineData(3, 1, 3, 3)]
    [InlineData(1, null, 9, 7)]
    public void A_convolution_without_a_bias_goes_on_by_its_stride_over_zeros_around_the_image(int stride, int? padding, int height, int width)
    {
        const int filters = 4, kernel = 3;
        var layer = new ConvolutionLayer(filters, kernel, stride, padding, hasBias: false);
        var network = new LayeredNetwork(Image, layer, new FlattenLayer());
        var theta = new Draw(2).Normal(network.Layout.Count);
        var kernels = PlainImages.Of(filters, Image[2], kernel, kernel, (f, c, k, m) => theta[(((((k * kernel) + m) * Image[2]) + c) * filters) + f]);

        var expected = Plain(Image, _inputs).Convolved(kernels, new double[filters], stride, padding ?? 1, padding ?? 1, height, width);

        Assert.Equal(new Shape(height, width, filters), layer.Output(Image));
        Assert.Equal(["layer.0.weight [3, 3, 2, 4]"], network.Layout.Slots.Select(slot => $"{slot.Name} {slot.Shape}"));
        Assert.Equal(height * width * kernel * kernel * Image[2] * filters, network.MultiplyAdds);
        AssertClose(ChannelsLast(expected), Outputs(network, _inputs, theta), Tolerance);
    }

    [Theory]
    [InlineData(2, 4, 3)]
    [InlineData(3, 3, 2)]
    [InlineData(1, 9, 7)]
    public void Pools_leave_out_what_does_not_fit_along_each_side(int size, int height, int width)
    {
        PoolLayer largest = PoolLayer.Largest(size), average = PoolLayer.Average(size);
        var plain = Plain(Image, _inputs);

        Assert.Equal(new Shape(height, width, Image[2]), largest.Output(Image));
        Assert.Equal(new Shape(height, width, Image[2]), average.Output(Image));
        AssertClose(ChannelsLast(plain.Pooled(size, window => window.Max())), Outputs(new LayeredNetwork(Image, largest, new FlattenLayer()), _inputs, []), Tolerance);
        AssertClose(ChannelsLast(plain.Pooled(size, window => window.Average())), Outputs(new LayeredNetwork(Image, average, new FlattenLayer()), _inputs, []), Tolerance);
    }

    [Fact]
    public void Batch_normalization_adds_epsilon_to_the_variance_of_a_channel_over_all_pixels_of_the_batch()
    {
        double[] theta = [1.5, -2, 0.3, 0.7];
        double[][] channels = [.. Enumerable.Range(0, 2).Select(c => _inputs.Where((_, i) => i % 2 == c).ToArray())];

        double Normalized(double value, int c)
        {
            var mean = channels[c].Average();
            return ((value - mean) / Math.Sqrt(channels[c].Average(x => (x - mean) * (x - mean)) + 0.4) * theta[c]) + theta[2 + c];
        }

        AssertClose([.. _inputs.Select((value, i) => Normalized(value, i % 2))], Outputs(Flat(new BatchNormLayer { Epsilon = 0.4 }), _inputs, theta), Tolerance);
    }

    [Fact]
    public void Layer_normalization_adds_epsilon_to_the_variance_of_a_pixel()
    {
        double[] theta = [1.5, -2, 0.3, 0.7];

        double Normalized(int i)
        {
            // of two numbers the mean lies in the middle, and both are as far from it
            var half = (_inputs[i] - _inputs[i ^ 1]) / 2;
            return (half / Math.Sqrt((half * half) + 0.4) * theta[i % 2]) + theta[2 + (i % 2)];
        }

        AssertClose([.. Enumerable.Range(0, _inputs.Length).Select(Normalized)], Outputs(Flat(new LayerNormLayer { Epsilon = 0.4 }), _inputs, theta), Tolerance);
    }

    private static LayeredNetwork Flat(ILayer layer) => new(Image, layer, new FlattenLayer());

    private static PlainImages Plain(Shape image, double[] values)
        => PlainImages.Of(values.Length / image.Count, image[2], image[0], image[1], (n, c, h, w) => values[(((((n * image[0]) + h) * image[1]) + w) * image[2]) + c]);

    private static double[] ChannelsLast(PlainImages images)
        => [.. from n in Enumerable.Range(0, images.N)
               from h in Enumerable.Range(0, images.H)
               from w in Enumerable.Range(0, images.W)
               from c in Enumerable.Range(0, images.C)
               select images[n, c, h, w]];
}
