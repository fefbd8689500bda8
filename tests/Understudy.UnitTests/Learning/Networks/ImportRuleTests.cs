using Understudy.Data;
using Understudy.Learning.Networks;
using Understudy.UnitTests.Data.Formats;

namespace Understudy.UnitTests.Learning.Networks;

public sealed class ImportRuleTests
{
    [Fact]
    public void An_operator_that_is_not_supported_is_named_with_its_node_and_those_that_are()
    {
        var problem = Assert.Throws<UnreadableFileException>(() => ImportedNetwork.Of(OnnxTests.Read(Linear("z").Node("LSTM", "y", ["z", "w"]).ToFile())));

        Assert.Equal(
            "net.onnx: operator LSTM (node y) is not supported; supported are Add, AveragePool, BatchNormalization, Cast, Concat, Constant, Conv, Div, Dropout, Elu, Erf, Flatten, "
            + "Gather, Gelu, Gemm, GlobalAveragePool, Identity, LeakyRelu, MatMul, Max, MaxPool, Mul, Pad, ReduceMean, ReduceSumSquare, Relu, Reshape, Shape, Sigmoid, Softplus, Sqrt, Squeeze, Sub, Tanh, "
            + "Transpose, Unsqueeze, and Softmax or LogSoftmax at the end.",
            problem.Message);
    }

    [Fact]
    public void What_would_make_examples_see_each_other_is_refused()
    {
        IsRefused(Linear("z").Node("Transpose", "y", ["z"]), "operator Transpose (node y) moves the axis of the examples");
        IsRefused(Linear("z").Node("Flatten", "y", ["z"], OnnxForge.Attribute("axis", 0)), "operator Flatten (node y) joins examples (axis 0)");
        IsRefused(Linear("z").Stored(OnnxForge.Tensor("c", [1.0, 2], 2, 1)).Node("Add", "y", ["z", "c"]), "operator Add (node y) combines [2, 3] and [2, 1] across examples");
        IsRefused(Linear("z").Node("Gemm", "y", ["z", "z"]), "operator Gemm (node y) needs weights or constants as operand 1");
        IsRefused(Linear("z").Node("Gemm", "y", ["z", "w"], OnnxForge.Attribute("transA", 1)), "operator Gemm (node y) multiplies across examples (transA)");
        IsRefused(Linear("z").Node("MatMul", "y", ["w", "z"]), "operator MatMul (node y) needs weights or constants as operand 1");
        IsRefused(
            Linear("z").Stored(OnnxForge.Tensor("s", [2L, 3], 2)).Node("Reshape", "y", ["z", "s"]),
            "operator Reshape (node y) cannot turn [3, 3] into [2, 3]");
        IsRefused(
            Linear("z").Stored(OnnxForge.Tensor("s", [3L, -1], 2)).Node("Reshape", "y", ["z", "s"]),
            "operator Reshape (node y) turns [2, 3] into [3, 2], whose first axis is not that of the examples; export with an open batch axis");
        IsRefused(
            Normalized(OnnxForge.Attribute("training_mode", 1)), "operator BatchNormalization (node y) is in training mode, where examples see each other; export model.eval()");
    }

