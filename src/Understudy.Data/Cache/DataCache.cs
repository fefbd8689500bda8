using System.Globalization;

namespace Understudy.Data.Cache;

/// <summary>The data sets on this machine, and the only door to the network.</summary>
/// <remarks>
/// Each set lies in <c>data/&lt;set&gt;/</c> under a cache folder. What is there has passed its checksums; a set appears whole or not at all.
/// Not safe for use by several threads at once; several processes are kept apart by a lock file.
/// </remarks>
public sealed class DataCache
{
    private readonly CacheOptions _options;
    private readonly DatasetManifest _manifest;
    private readonly NpmClient _npm;

    /// <summary>A cache.</summary>
    /// <param name="options">Where it lies and what it may do.</param>
    /// <param name="manifest">The sets it knows; those of this version by default.</param>
    /// <param name="npm">The package client to ask; the installed one by default.</param>
    public DataCache(CacheOptions options, DatasetManifest? manifest = null, NpmClient? npm = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _manifest = manifest ?? DatasetManifest.Default;
        _npm = npm ?? NpmClient.Installed;
    }

    /// <summary>All known sets and whether they are here.</summary>
    public IReadOnlyList<DatasetState> List()
        => [.. _manifest.Sets.Select(entry =>
        {
            var folder = Locate(entry);
            var problem = folder?.Problem();
            return new DatasetState(entry, folder?.Path, problem?.Message);
        })];

    /// <summary>The folder with the files of a set; their lengths are checked, not their content.</summary>
    /// <exception cref="DataUnavailableException">The set is unknown or not in the cache; the message says how to get it.</exception>
    /// <exception cref="UnreadableFileException">A file was cut off or is missing.</exception>
    public string Open(string set)
    {
        var entry = _manifest.Find(set);
        var folder = Locate(entry) ?? throw Absent(entry);
        return folder.Problem() is { } problem ? throw problem : folder.Path;
    }

    /// <summary>The SHA-256 of each file of a set, verified now or since the file last changed.</summary>
    /// <exception cref="DataUnavailableException">The set is unknown or not in the cache.</exception>
    /// <exception cref="UnreadableFileException">A file is not the one it should be.</exception>
    public IReadOnlyDictionary<string, string> Checksums(string set, CancellationToken cancellation = default)
    {
        var entry = _manifest.Find(set);
        return (Locate(entry) ?? throw Absent(entry)).Checksums(cancellation);
    }

    /// <summary>Reads every file of a set and compares its checksum.</summary>
    /// <exception cref="DataUnavailableException">The set is unknown or not in the cache.</exception>
    public IReadOnlyList<FileCheck> Verify(string set, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        var entry = _manifest.Find(set);
        return (Locate(entry) ?? throw Absent(entry)).Verify(progress, cancellation);
    }

    /// <summary>Deletes a set from every folder that can be written to, with its unfinished downloads.</summary>
    /// <returns>Whether there was something to delete.</returns>
    public bool Remove(string set)
    {
        var entry = _manifest.Find(set);
        bool removed = false;
        foreach (string root in _options.Folders.Select(folder => Path.Combine(folder, "data")).Where(Directory.Exists))
        {
            string folder = Path.Combine(root, entry.Name);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
                removed = true;
            }

            var names = entry.Sources.Select(source => source.DownloadName).Concat(entry.Files.Select(file => $"{entry.Name}-{file.Name}.gz"));
            foreach (string name in names.Where(name => name.Length > 0))
            {
                File.Delete(Path.Combine(root, name + ".part"));
                File.Delete(Path.Combine(root, name + ".part.tag"));
            }
        }

