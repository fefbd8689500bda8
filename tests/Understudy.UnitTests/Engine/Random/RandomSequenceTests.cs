using Understudy.Engine.Kernels;
using Understudy.Engine.Random;

namespace Understudy.UnitTests.Engine.Random;

public class RandomSequenceTests
{
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, "6627e8d5 e169c58d bc57ac4c 9b00dbd8")]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, "408f276d 41c83b0e a20bc7c6 6d5451fd")]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, "d16cfe09 94fdcceb 5001e420 24126ea1")]
    public void Philox_gives_the_published_answers(uint c0, uint c1, uint c2, uint c3, uint key0, uint key1, string expected)
    {
        var (w0, w1, w2, w3) = Philox.Block(c0, c1, c2, c3, key0, key1);
        var eight = new uint[Philox.WordsOfEight];
        Philox.Eight(c0, c1, c2, c3, key0, key1, eight);

        Assert.Equal(expected, $"{w0:x8} {w1:x8} {w2:x8} {w3:x8}");
        Assert.Equal(expected, string.Join(' ', eight.Take(4).Select(word => $"{word:x8}")));
    }

    [Fact]
    public void A_sequence_addresses_philox_by_block_step_replica_and_purpose()
    {
        const ulong Seed = 0x0123456789abcdef;
        // FNV-1a of "a" is published as e40c292c
        var (w0, w1, w2, w3) = Philox.Block(3, 7, 5, 0xe40c292c, 0x89abcdef, 0x01234567);
        var words = new uint[16];
        var sequence = new RandomSequence(Seed, "a", replica: 5);

        sequence.Fill(7, words);

        Assert.Equal([w0, w1, w2, w3], words[12..]);
        Assert.Equal(w1, sequence.Word(7, 13));
        Assert.Equal(w1, sequence.Word(7 + (1L << 32), 13));
    }

    [Fact]
    public void A_longer_fill_begins_with_the_shorter_one() => Property.Holds(30, draw =>
    {
        var (shorter, longer) = (draw.Index(600), draw.Index(600) + 600);
        var sequence = new RandomSequence(1, "test/prefix");

        Assert.Equal(Drawn<uint>(shorter, sequence.Fill), Drawn<uint>(longer, sequence.Fill)[..shorter]);
        Assert.Equal(Drawn<float>(shorter, sequence.FillUniform), Drawn<float>(longer, sequence.FillUniform)[..shorter]);
        Assert.Equal(Drawn<double>(shorter, sequence.FillUniform), Drawn<double>(longer, sequence.FillUniform)[..shorter]);
        Assert.Equal(Drawn<float>(shorter, sequence.FillNormal), Drawn<float>(longer, sequence.FillNormal)[..shorter]);
        Assert.Equal(Drawn<double>(shorter, sequence.FillNormal), Drawn<double>(longer, sequence.FillNormal)[..shorter]);
    });

    [Fact]
    public void Draws_are_the_stored_ones()
    {
        var sequence = new RandomSequence(42, "test/known");

        // computed by an independent program in 30 digits; two of the single-precision normals are one unit in the last place off
        Assert.Equal(
            [
                "f474c5e5 2b00b18a",
                "3f7474c5 3e2c02c4",
                "3fee8e98bca56016 3fe3d458f25f8190",
                "3e194f13 3e8755bd 3f7946ae bdc1fef0",
                "bfcc666e8ed587da bfca8f3085a330df",
                "954 167 619 984",
                "2 0 4 5 1 3",
            ],
            Known(sequence));
    }

    [Fact]
    public void Normals_have_the_same_bits_at_every_width()
    {
        var sequence = new RandomSequence(3, "test/widths");

        float[] single = Drawn<float>(999, sequence.FillNormal<F1>), doubleWidth = Drawn<float>(999, sequence.FillNormal<F16>);
        Assert.Equal(single, doubleWidth);
        Assert.Equal(single, Drawn<float>(999, sequence.FillNormal<F8>));
        Assert.Equal(single, Drawn<float>(999, sequence.FillNormal<F4>));
        var scalar = Drawn<double>(999, sequence.FillNormal<D1>);
        Assert.Equal(scalar, Drawn<double>(999, sequence.FillNormal<D2>));
        Assert.Equal(scalar, Drawn<double>(999, sequence.FillNormal<D4>));
        Assert.Equal(scalar, Drawn<double>(999, sequence.FillNormal<D8>));
    }

    [Fact]
    public void Normals_have_the_moments_of_the_normal_distribution()
    {
        const int Count = 400_000;
        var single = Array.ConvertAll(Drawn<float>(Count, new RandomSequence(5, "test/moments").FillNormal), value => (double)value);
        var doubles = Drawn<double>(Count, new RandomSequence(6, "test/moments").FillNormal);

        foreach (var values in (double[][])[single, doubles])
        {
            // four standard errors of the mean of x, x², x³, x⁴ and of the product of neighbours
            var bar = 4 / Math.Sqrt(Count);
            Assert.Equal(0, values.Average(), bar);
            Assert.Equal(1, values.Average(x => x * x), bar * Math.Sqrt(2));
            Assert.Equal(0, values.Average(x => x * x * x), bar * Math.Sqrt(15));
            Assert.Equal(3, values.Average(x => x * x * x * x), bar * Math.Sqrt(96));
            Assert.Equal(0, values.Skip(1).Zip(values, (a, b) => a * b).Average(), bar);
        }
    }

    [Fact]
    public void Uniforms_and_indices_are_uniform()
    {
        const int Count = 200_000;
        var sequence = new RandomSequence(7, "test/uniform");
        var (single, doubles, indices) = (new float[Count], new double[Count], new int[Count]);
        sequence.FillUniform(0, single);
        sequence.FillUniform(1, doubles);
        sequence.FillIndices(2, 10, indices);

        var bar = 4 / Math.Sqrt(Count);
        Assert.All((double[])[single.Average(), doubles.Average()], mean => Assert.Equal(0.5, mean, bar * Math.Sqrt(1 / 12.0)));
        Assert.All(single, value => Assert.InRange(value, 0f, 0.99999994f));
        for (var index = 0; index < 10; index++)
            Assert.Equal(0.1, indices.Count(value => value == index) / (double)Count, bar * 0.3);
    }

    [Fact]
    public void A_permutation_has_every_index_and_every_order_equally_often()
    {
        var permutation = new int[1000];
        new RandomSequence(8, "test/permutation").FillPermutation(0, permutation);
        Assert.Equal(Enumerable.Range(0, 1000), permutation.Order());

        const int Count = 24_000;
        var orders = new Dictionary<string, int>(StringComparer.Ordinal);
        var four = new int[4];
        for (var step = 0; step < Count; step++)
        {
            new RandomSequence(9, "test/permutation").FillPermutation(step, four);
            var key = string.Concat(four);
            orders[key] = orders.GetValueOrDefault(key) + 1;
        }
        Assert.Equal(24, orders.Count);
        Assert.All(orders.Values, count => Assert.Equal(1 / 24.0, count / (double)Count, 4 * Math.Sqrt(1 / 24.0 / Count)));
    }

    [Fact]
    public void Purposes_and_replicas_are_independent()
    {
        var words = new HashSet<uint>();
        foreach (var purpose in (string[])["student/init", "teacher/init", "batch"])
            for (var replica = 0; replica < 4; replica++)
                for (var element = 0; element < 50; element++)
                    words.Add(new RandomSequence(1, purpose, replica).Word(0, element));

        Assert.Equal(3 * 4 * 50, words.Count);
    }

    [Fact]
    public void Drawing_allocates_nothing()
    {
        var sequence = new RandomSequence(1, "test/allocation");
        var values = new float[1000];
        sequence.FillNormal(0, values);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var step = 0; step < 20; step++)
            sequence.FillNormal(step, values);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private delegate void Filler<T>(long step, Span<T> values);

    private static T[] Drawn<T>(int count, Filler<T> fill)
    {
        var values = new T[count];
        fill(11, values);
        return values;
    }

    private static string[] Known(RandomSequence sequence)
    {
        var (indices, permutation) = (new int[4], new int[6]);
        sequence.FillIndices(11, 1000, indices);
        sequence.FillPermutation(11, permutation);
        return
        [
            string.Join(' ', Drawn<uint>(2, sequence.Fill).Select(word => $"{word:x8}")),
            string.Join(' ', Drawn<float>(2, sequence.FillUniform).Select(value => $"{BitConverter.SingleToUInt32Bits(value):x8}")),
            string.Join(' ', Drawn<double>(2, sequence.FillUniform).Select(value => $"{BitConverter.DoubleToUInt64Bits(value):x16}")),
            string.Join(' ', Drawn<float>(4, sequence.FillNormal).Select(value => $"{BitConverter.SingleToUInt32Bits(value):x8}")),
            string.Join(' ', Drawn<double>(2, sequence.FillNormal).Select(value => $"{BitConverter.DoubleToUInt64Bits(value):x16}")),
            string.Join(' ', indices),
            string.Join(' ', permutation),
        ];
    }
}
