using Understudy.Engine.Graphs;
using Understudy.Engine.Primitives;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.UnitTests.Data.Formats;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;
using static Understudy.UnitTests.Learning.Networks.ImportedNetworkTests;

namespace Understudy.UnitTests.Learning.Networks;

/// <summary>Whole convolutional networks from files.</summary>
public sealed class ImportedConvolutionTests
{
    [Fact]
    public void A_convolutional_network_of_PyTorch_has_the_outputs_that_loops_compute()
    {
        var network = ImportedNetwork.Of(OnnxTests.Read(OnnxTests.Fixture("lenet")));
        var theta = network.Parameters.ToArray();
        var inputs = new Draw(3).Normal(4 * 3 * 8 * 8);
        double[] Stored(int slot) => network.Layout.Slots[slot].Of<double>(theta).ToArray();

        var first = new PlainImages(4, 3, 8, 8, inputs).Convolved(new PlainImages(6, 3, 5, 5, Stored(0)), Stored(1), 1, 2, 2, 8, 8).Map(Math.Tanh).Pooled(2, Enumerable.Average);
        var second = first.Convolved(new PlainImages(8, 6, 3, 3, Stored(2)), Stored(3), 1, 0, 0, 2, 2).Map(x => Math.Max(x, 0)).Pooled(2, Enumerable.Max);
        var expected = second.Convolved(new PlainImages(10, 8, 1, 1, Stored(4)), Stored(5), 1, 0, 0, 1, 1);

        Assert.Equal(
            ["0.weight [6, 3, 5, 5]", "0.bias [6]", "3.weight [8, 6, 3, 3]", "3.bias [8]", "7.weight [10, 8]", "7.bias [10]"],
            network.Layout.Slots.Select(slot => $"{slot.Name} {slot.Shape}"));
        Assert.Empty(network.Constants);
        AssertClose(expected.Values, Outputs(network, inputs, theta), 1e-14);
    }

    [Fact]
    public void Images_are_reordered_once_on_their_way_through_a_network()
    {
        var network = ImportedNetwork.Of(OnnxTests.Read(OnnxTests.Fixture("lenet")));

        var orders = Reachable(network.Output(Ops.Input(4, network.Inputs), network.Layout.ToInputs())).Select(sym => sym.Operation).OfType<Permute>().Select(permute => permute.Order).ToList();

        Assert.Single(orders, order => order.Equals(new Axes(0, 2, 3, 1)));
        Assert.DoesNotContain(orders, order => order.Equals(new Axes(0, 3, 1, 2)));
    }

    [Fact]
    public void Gradients_and_curvature_of_a_convolutional_network_are_those_of_finite_differences()
    {
        var draw = new Draw(12);
        var network = ImportedNetwork.Of(OnnxTests.Read(Residual(draw)));
        var examples = new ExampleSet(draw.Normal(6 * network.Inputs), [0, 1, 2, 2, 1, 0], 6);
        double[] theta = network.Parameters.ToArray(), v = draw.Normal(theta.Length);
        using var curvature = Curvature(network, examples, theta);

        const double step = 1e-5;
        using NetworkCurvature ahead = Curvature(network, examples, Moved(theta, v, step)), behind = Curvature(network, examples, Moved(theta, v, -step));
        double[] forward = ahead.Gradient(out var higher), backward = behind.Gradient(out var lower), gradient = curvature.Gradient(), product = Product(curvature.Hessian, v);

        // the error of a central difference, step² times third derivatives of order 10, and rounding of order 1e-16 / step
        Assert.Equal((higher - lower) / (2 * step), Dot(gradient, v), 1e-8 * Norm(gradient) * Norm(v));
        AssertClose([.. forward.Zip(backward, (f, b) => (f - b) / (2 * step))], product, 1e-7);
    }

