using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.UnitTests.Data.Formats;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;

namespace Understudy.UnitTests.Learning.Networks;

public sealed class ImportedNetworkTests
{
    [Theory]
    [InlineData("mlp", "mlp")]
    [InlineData("mlp_view", "mlp_view")]
    [InlineData("mlp_view_train", "mlp_view")]
    [InlineData("bn1d", "bn1d")]
    [InlineData("bn1d_train", "bn1d")]
    public void Outputs_are_those_that_PyTorch_computed(string name, string numbers)
    {
        var network = ImportedNetwork.Of(OnnxTests.Read(OnnxTests.Fixture(name)));
        using var file = File.OpenRead(Path.Combine(OnnxTests.Folder, $"{numbers}.npz"));
        var arrays = Npz.Read(file, numbers);
        double[] inputs = Widened(arrays["x"]), expected = Widened(arrays["y"]);
        var rows = arrays["x"].Shape[0];

        var outputs = Outputs(network, inputs, network.Parameters.ToArray());

        // both print single precision of sums of up to 192 terms of order one
        Assert.Equal(rows * network.Outputs, outputs.Length);
        for (var row = 0; row < rows; row++)
        {
            var probabilities = Softmax(outputs.AsSpan(row * network.Outputs, network.Outputs));
            for (var c = 0; c < network.Outputs; c++)
            {
                var at = (row * network.Outputs) + c;
                var actual = name.StartsWith("mlp_view", StringComparison.Ordinal) ? Math.Log(probabilities[c]) : name.StartsWith("bn1d", StringComparison.Ordinal) ? probabilities[c] : outputs[at];
                Assert.Equal(expected[at], actual, 5e-7);
            }
        }
    }

    [Fact]
    public void Parameters_have_the_names_shapes_and_order_of_the_file()
    {
        var network = ImportedNetwork.Of(OnnxTests.Read(OnnxTests.Fixture("bn1d")));

        Assert.Equal(
            ["0.weight [20, 12]", "0.bias [20]", "1.weight [20]", "1.bias [20]", "3.weight [5, 20]", "3.bias [5]"],
            network.Layout.Slots.Select(slot => $"{slot.Name} {slot.Shape}"));
        Assert.Equal(["1.running_mean", "1.running_var"], network.Constants);
        Assert.Equal((12, 5, 405), (network.Inputs, network.Outputs, network.Parameters.Length));
        Assert.Equal(
            ["The operator Softmax (node /4/Softmax) at the end is left out: the outputs are what it is applied to, and the cross-entropy contains it."], network.Notes);
    }

    public static TheoryData<string> Activations => ["Relu", "LeakyRelu", "Tanh", "Gelu", "GeluByErf"];

    [Theory]
    [MemberData(nameof(Activations))]
    public void A_network_in_a_file_has_the_outputs_gradients_and_curvature_of_ours(string name)
    {
        var draw = new Draw(11);
        var ours = Mlp.Of(Activation(name), 3, 5, 4, 2);
        double[] theta = draw.Normal(ours.Layout.Count), v = draw.Normal(ours.Layout.Count);
        var theirs = ImportedNetwork.Of(OnnxTests.Read(FileOf(ours, name, theta)));
        var order = Order(ours);
        var examples = new ExampleSet(draw.Normal(7 * 3), [0, 1, 1, 0, 1, 0, 0], 7);
        using var expected = new NetworkCurvature(ours, OutputLoss.CrossEntropy, examples, theta);
        using var actual = new NetworkCurvature(theirs, OutputLoss.CrossEntropy, examples, theirs.Parameters, new CurvatureOptions { BatchRows = 4 });

        // equal formulas in another order of summation
        AssertClose(Permuted(theta, order), theirs.Parameters.ToArray(), 1e-16);
        AssertClose(Outputs(ours, examples.Inputs.ToArray(), theta), Outputs(theirs, examples.Inputs.ToArray(), theirs.Parameters.ToArray()), 1e-14);
        AssertClose(Permuted(expected.Gradient(), order), actual.Gradient(), 1e-13);
        AssertClose(Permuted(Product(expected.Hessian, v), order), Product(actual.Hessian, Permuted(v, order)), 1e-13);
        AssertClose(Permuted(Product(expected.GaussNewton, v), order), Product(actual.GaussNewton, Permuted(v, order)), 1e-13);
    }

