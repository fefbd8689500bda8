using Understudy.Data.Datasets;
using Understudy.Engine.Threading;
using Understudy.UnitTests.Data.Cache;

namespace Understudy.UnitTests.Data.Datasets;

/// <summary>The acceptance group: the pictures of CIFAR-10 as the cache holds them.</summary>
[Collection(RealData.Collection)]
public sealed class RealImagesTests
{
    [Fact]
    public async Task Cifar_has_the_published_labels_and_channel_means()
    {
        var images = Cifar10.Load(await RealData.FolderAsync("cifar10"), Split.Train);

        Assert.Equal(50_000, images.Count);
        Assert.Equal([6, 9, 9, 4, 1, 1, 2, 7, 8, 3], images.Labels[..10].ToArray());
        double[] expected = [0.49139968, 0.48215841, 0.44653091];
        for (int channel = 0; channel < 3; channel++)
        {
            long sum = 0;
            for (int i = channel; i < images.Images.Length; i += 3)
                sum += images.Images.Span[i];
            Assert.Equal(expected[channel], sum / (255.0 * 50_000 * 1024), 1e-8);
        }
    }

    [Fact]
    public async Task Ten_thousand_pictures_are_whitened_to_a_hundred_components()
    {
        using var team = new Team(2);
        var images = Cifar10.Load(await RealData.FolderAsync("cifar10"), Split.Train).First(10_000);

        var transform = FeatureTransform.Fit(images, team: team, cancellation: TestContext.Current.CancellationToken);
        var inputs = transform.Apply(images, team);

        Assert.Equal((3072, 100, 0), (transform.Inputs, transform.Outputs, transform.Dropped));
        Assert.True(transform.Residual < 1e-7);
        Assert.InRange(transform.ExplainedVariance, 0.85, 0.95);
        foreach (int component in new[] { 0, 50, 99 })
            Assert.Equal(1.5, Math.Sqrt(Enumerable.Range(0, 10_000).Average(i => Math.Pow(inputs[(i * 100) + component], 2))), 2e-3);
    }
}
