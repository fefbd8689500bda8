using Understudy.Data.Cache;
using Understudy.Data.Datasets;

namespace Understudy.UnitTests.Guides;

/// <summary>The code of <c>src/Understudy.Data/README.md</c>: compiled, and not run, because it would download.</summary>
internal static class DataReadme
{
    internal static async Task<float[]> Inputs()
    {
        // <images>
        var cache = new DataCache(CacheOptions.For(Environment.GetEnvironmentVariable));
        var images = Cifar10.Load(await cache.GetAsync("cifar10"), Split.Train).First(10_000);
        float[] inputs = FeatureTransform.Fit(images, components: 100, scale: 1.5).Apply(images);   // [10000, 100]
        // </images>
        return inputs;
    }
}
