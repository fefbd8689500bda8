using Understudy.Studies.RandomTeacher;

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
            var probed = probes.Single(row => row.Seed == own.Key.Seed && row.Subject == own.Key.Subject);
            Assert.Equal(6 * 16, probed.Width);
        });
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
    public void A_layer_that_is_not_averaged_is_probed_as_the_embedding_is()
    {
        var run = MemoryRun.Of(new RandomTeacherStudy(), [.. Settings, "layers.width=1000", "seeds=1"]).Recorded();
        var rows = run.Table<LayerRow>("layers.layers");

        Assert.All(run.Table<ProbeRow>("layers.probes").Where(row => row.Subject != Subject.Input), probed =>
        {
            var row = rows.Single(one => one.Subject == probed.Subject && one.Layer == "embedding");
            Assert.Equal((probed.Ridge, probed.Knn, probed.Width, probed.Dead), (row.Ridge, row.Knn, row.Width, row.Dead));
        });
        // both read the same images
        Assert.Single(rows.Where(row => row.Layer == "images").Select(row => row.Ridge).Distinct());
    }
}
