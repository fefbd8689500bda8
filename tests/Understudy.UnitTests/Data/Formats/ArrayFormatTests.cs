using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Understudy.Data;
using Understudy.Data.Formats;

namespace Understudy.UnitTests.Data.Formats;

public sealed class ArrayFormatTests
{
    private static Tensor[] Examples() =>
    [
        Tensor.Of("weight", [1f, -2.5f, float.NaN, 0f, -0f, 3f], 2, 3),
        Tensor.Of("bias", [double.Epsilon, 1.0 / 3], 2),
        Tensor.Of("labels", [int.MinValue, 0, int.MaxValue], 3),
        Tensor.Of("image", "abcd"u8.ToArray(), 1, 2, 2),
    ];

    [Fact]
    public void A_numpy_file_reads_back_and_starts_its_elements_at_a_multiple_of_64()
    {
        foreach (var expected in Examples())
        {
            var file = ToNpy(expected);
            int header = 10 + BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));

            var actual = Npy.Read(new MemoryStream(file), "x.npy");

            Assert.Equal(0, header % 64);
            Assert.Equal((byte)'\n', file[header - 1]);
            Assert.Equal(expected.Shape, actual.Shape);
            Assert.Equal(file, ToNpy(actual));
        }
    }

    [Fact]
    public void The_header_is_the_one_numpy_writes()
    {
        string text = Encoding.Latin1.GetString(ToNpy(Examples()[1]));

        Assert.StartsWith("\u0093NUMPY\u0001\u0000v\u0000{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }  ", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }\n", "is in Fortran order")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }\n", "the element type '<c8' is not read here")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }\n", "no valid shape")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647, 9), }\n", "more elements than the 1")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, }\n", "lacks shape")]
    public void A_numpy_header_that_cannot_be_used_is_explained(string header, string problem)
    {
        byte[] file = [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), 0, 0, 0, 0];

        var exception = Assert.Throws<UnreadableFileException>(() => Npy.Read(new MemoryStream(file), "x.npy"));

        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Integers_of_64_bits_are_read_where_32_hold_them()
    {
        var header = Encoding.ASCII.GetBytes("{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }\n");
        byte[] File(params long[] values) => [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. values.SelectMany(BitConverter.GetBytes)];

        Assert.Equal([7, int.MinValue, int.MaxValue], Npy.Read(new MemoryStream(File(7, int.MinValue, int.MaxValue)), "y.npy").Integers.ToArray());
        var exception = Assert.Throws<UnreadableFileException>(() => Npy.Read(new MemoryStream(File(7, 2147483648, 0)), "y.npy"));
        Assert.Contains("element 1 is 2147483648", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_numpy_archive_reads_back_and_equal_content_gives_equal_bytes()
    {
        var file = ToNpz(Examples());

        var read = Npz.Read(new MemoryStream(file), "x.npz");

        Assert.Equal(Examples().Select(tensor => tensor.Name), read.Keys);
        Assert.Equal(file, ToNpz([.. read.Values]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_idx_file_gives_its_array(bool packed)
    {
        byte[] plain = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];

        var tensor = Idx.Read(new MemoryStream(packed ? Pack(plain) : plain), "/data/train-idx2");

        Assert.Equal("train-idx2", tensor.Name);
        Assert.Equal([2, 3], tensor.Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], tensor.Bytes.ToArray());
    }

    [Fact]
    public void Idx_numbers_are_big_endian()
    {
        Assert.Equal([-2, 258], Idx.Read(new MemoryStream([0, 0, 0x0B, 1, 0, 0, 0, 2, 0xFF, 0xFE, 1, 2]), "i").Integers.ToArray());
        Assert.Equal([1f], Idx.Read(new MemoryStream([0, 0, 0x0D, 1, 0, 0, 0, 1, 0x3F, 0x80, 0, 0]), "f").Floats.ToArray());
        Assert.Equal([-3], Idx.Read(new MemoryStream([0, 0, 0x09, 1, 0, 0, 0, 1, 0xFD]), "b").Integers.ToArray());
    }

    [Fact]
    public void An_idx_file_that_is_cut_off_or_goes_on_is_refused()
    {
        byte[] plain = [0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3];

        Assert.Contains("cut off", Assert.Throws<UnreadableFileException>(() => Idx.Read(new MemoryStream(plain[..^1]), "x")).Message, StringComparison.Ordinal);
        Assert.Contains("goes on", Assert.Throws<UnreadableFileException>(() => Idx.Read(new MemoryStream([.. plain, 0]), "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_damaged_file_gives_an_array_or_a_sentence()
    {
        byte[] idx = [0, 0, 8, 3, 0, 0, 0, 9, 0, 0, 0, 5, 0, 0, 0, 5, .. Enumerable.Range(0, 225).Select(i => (byte)(i * 11))];

        Damage.IsAlwaysAnswered(ToNpy(Examples()[0]), bytes => Npy.Read(new MemoryStream(bytes), "x.npy"));
        Damage.IsAlwaysAnswered(ToNpz(Examples()), bytes => Npz.Read(new MemoryStream(bytes), "x.npz"));
        Damage.IsAlwaysAnswered(idx, bytes => Idx.Read(new MemoryStream(bytes), "x"));
        Damage.IsAlwaysAnswered(Pack(idx), bytes => Idx.Read(new MemoryStream(bytes), "x"));
    }

    [Fact]
    public void Tables_quote_what_must_be_quoted_and_numbers_read_back()
    {
        var writer = new StringWriter();

        Csv.Write(writer, [CsvColumn.Of("name, unit", ["a", "b \"c\"", "d\ne"]), CsvColumn.Of("value", [0.1, 1e300, double.NaN])]);

        Assert.Equal("\"name, unit\",value\na,0.1\n\"b \"\"c\"\"\",1E+300\n\"d\ne\",NaN\n", writer.ToString());
    }

    private static byte[] ToNpy(Tensor tensor)
    {
        var stream = new MemoryStream();
        Npy.Write(stream, tensor);
        return stream.ToArray();
    }

    private static byte[] ToNpz(IReadOnlyList<Tensor> tensors)
    {
        var stream = new MemoryStream();
        Npz.Write(stream, tensors);
        return stream.ToArray();
    }

    private static byte[] Pack(byte[] bytes)
    {
        var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(bytes);
        return stream.ToArray();
    }
}
