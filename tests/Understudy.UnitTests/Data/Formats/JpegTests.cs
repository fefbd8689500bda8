using Understudy.Data;
using Understudy.Data.Formats;

namespace Understudy.UnitTests.Data.Formats;

public sealed class JpegTests
{
    private static string Folder => Path.Combine(Repository.Root, "tests", "data", "jpeg");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.jpg").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Pixels_are_those_of_the_usual_decoder_up_to_rounding(string name)
    {
        using var png = File.OpenRead(Path.Combine(Folder, $"{name.Split('-')[0]}.png"));
        var expected = Png.Read(png, name);

        var picture = Read(Fixture(name));

        Assert.Equal((expected.Width, expected.Height, expected.Channels), (picture.Width, picture.Height, picture.Channels));
        int[] off = [.. picture.Samples.ToArray().Zip(expected.Samples.ToArray(), (a, b) => Math.Abs(a - b))];
        // its integers round every sample of a plane by up to one, and colors are sums of planes times up to 1.8; mostly they do not
        Assert.True(off.Max() <= 4, $"{off.Max()}");
        Assert.True(off.Average() < 0.1, $"{off.Average()}");
    }

    [Fact]
    public void Samples_of_a_block_are_the_sum_of_its_cosines()
    {
        var draw = new Draw(1);
        const int step = 7;
        int[][] blocks = [.. Enumerable.Range(0, 5).Select(_ => Enumerable.Range(0, 64).Select(at => draw.Index(3) == 0 ? draw.Index(17) - 8 : 0).ToArray())];
        blocks[1] = new int[64];
        blocks[2][63] = -9;
        static double Wave(int x, int u) => (u == 0 ? Math.Sqrt(0.125) : 0.5) * Math.Cos(((2 * x) + 1) * u * Math.PI / 16);

        var picture = Read(JpegForge.Row(blocks, step));

        Assert.Equal((40, 8, 1), (picture.Width, picture.Height, picture.Channels));
        for (var at = 0; at < 320; at++)
        {
            var (y, x, block) = (at / 40, at % 8, blocks[at % 40 / 8]);
            var exact = 128 + Enumerable.Range(0, 64).Sum(k => block[k] * step * Wave(y, k / 8) * Wave(x, k % 8));
            // to the nearest, but for sums in single precision
            Assert.Equal(Math.Clamp(exact, 0, 255), picture.Row(y)[at % 40], 0.5 + 1e-3);
        }
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(6, true)]
    [InlineData(7, false)]
    [InlineData(8, true)]
    public void A_picture_is_turned_as_it_was_seen(int orientation, bool isLittle)
    {
        var stored = Read(Fixture("444"));
        var (w, h) = (stored.Width, stored.Height);

        var seen = Read(WithOrientation(Fixture("444"), orientation, isLittle));

        // where the first row and the first column of the file are seen, as the standard counts: 2 top and right, 3 bottom and right, …
        (int X, int Y) Seen(int row, int column) => orientation switch
        {
            2 => (w - 1 - column, row),
            3 => (w - 1 - column, h - 1 - row),
            4 => (column, h - 1 - row),
            5 => (row, column),
            6 => (h - 1 - row, column),
            7 => (h - 1 - row, w - 1 - column),
            _ => (row, w - 1 - column),
        };
        Assert.Equal(orientation >= 5 ? (h, w) : (w, h), (seen.Width, seen.Height));
        for (var row = 0; row < h; row++)
        {
            for (var column = 0; column < w; column++)
            {
                var (x, y) = Seen(row, column);
                Assert.Equal(stored.Row(row).Slice(3 * column, 3).ToArray(), seen.Row(y).Slice(3 * x, 3).ToArray());
            }
        }
    }

    [Theory]
    [InlineData("420")]
    [InlineData("420-progressive-restart")]
    [InlineData("grey-progressive")]
    public void A_damaged_file_is_answered_with_a_picture_or_a_sentence(string name) => Damage.IsAlwaysAnswered(Fixture(name), file => Read(file), cases: 600);

    [Fact]
    public void What_is_not_read_is_named_with_what_to_do()
    {
        var file = Fixture("420");
        var frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        string Changed(int at, byte value)
        {
            var copy = (byte[])file.Clone();
            copy[at] = value;
            return Problem(copy);
        }

        Assert.Equal("a.jpg: this is not a JPEG file, its first two bytes are different.", Problem([1, 2, 3]));
        Assert.Equal("a.jpg: the picture is coded arithmetically, which is not read here; save it again as a usual JPEG or PNG file.", Changed(frame + 1, 0xC9));
        Assert.Equal("a.jpg: the picture is lossless or hierarchical, which is not read here; save it again as a usual JPEG or PNG file.", Changed(frame + 1, 0xC3));
        Assert.Equal("a.jpg: samples have 12 bits, but 8 are read here; save it again as a usual JPEG or PNG file.", Changed(frame + 4, 12));
        Assert.Equal("a.jpg: the picture is in four inks (CMYK), which are not read here; save it again in red, green and blue.", Changed(frame + 9, 4));
        Assert.Equal("a.jpg: 1334 bytes cannot fill a picture of 33 x 65327; the file was cut off.", Changed(frame + 5, 0xFF));
        Assert.Equal("a.jpg: the data of the picture end at byte 1200, before it is complete; it was cut off.", Problem(file[..1200]));
        Assert.Equal("a.jpg: the file ends without its end marker; it was cut off.", Problem(file[..^2]));
        Assert.Equal("a.jpg: the data of the picture end at byte 1200, before it is complete; it was cut off.", Problem([.. file[..1200], 0xFF, 0xD9]));
    }

    internal static byte[] Fixture(string name) => File.ReadAllBytes(Path.Combine(Folder, $"{name}.jpg"));

    private static byte[] WithOrientation(byte[] file, int orientation, bool isLittle)
    {
        byte[] Number(int value, int length)
        {
            byte[] bytes = [.. Enumerable.Range(0, length).Select(at => (byte)(value >> (8 * at)))];
            return isLittle ? bytes : [.. bytes.Reverse()];
        }

        byte[] entry = [.. Number(0x0112, 2), .. Number(3, 2), .. Number(1, 4), .. Number(orientation, 2), 0, 0];
        byte[] other = [.. Number(0x010F, 2), .. Number(2, 2), .. Number(1, 4), 0, 0, 0, 0];
        byte[] exif = [.. "Exif\0\0"u8, .. isLittle ? "II"u8 : "MM"u8, .. Number(42, 2), .. Number(8, 4), .. Number(2, 2), .. other, .. entry];
        return [.. file[..2], .. JpegForge.Segment(0xE1, exif), .. file[2..]];
    }

    private static Raster Read(byte[] file) => Jpeg.Read(new MemoryStream(file), "a.jpg");

    private static string Problem(byte[] file) => Assert.Throws<UnreadableFileException>(() => Read(file)).Message;
}
