using System.Buffers.Binary;
using System.IO.Compression;

namespace Understudy.Data.Formats;

/// <summary>The IDX format of the MNIST files: big-endian arrays of any rank.</summary>
public static class Idx
{
    private const int MaximumExpansion = 1032;

    /// <summary>Reads an array; a file that begins with the gzip signature is unpacked on the way.</summary>
    /// <remarks>Unsigned bytes become U8; signed bytes, 16-bit and 32-bit integers I32; floats F32 and F64.</remarks>
    /// <param name="stream">A seekable stream, read from its beginning.</param>
    /// <param name="path">The file's name for messages; the array is named after it.</param>
    /// <exception cref="UnreadableFileException">The file is damaged.</exception>
    public static Tensor Read(Stream stream, string path)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(path);
        stream.Position = 0;
        Span<byte> signature = stackalloc byte[2];
        bool packed = stream.ReadAtLeast(signature, 2, throwOnEndOfStream: false) == 2 && signature.SequenceEqual((ReadOnlySpan<byte>)[0x1F, 0x8B]);
        stream.Position = 0;
        if (!packed)
            return ReadPlain(stream, stream.Length, path);
        try
        {
            using var plain = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
            return ReadPlain(plain, stream.Length * MaximumExpansion, path);
        }
        catch (InvalidDataException exception)
        {
            throw new UnreadableFileException(path, "the gzip data are damaged.", exception);
        }
    }

    private static Tensor ReadPlain(Stream stream, long available, string path)
    {
        Span<byte> magic = stackalloc byte[4];
        ExactReading.Fill(stream, magic, path, "the first four bytes");
        int size = magic[2] switch
        {
            0x08 or 0x09 => 1,
            0x0B => 2,
            0x0C or 0x0D => 4,
            0x0E => 8,
            _ => 0,
        };
        if (magic[0] != 0 || magic[1] != 0 || size == 0 || magic[3] == 0)
            throw new UnreadableFileException(path, $"this is not an IDX file: it begins with {Convert.ToHexString(magic)}.");
        var shape = new int[magic[3]];
        Span<byte> extent = stackalloc byte[4];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            ExactReading.Fill(stream, extent, path, "the extents");
            shape[axis] = BinaryPrimitives.ReadInt32BigEndian(extent);
        }

        long room = (available - 4 - (4L * shape.Length)) / size;
        if (ExactReading.Count(shape) is not { } count || count > room)
            throw new UnreadableFileException(path, $"the extents {string.Join(" x ", shape.Take(8))} ask for more elements than the file holds; it was cut off or is damaged.");
        var bytes = ExactReading.Elements<byte>(stream, count * size, path, "the elements");
        if (stream.ReadByte() >= 0)
            throw new UnreadableFileException(path, $"the file goes on after its {count} elements.");
        return Interpret(Path.GetFileName(path), magic[2], bytes, shape);
    }

    private static Tensor Interpret(string name, byte type, byte[] bytes, int[] shape)
    {
        switch (type)
        {
            case 0x08:
                return Tensor.Of(name, bytes, shape);
            case 0x0D:
                return Tensor.Of(name, Each(bytes, 4, BinaryPrimitives.ReadSingleBigEndian), shape);
            case 0x0E:
                return Tensor.Of(name, Each(bytes, 8, BinaryPrimitives.ReadDoubleBigEndian), shape);
            case 0x09:
                return Tensor.Of(name, Each(bytes, 1, element => (int)unchecked((sbyte)element[0])), shape);
            case 0x0B:
                return Tensor.Of(name, Each(bytes, 2, element => (int)BinaryPrimitives.ReadInt16BigEndian(element)), shape);
            default:
                return Tensor.Of(name, Each(bytes, 4, BinaryPrimitives.ReadInt32BigEndian), shape);
        }
    }

    private static T[] Each<T>(byte[] bytes, int size, Func<ReadOnlySpan<byte>, T> read)
    {
        var values = new T[bytes.Length / size];
        for (int i = 0; i < values.Length; i++)
            values[i] = read(bytes.AsSpan(i * size, size));
        return values;
    }
}
