using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Understudy.UnitTests.Data.Formats;

/// <summary>Writes small ONNX files: what a test needs of the format, and its variants that a reader must know.</summary>
internal sealed class OnnxForge
{
    private const int Float = 1, Int64 = 7, Double = 11;

    private readonly List<byte[]> _nodes = [];
    private readonly List<byte[]> _stored = [];
    private readonly List<byte[]> _inputs = [];
    private readonly List<byte[]> _outputs = [];

    /// <summary>The version of the standard operators.</summary>
    internal long OperatorSet { get; init; } = 17;

    /// <summary>A field whose value is a number.</summary>
    internal static byte[] Number(int field, long value) => [.. Varint((ulong)field << 3), .. Varint((ulong)value)];

    /// <summary>A field whose value has a length.</summary>
    internal static byte[] Bytes(int field, params byte[][] parts)
    {
        byte[] value = [.. parts.SelectMany(part => part)];
        return [.. Varint(((ulong)field << 3) | 2), .. Varint((ulong)value.Length), .. value];
    }

    internal static byte[] Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    internal static byte[] Attribute(string name, long value) => Bytes(5, Text(1, name), Number(3, value), Number(20, 2));

    internal static byte[] Attribute(string name, float value) => Bytes(5, Text(1, name), Four(2, value), Number(20, 1));

    internal static byte[] Attribute(string name, string value) => Bytes(5, Text(1, name), Text(4, value), Number(20, 3));

    internal static byte[] Attribute(string name, params long[] values)
        => Bytes(5, [Text(1, name), .. values.Select(value => Number(8, value)), Number(20, 7)]);

    internal static byte[] Attribute(string name, byte[] tensor) => Bytes(5, Text(1, name), Bytes(5, tensor), Number(20, 4));

    /// <summary>Doubles as raw bytes.</summary>
    internal static byte[] Tensor(string name, double[] values, params int[] shape)
        => [.. Extents(shape), .. Number(2, Double), .. Text(8, name), .. Bytes(9, MemoryMarshal.AsBytes<double>(values).ToArray())];

    /// <summary>Floats as a packed list.</summary>
    internal static byte[] Tensor(string name, float[] values, params int[] shape)
        => [.. Extents(shape), .. Number(2, Float), .. Bytes(4, MemoryMarshal.AsBytes<float>(values).ToArray()), .. Text(8, name)];

    /// <summary>Whole numbers as a list that is not packed.</summary>
    internal static byte[] Tensor(string name, long[] values, params int[] shape)
        => [.. Extents(shape), .. Number(2, Int64), .. values.SelectMany(value => Number(7, value)), .. Text(8, name)];

    /// <summary>An input; an extent of −1 is open and called batch.</summary>
    internal OnnxForge Input(string name, params int[] shape)
    {
        _inputs.Add(Value(name, shape));
        return this;
    }

    internal OnnxForge Output(string name, params int[] shape)
    {
        _outputs.Add(Value(name, shape));
        return this;
    }

    internal OnnxForge Stored(byte[] tensor)
    {
        _stored.Add(tensor);
        return this;
    }

    /// <summary>An operation with one result, of the same name as the node.</summary>
    internal OnnxForge Node(string operation, string name, string[] inputs, params byte[][] attributes)
    {
        _nodes.Add([.. inputs.SelectMany(input => Text(1, input)), .. Text(2, name), .. Text(3, name), .. Text(4, operation), .. attributes.SelectMany(part => part)]);
        return this;
    }

    internal byte[] ToFile() =>
    [
        .. Number(1, 8),
        .. Text(2, "forge"),
        .. Bytes(7, [.. _nodes.Select(node => Bytes(1, node)), Text(2, "graph"), .. _stored.Select(tensor => Bytes(5, tensor)), .. _inputs.Select(value => Bytes(11, value)), .. _outputs.Select(value => Bytes(12, value))]),
        .. Bytes(8, Text(1, ""), Number(2, OperatorSet)),
    ];

    private static byte[] Value(string name, int[] shape)
    {
        byte[][] extents = [.. shape.Select(extent => Bytes(1, extent < 0 ? Text(2, "batch") : Number(1, extent)))];
        return [.. Text(1, name), .. Bytes(2, Bytes(1, Number(1, Float), Bytes(2, extents)))];
    }

    private static IEnumerable<byte> Extents(int[] shape) => shape.SelectMany(extent => Number(1, extent));

    private static byte[] Four(int field, float value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return [.. Varint(((ulong)field << 3) | 5), .. bytes];
    }

    private static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value > 0x7F; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }
}