        return removed;
    }

    /// <summary>Makes sure that a set is in the cache.</summary>
    /// <remarks>
    /// Sources are tried in the order of the manifest. A download that broke off, even with an earlier program, is continued. Licence
    /// and citation are stored beside the data as <c>LICENCE.txt</c>.
    /// </remarks>
    /// <param name="set">The set's name.</param>
    /// <param name="from">A folder or archive that holds a copy in one of the published forms, or null to fetch one.</param>
    /// <param name="progress">Told what is being done and how far it is.</param>
    /// <param name="cancellation">Stops; an unfinished download stays for the next time.</param>
    /// <returns>The folder with the files.</returns>
    /// <exception cref="DataUnavailableException">No source has the set, or another process is fetching it.</exception>
    /// <exception cref="UnreadableFileException">A file has the wrong checksum; nothing was kept.</exception>
    public async Task<string> GetAsync(string set, string? from = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        var entry = _manifest.Find(set);
        if (Locate(entry) is { } present && present.Problem() is null)
            return present.Path;
        if (from is null && _options.Offline && !entry.Sources.Any(source => source.Kind == "folder" && Directory.Exists(source.Folder)))
            throw Absent(entry);

        string root = WritableRoot(out var locked, entry);
        using (locked)
        {
            var target = new DatasetFolder(Path.Combine(root, entry.Name), entry);
            if (target.Exists && target.Problem() is null)
                return target.Path;
            string staging = Path.Combine(root, $".{entry.Name}.staging");
            Discard(staging);
            try
            {
                string result = Directory.CreateDirectory(Path.Combine(staging, "result")).FullName;
                if (from is null)
                    await FetchAsync(entry, root, staging, result, progress, cancellation).ConfigureAwait(false);
                else
                    Import(entry, from, staging, result, progress, cancellation);
                File.WriteAllText(Path.Combine(result, "LICENCE.txt"), entry.Notice);
                new DatasetFolder(result, entry).RememberAll();
                Discard(target.Path);
                Directory.Move(result, target.Path);
                return target.Path;
            }
            catch (Exception exception) when (FileProblem.IsOfThePlace(exception))
            {
                throw new DataUnavailableException(
                    $"{target.Path} cannot be written: {FileProblem.Writing(exception)}; nothing was kept but what was downloaded\n"
                    + $"  {entry.Name} needs {Size(entry.Bytes)} there and as much again while it is unpacked: make room, or set UNDERSTUDY_CACHE to another folder", exception);
            }
            finally
            {
                Discard(staging);
            }
        }
    }

    private static void Discard(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static string Size(long bytes) => bytes >= 10_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");

    private static string Help(DatasetEntry entry)
    {
        string command = $"understudy data get {entry.Name}";
        return $"  get it: {command}        ({Size(entry.DownloadBytes)})\n  or point to a copy: {command} --from DIR";
    }

    private static void Import(DatasetEntry entry, string from, string staging, string result, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var materials = new DatasetMaterials(entry);
        string? missing = "";
        if (Directory.Exists(from))
        {
            var inner = entry.Sources.Where(source => source.Kind != "folder").Select(source => source.Folder).Where(folder => folder.Length > 0);
            string[] folders = [from, .. inner.Select(folder => Path.Combine(from, folder)), Path.Combine(from, "package"), .. inner.Select(folder => Path.Combine(from, "package", folder))];
            missing = materials.Assemble(folders, result, progress, cancellation);
            if (missing is null)
                return;
            string? archive = entry.Sources.Select(source => source.DownloadName).Where(name => name.Length > 0).Select(name => Path.Combine(from, name)).FirstOrDefault(File.Exists);
            from = archive ?? from;
        }

        if (File.Exists(from))
        {
            progress?.Report(new DownloadProgress($"unpacking {Path.GetFileName(from)}", 0, null));
            materials.Unpack(from, staging, cancellation);
            missing = materials.Assemble([staging], result, progress, cancellation);
            if (missing is null)
                return;
        }
        else if (!Directory.Exists(from))
        {
            throw new DataUnavailableException($"{from} does not exist; --from takes a folder or archive with a copy of {entry.Name}.");
        }

        var packages = entry.Sources.Where(source => source.Kind == "npm").Select(source => $", or the files of the npm package {source.Package}");
        throw new DataUnavailableException(
            $"{from} does not hold {entry.Name} ({missing})\n  wanted: {string.Join(", ", entry.Files.Select(file => file.Name))}, also packed as .gz{string.Concat(packages)}");
    }

    private DataUnavailableException Absent(DatasetEntry entry)
        => new($"{entry.Name} is not in the cache{(_options.Offline ? " and --offline was given" : "")}\n{Help(entry)}");

    private async Task FetchAsync(DatasetEntry entry, string root, string staging, string result, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var sourcing = new DatasetSourcing(entry, _options, _npm, http);
        var problems = new List<string>();
        foreach (var source in entry.Sources)
        {
            string raw = Directory.CreateDirectory(Path.Combine(staging, "raw")).FullName;
            var (folders, problem) = await sourcing.AcquireAsync(source, root, raw, progress, cancellation).ConfigureAwait(false);
            problem ??= new DatasetMaterials(entry).Assemble(folders, result, progress, cancellation);
            if (problem is null)
                return;
            problems.Add($"  {source.Description}: {problem}");
            Discard(raw);
        }

        throw new DataUnavailableException($"{entry.Name} could not be fetched\n{string.Join('\n', problems)}\n  or point to a copy: understudy data get {entry.Name} --from DIR");
    }

    /// <summary>The first folder that holds the set whole, else the first that holds it damaged, else null.</summary>
    private DatasetFolder? Locate(DatasetEntry entry)
    {
        var folders = _options.Folders.Select(root => new DatasetFolder(Path.Combine(root, "data", entry.Name), entry)).Where(folder => folder.Exists).ToList();
        return folders.Find(folder => folder.Problem() is null) ?? folders.FirstOrDefault();
    }

    /// <summary>The first folder that can be written to, with the set's lock taken.</summary>
    private string WritableRoot(out FileStream locked, DatasetEntry entry)
    {
        string problem = "no folder is given";
        foreach (string folder in _options.Folders)
        {
            string root = Path.Combine(folder, "data");
            string lockPath = Path.Combine(root, $".{entry.Name}.lock");
            try
            {
                Directory.CreateDirectory(root);
                if (!File.Exists(lockPath))
                    File.WriteAllText(lockPath, "");
            }
            catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
            {
                problem = $"{root}: {FileProblem.Writing(exception)}";
                continue;
            }

            try
            {
                locked = new FileStream(lockPath, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                return root;
            }
            catch (Exception exception) when (FileProblem.IsOfThePlace(exception))
            {
                problem = $"{root}: {FileProblem.Writing(exception)}";
            }
            catch (IOException exception)
            {
                throw new DataUnavailableException($"another process is fetching {entry.Name}; wait for it and try again ({lockPath} is locked).", exception);
            }
        }

        throw new DataUnavailableException($"no cache folder can be written to ({problem}); set UNDERSTUDY_CACHE to one that can.");
    }
}

/// <summary>A data set and whether it is on this machine.</summary>
/// <param name="Entry">The set.</param>
/// <param name="Folder">Where it lies, or null if it is not here.</param>
/// <param name="Problem">What is wrong with it, or null.</param>
public sealed record DatasetState(DatasetEntry Entry, string? Folder, string? Problem)
{
    /// <summary>Whether it is here and its files have the right lengths.</summary>
    public bool IsReady => Folder is not null && Problem is null;
}
