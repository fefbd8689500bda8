using System.Text.Json;

namespace Understudy.Data.Cache;

/// <summary>The files of one data set in one cache folder.</summary>
internal sealed class DatasetFolder(string path, DatasetEntry entry)
{
    /// <summary>Remembers which files were verified, so that the start of a run need not read them all.</summary>
    private const string ChecksName = ".checks.json";

    internal string Path { get; } = path;

    internal bool Exists => Directory.Exists(Path);

    /// <summary>What is wrong with the files, judged by their lengths only; null if nothing.</summary>
    internal UnreadableFileException? Problem()
    {
        foreach (var file in entry.Files)
        {
            var actual = new FileInfo(PathOf(file));
            if (!actual.Exists)
                return new UnreadableFileException(actual.FullName, $"the file is missing from the cache; {Remedy}");
            if (actual.Length != file.Bytes)
                return new UnreadableFileException(actual.FullName, $"the file has {actual.Length} bytes, but {entry.Name} needs {file.Bytes}, so it was cut off or altered; {Remedy}");
        }

        return null;
    }

    /// <summary>The checksums of the files; those not verified since they last changed are computed.</summary>
    /// <exception cref="UnreadableFileException">A file is not the one it should be.</exception>
    internal IReadOnlyDictionary<string, string> Checksums(CancellationToken cancellation)
    {
        if (Problem() is { } problem)
            throw problem;
        var known = ReadChecks();
        bool changed = false;
        foreach (var file in entry.Files)
        {
            cancellation.ThrowIfCancellationRequested();
            var stamp = Stamp(file);
            if (known.GetValueOrDefault(file.Name) is { } check && check == stamp)
                continue;
            string actual = FileDigest.Sha256(PathOf(file));
            if (actual != file.Sha256)
                throw new UnreadableFileException(PathOf(file), $"the SHA-256 is {actual}, but {file.Sha256} is expected, so the file was altered; {Remedy}");
            known[file.Name] = stamp;
            changed = true;
        }

        if (changed)
            WriteChecks(known);
        return entry.Files.ToDictionary(file => file.Name, file => file.Sha256, StringComparer.Ordinal);
    }

    /// <summary>Reads every file, whatever was remembered.</summary>
    internal IReadOnlyList<FileCheck> Verify(IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var checks = new List<FileCheck>();
        long done = 0;
        foreach (var file in entry.Files)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new DownloadProgress($"verifying {file.Name}", done, entry.Bytes));
            checks.Add(new FileCheck(PathOf(file), file.Sha256, File.Exists(PathOf(file)) ? FileDigest.Sha256(PathOf(file)) : null));
            done += file.Bytes;
        }

        if (checks.TrueForAll(check => check.IsRight))
            RememberAll();
        return checks;
    }

    /// <summary>Notes that all files were just verified.</summary>
    internal void RememberAll() => WriteChecks(entry.Files.ToDictionary(file => file.Name, Stamp, StringComparer.Ordinal));

    private string Remedy => $"fetch it again: understudy data remove {entry.Name} && understudy data get {entry.Name}.";

    private string PathOf(DatasetFile file) => System.IO.Path.Combine(Path, file.Name);

    private Check Stamp(DatasetFile file)
    {
        var actual = new FileInfo(PathOf(file));
        return new Check(file.Sha256, actual.Length, actual.LastWriteTimeUtc.Ticks);
    }

    private Dictionary<string, Check> ReadChecks()
    {
        string path = System.IO.Path.Combine(Path, ChecksName);
        try
        {
            return File.Exists(path)
                ? JsonSerializer.Deserialize<Dictionary<string, Check>>(File.ReadAllBytes(path)) ?? []
                : [];
        }
        catch (JsonException)
        {
            // The note only saves time: without it everything is verified again.
            return [];
        }
    }

    private void WriteChecks(Dictionary<string, Check> checks)
    {
        try
        {
            File.WriteAllBytes(System.IO.Path.Combine(Path, ChecksName), JsonSerializer.SerializeToUtf8Bytes(checks));
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            // A shared cache may be read-only; then files are verified at each start.
        }
    }

    private sealed record Check(string Sha256, long Length, long Modified);
}

/// <summary>Whether one file of a data set is what it should be.</summary>
/// <param name="Path">The file.</param>
/// <param name="Expected">The SHA-256 it should have.</param>
/// <param name="Actual">The SHA-256 it has, or null if it is missing.</param>
public sealed record FileCheck(string Path, string Expected, string? Actual)
{
    /// <summary>Whether the two are equal.</summary>
    public bool IsRight => Actual == Expected;
}
