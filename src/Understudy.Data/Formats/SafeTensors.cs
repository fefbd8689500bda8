namespace Understudy.Data.Formats;

/// <summary>The safetensors format: a JSON header and raw little-endian arrays.</summary>
public static class SafeTensors
{
    /// <summary>Writes tensors and metadata.</summary>
    public static void Write(Stream stream, IReadOnlyList<Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
        => throw new NotSupportedException();

    /// <summary>Reads tensors and metadata.</summary>
    /// <param name="stream">A seekable stream.</param>
    /// <param name="path">The file's name for messages.</param>
    /// <exception cref="UnreadableFileException">The file is damaged or holds an element type we do not know.</exception>
    public static SafeTensorsFile Read(Stream stream, string path) => throw new NotSupportedException();
}

/// <summary>The content of a safetensors file.</summary>
public sealed record SafeTensorsFile(IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata);
