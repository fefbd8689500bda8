using System.Formats.Tar;
using System.IO.Compression;

namespace Understudy.Data.Archives;

/// <summary>Takes named files out of a tar archive, packed with gzip or not.</summary>
/// <remarks>What is written is bounded by the limits given; the reader of the base library may allocate as much as a damaged extended header claims, up to 2 GiB.</remarks>
internal static class TarArchive
{
    /// <summary>Writes the wanted files, wherever they lie in the archive, side by side into a folder.</summary>
    /// <param name="stream">A seekable stream.</param>
    /// <param name="path">The archive's name for messages.</param>
    /// <param name="wanted">The last part of a member's name, and the most bytes it may have.</param>
    /// <param name="folder">An existing folder.</param>
    /// <param name="cancellation">Looked at once per member.</param>
    /// <returns>The names found.</returns>
    /// <exception cref="UnreadableFileException">The archive is damaged or a member is larger than it may be.</exception>
    internal static IReadOnlySet<string> Extract(Stream stream, string path, IReadOnlyDictionary<string, long> wanted, string folder, CancellationToken cancellation)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        bool packed = stream.ReadByte() == 0x1F && stream.ReadByte() == 0x8B;
        stream.Position = 0;
        try
        {
            using Stream plain = packed ? new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true) : new BufferedStream(stream);
            using var reader = new TarReader(plain, leaveOpen: true);
            while (Next(reader, path) is { } entry)
            {
                cancellation.ThrowIfCancellationRequested();
                string name = entry.Name[(entry.Name.LastIndexOf('/') + 1)..];
                if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || !wanted.TryGetValue(name, out long limit))
                    continue;
                if (entry.Length > limit)
                    throw new UnreadableFileException(path, $"{name} has {entry.Length} bytes in this archive, more than the {limit} it may have.");
                if (!found.Add(name))
                    throw new UnreadableFileException(path, $"the archive holds {name} twice.");
                using var target = new FileStream(Path.Combine(folder, name), FileMode.Create, FileAccess.Write);
                entry.DataStream?.CopyTo(target);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw Damaged(path, exception);
        }

        return found;
    }

    /// <summary>The next member; the reader answers damaged headers with many kinds of exception.</summary>
    private static TarEntry? Next(TarReader reader, string path)
    {
        try
        {
            return reader.GetNextEntry();
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            throw Damaged(path, exception);
        }
    }

    private static UnreadableFileException Damaged(string path, Exception inner)
        => new(path, "this is not a tar archive, or it is damaged.", inner);
}