    [Fact]
    public void Matrices_of_a_convolutional_network_are_sums_over_its_examples()
    {
        var draw = new Draw(13);
        var network = ImportedNetwork.Of(OnnxTests.Read(Residual(draw)));
        double[] inputs = draw.Normal(5 * network.Inputs), labels = [0, 1, 2, 2, 1], theta = network.Parameters.ToArray(), vectors = draw.Normal(3 * theta.Length);
        using var curvature = Curvature(network, new ExampleSet(inputs, labels, 5), theta, batchRows: 2);
        double[] hessian = new double[vectors.Length], second = new double[vectors.Length];

        for (var i = 0; i < 5; i++)
        {
            using var single = Curvature(network, new ExampleSet(inputs[(i * network.Inputs)..((i + 1) * network.Inputs)], [labels[i]], 1), theta);
            var (gradient, product) = (single.Gradient(), Product(single.Hessian, vectors));
            for (var at = 0; at < vectors.Length; at++)
            {
                var block = vectors[(at / theta.Length * theta.Length)..((at / theta.Length * theta.Length) + theta.Length)];
                hessian[at] += product[at] / 5;
                second[at] += gradient[at % theta.Length] * Dot(gradient, block) / 5;
            }
        }

        AssertClose(hessian, Product(curvature.Hessian, vectors));
        AssertClose(second, Product(curvature.SecondMoment, vectors));
        AssertClose([.. hessian.Zip(Product(curvature.Residual, vectors), (h, s) => h - s)], Product(curvature.GaussNewton, vectors));
    }

    private static NetworkCurvature Curvature(ImportedNetwork network, ExampleSet examples, double[] theta, int batchRows = 4)
        => new(network, OutputLoss.CrossEntropy, examples, theta, new CurvatureOptions { BatchRows = batchRows });

    private static double[] Moved(double[] theta, double[] v, double step) => [.. theta.Zip(v, (t, d) => t + (step * d))];

    /// <summary>A smooth network with everything: uneven pads, strides, a residual block with normalization, both kinds of pooling, a gate for every channel.</summary>
    private static byte[] Residual(Draw draw)
    {
        byte[] Weights(string name, params int[] shape) => OnnxForge.Tensor(name, [.. draw.Normal(shape.Aggregate((a, b) => a * b)).Select(x => 0.5 * x)], shape);
        return new OnnxForge().Input("x", -1, 2, 9, 8).Output("y", -1, 3)
            .Stored(Weights("stem", 4, 2, 3, 3)).Stored(Weights("stem.bias", 4)).Stored(Weights("block", 4, 4, 3, 3))
            .Stored(Weights("scale", 4)).Stored(Weights("shift", 4)).Stored(OnnxForge.Tensor("mean", [0.1, 0, -0.2, 0.3], 4)).Stored(OnnxForge.Tensor("variance", [1, 0.5, 2, 1.5], 4))
            .Stored(Weights("head", 3, 4)).Stored(Weights("head.bias", 3))
            .Node("Conv", "c1", ["x", "stem", "stem.bias"], OnnxForge.Attribute("pads", 1L, 1L, 0L, 2L), OnnxForge.Attribute("strides", 1L, 1L)).Node("Tanh", "a1", ["c1"])
            .Node("MaxPool", "p1", ["a1"], OnnxForge.Attribute("kernel_shape", 2L, 2L), OnnxForge.Attribute("strides", 2L, 2L))
            .Node("Conv", "c2", ["p1", "block"], OnnxForge.Attribute("pads", 1L, 1L, 1L, 1L)).Node("BatchNormalization", "n2", ["c2", "scale", "shift", "mean", "variance"])
            .Node("Add", "r2", ["n2", "p1"]).Node("Tanh", "a2", ["r2"])
            .Node("AveragePool", "p2", ["a2"], OnnxForge.Attribute("kernel_shape", 2L, 2L), OnnxForge.Attribute("strides", 2L, 2L))
            .Node("GlobalAveragePool", "m2", ["p2"]).Node("Sigmoid", "g2", ["m2"]).Node("Mul", "w2", ["p2", "g2"])
            .Node("ReduceMean", "f", ["w2"], OnnxForge.Attribute("axes", 2L, 3L), OnnxForge.Attribute("keepdims", 0))
            .Node("Gemm", "y", ["f", "head", "head.bias"], OnnxForge.Attribute("transB", 1)).ToFile();
    }

    private static HashSet<Sym> Reachable(Sym output)
    {
        HashSet<Sym> found = [output];
        var open = new Stack<Sym>(found);
        while (open.TryPop(out var sym))
        {
            foreach (var input in sym.Inputs)
            {
                if (found.Add(input))
                    open.Push(input);
            }
        }

        return found;
    }
}
