using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Understudy.Data.Datasets;

/// <summary>A checksum of files with their names, in the order in which they are added.</summary>
/// <remarks>SHA-256 over, for each file, the bytes of its name in UTF-8, a zero, its length as eight little-endian bytes, and its content.</remarks>
internal sealed class ContentDigest : IDisposable
{
    private const int Block = 1 << 20;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Adds a file that was read.</summary>
    internal void Add(string name, ReadOnlySpan<byte> content)
    {
        Head(name, content.Length);
        _hash.AppendData(content);
    }

    /// <summary>Adds a file from the disk.</summary>
    internal void AddFile(string folder, string name) => InputFile.Read(Path.Combine(folder, name), (stream, path) =>
    {
        Head(name, stream.Length);
        var buffer = new byte[Math.Min(Block, stream.Length)];
        for (var left = stream.Length; left > 0;)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            Formats.ExactReading.Fill(stream, part, path, "the file");
            _hash.AppendData(part);
            left -= part.Length;
        }

        return true;
    });

    /// <summary>The checksum of all that was added, in hexadecimal digits.</summary>
    internal string Sha256() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();

    private void Head(string name, long length)
    {
        _hash.AppendData(Encoding.UTF8.GetBytes(name));
        Span<byte> head = stackalloc byte[1 + sizeof(long)];
        head[0] = 0;
        BinaryPrimitives.WriteInt64LittleEndian(head[1..], length);
        _hash.AppendData(head);
    }
}
