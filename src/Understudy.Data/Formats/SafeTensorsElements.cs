using System.Runtime.InteropServices;

namespace Understudy.Data.Formats;

/// <summary>Reads the elements of one array and converts the types we do not compute with, where that is exact.</summary>
internal static class SafeTensorsElements
{
    /// <summary>Bytes per element, or null for a type we do not read.</summary>
    internal static int? Size(string type) => type switch
    {
        "BOOL" or "U8" or "I8" => 1,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "F32" or "I32" or "U32" => 4,
        "F64" or "I64" or "U64" => 8,
        _ => null,
    };

    internal static Tensor Read(Stream stream, SafeTensorsEntry entry, string path) => entry.Type switch
    {
        "F32" => Tensor.Of(entry.Name, Raw<float>(stream, entry, path), entry.Shape),
        "F64" => Tensor.Of(entry.Name, Raw<double>(stream, entry, path), entry.Shape),
        "I32" => Tensor.Of(entry.Name, Raw<int>(stream, entry, path), entry.Shape),
        "U8" or "BOOL" => Tensor.Of(entry.Name, Raw<byte>(stream, entry, path), entry.Shape),
        "F16" => Floats<Half>(stream, entry, path, value => (float)value),
        "BF16" => Floats<ushort>(stream, entry, path, bits => BitConverter.UInt32BitsToSingle((uint)bits << 16)),
        "I8" => Integers<sbyte>(stream, entry, path, value => value),
        "I16" => Integers<short>(stream, entry, path, value => value),
        "U16" => Integers<ushort>(stream, entry, path, value => value),
        "U32" => Integers<uint>(stream, entry, path, value => value),
        "I64" => Integers<long>(stream, entry, path, value => value),
        "U64" => Integers<ulong>(stream, entry, path, value => value > long.MaxValue ? long.MaxValue : (long)value),
        _ => throw new UnreadableFileException(path, $"the element type {ExactReading.Quote(entry.Type)} cannot be read here."),
    };

    private static T[] Raw<T>(Stream stream, SafeTensorsEntry entry, string path)
        where T : unmanaged
        => ExactReading.Elements<T>(stream, (entry.End - entry.Start) / Marshal.SizeOf<T>(), path, ExactReading.Quote(entry.Name));

    private static Tensor Floats<T>(Stream stream, SafeTensorsEntry entry, string path, Func<T, float> convert)
        where T : unmanaged
        => Tensor.Of(entry.Name, Array.ConvertAll(Raw<T>(stream, entry, path), value => convert(value)), entry.Shape);

    private static Tensor Integers<T>(Stream stream, SafeTensorsEntry entry, string path, Func<T, long> widen)
        where T : unmanaged
    {
        var wide = Raw<T>(stream, entry, path);
        var values = new int[wide.Length];
        for (int i = 0; i < values.Length; i++)
        {
            long value = widen(wide[i]);
            if (value is < int.MinValue or > int.MaxValue)
                throw new UnreadableFileException(path, $"element {i} of {ExactReading.Quote(entry.Name)} is {value} ({entry.Type}), which does not fit into 32 bits.");
            values[i] = (int)value;
        }

        return Tensor.Of(entry.Name, values, entry.Shape);
    }
}
