using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Understudy.Engine;

namespace Understudy.Data.Formats;

/// <summary>NumPy's format for one array: a text header and the elements in row-major order.</summary>
public static class Npy
{
    private const int MaximumHeader = 1 << 20;

    private static ReadOnlySpan<byte> Signature => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Writes an array; its name is not part of the format.</summary>
    public static void Write(Stream stream, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensor);
        string description = tensor.Type switch
        {
            DType.F32 => "<f4",
            DType.F64 => "<f8",
            DType.I32 => "<i4",
            _ => "|u1",
        };
        string shape = tensor.Shape.Count == 1 ? $"({tensor.Shape[0]},)" : $"({string.Join(", ", tensor.Shape)})";
        string header = $"{{'descr': '{description}', 'fortran_order': False, 'shape': {shape}, }}";

        // The elements start at a multiple of 64 bytes, so that a file can be mapped into memory.
        int padding = 63 - ((Signature.Length + 4 + header.Length) % 64);
        header += new string(' ', padding) + "\n";
        stream.Write(Signature);
        Span<byte> prefix = [1, 0, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(prefix[2..], checked((ushort)header.Length));
        stream.Write(prefix);
        stream.Write(Encoding.ASCII.GetBytes(header));
        switch (tensor.Type)
        {
            case DType.F32:
                ExactReading.Write(stream, tensor.Floats);
                break;
            case DType.F64:
                ExactReading.Write(stream, tensor.Doubles);
                break;
            case DType.I32:
                ExactReading.Write(stream, tensor.Integers);
                break;
            default:
                ExactReading.Write(stream, tensor.Bytes);
                break;
        }
    }

    /// <summary>Reads an array of f4, f8, i4, i8 or u1; i8, NumPy's own integers, become int32.</summary>
    /// <param name="stream">A seekable stream, read from its position to its end.</param>
    /// <param name="path">The file's name for messages; the array is named after it.</param>
    /// <exception cref="UnreadableFileException">The file is damaged, in Fortran order, has another element type, or an integer that int32 does not hold.</exception>
    public static Tensor Read(Stream stream, string path)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(path);
        return Read(stream, stream.Length - stream.Position, path, Path.GetFileNameWithoutExtension(path));
    }

    internal static Tensor Read(Stream stream, long available, string path, string name)
    {
        var (header, used) = ReadHeader(stream, available, path);
        string order = Value(header, "fortran_order", path);
        if (order.StartsWith("True", StringComparison.Ordinal))
            throw new UnreadableFileException(path, "the array is in Fortran order; save it again after numpy.ascontiguousarray.");
        if (!order.StartsWith("False", StringComparison.Ordinal))
            throw new UnreadableFileException(path, "the header does not say in which order the elements lie.");
        string description = Value(header, "descr", path);
        int[] shape = Shape(Value(header, "shape", path), path);
        int size = description switch
        {
            ['\'' or '"', '<', 'f', '4', ..] or ['\'' or '"', '<', 'i', '4', ..] => 4,
            ['\'' or '"', '<', 'f' or 'i', '8', ..] => 8,
            ['\'' or '"', '|' or '<', 'u', '1', ..] => 1,
            _ => throw new UnreadableFileException(path, $"the element type {ExactReading.Quote(description.Split(',')[0])} is not read here; convert it to float32, float64, int32, int64 or uint8."),
        };
        long room = (available - used) / size;
        if (ExactReading.Count(shape) is not { } count || count > room)
            throw new UnreadableFileException(path, $"the shape asks for more elements than the {room} the file holds; it was cut off or is damaged.");
        if (count * size != available - used)
            throw new UnreadableFileException(path, $"{available - used} bytes follow the header, but {count} elements need {count * size}.");
        const string what = "the elements";
        return (size, description[2]) switch
        {
            (8, 'f') => Tensor.Of(name, ExactReading.Elements<double>(stream, count, path, what), shape),
            (8, _) => Tensor.Of(name, Narrowed(ExactReading.Elements<long>(stream, count, path, what), path), shape),
            (4, 'f') => Tensor.Of(name, ExactReading.Elements<float>(stream, count, path, what), shape),
            (4, _) => Tensor.Of(name, ExactReading.Elements<int>(stream, count, path, what), shape),
            _ => Tensor.Of(name, ExactReading.Elements<byte>(stream, count, path, what), shape),
        };
    }

    private static int[] Narrowed(long[] values, string path)
    {
        var narrow = new int[values.Length];
        for (int i = 0; i < narrow.Length; i++)
        {
            narrow[i] = (int)values[i];
            if (narrow[i] != values[i])
                throw new UnreadableFileException(path, $"element {i} is {values[i].ToString(CultureInfo.InvariantCulture)}, and integers are read up to {int.MaxValue}; convert the array to float64.");
        }

        return narrow;
    }

    private static (string Header, long Used) ReadHeader(Stream stream, long available, string path)
    {
        Span<byte> start = stackalloc byte[12];
        ExactReading.Fill(stream, start[..10], path, "the first ten bytes");
        if (!start.StartsWith(Signature) || start[6] is 0 or > 3)
            throw new UnreadableFileException(path, "this is not a file of NumPy's .npy format, version 1 to 3.");
        long length = BinaryPrimitives.ReadUInt16LittleEndian(start[8..]);
        long used = 10;
        if (start[6] > 1)
        {
            ExactReading.Fill(stream, start[10..], path, "the length of the header");
            length = BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
            used = 12;
        }

        if (length > MaximumHeader || length > available - used)
            throw new UnreadableFileException(path, $"the header should have {length} bytes, more than the file or the limit of {MaximumHeader} allows.");
        var bytes = new byte[length];
        ExactReading.Fill(stream, bytes, path, "the header");
        return (Encoding.Latin1.GetString(bytes), used + length);
    }

    private static string Value(string header, string key, string path)
    {
        int place = header.IndexOf($"'{key}':", StringComparison.Ordinal);
        if (place < 0)
            throw new UnreadableFileException(path, $"the header lacks {key}.");
        return header[(place + key.Length + 3)..].TrimStart();
    }

    private static int[] Shape(string text, string path)
    {
        int end = text.IndexOf(')', StringComparison.Ordinal);
        if (text.StartsWith('(') && end > 0)
        {
            var parts = text[1..end].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var shape = new int[parts.Length];
            bool valid = true;
            for (int axis = 0; axis < shape.Length; axis++)
                valid &= int.TryParse(parts[axis], NumberStyles.None, CultureInfo.InvariantCulture, out shape[axis]);
            if (valid)
                return shape;
        }

        throw new UnreadableFileException(path, $"the header gives no valid shape near {ExactReading.Quote(text)}.");
    }
}
