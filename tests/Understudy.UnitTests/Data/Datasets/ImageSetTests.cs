using Understudy.Data.Datasets;
using Understudy.Engine.Random;

namespace Understudy.UnitTests.Data.Datasets;

public sealed class ImageSetTests
{
    [Fact]
    public void A_stratified_part_leaves_every_class_its_share() => Property.Holds(20, draw =>
    {
        var classes = draw.Extent(6);
        var set = Set([.. Enumerable.Range(0, 5 + draw.Index(200)).Select(_ => (byte)draw.Index(classes))], classes);
        var count = draw.Index(set.Count + 1);

        var part = set.Stratified(count, new RandomSequence(3, "test/part", draw.Case));

        Assert.Equal(count, part.Count);
        for (var c = 0; c < classes; c++)
        {
            var share = set.Labels.Span.Count((byte)c) * (double)count / set.Count;
            Assert.InRange(part.Labels.Span.Count((byte)c), Math.Floor(share), Math.Ceiling(share));
        }

        // the first byte of a picture is its place: in order, none twice, and with its own label
        byte[] places = Places(part);
        Assert.Equal(places.Distinct().Order(), places);
        Assert.Equal(places.Select(place => set.Labels.Span[place]), part.Labels.ToArray());
        Assert.Equal(places, Places(set.Stratified(count, new RandomSequence(3, "test/part", draw.Case))));
    });

    [Fact]
    public void Another_sequence_chooses_another_part()
    {
        var set = Set([.. Enumerable.Range(0, 200).Select(i => (byte)(i % 4))], 4);

        Assert.NotEqual(Places(set.Stratified(40, new RandomSequence(1, "test/part"))), Places(set.Stratified(40, new RandomSequence(2, "test/part"))));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Stratified(201, new RandomSequence(1, "test/part")));
    }

    [Fact]
    public void Noise_replaces_exactly_its_share_of_labels_by_other_classes()
    {
        const int count = 250;
        var set = Set([.. Enumerable.Range(0, count).Select(i => (byte)(i % 5))], 5);
        byte[] before = set.Labels.ToArray(), some = Noisy(set, 0.3), more = Noisy(set, 0.6), all = Noisy(set, 1);

        Assert.Equal(0, Different(before, Noisy(set, 0)));
        Assert.Equal(75, Different(before, some));
        Assert.Equal(150, Different(before, more));
        Assert.Equal(count, Different(before, all));
        // what a smaller share replaces a larger one replaces too, and by the same
        Assert.All(Enumerable.Range(0, count), i => Assert.True(some[i] == before[i] || some[i] == more[i]));
        Assert.Equal(some, Noisy(set, 0.3));
        // each of four other classes about a quarter of 250 times: six standard deviations of 6.8
        for (var shift = 1; shift < 5; shift++)
            Assert.InRange(Enumerable.Range(0, count).Count(i => (all[i] - before[i] + 5) % 5 == shift), 62 - 41, 63 + 41);
        Assert.Equal(Places(set), Places(set.WithLabelNoise(0.5, new RandomSequence(1, "test/noise"))));
    }

    [Fact]
    public void What_noise_cannot_be_is_refused()
    {
        var (two, one) = (Set([0, 1], 2), Set([0, 0], 1));

        Assert.Throws<ArgumentOutOfRangeException>(() => two.WithLabelNoise(1.1, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => two.WithLabelNoise(double.NaN, default));
        Assert.Equal("Labels of a set with one class have no other class to become.", Assert.Throws<InvalidOperationException>(() => one.WithLabelNoise(0.5, default)).Message);
        Assert.Equal([0, 0], one.WithLabelNoise(0, new RandomSequence(1, "test/noise")).Labels.ToArray());
    }

    [Fact]
    public void A_set_has_at_most_as_many_classes_as_a_label_tells_apart()
    {
        Assert.Equal(256, Set([255], 256).ClassNames.Count);
        Assert.Contains("There are 257 classes, but a label tells at most 256 apart.", Assert.Throws<ArgumentException>(() => Set([0], 257)).Message, StringComparison.Ordinal);
    }

    private static byte[] Noisy(ImageSet set, double share) => set.WithLabelNoise(share, new RandomSequence(1, "test/noise")).Labels.ToArray();

    private static int Different(byte[] a, byte[] b) => a.Zip(b).Count(pair => pair.First != pair.Second);

    private static byte[] Places(ImageSet set) => [.. Enumerable.Range(0, set.Count).Select(i => set.Image(i)[0])];

    /// <summary>Pictures of two bytes, the first of which is their place.</summary>
    private static ImageSet Set(byte[] labels, int classes)
        => new(1, 2, 1, [.. Enumerable.Range(0, 2 * labels.Length).Select(at => (byte)(at / 2))], labels, [.. Enumerable.Range(0, classes).Select(c => $"class {c}")]);
}
