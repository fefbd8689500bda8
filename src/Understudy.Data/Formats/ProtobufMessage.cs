using System.Buffers.Binary;
using System.Text;

namespace Understudy.Data.Formats;

/// <summary>A message in the wire format of protocol buffers that is put together field by field.</summary>
/// <remarks>The counterpart of <see cref="ProtobufFields"/>. Values are referred to, not copied, until they are written.</remarks>
internal sealed class ProtobufMessage
{
    private const int Varint = 0, WithLength = 2, Four = 5;

    private readonly List<ReadOnlyMemory<byte>> _parts = [];

    /// <summary>Bytes of the message.</summary>
    internal long Length { get; private set; }

    /// <summary>Adds a whole number.</summary>
    internal ProtobufMessage Number(int field, long value)
    {
        Key(field, Varint);
        Group((ulong)value);
        return this;
    }

    /// <summary>Adds a float.</summary>
    internal ProtobufMessage Single(int field, float value)
    {
        var bytes = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        Key(field, Four);
        Add(bytes);
        return this;
    }

    /// <summary>Adds text.</summary>
    internal ProtobufMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Adds bytes with their length.</summary>
    internal ProtobufMessage Bytes(int field, ReadOnlyMemory<byte> value)
    {
        Key(field, WithLength);
        Group((ulong)value.Length);
        Add(value);
        return this;
    }

    /// <summary>Adds a message that is complete.</summary>
    internal ProtobufMessage Message(int field, ProtobufMessage value)
    {
        Key(field, WithLength);
        Group((ulong)value.Length);
        _parts.AddRange(value._parts);
        Length += value.Length;
        return this;
    }

    /// <summary>Writes all fields in the order in which they were added.</summary>
    internal void WriteTo(Stream stream)
    {
        foreach (var part in _parts)
            stream.Write(part.Span);
    }

    private void Key(int field, int kind) => Group(((ulong)field << 3) | (uint)kind);

    /// <summary>A number as groups of seven bits, the lowest first.</summary>
    private void Group(ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        var count = 0;
        for (; value > 0x7F; value >>= 7)
            bytes[count++] = (byte)(value | 0x80);
        bytes[count++] = (byte)value;
        Add(bytes[..count].ToArray());
    }

    private void Add(ReadOnlyMemory<byte> bytes)
    {
        _parts.Add(bytes);
        Length += bytes.Length;
    }
}
