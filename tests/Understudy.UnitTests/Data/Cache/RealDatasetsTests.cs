using Understudy.Data.Cache;

namespace Understudy.UnitTests.Data.Cache;

/// <summary>The acceptance group: real data sets, fetched once into the usual cache.</summary>
[Collection(RealData.Collection)]
public sealed class RealDatasetsTests
{
    [Theory]
    [InlineData("mnist")]
    [InlineData("cifar10")]
    [InlineData("fashion-mnist")]
    public async Task A_real_set_has_the_published_checksums(string set)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var cache = RealData.Cache();
        var distribution = DatasetManifest.Default.Find(set).Sources.FirstOrDefault(source => source.Kind == "folder");
        Requirement.Have(distribution is null || Directory.Exists(distribution.Folder), $"the package {distribution?.Package} of the distribution is not installed");

        string folder = await cache.GetAsync(set, cancellation: cancellation);

        Assert.Equal(folder, cache.Open(set));
        Assert.All(cache.Verify(set, cancellation: cancellation), check => Assert.True(check.IsRight, $"{check.Path}: {check.Actual}"));
    }
}
