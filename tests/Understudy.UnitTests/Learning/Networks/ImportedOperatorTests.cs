using Understudy.Engine;
using Understudy.Learning.Networks;
using Understudy.UnitTests.Data.Formats;
using static Understudy.UnitTests.Learning.Networks.ImportedNetworkTests;

namespace Understudy.UnitTests.Learning.Networks;

/// <summary>Single operators behind a linear layer z = x Wᵀ of three inputs and three outputs, against their definitions.</summary>
public sealed class ImportedOperatorTests
{
    private static readonly double[] Inputs = [0.5, -1, 2, -0.25, 0.75, -3];
    private static readonly double[] Weight = [1, 0.5, 0, -1, 0.25, 0.5, 0, 2, -0.5];
    private static readonly double[] Row = [2, -4, 0.5];

    public static TheoryData<string> Functions => [.. Definitions.Keys];

    private static Dictionary<string, Func<double, double>> Definitions => new()
    {
        ["Relu"] = z => Math.Max(z, 0),
        ["LeakyRelu"] = z => z > 0 ? z : 0.01 * z,
        ["Elu"] = z => z > 0 ? z : Math.Exp(z) - 1,
        ["Tanh"] = Math.Tanh,
        ["Sigmoid"] = z => 1 / (1 + Math.Exp(-z)),
        ["Softplus"] = z => Math.Log(1 + Math.Exp(z)),
        ["Erf"] = ScalarFunctions.Erf,
        ["Gelu"] = z => z * (1 + ScalarFunctions.Erf(z / Math.Sqrt(2))) / 2,
        ["Identity"] = z => z,
        ["Dropout"] = z => z,
        ["Flatten"] = z => z,
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void Functions_of_one_operand_are_those_of_the_standard(string name)
        => IsElementwise(BehindLinear(20).Node(name, "y", ["z"]), (z, _) => Definitions[name](z));

    [Fact]
    public void Attributes_count()
    {
        IsElementwise(BehindLinear().Node("LeakyRelu", "y", ["z"], OnnxForge.Attribute("alpha", 0.5f)), (z, _) => z > 0 ? z : 0.5 * z);
        IsElementwise(BehindLinear().Node("Elu", "y", ["z"], OnnxForge.Attribute("alpha", 0.5f)), (z, _) => z > 0 ? z : 0.5 * (Math.Exp(z) - 1));
        IsElementwise(
            BehindLinear(20).Node("Gelu", "y", ["z"], OnnxForge.Attribute("approximate", "tanh")),
            (z, _) => z * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (z + (0.044715 * Math.Pow(z, 3))))) / 2);
    }

    [Fact]
    public void Arithmetic_broadcasts_rows_and_single_numbers_on_either_side()
    {
        OnnxForge Of(string operation, string[] operands, params int[] shape) => BehindLinear().Stored(OnnxForge.Tensor("c", Row, shape)).Node(operation, "y", operands);
        OnnxForge Scalar(string operation, string[] operands, params int[] shape) => BehindLinear().Stored(OnnxForge.Tensor("c", [2.0], shape)).Node(operation, "y", operands);

        IsElementwise(Of("Add", ["z", "c"], 3), (z, column) => z + Row[column]);
        IsElementwise(Of("Add", ["c", "z"], 1, 3), (z, column) => z + Row[column]);
        IsElementwise(Of("Sub", ["z", "c"], 3), (z, column) => z - Row[column]);
        IsElementwise(Of("Sub", ["c", "z"], 1, 3), (z, column) => Row[column] - z);
        IsElementwise(Of("Mul", ["z", "c"], 3), (z, column) => z * Row[column]);
        IsElementwise(Of("Div", ["z", "c"], 3), (z, column) => z / Row[column]);
        IsElementwise(Scalar("Div", ["c", "z"]), (z, _) => 2 / z);
        IsElementwise(Scalar("Mul", ["c", "z"], 1), (z, _) => 2 * z);
        IsElementwise(Scalar("Add", ["z", "c"], 1, 1), (z, _) => 2 + z);
        IsElementwise(BehindLinear().Node("Mul", "y", ["z", "z"]), (z, _) => z * z);
    }

    [Fact]
    public void A_layer_may_be_stored_in_every_way()
    {
        OnnxForge Of(params int[] shape) => Ends().Stored(OnnxForge.Tensor("w", shape.Length == 0 ? Weight : Transposed(), 3, 3)).Stored(OnnxForge.Tensor("b", Row, 3));

        IsElementwise(Of().Node("Gemm", "y", ["x", "w", "b"], OnnxForge.Attribute("transB", 1), OnnxForge.Attribute("alpha", 2f), OnnxForge.Attribute("beta", -0.5f)), (z, column) => (2 * z) - (0.5 * Row[column]));
        IsElementwise(Of(1).Node("Gemm", "y", ["x", "w", ""]), (z, _) => z);
        IsElementwise(Of(1).Node("MatMul", "z", ["x", "w"]).Node("Add", "y", ["z", "b"]), (z, column) => z + Row[column]);
        IsElementwise(Of().Node("Transpose", "t", ["w"], OnnxForge.Attribute("perm", 1L, 0L)).Node("MatMul", "y", ["x", "t"]), (z, _) => z);
    }

    [Fact]
    public void Batch_normalization_uses_the_stored_statistics()
    {
        double[] scale = [1, -2, 3], shift = [0.5, 0, -1], mean = [0.1, 0.2, -0.3], variance = [1, 4, 0.25];
        var forge = BehindLinear(9).Stored(OnnxForge.Tensor("s", scale, 3)).Stored(OnnxForge.Tensor("t", shift, 3))
            .Stored(OnnxForge.Tensor("m", mean, 3)).Stored(OnnxForge.Tensor("v", variance, 3))
            .Node("BatchNormalization", "y", ["z", "s", "t", "m", "v"], OnnxForge.Attribute("epsilon", 0.125f));

        IsElementwise(forge, (z, c) => (scale[c] * (z - mean[c]) / Math.Sqrt(variance[c] + 0.125)) + shift[c]);
    }

    [Fact]
    public void Images_are_flattened_in_the_order_of_their_rows()
    {
        OnnxForge Of(int rows) => new OnnxForge().Input("x", rows, 1, 3, 1).Output("y", rows, 3).Stored(OnnxForge.Tensor("w", Weight, 3, 3));
        OnnxForge Reshaped(int rows, params long[] shape) => Of(rows).Stored(OnnxForge.Tensor("shape", shape, shape.Length)).Node("Reshape", "f", ["x", "shape"]);
        OnnxForge Layer(OnnxForge forge) => forge.Node("Gemm", "y", ["f", "w"], OnnxForge.Attribute("transB", 1));

        IsElementwise(Layer(Of(-1).Node("Flatten", "f", ["x"])), (z, _) => z);
        IsElementwise(Layer(Reshaped(-1, -1, 3)), (z, _) => z);
        IsElementwise(Layer(Reshaped(-1, 0, -1)), (z, _) => z);
        // a file for one example at a time serves any number of them
        IsElementwise(Layer(Reshaped(1, 1, -1)), (z, _) => z);
        IsElementwise(Layer(Reshaped(1, 1, 3)), (z, _) => z);
    }

    [Fact]
    public void Shapes_may_be_computed_from_extents()
    {
        OnnxForge Of() => Ends(13).Stored(OnnxForge.Tensor("w", Weight, 3, 3)).Stored(OnnxForge.Tensor("zero", [0L], 1)).Stored(OnnxForge.Tensor("three", [3L], 1));
        OnnxForge Layer(OnnxForge forge) => forge.Node("Reshape", "f", ["x", "shape"]).Node("Gemm", "y", ["f", "w"], OnnxForge.Attribute("transB", 1));

        IsElementwise(Layer(Of().Node("Shape", "rows", ["x"], OnnxForge.Attribute("end", 1)).Node("Concat", "shape", ["rows", "three"])), (z, _) => z);
        IsElementwise(Layer(Of().Node("Shape", "all", ["x"]).Node("Gather", "rows", ["all", "zero"]).Node("Concat", "shape", ["rows", "three"])), (z, _) => z);
        IsElementwise(
            Layer(Of().Node("Shape", "last", ["x"], OnnxForge.Attribute("start", -1)).Node("Squeeze", "one", ["last", "zero"]).Node("Unsqueeze", "list", ["one", "zero"])
                .Node("Constant", "open", [], OnnxForge.Attribute("value_ints", -1L, -1L)).Node("Gather", "free", ["open", "zero"]).Node("Concat", "shape", ["free", "list"])),
            (z, _) => z);
    }

    [Fact]
    public void Rows_within_an_example_go_through_a_matrix_one_by_one()
    {
        var forge = new OnnxForge().Input("x", -1, 2, 3).Output("y", -1, 6).Stored(OnnxForge.Tensor("w", Transposed(), 3, 3))
            .Node("MatMul", "z", ["x", "w"]).Node("Flatten", "y", ["z"], OnnxForge.Attribute("axis", -2));
        var network = ImportedNetwork.Of(OnnxTests.Read(forge.ToFile()));

        Assert.Equal(Linear(), Outputs(network, Inputs, Weights(network)));
    }

    private static OnnxForge Ends(long operatorSet = 17) => new OnnxForge { OperatorSet = operatorSet }.Input("x", -1, 3).Output("y", -1, 3);

    private static OnnxForge BehindLinear(long operatorSet = 17)
        => Ends(operatorSet).Stored(OnnxForge.Tensor("w", Weight, 3, 3)).Node("Gemm", "z", ["x", "w"], OnnxForge.Attribute("transB", 1));

    private static void IsElementwise(OnnxForge forge, Func<double, int, double> definition)
    {
        var network = ImportedNetwork.Of(OnnxTests.Read(forge.ToFile()));

        var actual = Outputs(network, Inputs, Weights(network));

        double[] expected = [.. Linear().Select((z, at) => definition(z, at % 3))];
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-14 * (1 + Math.Abs(expected[i])));
    }

    private static double[] Weights(ImportedNetwork network) => network.Parameters.ToArray();

    private static double[] Linear()
    {
        var z = new double[Inputs.Length];
        for (var i = 0; i < z.Length; i++)
        {
            for (var k = 0; k < 3; k++)
                z[i] += Inputs[(i / 3 * 3) + k] * Weight[(i % 3 * 3) + k];
        }

        return z;
    }

    private static double[] Transposed() => [.. Enumerable.Range(0, 9).Select(i => Weight[(i % 3 * 3) + (i / 3)])];
}
