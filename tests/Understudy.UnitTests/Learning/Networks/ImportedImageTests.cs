using Understudy.Learning.Networks;
using Understudy.UnitTests.Data.Formats;
using static Understudy.UnitTests.Learning.Networks.ImportedNetworkTests;

namespace Understudy.UnitTests.Learning.Networks;

/// <summary>Single operators on images z [batch, 3, 5, 4] against their definitions.</summary>
public sealed class ImportedImageTests
{
    private const int C = 3, H = 5, W = 4;

    private static readonly double[] Gains = [1.5, -0.5, 2], Row = [2, -4, 0.5], Scale = [1, -2, 3], Mean = [0.1, 0.2, -0.3], Variance = [1, 4, 0.25];
    private static readonly double[] Numbers = new Draw(5).Normal(2 * C * H * W);
    private static readonly PlainImages Z = new PlainImages(2, C, H, W, Numbers).Map((x, c) => Gains[c] * x);

    /// <summary>Attributes of a convolution with kernels of a size, and where its windows stand: stride, zeros above and on the left, size of the result.</summary>
    private static readonly Dictionary<string, (int[] Kernel, byte[][] Attributes, int[] Expected)> Convolutions = new()
    {
        ["plain"] = ([3, 2], [], [1, 0, 0, 3, 3]),
        ["as PyTorch writes it"] = (
            [3, 3], [Ints("dilations", 1, 1), Ints("kernel_shape", 3, 3), Ints("pads", 1, 1, 1, 1), Ints("strides", 2, 2), OnnxForge.Attribute("group", 1)], [2, 1, 1, 3, 2]),
        ["every pad another"] = ([3, 2], [Ints("pads", 0, 1, 2, 3)], [1, 0, 1, 5, 7]),
        ["zeros below alone"] = ([2, 3], [Ints("pads", 0, 0, 1, 0), Ints("strides", 2, 2)], [2, 0, 0, 3, 1]),
        ["more zeros than kernel"] = ([1, 1], [Ints("pads", 2, 2, 2, 2), Ints("strides", 3, 3)], [3, 2, 2, 3, 3]),
        ["not set"] = ([2, 2], [OnnxForge.Attribute("auto_pad", "NOTSET"), Ints("pads", 1, 1, 1, 1)], [1, 1, 1, 6, 5]),
        ["valid"] = ([2, 2], [OnnxForge.Attribute("auto_pad", "VALID"), Ints("strides", 2, 2)], [2, 0, 0, 2, 2]),
        ["same, upper"] = ([3, 2], [OnnxForge.Attribute("auto_pad", "SAME_UPPER")], [1, 1, 0, 5, 4]),
        ["same, lower"] = ([3, 2], [OnnxForge.Attribute("auto_pad", "SAME_LOWER")], [1, 1, 1, 5, 4]),
        ["same, upper, in steps"] = ([2, 3], [OnnxForge.Attribute("auto_pad", "SAME_UPPER"), Ints("strides", 2, 2)], [2, 0, 0, 3, 2]),
        ["same, lower, in steps"] = ([2, 3], [OnnxForge.Attribute("auto_pad", "SAME_LOWER"), Ints("strides", 2, 2)], [2, 1, 1, 3, 2]),
        ["same, steps over pixels"] = ([1, 1], [OnnxForge.Attribute("auto_pad", "SAME_UPPER"), Ints("strides", 3, 3)], [3, 0, 0, 2, 2]),
    };

    public static TheoryData<string> ConvolutionNames => [.. Convolutions.Keys];

