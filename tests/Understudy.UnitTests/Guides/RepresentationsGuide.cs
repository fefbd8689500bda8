using Understudy.Data.Datasets;
using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Representations;

namespace Understudy.UnitTests.Guides;

/// <summary>The code of <c>docs/guides/representations.md</c>, and that it runs.</summary>
public sealed class RepresentationsGuide
{
    [Fact]
    public void Every_probe_of_an_untrained_encoder_is_far_better_than_chance()
    {
        using var team = new Team(2);
        var embeddings = Embeddings(team);

        Assert.Equal((1797, 64), (embeddings.Count, embeddings.Width));
        var (results, rank) = Measure(embeddings, team);
        // chance is 10 %, and the plain linear probe is the one that need not be better
        Assert.All(results[1..], result => Assert.InRange(result.TestAccuracy, 0.4, 0.95));
        Assert.InRange(rank, 2, 64);
    }

    [Fact]
    public void Every_layer_inside_of_it_is_far_better_than_chance()
    {
        using var team = new Team(2);
        var digits = OpticalDigits.Load();
        float[] pixels = [.. digits.Images.ToArray().Select(grey => grey / (float)OpticalDigits.Largest)];
        var encoder = Vgg.Of(new Shape(8, 8, 1), "16 M 32 M", Normalization.Batch);

        var accuracies = Inside(
            encoder, EncoderStart.Of(encoder, layer => new RandomSequence(1, "encoder", layer)), pixels, [.. digits.Labels.ToArray().Select(label => (int)label)], team);

        Assert.Equal(1 + (2 * 4), accuracies.Count);
        Assert.All(accuracies, one => Assert.InRange(one.Accuracy, 0.6, 1));
    }

    private static List<(LayerPlace Place, double Accuracy)> Inside(LayeredNetwork encoder, double[] parameters, float[] pixels, int[] labels, Team team)
    {
        // <inside>
        var inside = encoder.InEvaluationMode();
        var accuracies = new List<(LayerPlace Place, double Accuracy)>();
        foreach (var places in LayerReader.Passes(LayerPlace.Of(inside, 256), 512))
        {
            foreach (var (place, layer) in places.Zip(LayerReader.Read(inside, places, pixels, labels, 10, parameters)))
                accuracies.Add((place, new LdaProbe().Run(layer.Slice(0, 1297), layer.Slice(1297, 500), team).TestAccuracy));
        }
        // </inside>
        return accuracies;
    }

    private static EmbeddingSet Embeddings(Team team)
    {
        // <embeddings>
        var digits = OpticalDigits.Load();
        double[] images = [.. digits.Images.ToArray().Select(grey => grey / (double)OpticalDigits.Largest)];
        int[] labels = [.. digits.Labels.ToArray().Select(label => (int)label)];
        var encoder = Vgg.Of(new Shape(8, 8, 1), "16 16 M 32 32 M 64 64 M", Normalization.Batch);
        double[] parameters = EncoderStart.Of(encoder, layer => new RandomSequence(1, "encoder", layer));

        var embeddings = EmbeddingSet.Of(encoder.InEvaluationMode(), images, labels, 10, parameters, new() { Precision = DType.F32, Team = team });
        // </embeddings>
        return embeddings;
    }

    private static (ProbeResult[] Results, double Rank) Measure(EmbeddingSet embeddings, Team team)
    {
        // <probes>
        EmbeddingSet train = embeddings.Slice(0, 1297), test = embeddings.Slice(1297, 500);
        IProbe[] probes = [new LinearProbe(), new LinearProbe { IsStandardized = true }, new RidgeProbe(), new NeighborProbe()];
        ProbeResult[] results = [.. probes.Select(probe => probe.Run(train, test, team))];
        double rank = EmbeddingSpectrum.Of(test.Features, test.Width, team).EffectiveRank;
        // </probes>
        return (results, rank);
    }
}
