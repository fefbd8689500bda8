using System.Buffers.Binary;
using System.Text;
using Understudy.Data;
using Understudy.Data.Formats;

namespace Understudy.UnitTests.Data.Formats;

public sealed class SafeTensorsTests
{
    private static readonly Dictionary<string, string> Notes = new() { ["understudy.layout"] = "out,in", ["a"] = "ä\"\n" };

    private static Tensor[] Examples() =>
    [
        Tensor.Of("weight", [1f, -2.5f, float.NaN, float.PositiveInfinity, 0f, -0f], 2, 3),
        Tensor.Of("scale é", [double.Epsilon, 1.0 / 3], 2),
        Tensor.Of("labels", [int.MinValue, 0, int.MaxValue], 3),
        Tensor.Of("image", new byte[] { 0, 127, 255 }, 1, 3),
        Single("scalar"),
        Tensor.Of("nothing", Array.Empty<float>(), 0, 4),
    ];

    [Fact]
    public void What_is_written_is_read_bit_for_bit()
    {
        var file = Read(Write(Examples(), Notes));

        Assert.Equal(["weight", "scale é", "labels", "image", "scalar", "nothing"], file.Tensors.Keys);
        Assert.Equal(Notes.OrderBy(pair => pair.Key), file.Metadata.OrderBy(pair => pair.Key));
        foreach (var expected in Examples())
        {
            var actual = file.Tensors[expected.Name];
            Assert.Equal(expected.Type, actual.Type);
            Assert.Equal(expected.Shape, actual.Shape);
            Assert.Equal(Write([expected]), Write([actual]));
        }
    }

    [Fact]
    public void Tensors_come_in_the_order_of_their_data_whatever_that_of_the_header()
    {
        var bytes = ByHand("""{"a":{"dtype":"F16","shape":[2],"data_offsets":[4,8]},"b":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}""", new byte[8]);

        Assert.Equal(["b", "a"], Read(bytes).Tensors.Keys);
    }

    [Fact]
    public void Equal_content_gives_equal_bytes_whatever_the_order_of_the_metadata()
    {
        var reversed = Notes.Reverse().ToDictionary(pair => pair.Key, pair => pair.Value);

        Assert.Equal(Write(Examples(), Notes), Write(Examples(), reversed));
    }

    [Fact]
    public void The_arrays_start_at_a_multiple_of_eight_bytes()
    {
        for (int length = 1; length < 20; length++)
        {
            var bytes = Write([Single(new string('x', length))]);

            Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(bytes) % 8);
            Assert.Equal(bytes.Length, 8 + BinaryPrimitives.ReadInt64LittleEndian(bytes) + 4);
        }
    }

    [Fact]
    public void Two_tensors_of_one_name_are_not_written()
    {
        Tensor[] twice = [Single("a"), Single("a")];

        Assert.Throws<ArgumentException>(() => Write(twice));
    }

    [Fact]
    public void Half_floats_become_floats_exactly()
    {
        var bytes = ByHand("""{"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"BF16","shape":[2],"data_offsets":[4,8]}}""", [0x00, 0x3C, 0x00, 0xC1, 0x80, 0x3F, 0x20, 0xC0]);

        var file = Read(bytes);

        Assert.Equal([1f, -2.5f], file.Tensors["h"].Floats.ToArray());
        Assert.Equal([1f, -2.5f], file.Tensors["b"].Floats.ToArray());
    }

    [Fact]
    public void Wide_integers_are_read_where_they_fit_and_refused_where_not()
    {
        const string header = """{"n":{"dtype":"I64","shape":[2],"data_offsets":[0,16]}}""";
        var data = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(data, -5);

        Assert.Equal([-5, 0], Read(ByHand(header, data)).Tensors["n"].Integers.ToArray());

        BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(8), 1L << 40);
        var problem = Assert.Throws<UnreadableFileException>(() => Read(ByHand(header, data)));
        Assert.Equal("w.safetensors: element 1 of n is 1099511627776 (I64), which does not fit into 32 bits.", problem.Message);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", "b overlaps another array")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[6,10]}}""", "2 bytes before b belong to no array")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "8 bytes at the end belong to no array")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9],"data_offsets":[0,36]}}""", "only 12 bytes follow the header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}""", "a has 12 bytes, but its type F32 and shape [2] ask for 8")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[12],"data_offsets":[0,12]}}""", "the element type F8_E4M3, which cannot be read here")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"a":{"dtype":"F32","shape":[0],"data_offsets":[12,12]}}""", "names a twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,12]}}""", "more elements than a file can hold")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,0],"data_offsets":[0,12]}}""", "extent of 4294967296")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-3],"data_offsets":[0,12]}}""", "not a count")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3]}}""", "lacks its dtype")]
    [InlineData("""{"a":3}""", "is not an object")]
    [InlineData("""{"a":""", "not valid JSON")]
    [InlineData("""[]""", "not a JSON object")]
    public void A_damaged_header_is_answered_with_what_is_wrong(string header, string problem)
    {
        var exception = Assert.Throws<UnreadableFileException>(() => Read(ByHand(header, new byte[12])));

        Assert.StartsWith("w.safetensors: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hostile_header_length_is_refused_without_allocating_it()
    {
        foreach (ulong length in new[] { ulong.MaxValue, 1UL << 63, 100_000_001UL, 100_000_000UL, 17UL })
        {
            var bytes = new byte[24];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
            long before = GC.GetAllocatedBytesForCurrentThread();

            Assert.Throws<UnreadableFileException>(() => Read(bytes));

            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
        }
    }

    [Fact]
    public void Every_damaged_file_gives_a_result_or_a_sentence()
        => Damage.IsAlwaysAnswered(Write(Examples(), Notes), bytes => Read(bytes));

    private static Tensor Single(string name)
    {
        float[] values = [1f];
        return Tensor.Of(name, values);
    }

    private static byte[] Write(IReadOnlyList<Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var stream = new MemoryStream();
        SafeTensors.Write(stream, tensors, metadata);
        return stream.ToArray();
    }

    private static byte[] ByHand(string header, byte[] data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + text.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, text.Length);
        text.CopyTo(bytes, 8);
        data.CopyTo(bytes, 8 + text.Length);
        return bytes;
    }

    private static SafeTensorsFile Read(byte[] bytes) => SafeTensors.Read(new MemoryStream(bytes), "w.safetensors");
}
