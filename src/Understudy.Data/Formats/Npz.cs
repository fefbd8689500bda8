using System.IO.Compression;

namespace Understudy.Data.Formats;

/// <summary>NumPy's format for several named arrays: a zip archive of .npy files.</summary>
public static class Npz
{
    private const long MaximumExpansion = 1032;

    /// <summary>The earliest time a zip archive can state, so that equal content gives equal bytes.</summary>
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes arrays in the order given.</summary>
    /// <exception cref="ArgumentException">Two arrays have the same name.</exception>
    public static void Write(Stream stream, IReadOnlyList<Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.DistinctBy(tensor => tensor.Name, StringComparer.Ordinal).Count() != tensors.Count)
            throw new ArgumentException("Two arrays have the same name.", nameof(tensors));
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var tensor in tensors)
        {
            var entry = archive.CreateEntry(tensor.Name + ".npy", CompressionLevel.Fastest);
            entry.LastWriteTime = Epoch;
            using var content = entry.Open();
            Npy.Write(content, tensor);
        }
    }

    /// <summary>Reads all arrays by name.</summary>
    /// <param name="stream">A seekable stream.</param>
    /// <param name="path">The file's name for messages.</param>
    /// <exception cref="UnreadableFileException">The archive is damaged or one of its arrays cannot be read.</exception>
    public static IReadOnlyDictionary<string, Tensor> Read(Stream stream, string path)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(path);
        stream.Position = 0;
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            foreach (var entry in archive.Entries)
            {
                string name = entry.FullName.EndsWith(".npy", StringComparison.Ordinal) ? entry.FullName[..^4] : entry.FullName;
                string place = $"{path}, {ExactReading.Quote(entry.FullName)}";
                if (entry.Length > entry.CompressedLength * MaximumExpansion || entry.CompressedLength > stream.Length)
                    throw new UnreadableFileException(place, $"{entry.CompressedLength} compressed bytes cannot hold {entry.Length}.");
                using var content = entry.Open();
                if (!tensors.TryAdd(name, Npy.Read(content, entry.Length, place, name)))
                    throw new UnreadableFileException(place, "the archive holds two arrays of this name.");
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            throw new UnreadableFileException(path, "this is not a zip archive, or it is damaged.", exception);
        }

        return tensors;
    }
}