    [Theory]
    [MemberData(nameof(ConvolutionNames))]
    public void A_convolution_is_the_sum_that_its_attributes_describe(string name)
    {
        var (size, attributes, expected) = Convolutions[name];
        var kernels = new PlainImages(2, C, size[0], size[1], new Draw(6).Normal(2 * C * size[0] * size[1]));
        var weights = OnnxForge.Tensor("k", kernels.Values, 2, C, size[0], size[1]);
        PlainImages Definition(PlainImages z, params double[] bias) => z.Convolved(kernels, bias, expected[0], expected[1], expected[2], expected[3], expected[4]);

        IsOnImages(17, forge => forge.Stored(weights).Stored(OnnxForge.Tensor("b", [0.5, -1], 2)).Node("Conv", "r", ["z", "k", "b"], attributes), z => Definition(z, 0.5, -1));
        IsOnImages(7, forge => forge.Stored(weights).Node("Conv", "r", ["z", "k"], attributes), z => Definition(z, 0, 0));
    }

    [Fact]
    public void Pooling_goes_over_whole_windows_side_by_side()
    {
        byte[][] attributes = [OnnxForge.Attribute("ceil_mode", 0), Ints("kernel_shape", 2, 2), Ints("pads", 0, 0, 0, 0), Ints("strides", 2, 2)];
        byte[][] single = [OnnxForge.Attribute("ceil_mode", 1), Ints("kernel_shape", 1, 1)];

        IsOnImages(17, forge => forge.Node("MaxPool", "r", ["z"], attributes), z => z.Pooled(2, Enumerable.Max));
        IsOnImages(17, forge => forge.Node("AveragePool", "r", ["z"], attributes), z => z.Pooled(2, Enumerable.Average));
        // windows that the border would cut off are not asked for where there are none
        IsOnImages(17, forge => forge.Node("MaxPool", "r", ["z"], single), z => z);
        IsOnImages(17, forge => forge.Node("GlobalAveragePool", "r", ["z"]), z => z.Means());
    }

    [Fact]
    public void Means_of_windows_may_overlap_leave_gaps_and_be_oblong()
    {
        PlainImages Of(PlainImages z, int height, int width, int down, int across) => PlainImages.Of(
            z.N, C, ((H - height) / down) + 1, ((W - width) / across) + 1,
            (n, c, i, j) => Enumerable.Range(0, height * width).Average(at => z[n, c, (i * down) + (at / width), (j * across) + (at % width)]));
        void Holds(int height, int width, int down, int across)
            => IsOnImages(17, forge => forge.Node("AveragePool", "r", ["z"], Ints("kernel_shape", height, width), Ints("strides", down, across)), z => Of(z, height, width, down, across));

        Holds(3, 2, 2, 2);
        Holds(2, 2, 1, 1);
        Holds(1, 1, 4, 2);
        Holds(5, 4, 1, 1);
    }

    [Fact]
    public void Lengths_of_channels_are_roots_of_sums_of_squares()
    {
        OnnxForge Length(OnnxForge forge) => forge.Node("ReduceSumSquare", "q", ["z"], OnnxForge.Attribute("axes", [1L])).Stored(OnnxForge.Tensor("least", [0.5])).Node("Max", "m", ["q", "least"]).Node("Sqrt", "r", ["m"]);

        IsOnImages(17, Length, z => PlainImages.Of(z.N, 1, H, W, (n, _, h, w) => Math.Sqrt(Math.Max(0.5, Enumerable.Range(0, C).Sum(c => z[n, c, h, w] * z[n, c, h, w])))));
    }

    [Fact]
    public void Means_over_axes_within_an_example_may_keep_them()
    {
        OnnxForge Old(OnnxForge forge, bool keep, params long[] axes) => forge.Node("ReduceMean", "r", ["z"], OnnxForge.Attribute("axes", axes), OnnxForge.Attribute("keepdims", keep ? 1 : 0));
        OnnxForge New(OnnxForge forge, params long[] axes) => forge.Stored(OnnxForge.Tensor("a", axes, axes.Length)).Node("ReduceMean", "r", ["z", "a"]);
        PlainImages OverChannelsAndColumns(PlainImages z)
            => PlainImages.Of(z.N, 1, H, 1, (n, _, h, _) => Enumerable.Range(0, C * W).Average(at => z[n, at / W, h, at % W]));

        IsOnImages(17, forge => Old(forge, keep: true, 2, 3), z => z.Means());
        IsOnImages(17, forge => Old(forge, keep: false, -1, -2), z => z.Means());
        IsOnImages(17, forge => Old(forge, keep: true, 1, 3), OverChannelsAndColumns);
        IsOnImages(18, forge => New(forge, 3, 2), z => z.Means());
        IsOnImages(18, forge => New(forge, 3, 1), OverChannelsAndColumns);
        IsOnImages(18, forge => forge.Node("ReduceMean", "r", ["z"], OnnxForge.Attribute("noop_with_empty_axes", 1)), z => z);
    }

