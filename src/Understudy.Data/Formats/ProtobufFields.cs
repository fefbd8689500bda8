using System.Buffers.Binary;
using System.Text;

namespace Understudy.Data.Formats;

/// <summary>The fields of one message in the wire format of protocol buffers, one after the other.</summary>
/// <remarks>
/// A field is a key (its number times eight plus how it is written) and a value: a number of seven-bit groups, four or eight bytes, or bytes
/// with their length in front. Fields come in any order, unknown ones are passed over, and lists of numbers may be packed into one field.
/// </remarks>
internal ref struct ProtobufFields
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly long _start;
    private readonly string _path;
    private int _at;
    private int _valueAt;

    /// <summary>The fields of a message.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="start">Where in the file it begins.</param>
    /// <param name="path">The file's name for messages.</param>
    internal ProtobufFields(ReadOnlySpan<byte> bytes, long start, string path)
    {
        _bytes = bytes;
        (_start, _path) = (start, path);
    }

    private enum Wire
    {
        Varint = 0,
        Eight = 1,
        Bytes = 2,
        Four = 5,
    }

    /// <summary>The number of the field last read.</summary>
    internal int Field { get; private set; }

    /// <summary>What of the message has not been gone through.</summary>
    internal readonly ReadOnlySpan<byte> Rest => _bytes[_at..];

    private Wire Kind { get; set; }

    private ulong Bits { get; set; }

    private ReadOnlySpan<byte> Bytes { get; set; }

    /// <summary>Goes to the next field; false at the end of the message.</summary>
    internal bool Next()
    {
        if (_at == _bytes.Length)
            return false;
        var key = Varint();
        (Field, Kind, Bits) = (key >> 3 <= int.MaxValue ? (int)(key >> 3) : 0, (Wire)(key & 7), 0);
        Bytes = default;
        if (Field == 0)
            throw Problem("there is a field without a number; this is not an ONNX file, or it is damaged");
        _valueAt = _at;
        switch (Kind)
        {
            case Wire.Varint:
                Bits = Varint();
                break;
            case Wire.Eight:
                Bits = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                break;
            case Wire.Four:
                Bits = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                break;
            case Wire.Bytes:
                var length = Varint();
                _valueAt = _at;
                Bytes = Take(length);
                break;
            default:
                throw Problem("there is a field of an unknown kind; this is not an ONNX file, or it is damaged");
        }

        return true;
    }

    /// <summary>The value as a message of its own.</summary>
    internal readonly ProtobufFields Message()
    {
        Require(Wire.Bytes);
        return new ProtobufFields(Bytes, _start + _valueAt, _path);
    }

    /// <summary>The value as text.</summary>
    internal readonly string Text()
    {
        Require(Wire.Bytes);
        return Encoding.UTF8.GetString(Bytes);
    }

    /// <summary>The value as a signed number.</summary>
    internal readonly long Integer()
    {
        Require(Wire.Varint);
        return (long)Bits;
    }

    /// <summary>The value as a float.</summary>
    internal readonly float Single()
    {
        Require(Wire.Four);
        return BitConverter.UInt32BitsToSingle((uint)Bits);
    }

    /// <summary>Adds one number, or all packed ones, to a list.</summary>
    internal readonly void AddIntegers(List<long> to)
    {
        if (Kind == Wire.Varint)
        {
            to.Add((long)Bits);
            return;
        }

        for (var packed = Message(); packed._at < packed._bytes.Length;)
            to.Add((long)packed.Varint());
    }

    /// <summary>Adds one float, or all packed ones, to a list.</summary>
    internal readonly void AddSingles(List<double> to)
    {
        if (Kind == Wire.Four)
        {
            to.Add(Single());
            return;
        }

        to.EnsureCapacity(to.Count + (Bytes.Length / 4));
        for (var packed = Message(); packed._at < packed._bytes.Length;)
            to.Add(BinaryPrimitives.ReadSingleLittleEndian(packed.Take(4)));
    }

    /// <summary>Adds one double, or all packed ones, to a list.</summary>
    internal readonly void AddDoubles(List<double> to)
    {
        if (Kind == Wire.Eight)
        {
            to.Add(BitConverter.UInt64BitsToDouble(Bits));
            return;
        }

        to.EnsureCapacity(to.Count + (Bytes.Length / 8));
        for (var packed = Message(); packed._at < packed._bytes.Length;)
            to.Add(BinaryPrimitives.ReadDoubleLittleEndian(packed.Take(8)));
    }

    private readonly void Require(Wire kind)
    {
        if (Kind != kind)
            throw Problem($"field {Field} is written as {Kind} where {kind} is expected; this is not an ONNX file, or it is damaged");
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var group = Take(1)[0];
            value |= (ulong)(group & 0x7F) << shift;
            if (group < 0x80)
                return value;
        }

        throw Problem("a number has more than ten bytes; the file is damaged");
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(_bytes.Length - _at))
            throw Problem($"{count} bytes should follow, but {_bytes.Length - _at} are left; the file was probably cut off while it was copied");
        var taken = _bytes.Slice(_at, (int)count);
        _at += (int)count;
        return taken;
    }

    private readonly UnreadableFileException Problem(string what) => new(_path, $"at byte {_start + _at}, {what}.");
}