    private static NodeActivation Activation(string name) => name switch
    {
        "Relu" => NodeActivation.Relu,
        "LeakyRelu" => NodeActivation.LeakyRelu(0.25f),
        "Tanh" => NodeActivation.Tanh,
        _ => NodeActivation.Gelu,
    };

    /// <summary>The file of one of our networks, with weights [out, in] in doubles, as a linear layer of PyTorch has them.</summary>
    private static byte[] FileOf(Mlp network, string activation, double[] theta)
    {
        var forge = new OnnxForge { OperatorSet = 20 }.Input("x", -1, network.Inputs).Output("y", -1, network.Outputs);
        var at = "x";
        for (var layer = 0; layer < network.Layers; layer++)
        {
            var (weight, bias) = (network.Layout.Slots[2 * layer], network.Layout.Slots[(2 * layer) + 1]);
            forge.Stored(OnnxForge.Tensor($"{layer}.weight", Transposed(weight.Of<double>(theta), weight.Shape), weight.Shape[1], weight.Shape[0]))
                .Stored(OnnxForge.Tensor($"{layer}.bias", bias.Of<double>(theta).ToArray(), bias.Shape[0]));
            var isLast = layer == network.Layers - 1;
            forge.Node("Gemm", isLast ? "y" : $"z{layer}", [at, $"{layer}.weight", $"{layer}.bias"], OnnxForge.Attribute("transB", 1));
            if (!isLast)
                Activate(forge, activation, $"z{layer}", at = $"a{layer}");
        }

        return forge.ToFile();
    }

    private static void Activate(OnnxForge forge, string activation, string from, string to)
    {
        switch (activation)
        {
            case "LeakyRelu":
                forge.Node(activation, to, [from], OnnxForge.Attribute("alpha", 0.25f));
                break;
            case "GeluByErf":
                forge.Node("Constant", $"{to}.root", [], OnnxForge.Attribute("value", OnnxForge.Tensor("", [Math.Sqrt(2)])))
                    .Node("Constant", $"{to}.one", [], OnnxForge.Attribute("value_float", 1f))
                    .Node("Constant", $"{to}.half", [], OnnxForge.Attribute("value", OnnxForge.Tensor("", [0.5f], 1)))
                    .Node("Div", $"{to}.ratio", [from, $"{to}.root"])
                    .Node("Erf", $"{to}.erf", [$"{to}.ratio"])
                    .Node("Add", $"{to}.sum", [$"{to}.one", $"{to}.erf"])
                    .Node("Mul", $"{to}.product", [from, $"{to}.sum"])
                    .Node("Mul", to, [$"{to}.product", $"{to}.half"]);
                break;
            default:
                forge.Node(activation, to, [from]);
                break;
        }
    }

    /// <summary>By the place of a number in the file's order, its place in ours.</summary>
    private static int[] Order(Mlp network)
    {
        List<int> order = [];
        foreach (var slot in network.Layout.Slots)
        {
            int[] places = [.. Enumerable.Range(slot.Offset, slot.Shape.Count)];
            order.AddRange(slot.Shape.Rank == 2 ? Transposed<int>(places, slot.Shape) : places);
        }

        return [.. order];
    }

    private static T[] Transposed<T>(ReadOnlySpan<T> matrix, Shape shape)
    {
        var result = new T[matrix.Length];
        for (var i = 0; i < matrix.Length; i++)
            result[(i % shape[1] * shape[0]) + (i / shape[1])] = matrix[i];
        return result;
    }

    private static double[] Permuted(double[] values, int[] order) => [.. order.Select(place => values[place])];

    private static double[] Widened(Tensor tensor) => Array.ConvertAll(tensor.Floats.ToArray(), value => (double)value);

    private static double[] Softmax(ReadOnlySpan<double> logits)
    {
        double[] powers = [.. logits.ToArray().Select(Math.Exp)];
        return [.. powers.Select(power => power / powers.Sum())];
    }

    internal static double[] Outputs(INetwork network, double[] inputs, double[] theta)
    {
        var (input, parameters) = (Ops.Input(inputs.Length / network.Inputs, network.Inputs), network.Layout.ToInputs());
        var values = parameters.Index().ToDictionary(item => item.Item, item => network.Layout.Slots[item.Index].Of<double>(theta).ToArray());
        values[input] = inputs;
        return Reference.Evaluate(values, network.Output(input, parameters))[0];
    }
}
