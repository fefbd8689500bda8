using System.Buffers.Binary;
using System.Text.Json;
using Understudy.Engine;

namespace Understudy.Data.Formats;

/// <summary>The safetensors format: a JSON header and raw little-endian arrays.</summary>
/// <remarks>
/// Eight bytes (little-endian) give the length of the header; the header names each array with its element type, shape and place;
/// the arrays follow without a gap. The header is padded with spaces so that the arrays start at a multiple of eight bytes.
/// </remarks>
public static class SafeTensors
{
    private const string MetadataKey = "__metadata__";

    /// <summary>Writes tensors, in the order given, and metadata, in the order of its keys: equal content gives equal bytes.</summary>
    /// <exception cref="ArgumentException">Two tensors have the same name, or one has a name the format reserves.</exception>
    public static void Write(Stream stream, IReadOnlyList<Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        byte[] header = Header(tensors, metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var tensor in tensors)
            WriteElements(stream, tensor);
    }

    /// <summary>Reads tensors and metadata.</summary>
    /// <remarks>
    /// F32, F64, I32 and U8 are read as they are. F16 and BF16 become F32, I8, I16 and U16 become I32, BOOL becomes U8, and I64, U32
    /// and U64 become I32 where every value fits; all of these are exact. Memory is bounded by a small multiple of the file's length.
    /// </remarks>
    /// <param name="stream">A seekable stream; read from its beginning to its end.</param>
    /// <param name="path">The file's name for messages.</param>
    /// <exception cref="UnreadableFileException">The file is damaged or holds an element type we do not know.</exception>
    public static SafeTensorsFile Read(Stream stream, string path)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(path);
        stream.Position = 0;
        var header = SafeTensorsHeader.Read(stream, path);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var entry in header.Entries.OrderBy(entry => entry.Start))
        {
            stream.Position = header.DataStart + entry.Start;
            tensors.Add(entry.Name, SafeTensorsElements.Read(stream, entry, path));
        }

        return new SafeTensorsFile(tensors, header.Metadata);
    }

    private static byte[] Header(IReadOnlyList<Tensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }

            var names = new HashSet<string>(StringComparer.Ordinal) { MetadataKey };
            long start = 0;
            foreach (var tensor in tensors)
            {
                if (!names.Add(tensor.Name))
                    throw new ArgumentException($"The name {tensor.Name} is used twice or reserved by the format.", nameof(tensors));
                long end = start + ByteCount(tensor);
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type.ToString());
                json.WriteStartArray("shape");
                foreach (int extent in tensor.Shape)
                    json.WriteNumberValue(extent);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(start);
                json.WriteNumberValue(end);
                json.WriteEndArray();
                json.WriteEndObject();
                start = end;
            }

            json.WriteEndObject();
        }

        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static long ByteCount(Tensor tensor) => tensor.Type switch
    {
        DType.F32 => 4L * tensor.Floats.Length,
        DType.F64 => 8L * tensor.Doubles.Length,
        DType.I32 => 4L * tensor.Integers.Length,
        _ => tensor.Bytes.Length,
    };

    private static void WriteElements(Stream stream, Tensor tensor)
    {
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
}

/// <summary>The content of a safetensors file.</summary>
/// <param name="Tensors">The arrays by name, in the order of their data, whatever that of the header: the order in which they were saved, unless the writer sorted them, as PyTorch's does by type and name.</param>
/// <param name="Metadata">Free texts about the file by key; empty if it has none.</param>
public sealed record SafeTensorsFile(IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata);
