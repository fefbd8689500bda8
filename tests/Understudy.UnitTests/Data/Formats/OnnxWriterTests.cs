using Understudy.Data.Formats;

namespace Understudy.UnitTests.Data.Formats;

public sealed class OnnxWriterTests
{
    [Theory]
    [InlineData("mlp_view_train")]
    [InlineData("lenet")]
    [InlineData("bn1d")]
    public void A_file_of_PyTorch_comes_back_as_it_was(string name)
    {
        var model = OnnxTests.Read(OnnxTests.Fixture(name));

        var again = OnnxTests.Read(Bytes(model));

        Assert.Equal(Text(model), Text(again));
        Assert.Equal(model.Initializers.Where(tensor => tensor.IsFloating).Select(tensor => tensor.Numbers.ToArray()), again.Initializers.Where(tensor => tensor.IsFloating).Select(tensor => tensor.Numbers.ToArray()));
    }

    [Fact]
    public void Every_field_stands_under_the_number_of_the_standard()
    {
        var node = new OnnxNode("Foo", "node", ["x", ""], ["y"], new Dictionary<string, OnnxAttribute> { ["b"] = new(WholeNumber: -1), ["a"] = new(Number: 0.5) });
        var model = new OnnxModel("", "me", 17, [node], [OnnxTensor.Of("w", [1.5, -2], 2, 1)], [new("x", [new(null, "n"), new(300, "")])], [new("y", null)]);

        var bytes = Bytes(model);

        // written by hand: a key is the field's number times eight, plus 0 before a number, 2 before a length, 5 before a float
        void Has(params byte[] part) => Assert.True(bytes.AsSpan().IndexOf(part) > 0);
        Assert.Equal([0x08, 8, 0x12, 2, .. "me"u8, 0x3A], bytes[..7]);
        Has([0x0A, 1, .. "x"u8, 0x0A, 0, 0x12, 1, .. "y"u8, 0x1A, 4, .. "node"u8, 0x22, 3, .. "Foo"u8, 0x2A, 11, 0x0A, 1, .. "a"u8, 0x15, 0, 0, 0, 0x3F, 0xA0, 1, 1, 0x2A]);
        // −1 takes ten groups of seven bits
        Has([0x0A, 1, .. "b"u8, 0x18, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0xA0, 1, 2]);
        Has([0x2A, 19, 0x08, 2, 0x08, 1, 0x10, 1, 0x42, 1, .. "w"u8, 0x4A, 8, 0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0]);
        Has([0x5A, 21, 0x0A, 1, .. "x"u8, 0x12, 16, 0x0A, 14, 0x08, 1, 0x12, 10, 0x0A, 3, 0x12, 1, .. "n"u8, 0x0A, 3, 0x08, 0xAC, 2]);
        Has([0x62, 9, 0x0A, 1, .. "y"u8, 0x12, 4, 0x0A, 2, 0x08, 1]);
        Assert.Equal([0x42, 4, 0x0A, 0, 0x10, 17], bytes[^6..]);
    }

    [Fact]
    public void What_the_format_or_single_precision_cannot_hold_is_named()
    {
        static string Problem(OnnxNode node, params OnnxTensor[] stored)
            => Assert.Throws<ArgumentException>(() => Onnx.Write(Stream.Null, new OnnxModel("", "", 17, [node], stored, [], []))).Message;
        var add = new OnnxNode("Add", "sum", [], ["y"], new Dictionary<string, OnnxAttribute>());

        Assert.Equal("Tensor w holds 1E+40 at place 1, more than single precision can.", Problem(add, OnnxTensor.Of("w", [1, 1e40], 2)));
        Assert.Equal("Node sum has the operator com.microsoft::Gelu, which is not one of the standard; only those are written.", Problem(add with { Operator = "com.microsoft::Gelu" }));
        Assert.Equal("Attribute alpha of node sum has no value.", Problem(add with { Attributes = new Dictionary<string, OnnxAttribute> { ["alpha"] = new() } }));
        Assert.Contains("has 3 elements, but its shape [2] asks for others", Assert.Throws<ArgumentException>(() => OnnxTensor.Of("w", [1L, 2, 3], 2)).Message, StringComparison.Ordinal);
    }

    private static byte[] Bytes(OnnxModel model)
    {
        using var stream = new MemoryStream();
        Onnx.Write(stream, model);
        return stream.ToArray();
    }

    /// <summary>All of a model but its floating numbers.</summary>
    private static string Text(OnnxModel model)
    {
        static string Tensor(OnnxTensor tensor) => $"{tensor.Name} [{string.Join(", ", tensor.Shape)}] {(tensor.IsFloating ? "floating" : string.Join(", ", tensor.Integers.ToArray()))}";
        static string Attribute(OnnxAttribute value) => $"{value.Number} {value.WholeNumber} {value.Text} {(value.Tensor is { } tensor ? Tensor(tensor) : "")} {string.Join(", ", value.Numbers ?? [])} {string.Join(", ", value.WholeNumbers ?? [])}";
        static string Value(OnnxValue value) => $"{value.Name} [{string.Join(", ", value.Shape ?? [])}]";
        static string Node(OnnxNode node)
            => $"{node.Operator} {node.Name} ({string.Join(", ", node.Inputs)}) ({string.Join(", ", node.Outputs)}) {string.Join("; ", node.Attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {Attribute(pair.Value)}"))}";
        string[] lines = [model.Producer, $"{model.OperatorSet}", .. model.Nodes.Select(Node), .. model.Initializers.Select(Tensor), .. model.Inputs.Select(Value), .. model.Outputs.Select(Value)];
        return string.Join('\n', lines);
    }
}