    [Fact]
    public void What_does_not_fit_is_named_with_its_node()
    {
        IsRefused(Linear("z").Node("Softmax", "p", ["z"]).Node("Relu", "y", ["p"]), "operator Softmax (node p) is supported as the last one only");
        IsRefused(Linear("z").Node("Softmax", "y", ["z"], OnnxForge.Attribute("axis", 0)), "operator Softmax (node y) is supported along the last axis of [batch, C] only");
        IsRefused(Linear("z").Node("Add", "y", ["z", "nothing"]), "operator Add (node y) reads nothing, which nothing before it makes");
        IsRefused(Linear("z").Node("Relu", "z", ["z"]), "operator Relu (node z) makes z, which an earlier one makes too");
        IsRefused(Linear("z").Node("Add", "y", ["z", "y"]), "operator Add (node y) reads y, which nothing before it makes");
        IsRefused(Linear("z"), "nothing makes the output y");
        IsRefused(Linear("z").Node("Add", "y", ["z"]), "operator Add (node y) lacks operand 1");
        IsRefused(Linear("z").Stored(OnnxForge.Tensor("c", [1.0, 2], 2)).Node("Add", "y", ["z", "c"]), "operator Add (node y) cannot combine [2, 3] and [2]");
        IsRefused(Linear("z").Stored(OnnxForge.Tensor("v", [1.0, 2], 1, 2)).Node("MatMul", "y", ["z", "v"]), "operator MatMul (node y) does not fit: MatMul needs");
        IsRefused(Linear("z").Stored(OnnxForge.Tensor("n", [1L], 1)).Node("Add", "y", ["z", "n"]), "operator Add (node y) computes with whole numbers in operand 1");
        IsRefused(Linear("z").Stored(OnnxForge.Tensor("s", [-1L, 3, 1], 3)).Node("Reshape", "y", ["z", "s"]), "the output has the shape [2, 3, 1]; supported is [batch, C]");
    }

    [Fact]
    public void A_network_is_one_input_of_known_extents_and_one_output_with_something_to_train()
    {
        IsRefused(Linear("y").Input("mask", -1, 3), "the network has 2 inputs (x, mask) and 1 output (y); supported is one of each");
        IsRefused(Linear("y", -1, -1), "input x has the shape [batch, batch]; all extents but the first, that of the examples, must be numbers");
        IsRefused(Linear("y", 3), "input x has the shape [3]; supported is [batch, …]");
        IsRefused(new OnnxForge().Input("x", -1, 3).Output("y", -1, 3).Node("Relu", "y", ["x"]), "no stored array of the network can be trained");
        IsRefused(Linear(new OnnxForge { OperatorSet = 6 }, "y", -1, 3), "the operators are of version 6; supported are 7 to 21 (opset_version of the exporter)");
        IsRefused(Linear(new OnnxForge { OperatorSet = 22 }, "y", -1, 3), "the operators are of version 22");
    }

    [Fact]
    public void Means_spreads_single_numbers_and_what_is_named_are_constants()
    {
        var forge = new OnnxForge().Input("x", -1, 3).Output("y", -1, 3)
            .Stored(OnnxForge.Tensor("mean", [1.0, 2, 3], 3)).Stored(OnnxForge.Tensor("w", new double[9], 3, 3)).Stored(OnnxForge.Tensor("spread", [1.0, 2, 3], 3))
            .Stored(OnnxForge.Tensor("half", [0.5])).Stored(OnnxForge.Tensor("gain", [1.0, 2, 3], 3)).Stored(OnnxForge.Tensor("unused", [1.0, 2, 3], 3))
            .Node("Sub", "centred", ["x", "mean"]).Node("Div", "scaled", ["centred", "spread"]).Node("MatMul", "z", ["scaled", "w"])
            .Node("Mul", "weighted", ["z", "gain"]).Node("Mul", "y", ["weighted", "half"]);

        var all = ImportedNetwork.Of(OnnxTests.Read(forge.ToFile()));
        var some = ImportedNetwork.Of(OnnxTests.Read(forge.ToFile()), name => name != "gain");

        Assert.Equal(["w", "gain"], all.Layout.Slots.Select(slot => slot.Name));
        Assert.Equal(["mean", "spread", "half"], all.Constants);
        Assert.Equal(["w"], some.Layout.Slots.Select(slot => slot.Name));
        Assert.Equal(["mean", "spread", "half", "gain"], some.Constants);
    }

