using System.Text.Json;
using Understudy.Data;
using Understudy.Data.Cache;
using Understudy.Data.Formats;

namespace Understudy.UnitTests.Data.Cache;

public sealed class DataCacheTests : IDisposable
{
    private readonly StandIn _standIn = new(3000);
    private readonly NpmClient _forbidden = new(
        (_, _) => throw new InvalidOperationException("the package client was asked"),
        (_, _, _) => throw new InvalidOperationException("the package client was asked"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private DataCache Offline => new(_standIn.Options with { Offline = true }, _standIn.Manifest(_standIn.Package), _forbidden);

    public void Dispose() => _standIn.Dispose();

    [Fact]
    public async Task Offline_a_missing_set_is_answered_with_how_to_get_it_and_nobody_is_asked()
    {
        var cache = new DataCache(_standIn.Options with { Offline = true }, npm: _forbidden);

        var problem = await Assert.ThrowsAsync<DataUnavailableException>(() => cache.GetAsync("cifar10", cancellation: Cancellation));

        const string expected = "cifar10 is not in the cache and --offline was given\n  get it: understudy data get cifar10        (139 MB)\n  or point to a copy: understudy data get cifar10 --from DIR";
        Assert.Equal(expected, problem.Message);
        Assert.Equal(expected, Assert.Throws<DataUnavailableException>(() => cache.Open("cifar10")).Message);
    }

    [Fact]
    public void An_unknown_set_is_answered_with_the_known_ones()
        => Assert.Equal(
            "imagenet is not a data set that can be fetched; there are cifar10, mnist, fashion-mnist.",
            Assert.Throws<DataUnavailableException>(() => new DataCache(_standIn.Options).Open("imagenet")).Message);

    [Theory]
    [InlineData("files")]
    [InlineData("packed")]
    [InlineData("package")]
    [InlineData("tarball")]
    [InlineData("folder with the tarball")]
    public async Task A_copy_is_accepted_in_every_published_form(string form)
    {
        bool packed = form == "packed";
        string inside = form == "package" ? "copy/package/data/" : "copy/";
        if (form.Contains("tarball", StringComparison.Ordinal))
        {
            _standIn.Write("copy/digits-package-1.0.0.tgz", _standIn.Tarball);
        }
        else
        {
            _standIn.Write(inside + (packed ? "train.gz" : "train"), packed ? StandIn.Zip(_standIn.Content) : _standIn.Content);
            _standIn.Write(inside + (packed ? "test.gz" : "test"), packed ? StandIn.Zip(_standIn.Small) : _standIn.Small);
        }

        string from = Path.Combine(_standIn.Folder, form == "tarball" ? "copy/digits-package-1.0.0.tgz" : "copy");
        string folder = await Offline.GetAsync(StandIn.Name, from, cancellation: Cancellation);

        _standIn.AssertComplete(folder);
        Assert.Contains("Licence: Free.", await File.ReadAllTextAsync(Path.Combine(folder, "LICENCE.txt"), Cancellation), StringComparison.Ordinal);
        Assert.Equal(folder, Offline.Open(StandIn.Name));
    }

    [Fact]
    public async Task Cifar_is_made_from_the_pictures_of_the_package()
    {
        const int count = 4;
        var files = new List<DatasetFile>();
        var labels = new List<int>();
        foreach (string name in new[] { "data_batch_1.bin", "data_batch_2.bin", "test_batch.bin" })
        {
            var records = StandIn.Noise(count * CifarBinary.RecordLength, (ulong)files.Count + 1);
            var pixels = new byte[count * 3072];
            var own = new List<int>();
            for (int i = 0; i < count; i++)
            {
                own.Add(records[i * CifarBinary.RecordLength] %= 10);
                for (int j = 0; j < 3072; j++)
                    pixels[(i * 3072) + (j % 1024 * 3) + (j / 1024)] = records[(i * CifarBinary.RecordLength) + 1 + j];
            }

            var picture = new MemoryStream();
            Png.Write(picture, new Raster(1024, count, 3, pixels));
            _standIn.Write($"copy/{Path.ChangeExtension(name, ".png")}", picture.ToArray());
            files.Add(new DatasetFile(name, records.Length, StandIn.Sha256(records)));
            if (name.StartsWith("test", StringComparison.Ordinal))
                _standIn.Write("copy/test_lables.json", JsonSerializer.SerializeToUtf8Bytes(own));
            else
                labels.AddRange(own);
        }

        _standIn.Write("copy/train_lables.json", JsonSerializer.SerializeToUtf8Bytes(labels));
        var entry = _standIn.Manifest(new DatasetSource("npm", "cifar-png")).Sets[0] with { Files = files };
        var cache = new DataCache(_standIn.Options, new DatasetManifest([entry]), _forbidden);

        string folder = await cache.GetAsync(StandIn.Name, Path.Combine(_standIn.Folder, "copy"), cancellation: Cancellation);

        Assert.All(cache.Verify(StandIn.Name, cancellation: Cancellation), check => Assert.True(check.IsRight));
        Assert.Equal(folder, cache.Open(StandIn.Name));
    }

    [Fact]
    public async Task A_folder_of_the_distribution_is_used_without_the_network()
    {
        _standIn.Write("distribution/train.gz", StandIn.Zip(_standIn.Content));
        _standIn.Write("distribution/test.gz", StandIn.Zip(_standIn.Small));
        var source = new DatasetSource("folder", "copy") { Folder = Path.Combine(_standIn.Folder, "distribution") };
        var cache = new DataCache(_standIn.Options with { Offline = true }, _standIn.Manifest(source), _forbidden);

        _standIn.AssertComplete(await cache.GetAsync(StandIn.Name, cancellation: Cancellation));
    }

    [Fact]
    public async Task A_copy_with_a_wrong_checksum_is_refused_and_nothing_is_kept()
    {
        var wrong = (byte[])_standIn.Content.Clone();
        wrong[17] ^= 1;
        string path = _standIn.Write("copy/train", wrong);
        _standIn.Write("copy/test", _standIn.Small);

        var problem = await Assert.ThrowsAsync<UnreadableFileException>(() => Offline.GetAsync(StandIn.Name, Path.GetDirectoryName(path), cancellation: Cancellation));

        Assert.Equal($"{path}: the SHA-256 of train is {StandIn.Sha256(wrong)}, but {StandIn.Sha256(_standIn.Content)} is expected; nothing was kept.", problem.Message);
        _standIn.AssertNothingKept();
    }

    [Fact]
    public async Task A_folder_without_the_set_is_answered_with_what_is_missing()
    {
        string path = _standIn.Write("copy/train", _standIn.Content);

        var problem = await Assert.ThrowsAsync<DataUnavailableException>(() => Offline.GetAsync(StandIn.Name, Path.GetDirectoryName(path), cancellation: Cancellation));

        Assert.Equal($"{Path.GetDirectoryName(path)} does not hold digits (missing: test)\n  wanted: train, test, also packed as .gz, or the files of the npm package digits-package", problem.Message);
        await Assert.ThrowsAsync<DataUnavailableException>(() => Offline.GetAsync(StandIn.Name, "/nowhere", cancellation: Cancellation));
    }

    [Fact]
    public async Task Damaged_archives_are_answered_with_a_sentence()
    {
        for (int cut = 1; cut < _standIn.Tarball.Length; cut += 97)
        {
            string path = _standIn.Write("cut.tgz", _standIn.Tarball[..cut]);

            await Assert.ThrowsAnyAsync<UserException>(() => Offline.GetAsync(StandIn.Name, path, cancellation: Cancellation));
        }

        _standIn.AssertNothingKept();
    }

    [Fact]
    public async Task A_file_that_was_cut_off_in_the_cache_is_refused_on_opening()
    {
        string folder = await FilledAsync();
        await File.WriteAllBytesAsync(Path.Combine(folder, "train"), _standIn.Content[..1000], Cancellation);

        var problem = Assert.Throws<UnreadableFileException>(() => Offline.Open(StandIn.Name));

        Assert.Equal($"{Path.Combine(folder, "train")}: the file has 1000 bytes, but digits needs 3000, so it was cut off or altered; fetch it again: understudy data remove digits && understudy data get digits.", problem.Message);
        Assert.False(Offline.List()[0].IsReady);
    }

    [Fact]
    public async Task A_file_that_was_altered_in_the_cache_is_found_by_its_checksum()
    {
        string folder = await FilledAsync();
        Assert.Equal(StandIn.Sha256(_standIn.Content), Offline.Checksums(StandIn.Name, Cancellation)["train"]);
        var altered = (byte[])_standIn.Content.Clone();
        altered[5] ^= 1;
        await File.WriteAllBytesAsync(Path.Combine(folder, "train"), altered, Cancellation);
        File.SetLastWriteTimeUtc(Path.Combine(folder, "train"), new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.Throws<UnreadableFileException>(() => Offline.Checksums(StandIn.Name, Cancellation));
        Assert.Equal([false, true], Offline.Verify(StandIn.Name, cancellation: Cancellation).Select(check => check.IsRight));
    }

    [Fact]
    public async Task Verified_files_are_not_read_again_until_they_change()
    {
        string folder = await FilledAsync();
        using var held = new FileStream(Path.Combine(folder, "train"), FileMode.Open, FileAccess.Read, FileShare.None);

        Assert.Equal(2, Offline.Checksums(StandIn.Name, Cancellation).Count);
        Assert.Throws<IOException>(() => Offline.Verify(StandIn.Name, cancellation: Cancellation));
    }

    [Fact]
    public async Task A_removed_set_is_gone_and_a_second_removal_says_so()
    {
        await FilledAsync();
        Assert.True(Offline.List()[0].IsReady);

        Assert.True(Offline.Remove(StandIn.Name));
        Assert.False(Offline.Remove(StandIn.Name));

        Assert.Null(Offline.List()[0].Folder);
    }

    [Fact]
    public async Task Two_processes_do_not_fetch_the_same_set()
    {
        Directory.CreateDirectory(_standIn.DataFolder);
        using var held = new FileStream(Path.Combine(_standIn.DataFolder, ".digits.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        string copy = Path.GetDirectoryName(_standIn.Write("copy/train", _standIn.Content))!;

        var problem = await Assert.ThrowsAsync<DataUnavailableException>(() => Offline.GetAsync(StandIn.Name, copy, cancellation: Cancellation));

        Assert.StartsWith("another process is fetching digits; wait for it and try again", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shared_caches_are_read_and_the_first_writable_one_is_written()
    {
        await FilledAsync();
        string blocked = _standIn.Write("blocked", [1]);
        string own = Path.Combine(_standIn.Folder, "own");
        var both = new DataCache(new CacheOptions { Folders = [blocked, own, _standIn.Cache], Offline = true }, _standIn.Manifest(_standIn.Package), _forbidden);
        Assert.Equal(Path.Combine(_standIn.DataFolder, StandIn.Name), both.Open(StandIn.Name));
        var fresh = new DataCache(new CacheOptions { Folders = [blocked, own], Offline = true }, _standIn.Manifest(_standIn.Package), _forbidden);

        string folder = await fresh.GetAsync(StandIn.Name, Path.Combine(_standIn.DataFolder, StandIn.Name), cancellation: Cancellation);

        Assert.Equal(Path.Combine(own, "data", StandIn.Name), folder);
    }

    private async Task<string> FilledAsync()
    {
        _standIn.Write("copy/train", _standIn.Content);
        _standIn.Write("copy/test", _standIn.Small);
        return await Offline.GetAsync(StandIn.Name, Path.Combine(_standIn.Folder, "copy"), cancellation: Cancellation);
    }
}