    [Fact]
    public void Batch_normalization_of_images_goes_by_channel()
        => IsOnImages(
            17,
            forge => Rows(forge, ("s", Scale), ("t", Row), ("m", Mean), ("v", Variance)).Node("BatchNormalization", "r", ["z", "s", "t", "m", "v"], OnnxForge.Attribute("epsilon", 0.125f)),
            z => z.Map((x, c) => (Scale[c] * (x - Mean[c]) / Math.Sqrt(Variance[c] + 0.125)) + Row[c]));

    [Fact]
    public void Zeros_are_added_on_every_side_of_the_axes_that_are_named()
    {
        PlainImages Shifted(PlainImages z, int c, int h, int w, int top, int left) => PlainImages.Of(z.N, c, h, w, (n, k, i, j) => k >= C ? 0 : z[n, k, i - top, j - left]);
        OnnxForge Operands(OnnxForge forge, params long[] pads) => forge.Stored(OnnxForge.Tensor("p", pads, pads.Length));

        IsOnImages(10, forge => forge.Node("Pad", "r", ["z"], OnnxForge.Attribute("mode", "constant"), Ints("pads", 0, 0, 1, 2, 0, 0, 3, 0)), z => Shifted(z, C, H + 4, W + 2, 1, 2));
        IsOnImages(17, forge => Operands(forge, 0, 0, 1, 2, 0, 1, 3, 0).Node("Pad", "r", ["z", "p"]), z => Shifted(z, C + 1, H + 4, W + 2, 1, 2));
        IsOnImages(17, forge => Operands(forge, 0, 0, 0, 0, 0, 0, 0, 0).Stored(OnnxForge.Tensor("c", [0f])).Node("Pad", "r", ["z", "p", "c"]), z => z);
        IsOnImages(18, forge => Operands(forge, 2, 1, 0, 1).Stored(OnnxForge.Tensor("a", [-1L, 2], 2)).Node("Pad", "r", ["z", "p", "", "a"]), z => Shifted(z, C, H + 2, W + 2, 1, 2));
    }

    [Fact]
    public void Functions_and_arithmetic_have_the_axes_of_the_file()
    {
        double[] pixels = new Draw(7).Normal(H * W);
        OnnxForge Stored(OnnxForge forge, double[] values, params int[] shape) => forge.Stored(OnnxForge.Tensor("c", values, shape));

        IsOnImages(17, forge => forge.Node("Relu", "r", ["z"]), z => z.Map(x => Math.Max(x, 0)));
        IsOnImages(17, forge => forge.Node("Tanh", "t", ["z"]).Node("Add", "r", ["t", "z"]), z => z.Map(x => Math.Tanh(x) + x));
        IsOnImages(17, forge => Stored(forge, Row, C, 1, 1).Node("Add", "r", ["z", "c"]), z => z.Map((x, c) => x + Row[c]));
        IsOnImages(17, forge => Stored(forge, Row, 1, C, 1, 1).Node("Sub", "r", ["c", "z"]), z => z.Map((x, c) => Row[c] - x));
        IsOnImages(17, forge => Stored(forge, [2]).Node("Mul", "r", ["c", "z"]), z => z.Map(x => 2 * x));
        IsOnImages(17, forge => Stored(forge, pixels, H, W).Node("Mul", "r", ["z", "c"]), z => PlainImages.Of(z.N, C, H, W, (n, c, h, w) => z[n, c, h, w] * pixels[(h * W) + w]));
        IsOnImages(
            17,
            forge => forge.Node("GlobalAveragePool", "m", ["z"]).Node("Sigmoid", "g", ["m"]).Node("Mul", "r", ["z", "g"]),
            z => PlainImages.Of(z.N, C, H, W, (n, c, h, w) => z[n, c, h, w] / (1 + Math.Exp(-z.Mean(n, c)))));
        // an image of the input beside one that an operation on images has given
        IsOnImages(17, forge => forge.Node("Add", "r", ["x", "z"]), z => z.Map((x, c) => (x / Gains[c]) + x));
    }