    [Fact]
    public void Two_names_for_one_array_are_one_parameter_and_noted()
    {
        var forge = Linear("z").Node("Identity", "2.weight", ["w"]).Node("Gemm", "y", ["z", "2.weight"]);

        var network = ImportedNetwork.Of(OnnxTests.Read(forge.ToFile()));

        Assert.Equal(9, network.Layout.Count);
        Assert.Equal(["2.weight shares the numbers of w: the file has one array for both, and so has the network. PyTorch merges arrays that are equal."], network.Notes);
    }

    [Fact]
    public void A_sigmoid_at_the_end_is_kept_and_noted()
    {
        var network = ImportedNetwork.Of(OnnxTests.Read(Linear("z").Node("Sigmoid", "p", ["z"]).Node("Identity", "y", ["p"]).ToFile()));

        Assert.Equal(
            ["The operator Sigmoid (node p) at the end is kept: leave it out of the export for a loss that contains it, such as the logistic one."], network.Notes);
        Assert.Equal([0.5, 0.5, 0.5], ImportedNetworkTests.Outputs(network, [0, 0, 0], network.Parameters.ToArray()));
    }

    [Fact]
    public void Names_of_the_file_cannot_command_a_terminal()
        => IsRefused(Linear("z").Node("Odd\u001b[2J", "y", ["z"]), "operator Odd?[2J (node y) is not supported");

    [Fact]
    public void Statistics_stay_constants_where_they_were_merged_with_a_parameter()
    {
        var forge = Linear("z").Stored(OnnxForge.Tensor("shift", [0.0, 0, 0], 3)).Stored(OnnxForge.Tensor("one", [1.0, 1, 1], 3))
            .Node("Identity", "mean", ["shift"]).Node("BatchNormalization", "y", ["z", "one", "shift", "mean", "one"], OnnxForge.Attribute("epsilon", 0f));
        var network = ImportedNetwork.Of(OnnxTests.Read(forge.ToFile()));

        var moved = ImportedNetworkTests.Outputs(network, [1, 0, 0], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 1, 2, 4]);

        // z = [1, 2, 3] times the moved scales [1, 2, 4] plus the moved shifts; mean 0 and variance 1 are those of the file
        Assert.Equal(["w", "shift", "one"], network.Layout.Slots.Select(slot => slot.Name));
        Assert.Equal([11, 24, 42], moved);
    }

    [Fact]
    public void Every_damaged_file_gives_a_network_or_a_sentence()
    {
        Damage.IsAlwaysAnswered(OnnxTests.Fixture("bn1d"), file => ImportedNetwork.Of(OnnxTests.Read(file)), cases: 1500);
        Damage.IsAlwaysAnswered(OnnxTests.Fixture("lenet"), file => ImportedNetwork.Of(OnnxTests.Read(file)), cases: 1500);
        Damage.IsAlwaysAnswered(OnnxTests.Fixture("mlp_view_train"), file => ImportedNetwork.Of(OnnxTests.Read(file)), cases: 1500);
    }

    private static OnnxForge Linear(string result, params int[] input) => Linear(new OnnxForge(), result, input.Length > 0 ? input : [-1, 3]);

    private static OnnxForge Linear(OnnxForge forge, string result, params int[] input)
        => forge.Input("x", input).Output("y", -1, 3).Stored(OnnxForge.Tensor("w", [1.0, 2, 3, 4, 5, 6, 7, 8, 9], 3, 3)).Node("Gemm", result, ["x", "w"]);

    private static OnnxForge Normalized(params byte[][] attributes)
        => Linear("z").Stored(OnnxForge.Tensor("s", [1.0, 2, 3], 3)).Node("BatchNormalization", "y", ["z", "s", "s", "s", "s"], attributes);

    internal static void IsRefused(OnnxForge forge, string problem)
    {
        var exception = Assert.Throws<UnreadableFileException>(() => ImportedNetwork.Of(OnnxTests.Read(forge.ToFile())));

        Assert.StartsWith($"net.onnx: {problem}", exception.Message, StringComparison.Ordinal);
    }
}
