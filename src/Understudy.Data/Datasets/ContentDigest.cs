using System.Security.Cryptography;
using System.Text;
using Understudy.Data.Cache;

namespace Understudy.Data.Datasets;

/// <summary>A checksum of files with their names, whatever the order in which they are added.</summary>
/// <remarks>SHA-256 over lines of a file's own SHA-256, two blanks and its name, in the order of names: what <c>sha256sum</c> prints for the sorted names, through <c>sha256sum</c> again.</remarks>
internal sealed class ContentDigest
{
    private readonly List<(string Name, string Sha256)> _files = [];

    /// <summary>Adds a file that was read.</summary>
    internal void Add(string name, ReadOnlySpan<byte> content) => _files.Add((name, Convert.ToHexStringLower(SHA256.HashData(content))));

    /// <summary>Adds a file from the disk.</summary>
    internal void AddFile(string folder, string name) => _files.Add((name, FileDigest.Sha256(Path.Combine(folder, name))));

    /// <summary>The checksum of all that was added, in hexadecimal digits.</summary>
    internal string Sha256()
    {
        var lines = _files.OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => $"{file.Sha256}  {file.Name}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }
}
