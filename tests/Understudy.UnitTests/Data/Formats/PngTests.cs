using System.Buffers.Binary;
using System.Diagnostics;
using Understudy.Data;
using Understudy.Data.Formats;

namespace Understudy.UnitTests.Data.Formats;

public sealed class PngTests
{
    public static TheoryData<int, int, bool, bool> Kinds()
    {
        var kinds = new TheoryData<int, int, bool, bool>();
        foreach (var (color, depths) in new[] { (0, new[] { 1, 2, 4, 8, 16 }), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16]) })
        {
            foreach (int depth in depths)
            {
                foreach (bool interlaced in new[] { false, true })
                {
                    kinds.Add(color, depth, interlaced, false);
                    if (color is 0 or 2 or 3)
                        kinds.Add(color, depth, interlaced, true);
                }
            }
        }

        return kinds;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_file_gives_its_pixels(int color, int depth, bool interlaced, bool transparent)
    {
        foreach (var (width, height) in new[] { (1, 1), (2, 3), (5, 4), (13, 9), (33, 17) })
        {
            var (file, expected) = Example(width, height, color, depth, interlaced, transparent);

            var picture = Read(file);

            Assert.Equal((width, height), (picture.Width, picture.Height));
            Assert.Equal(expected, picture.Samples.ToArray());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_is_written_is_read(int channels)
    {
        var picture = new Raster(37, 21, channels, [.. Enumerable.Range(0, 37 * 21 * channels).Select(i => (byte)(i * i / 7))]);
        var stream = new MemoryStream();

        Png.Write(stream, picture, ("Software", "understudy"));
        var read = Read(stream.ToArray());

        Assert.Equal(channels, read.Channels);
        Assert.Equal(picture.Samples.ToArray(), read.Samples.ToArray());
    }

    [Fact]
    public void A_wrong_check_value_is_named()
    {
        var file = Example(5, 4, 2, 8, false, false).File;
        file[20] ^= 1;

        var problem = Assert.Throws<UnreadableFileException>(() => Read(file));

        Assert.Equal("p.png: the check value of the chunk at byte 8 is wrong, so the file is damaged.", problem.Message);
    }

    [Theory]
    [InlineData(1 << 20, 1 << 20, "the limit is 268435456 pixels")]
    [InlineData(0, 4, "a picture of 0 x 4 is not read")]
    [InlineData(16384, 16384, "compressed bytes cannot fill a picture of 16384 x 16384")]
    public void A_hostile_size_is_refused_without_allocating_it(int width, int height, string problem)
    {
        var file = Example(5, 4, 2, 8, false, false).File;
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), height);
        PngForge.Seal(file, 8);
        long before = GC.GetAllocatedBytesForCurrentThread();

        var exception = Assert.Throws<UnreadableFileException>(() => Read(file));

        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
    }

    [Theory]
    [InlineData(2, 8, false)]
    [InlineData(3, 4, true)]
    [InlineData(0, 16, true)]
    public void Every_damaged_file_gives_a_picture_or_a_sentence(int color, int depth, bool interlaced)
    {
        var file = Example(33, 17, color, depth, interlaced, transparent: true).File;
        var clock = Stopwatch.StartNew();

        Damage.IsAlwaysAnswered(file, bytes => Read(bytes), cases: 200);
        Damage.IsAlwaysAnswered(file, bytes => Read(Sealed(bytes)), cases: 400);

        Assert.True(clock.Elapsed.TotalSeconds < 10);
    }

    /// <summary>Makes all check values right again, so that damage reaches the parts behind them.</summary>
    private static byte[] Sealed(byte[] file)
    {
        var copy = (byte[])file.Clone();
        int place = 8;
        while (place + 12 <= copy.Length)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(copy.AsSpan(place));
            if (length > copy.Length - place - 12)
                break;
            PngForge.Seal(copy, place);
            place += 12 + (int)length;
        }

        return copy;
    }

    private static (byte[] File, byte[] Expected) Example(int width, int height, int color, int depth, bool interlaced, bool transparent)
    {
        var forge = new PngForge(width, height, color, depth, interlaced);
        int stored = forge.StoredSamples;
        uint state = 7;
        var samples = new int[width * height * stored];
        for (int i = 0; i < samples.Length; i++)
        {
            state = (state * 1664525) + 1013904223;
            samples[i] = (int)(state >> 8) & ((1 << depth) - 1);
        }

        byte[] palette = [.. Enumerable.Range(0, 3 << depth).Select(i => (byte)(i * 37))];
        byte[] alpha = color == 3 ? [9, 200] : [.. samples.Take(stored).SelectMany(value => new[] { (byte)(value >> 8), (byte)value })];
        if (color == 3)
            forge = forge with { Palette = palette };
        if (transparent)
            forge = forge with { Transparency = alpha };
        var expected = new List<byte>();
        foreach (var pixel in samples.Chunk(stored))
        {
            if (color == 3)
                expected.AddRange(palette.AsSpan(pixel[0] * 3, 3));
            else
                expected.AddRange(pixel.Select(value => depth == 16 ? (byte)(value / 256) : (byte)(value * 255 / ((1 << depth) - 1))));
            if (transparent && color == 3)
                expected.Add(pixel[0] < alpha.Length ? alpha[pixel[0]] : (byte)255);
            else if (transparent)
                expected.Add(pixel.SequenceEqual(samples.Take(stored)) ? (byte)0 : (byte)255);
        }

        return (forge.Make(samples), [.. expected]);
    }

    private static Raster Read(byte[] file) => Png.Read(new MemoryStream(file), "p.png");
}
