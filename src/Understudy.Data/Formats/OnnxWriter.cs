using System.Buffers.Binary;

namespace Understudy.Data.Formats;

/// <summary>Turns the content of an ONNX file into its messages.</summary>
internal static class OnnxWriter
{
    // the version of the format that came with operator set 15; files of later sets may have it too
    private const long FormatVersion = 8;

    private const long Float = 1, Int64 = 7;

    /// <summary>The whole file.</summary>
    internal static ProtobufMessage Model(OnnxModel model) => new ProtobufMessage()
        .Number(1, FormatVersion)
        .Text(2, model.Producer)
        .Message(7, Graph(model))
        .Message(8, new ProtobufMessage().Text(1, "").Number(2, model.OperatorSet));

    private static ProtobufMessage Graph(OnnxModel model)
    {
        var graph = new ProtobufMessage();
        foreach (var node in model.Nodes)
            graph.Message(1, Node(node));
        // the format asks for a name
        graph.Text(2, "network");
        foreach (var tensor in model.Initializers)
            graph.Message(5, Array(tensor));
        foreach (var input in model.Inputs)
            graph.Message(11, Value(input));
        foreach (var output in model.Outputs)
            graph.Message(12, Value(output));
        return graph;
    }

    private static ProtobufMessage Node(OnnxNode node)
    {
        if (node.Operator.Contains("::", StringComparison.Ordinal))
            throw new ArgumentException($"Node {node.Name} has the operator {node.Operator}, which is not one of the standard; only those are written.");
        var message = new ProtobufMessage();
        foreach (var input in node.Inputs)
            message.Text(1, input);
        foreach (var output in node.Outputs)
            message.Text(2, output);
        message.Text(3, node.Name).Text(4, node.Operator);
        foreach (var (name, value) in node.Attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            message.Message(5, Attribute(node, name, value));
        return message;
    }

    private static ProtobufMessage Attribute(OnnxNode node, string name, OnnxAttribute value)
    {
        var message = new ProtobufMessage().Text(1, name);
        switch (value)
        {
            case { Number: { } number }:
                return message.Single(2, (float)number).Number(20, 1);
            case { WholeNumber: { } whole }:
                return message.Number(3, whole).Number(20, 2);
            case { Text: { } text }:
                return message.Text(4, text).Number(20, 3);
            case { Tensor: { } tensor }:
                return message.Message(5, Array(tensor)).Number(20, 4);
            case { Numbers: { } numbers }:
                foreach (var number in numbers)
                    message.Single(7, (float)number);
                return message.Number(20, 6);
            case { WholeNumbers: { } wholes }:
                foreach (var whole in wholes)
                    message.Number(8, whole);
                return message.Number(20, 7);
            default:
                throw new ArgumentException($"Attribute {name} of node {node.Name} has no value.");
        }
    }

    private static ProtobufMessage Array(OnnxTensor tensor)
    {
        var message = new ProtobufMessage();
        foreach (var extent in tensor.Shape)
            message.Number(1, extent);
        return message.Number(2, tensor.IsFloating ? Float : Int64).Text(8, tensor.Name).Bytes(9, tensor.IsFloating ? Singles(tensor) : Integers(tensor));
    }

    private static byte[] Singles(OnnxTensor tensor)
    {
        var numbers = tensor.Numbers;
        var bytes = new byte[checked(numbers.Length * sizeof(float))];
        for (var i = 0; i < numbers.Length; i++)
        {
            var single = (float)numbers[i];
            if (float.IsInfinity(single) && double.IsFinite(numbers[i]))
                throw new ArgumentException($"Tensor {tensor.Name} holds {numbers[i]} at place {i}, more than single precision can.");
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(sizeof(float) * i), single);
        }

        return bytes;
    }

    private static byte[] Integers(OnnxTensor tensor)
    {
        var integers = tensor.Integers;
        var bytes = new byte[checked(integers.Length * sizeof(long))];
        for (var i = 0; i < integers.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(sizeof(long) * i), integers[i]);
        return bytes;
    }

    private static ProtobufMessage Value(OnnxValue value)
    {
        var type = new ProtobufMessage().Number(1, Float);
        if (value.Shape is { } shape)
        {
            var extents = new ProtobufMessage();
            foreach (var extent in shape)
                extents.Message(1, Extent(extent));
            type.Message(2, extents);
        }

        return new ProtobufMessage().Text(1, value.Name).Message(2, new ProtobufMessage().Message(1, type));
    }

    private static ProtobufMessage Extent(OnnxExtent extent)
    {
        var message = new ProtobufMessage();
        if (extent.Length is { } length)
            return message.Number(1, length);
        return extent.Symbol.Length > 0 ? message.Text(2, extent.Symbol) : message;
    }
}
