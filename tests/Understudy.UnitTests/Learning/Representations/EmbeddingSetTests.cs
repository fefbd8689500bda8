using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Representations;

namespace Understudy.UnitTests.Learning.Representations;

public sealed class EmbeddingSetTests
{
    private const int Images = 11;

    private static readonly Shape Image = new(8, 8, 2);

    private static LayeredNetwork Encoder { get; } = Vgg.Of(Image, "4 M 6 M", Normalization.Batch);

    private static int[] Labels { get; } = [.. Enumerable.Range(0, Images).Select(i => i % 3)];

    [Fact]
    public void Embeddings_are_the_outputs_of_the_encoder_image_by_image()
    {
        var (images, theta) = Point();

        var set = Embedded(images, theta, new() { Precision = DType.F64, BatchRows = 4 });

        Assert.Equal((Images, Encoder.Outputs, 3), (set.Count, set.Width, set.Classes));
        Assert.Equal(Labels, set.Labels.ToArray());
        for (var i = 0; i < Images; i++)
        {
            var alone = NetworkOutputs.Of(Encoder.InEvaluationMode(), new ExampleSet(images[(i * Image.Count)..((i + 1) * Image.Count)], [0], 1), theta);
            // sums of a batch are taken in the order of one image's
            for (var j = 0; j < set.Width; j++)
                Assert.Equal(alone[j], set.Features[(i * set.Width) + j], 1e-13);
        }
    }

    [Fact]
    public void Embeddings_in_single_precision_are_those_in_double_to_rounding()
    {
        var (images, theta) = Point();

        double[] single = Embedded(images, theta, new() { Precision = DType.F32 }).Features.ToArray(), exact = Embedded(images, theta, null).Features.ToArray();

        Assert.All(single, value => Assert.Equal((float)value, value));
        // sums of some tens of numbers with errors of 6e-8 each, through two layers
        Assert.All(single.Zip(exact), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        Assert.Contains(exact, value => value != (float)value);
    }

    [Fact]
    public void A_part_has_its_rows_and_labels()
    {
        var set = new EmbeddingSet([1, 2, 3, 4, 5, 6], [2, 0, 1], 3);

        var part = set.Slice(1, 10);

        Assert.Equal([3, 4, 5, 6], part.Features.ToArray());
        Assert.Equal([0, 1], part.Labels.ToArray());
        Assert.Equal(3, part.Classes);
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Slice(3, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Slice(0, 0));
    }

    [Fact]
    public void Any_team_gives_the_same_bits()
    {
        var (images, theta) = Point();
        using Team two = new(2), three = new(3);

        var alone = Embedded(images, theta, new() { Precision = DType.F32 }).Features.ToArray();

        foreach (var team in new[] { two, three })
            Assert.Equal(alone, Embedded(images, theta, new() { Precision = DType.F32, Team = team }).Features.ToArray());
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        var (images, theta) = Point();

        Assert.Contains("needs the encoder in evaluation mode", Message(() => EmbeddingSet.Of(Encoder, images, Labels, 3, theta)), StringComparison.Ordinal);
        Assert.Contains("1408 numbers are not 10 images of 128", Message(() => EmbeddingSet.Of(Encoder.InEvaluationMode(), images, Labels[1..], 3, theta)), StringComparison.Ordinal);
        Assert.Contains("The label of example 2 is 2, but a class is from 0 to 1", Message(() => EmbeddingSet.Of(Encoder.InEvaluationMode(), images, Labels, 2, theta)), StringComparison.Ordinal);
        Assert.Contains("The label of example 0 is -1", Message(() => new EmbeddingSet([1], [-1], 2)), StringComparison.Ordinal);
        Assert.Contains("Feature 1 of example 1 is NaN", Message(() => new EmbeddingSet([1, 2, 3, double.NaN], [0, 0], 1)), StringComparison.Ordinal);
        Assert.Contains("3 features are not rows for 2 labels", Message(() => new EmbeddingSet([1, 2, 3], [0, 0], 1)), StringComparison.Ordinal);
        Assert.Contains("was given 1408 and 3", Message(() => EmbeddingSet.Of(Encoder.InEvaluationMode(), images, Labels, 3, theta.AsSpan(0, 3))), StringComparison.Ordinal);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => EmbeddingSet.Of(Encoder.InEvaluationMode(), images, Labels, 3, theta, null, cancelled.Token));
    }

    private static string Message(Func<EmbeddingSet> wrong) => Assert.Throws<ArgumentException>(wrong).Message;

    private static EmbeddingSet Embedded(double[] images, double[] theta, OutputOptions? options)
        => EmbeddingSet.Of(Encoder.InEvaluationMode(), images, Labels, 3, theta, options, TestContext.Current.CancellationToken);

    private static (double[] Images, double[] Theta) Point()
        => (new Draw(1).Normal(Images * Image.Count), EncoderStart.Of(Encoder, layer => new RandomSequence(1, "embedding", layer)));
}
