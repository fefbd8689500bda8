using Understudy.Data.Datasets;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;

namespace Understudy.UnitTests.Data.Datasets;

public sealed class FeatureTransformTests
{
    private const int Count = 700;
    private const int Features = 6 * 5 * 2;

    [Fact]
    public void Components_are_centred_uncorrelated_and_of_the_scale_asked_for()
    {
        var images = Pictures();

        var transform = Fit(images, 12);
        var inputs = transform.Apply(images);

        Assert.Equal((Features, 12, 1), (transform.Inputs, transform.Outputs, transform.Dropped));
        Assert.InRange(transform.ExplainedVariance, 0.12, 1);
        for (int a = 0; a < 12; a++)
        {
            Assert.Equal(0, Mean(i => inputs[(i * 12) + a]), 1e-4);
            for (int b = 0; b < 12; b++)
                Assert.Equal(a == b ? 2.25 : 0, Mean(i => inputs[(i * 12) + a] * inputs[(i * 12) + b]), 1e-3);
        }
    }

    [Fact]
    public void All_components_keep_all_the_variance()
    {
        var transform = Fit(Pictures(), Features - 1);

        Assert.Equal(1, transform.ExplainedVariance, 1e-5);
    }

    [Fact]
    public void Without_components_every_feature_that_varies_is_standardized_and_scaled()
    {
        var images = Pictures();

        var transform = Fit(images, null);
        var inputs = transform.Apply(images);

        Assert.Equal((Features - 1, 1), (transform.Outputs, transform.Dropped));
        for (int a = 0; a < transform.Outputs; a++)
        {
            Assert.Equal(0, Mean(i => inputs[(i * transform.Outputs) + a]), 1e-4);
            Assert.Equal(2.25, Mean(i => inputs[(i * transform.Outputs) + a] * inputs[(i * transform.Outputs) + a]), 1e-4);
        }
    }

    [Fact]
    public void Other_pictures_are_treated_as_the_training_set_was()
    {
        var images = Pictures();
        var transform = Fit(images, 5);

        var whole = transform.Apply(images);
        var some = transform.Apply(images.Select([3, 699]));

        Assert.Equal(whole[15..20].Concat(whole[^5..]), some);
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        var images = Pictures();
        using var team = new Team(2);

        var together = FeatureTransform.Fit(images, 8, team: team, cancellation: TestContext.Current.CancellationToken).Apply(images, team);

        Assert.Equal(Fit(images, 8).Apply(images), together);
    }

    [Fact]
    public void More_components_than_the_pictures_have_are_refused()
    {
        Assert.StartsWith("700 pictures with 59 features that vary do not have 60 principal components.", Assert.Throws<ArgumentException>(() => Fit(Pictures(), 60)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Fit(Pictures().First(8), 8));
        Assert.Throws<ArgumentException>(() => Fit(Pictures().Select([1, 2, 1, 2, 1, 2]), 3));
        Assert.Throws<ArgumentException>(() => Fit(Pictures().First(0), null));
    }

    private static FeatureTransform Fit(ImageSet images, int? components)
        => FeatureTransform.Fit(images, components, cancellation: TestContext.Current.CancellationToken);

    private static double Mean(Func<int, float> value) => Enumerable.Range(0, Count).Average(i => (double)value(i));

    /// <summary>Pictures whose neighboring values are correlated; the value at 7 never changes.</summary>
    private static ImageSet Pictures()
    {
        var noise = new float[Count * Features];
        new RandomSequence(5, "pictures").FillNormal(0, noise.AsSpan());
        var images = new byte[noise.Length];
        for (int i = 0; i < images.Length; i++)
            images[i] = i % Features == 7 ? (byte)200 : (byte)Math.Clamp(128 + (20 * noise[i]) + (30 * noise[i / Features * Features]) + (15 * noise[Math.Max(i - 1, 0)]), 0, 255);
        return new ImageSet(6, 5, 2, images, new byte[Count], ["all"]);
    }
}
