using Understudy.Engine.Threading;
using Understudy.Lab.Configuration;
using Understudy.Learning.Representations;
using Understudy.Studies.RandomTeacher;
using Understudy.Studies.RandomTeacher.Parts;

namespace Understudy.UnitTests.Studies.RandomTeachers;

public sealed class LayersPartTests
{
    private static readonly string[] Settings = ["@smoke", "parts=[layers]", "layers.width=20", "probes.moments=1"];

    [Fact]
    public void Every_layer_of_teacher_and_student_has_a_row_with_the_probes_of_the_embedding()
    {
        var run = MemoryRun.Of(new RandomTeacherStudy(), Settings).Recorded();
        var (rows, probes) = (run.Table<LayerRow>("layers.layers"), run.Table<ProbeRow>("layers.probes"));

        Assert.All(rows.GroupBy(row => (row.Seed, row.Subject)), own =>
        {
            // activations and pools, the embedding, the head's activation, and its ends
            Assert.Equal(["images", "activation 3", "pool 4", "embedding", "activation 10", "bottleneck", "outputs"], own.Select(row => row.Layer));
            // the embedding is not averaged, as wide as it is
            var (probed, embedding) = (probes.Single(row => row.Seed == own.Key.Seed && row.Subject == own.Key.Subject), own.Single(row => row.Layer == "embedding"));
            Assert.Equal((probed.Ridge, probed.Knn, probed.EffectiveRank, probed.Dead, 6 * 16), (embedding.Ridge, embedding.Knn, embedding.EffectiveRank, embedding.Dead, embedding.Width));
        });
        // teachers and students of all seeds read the same images
        Assert.Single(rows.Where(row => row.Layer == "images").Select(row => row with { Seed = 0, Step = 0, Subject = Subject.Input }).Distinct());
        Assert.Equal(4, rows.Select(row => (row.Seed, row.Subject)).Distinct().Count());
        Assert.All(rows, row =>
        {
            Assert.InRange(row.Ridge, 0, 100);
            Assert.InRange(row.BetweenShare, 0, 1);
            Assert.InRange(row.EffectiveRank, 0.999, row.Width);
            Assert.True(row.Components95 <= row.Components99 && row.Components99 <= row.Components999 && row.Components999 <= row.Width);
        });
    }

    [Fact]
    public void Discriminants_behind_the_last_layer_of_the_encoder_are_those_of_the_embedding()
    {
        var config = (RandomTeacherConfig)ConfigReader.Read(MadeUp.Study, Settings);
        var cancellation = TestContext.Current.CancellationToken;
        using var team = new Team(1);
        var run = new MemoryRun(config, team);
        var pictures = Pictures.Load(config.Data, run);
        var teachers = new Teachers(Condition.Build(config.Network, pictures.Image), config, run);

        var rows = MemoryRun.Of(MadeUp.Study, Settings).Recorded().Table<LayerRow>("layers.layers").Where(row => row is { Layer: "embedding", Subject: Subject.Teacher }).ToArray();

        Assert.Equal([0, 1], rows.Select(row => row.Seed));
        Assert.All(rows, row =>
        {
            EmbeddingSet Of(Understudy.Data.Datasets.FloatImages images)
                => EmbeddingSet.Of(teachers.Evaluated(row.Seed).Encoder, images.Values, images.Labels, pictures.Classes, teachers.Network.EncoderPart(teachers.Parameters(row.Seed)), Teachers.Passes(config.Training, run), cancellation);
            Assert.Equal(100 * new LdaProbe().Run(Of(pictures.Train), Of(pictures.Test), team, cancellation).TestAccuracy, row.Lda);
        });
    }

    [Fact]
    public void Wide_outputs_are_left_out_and_every_layer_is_probed_on_wish()
    {
        var run = MemoryRun.Of(new RandomTeacherStudy(), [.. Settings, "seeds=1", "layers.every=true", "layers.widest=15", "layers.width=12", "layers.neighbors=false"]).Recorded();
        var rows = run.Table<LayerRow>("layers.layers");

        // one pixel of four channels is the least that an image is averaged to; outputs have 16 numbers, the embedding 96
        Assert.Equal(
            ["images", "convolution 1", "normalization 2", "activation 3", "pool 4", "convolution 5", "normalization 6", "embedding", "dense 9", "activation 10", "dense 11", "bottleneck"],
            rows.Where(row => row.Subject == Subject.Student).Select(row => row.Layer));
        Assert.All(rows, row => Assert.Null(row.Knn));
        var figure = Assert.Single(MadeUp.Study.Draw([run]));
        Assert.Equal(["ridge", "linear discriminants", "effective rank", "share of the covariance between classes"], figure.Panels.Select(panel => panel.Title));
    }
}
