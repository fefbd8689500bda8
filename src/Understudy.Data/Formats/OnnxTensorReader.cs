using System.Buffers.Binary;

namespace Understudy.Data.Formats;

/// <summary>Reads the arrays of an ONNX file.</summary>
/// <remarks>The elements of an array lie in it either as raw little-endian bytes or in a list of numbers of their kind.</remarks>
internal static class OnnxTensorReader
{
    /// <summary>Reads one array.</summary>
    /// <param name="fields">Its message.</param>
    /// <param name="path">The file's name for messages.</param>
    internal static OnnxTensor Read(ProtobufFields fields, string path)
    {
        List<long> extents = [], integers = [];
        List<double> numbers = [];
        ReadOnlySpan<byte> raw = default;
        var (name, location, isElsewhere, type) = ("", "", false, 0L);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    fields.AddIntegers(extents);
                    break;
                case 2:
                    type = fields.Integer();
                    break;
                case 3:
                    throw new UnreadableFileException(path, $"tensor {ExactReading.Quote(name)} is cut into segments, which are not read here.");
                case 4:
                    fields.AddSingles(numbers);
                    break;
                case 5 or 7 or 11:
                    fields.AddIntegers(integers);
                    break;
                case 8:
                    name = fields.Text();
                    break;
                case 9:
                    raw = fields.Message().Rest;
                    break;
                case 10:
                    fields.AddDoubles(numbers);
                    break;
                case 13:
                    location = Location(fields.Message()) ?? location;
                    break;
                case 14:
                    isElsewhere = fields.Integer() == 1;
                    break;
            }
        }

        if (isElsewhere)
            throw new UnreadableFileException(path, $"tensor {ExactReading.Quote(name)} lies in another file{(location.Length > 0 ? $", {ExactReading.Quote(location)}" : "")}; export again with all weights in one file (external_data=False).");
        var shape = Shape(extents, name, path);
        var count = ExactReading.Count(shape) ?? long.MaxValue;
        return type switch
        {
            1 or 10 or 11 or 16 => new OnnxTensor(name, shape, Floats((int)type, raw, numbers, integers, count, name, path)),
            2 or 3 or 4 or 5 or 6 or 7 or 9 or 12 or 13 => new OnnxTensor(name, shape, Whole((int)type, raw, integers, count, name, path)),
            _ => throw new UnreadableFileException(path, $"tensor {ExactReading.Quote(name)} has the element type {type}, which is not read here."),
        };
    }

    private static string? Location(ProtobufFields entry)
    {
        var (key, value) = ("", "");
        while (entry.Next())
        {
            if (entry.Field == 1)
                key = entry.Text();
            else if (entry.Field == 2)
                value = entry.Text();
        }

        return key == "location" ? value : null;
    }

    private static int[] Shape(List<long> extents, string name, string path)
    {
        var shape = new int[extents.Count];
        for (var axis = 0; axis < shape.Length; axis++)
        {
            shape[axis] = extents[axis] is >= 0 and <= int.MaxValue
                ? (int)extents[axis]
                : throw new UnreadableFileException(path, $"tensor {ExactReading.Quote(name)} has an extent of {extents[axis]}; the file is damaged.");
        }

        return shape;
    }

    private static double[] Floats(int type, ReadOnlySpan<byte> raw, List<double> numbers, List<long> integers, long count, string name, string path)
    {
        // halves in a list are their bits as whole numbers
        var isHalf = type is 10 or 16;
        var size = type == 11 ? 8 : isHalf ? 2 : 4;
        Require(raw.Length > 0 ? raw.Length / (double)size : isHalf ? integers.Count : numbers.Count, count, name, path);
        if (raw.Length == 0 && !isHalf)
            return [.. numbers];
        var values = new double[count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = type switch
            {
                1 => BinaryPrimitives.ReadSingleLittleEndian(raw[(4 * i)..]),
                11 => BinaryPrimitives.ReadDoubleLittleEndian(raw[(8 * i)..]),
                _ => Half(type, raw.Length > 0 ? BinaryPrimitives.ReadUInt16LittleEndian(raw[(2 * i)..]) : unchecked((ushort)integers[i])),
            };
        }

        return values;
    }

    private static double Half(int type, ushort bits)
        => type == 10 ? (double)BitConverter.UInt16BitsToHalf(bits) : BitConverter.UInt32BitsToSingle((uint)bits << 16);

    private static long[] Whole(int type, ReadOnlySpan<byte> raw, List<long> integers, long count, string name, string path)
    {
        var size = type switch
        {
            2 or 3 or 9 => 1,
            4 or 5 => 2,
            6 or 12 => 4,
            _ => 8,
        };
        Require(raw.Length > 0 ? raw.Length / (double)size : integers.Count, count, name, path);
        if (raw.Length == 0)
            return [.. integers];
        var values = new long[count];
        for (var i = 0; i < values.Length; i++)
        {
            var element = raw.Slice(i * size, size);
            values[i] = type switch
            {
                2 or 9 => element[0],
                3 => unchecked((sbyte)element[0]),
                4 => BinaryPrimitives.ReadUInt16LittleEndian(element),
                5 => BinaryPrimitives.ReadInt16LittleEndian(element),
                6 => BinaryPrimitives.ReadInt32LittleEndian(element),
                12 => BinaryPrimitives.ReadUInt32LittleEndian(element),
                _ => BinaryPrimitives.ReadInt64LittleEndian(element),
            };
        }

        return values;
    }

    private static void Require(double stored, long count, string name, string path)
    {
        if (stored != count)
            throw new UnreadableFileException(path, $"tensor {ExactReading.Quote(name)} holds {stored} elements where its shape asks for {(count == long.MaxValue ? "more than a file can hold" : count)}; the file is damaged.");
    }
}