    [Fact]
    public void Axes_of_images_are_joined_and_moved_in_the_order_of_the_file()
    {
        OnnxForge Shape(OnnxForge forge, params long[] shape) => forge.Stored(OnnxForge.Tensor("shape", shape, shape.Length)).Node("Reshape", "r", ["z", "shape"]);

        IsOnImages(17, forge => Shape(forge, 0, -1), z => z);
        IsOnImages(17, forge => Shape(forge, 0, C, -1), z => z);
        IsOnImages(17, forge => forge.Node("Transpose", "r", ["z"], Ints("perm", 0, 2, 3, 1)), z => PlainImages.Of(z.N, H, W, C, (n, h, w, c) => z[n, c, h, w]));
        IsOnImages(17, forge => forge.Node("Shape", "all", ["z"]).Node("Reshape", "r", ["z", "all"]), z => z);
        // what comes behind sees the new axes
        IsOnImages(
            17,
            forge => forge.Node("Transpose", "t", ["z"], Ints("perm", 0, 2, 3, 1)).Node("Relu", "r", ["t"]),
            z => PlainImages.Of(z.N, H, W, C, (n, h, w, c) => Math.Max(z[n, c, h, w], 0)));
        IsOnImages(
            17,
            forge => Shape(forge, -1, 1, W, C * H).Node("MaxPool", "p", ["r"], Ints("kernel_shape", 2, 2), Ints("strides", 2, 2)),
            z => (z with { C = 1, H = W, W = C * H }).Pooled(2, Enumerable.Max),
            result: "p");
    }

    /// <summary>Checks operators from z to a result on images as the file has them, and on the same images from a convolution.</summary>
    private static void IsOnImages(long operatorSet, Func<OnnxForge, OnnxForge> operation, Func<PlainImages, PlainImages> definition, string result = "r")
    {
        OnnxForge Ends() => new OnnxForge { OperatorSet = operatorSet }.Input("x", -1, C, H, W).Output("y", -1, 1);
        var diagonal = PlainImages.Of(C, C, 1, 1, (f, c, _, _) => f == c ? Gains[c] : 0);
        OnnxForge[] forges =
        [
            Ends().Stored(OnnxForge.Tensor("w", Gains, C, 1, 1)).Node("Mul", "z", ["x", "w"]),
            Ends().Stored(OnnxForge.Tensor("w", diagonal.Values, C, C, 1, 1)).Node("Conv", "z", ["x", "w"]),
        ];
        var expected = definition(Z);

        foreach (var forge in forges)
        {
            var network = ImportedNetwork.Of(OnnxTests.Read(operation(forge).Node("Flatten", "y", [result]).ToFile()));
            var actual = Outputs(network, Numbers, network.Parameters.ToArray());

            // rounding of sums of up to 60 terms of order one
            Assert.Equal((expected.C * expected.H * expected.W, expected.Values.Length), (network.Outputs, actual.Length));
            for (var i = 0; i < actual.Length; i++)
                Assert.Equal(expected.Values[i], actual[i], 1e-14 * (10 + Math.Abs(expected.Values[i])));
        }
    }

    private static OnnxForge Rows(OnnxForge forge, params (string Name, double[] Values)[] rows)
        => rows.Aggregate(forge, (all, row) => all.Stored(OnnxForge.Tensor(row.Name, row.Values, row.Values.Length)));

    private static byte[] Ints(string name, params long[] values) => OnnxForge.Attribute(name, values);
}
