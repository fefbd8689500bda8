using Understudy.UnitTests.Data.Formats;
using static Understudy.UnitTests.Learning.Networks.ImportRuleTests;

namespace Understudy.UnitTests.Learning.Networks;

/// <summary>What of operators on images is refused, and with which words.</summary>
public sealed class ImageRuleTests
{
    [Fact]
    public void Convolutions_say_what_of_them_is_supported()
    {
        void Conv(string problem, params byte[][] attributes) => IsRefused(OfImages().Node("Conv", "y", ["z", "k"], attributes), $"operator Conv (node y) {problem}");
        void Weights(string problem, params int[] shape)
            => IsRefused(OfImages().Stored(OnnxForge.Tensor("l", new double[shape.Aggregate((a, b) => a * b)], shape)).Node("Conv", "y", ["z", "l"]), $"operator Conv (node y) {problem}");

        Conv("has the group 2; supported is 1", OnnxForge.Attribute("group", 2));
        Conv("has the dilations [2, 1]; supported is [1, 1]", Ints("dilations", 2, 1));
        Conv("has the strides [2, 1]; supported are equal ones", Ints("strides", 2, 1));
        Conv("has the strides [0, 1]; supported are two numbers from 1 to 65535", Ints("strides", 0, 1));
        Conv("has the strides [2]; supported are two numbers", Ints("strides", [2L]));
        Conv("has the pads [1, 1]; supported are four numbers from 0 to 65535", Ints("pads", 1, 1));
        Conv("has the pads [0, 0, -1, 0]; supported are four numbers", Ints("pads", 0, 0, -1, 0));
        Conv("has the kernel_shape [3, 2], but weights [2, 2, 3, 3]", Ints("kernel_shape", 3, 2));
        Conv("has an unknown auto_pad; supported are NOTSET, VALID, SAME_UPPER and SAME_LOWER", OnnxForge.Attribute("auto_pad", "SAME"));
        Weights("needs weights [F, 2, height, width], but was given [2, 1, 3, 3]", 2, 1, 3, 3);
        Weights("needs weights [F, 2, height, width], but was given [2, 2, 3]", 2, 2, 3);
        Weights("does not fit: Convolve needs", 1, 2, 6, 6);
        IsRefused(OfImages().Node("Conv", "y", ["z", "k", "k"]), "operator Conv (node y) needs a bias [2], but was given [2, 2, 3, 3]");
        IsRefused(OfImages().Node("Conv", "y", ["z", "z"]), "operator Conv (node y) needs weights or constants as operand 1");
        IsRefused(OfImages(-1, 2, 5).Node("Conv", "y", ["z", "k"]), "operator Conv (node y) is supported for images [batch, C, H, W] only, but was given [2, 2, 5]");
        IsRefused(OfImages(-1, 2, 5, 4, 3).Node("Conv", "y", ["z", "k"]), "operator Conv (node y) is supported for images [batch, C, H, W] only, but was given [2, 2, 5, 4, 3]");
        IsRefused(OfImages().Node("Conv", "y", ["z", "k"]), "the output has the shape [2, 2, 3, 2]; supported is [batch, C]");
    }

    [Fact]
    public void Pooling_normalization_and_padding_of_images_say_what_of_them_is_supported()
    {
        void PoolOf(string name, string problem, params byte[][] attributes)
            => IsRefused(OfImages().Node(name, "y", ["z"], attributes), $"operator {name} (node y) {problem}");

        void Pool(string problem, params byte[][] attributes)
        {
            PoolOf("MaxPool", problem, attributes);
            PoolOf("AveragePool", problem, attributes);
        }

        void Pad(string problem, long[] pads, params byte[][] attributes)
            => IsRefused(OfImages().Stored(OnnxForge.Tensor("p", pads, pads.Length)).Stored(OnnxForge.Tensor("c", [0.5])).Node("Pad", "y", ["z", "p", "c"], attributes), $"operator Pad (node y) {problem}");

        Pool("lacks the attribute kernel_shape");
        PoolOf("MaxPool", "has the kernel_shape [2, 1]; supported are square windows", Ints("kernel_shape", 2, 1));
        PoolOf("AveragePool", "has windows of 6 over 5 pixels", Ints("kernel_shape", 6, 2));
        PoolOf("MaxPool", "has the strides [1, 1]; supported are those of windows side by side, [2, 2]", Ints("kernel_shape", 2, 2));
        Pool("has the strides [2, 2]; supported are those of windows side by side, [3, 3]", Ints("kernel_shape", 3, 3), Ints("strides", 2, 2), Ints("pads", 1, 1, 1, 1));
        Pool("has the pads [0, 0, 1, 0]; supported are none", Ints("kernel_shape", 2, 2), Ints("strides", 2, 2), OnnxForge.Attribute("auto_pad", "SAME_UPPER"));
        Pool("keeps windows that the border cuts off (ceil_mode 1); supported is ceil_mode 0", Ints("kernel_shape", 2, 2), Ints("strides", 2, 2), OnnxForge.Attribute("ceil_mode", 1));
        Pool("has the dilations [2, 2]; supported is [1, 1]", Ints("kernel_shape", 2, 2), Ints("strides", 2, 2), Ints("dilations", 2, 2));
        Pool("does not fit: ", Ints("kernel_shape", 5, 5), Ints("strides", 5, 5));
        Pad("adds numbers other than 0; supported is a stored constant 0", [0, 0, 1, 1, 0, 0, 1, 1]);
        Pad("has a mode other than constant, which is the one supported", [0, 0, 1, 1, 0, 0, 1, 1], OnnxForge.Attribute("mode", "reflect"));
        IsRefused(OfImages().Stored(OnnxForge.Tensor("p", [1L, 0, 0, 0, 0, 0, 0, 0], 8)).Node("Pad", "y", ["z", "p"]), "operator Pad (node y) adds examples");
        IsRefused(
            OfImages().Stored(OnnxForge.Tensor("p", [0L, 0, 0, 0, 0, 0, -1, 0], 8)).Node("Pad", "y", ["z", "p"]),
            "operator Pad (node y) has the pads [0, 0, 0, 0, 0, 0, -1, 0]; supported are two for each of 4 axes, from 0 to 65535");
        IsRefused(OfImages().Node("ReduceMean", "y", ["z"]), "operator ReduceMean (node y) runs across examples");
        IsRefused(
            OfImages(-1, 2, 5).Stored(OnnxForge.Tensor("s", [1.0, 2], 2)).Node("BatchNormalization", "y", ["z", "s", "s", "s", "s"]),
            "operator BatchNormalization (node y) is supported for [batch, C] and images [batch, C, H, W] only, but was given [2, 2, 5]");
        IsRefused(
            OfImages().Stored(OnnxForge.Tensor("s", [1.0, 2], 2)).Node("BatchNormalization", "y", ["z", "s", "s", "s", "s"], OnnxForge.Attribute("spatial", 0)),
            "operator BatchNormalization (node y) normalizes every pixel by itself (spatial 0); supported is spatial 1");
    }

    /// <summary>Images z with two channels, and kernels k for them.</summary>
    private static OnnxForge OfImages(params int[] input)
        => new OnnxForge().Input("x", input.Length > 0 ? input : [-1, 2, 5, 4]).Output("y", -1, 3).Stored(OnnxForge.Tensor("k", new double[36], 2, 2, 3, 3))
            .Stored(OnnxForge.Tensor("gain", [2.0], 1)).Node("Mul", "z", ["x", "gain"]);

    private static byte[] Ints(string name, params long[] values) => OnnxForge.Attribute(name, values);
}
