using Understudy.Data;
using Understudy.Data.Formats;

namespace Understudy.UnitTests.Data.Formats;

public sealed class OnnxTests
{
    internal static string Folder => Path.Combine(Repository.Root, "tests", "data", "onnx");

    [Fact]
    public void A_file_of_PyTorch_gives_its_graph()
    {
        var model = Read(Fixture("mlp"));

        Assert.Equal("pytorch", model.Producer);
        Assert.Equal(13, model.OperatorSet);
        Assert.Equal(["Flatten", "Gemm", "LeakyRelu", "Gemm"], model.Nodes.Select(node => node.Operator));
        Assert.Equal("/1/Gemm", model.Nodes[1].Name);
        Assert.Equal(["/0/Flatten_output_0", "1.weight", "1.bias"], model.Nodes[1].Inputs);
        Assert.Equal(1, model.Nodes[1].Attributes["transB"].WholeNumber);
        Assert.Equal(0.1f, model.Nodes[2].Attributes["alpha"].Number);
        Assert.Equal(["1.weight", "1.bias", "4.weight", "4.bias"], model.Initializers.Select(tensor => tensor.Name));
        Assert.Equal([32, 192], model.Initializers[0].Shape);
        Assert.Equal("batch, 3, 8, 8", string.Join(", ", Assert.Single(model.Inputs).Shape!));
        Assert.Equal("output", Assert.Single(model.Outputs).Name);
    }

    [Fact]
    public void Every_way_to_store_numbers_gives_them()
    {
        byte[] Typed(long type, params byte[] rest) => [.. OnnxForge.Number(1, 2), .. OnnxForge.Number(2, type), .. OnnxForge.Text(8, $"{type}"), .. rest];
        var forge = Smallest();
        byte[][] tensors =
        [
            OnnxForge.Tensor("float", [1.5f, -2f], 2),
            OnnxForge.Tensor("double", [0.1, double.Epsilon], 2),
            OnnxForge.Tensor("whole", [-1L, long.MaxValue], 2),
            Typed(10, OnnxForge.Bytes(9, [0x00, 0x3C, 0x00, 0xC1])),
            Typed(16, [.. OnnxForge.Number(5, 0x3F80), .. OnnxForge.Number(5, 0xC020)]),
            Typed(9, OnnxForge.Bytes(9, [0, 1])),
            Typed(3, OnnxForge.Bytes(9, [0xFF, 0x7F])),
            Typed(6, [.. OnnxForge.Number(5, -7), .. OnnxForge.Number(5, 7)]),
            Typed(12, OnnxForge.Bytes(9, [0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0])),
        ];
        foreach (var tensor in tensors)
            forge.Stored(tensor);

        var read = Read(forge.ToFile()).Initializers;

        double[][] numbers = [.. read.Where(tensor => tensor.IsFloating).Select(tensor => tensor.Numbers.ToArray())];
        long[][] whole = [.. read.Where(tensor => !tensor.IsFloating).Select(tensor => tensor.Integers.ToArray())];
        Assert.Equal([[1.5, -2], [0.1, double.Epsilon], [1, -2.5], [1, -2.5]], numbers);
        Assert.Equal([[-1, long.MaxValue], [0, 1], [-1, 127], [-7, 7], [uint.MaxValue, 1]], whole);
    }

    [Fact]
    public void Stored_arrays_that_are_listed_as_inputs_are_none()
    {
        var forge = Smallest().Input("w", 2).Stored(OnnxForge.Tensor("w", [1f, 2f], 2));

        Assert.Equal("x", Assert.Single(Read(forge.ToFile()).Inputs).Name);
    }

    [Fact]
    public void Weights_in_another_file_are_refused_by_name()
    {
        byte[] tensor =
        [
            .. OnnxForge.Number(1, 2), .. OnnxForge.Number(2, 1), .. OnnxForge.Text(8, "0.weight"),
            .. OnnxForge.Bytes(13, OnnxForge.Text(1, "location"), OnnxForge.Text(2, "net.onnx.data")), .. OnnxForge.Number(14, 1),
        ];

        var problem = Assert.Throws<UnreadableFileException>(() => Read(Smallest().Stored(tensor).ToFile()));

        Assert.Equal(
            "net.onnx: tensor 0.weight lies in another file, net.onnx.data; export again with all weights in one file (external_data=False).", problem.Message);
    }

    [Fact]
    public void What_is_no_model_or_contradicts_itself_is_explained()
    {
        void IsRefused(byte[] file, string problem)
            => Assert.Contains(problem, Assert.Throws<UnreadableFileException>(() => Read(file)).Message, StringComparison.Ordinal);

        IsRefused([], "there is no graph in it");
        IsRefused("PK\u0003\u0004 and more"u8.ToArray(), "this is not an ONNX file");
        IsRefused([0x08, .. Enumerable.Repeat((byte)0xFF, 11)], "at byte 11, a number has more than ten bytes");
        IsRefused(Smallest().Stored(OnnxForge.Tensor("w", [1f, 2f], 3)).ToFile(), "tensor w holds 2 elements where its shape asks for 3");
        IsRefused(Smallest().Stored(OnnxForge.Tensor("w", [1f], 1 << 30, 1 << 30, 1 << 30)).ToFile(), "asks for more than a file can hold");
        IsRefused(Smallest().Stored(OnnxForge.Tensor("w", [1f], -1)).ToFile(), "has an extent of -1");
        IsRefused(Smallest().Stored(OnnxForge.Tensor("w", [1f], 1)).Stored(OnnxForge.Tensor("w", [1f], 1)).ToFile(), "two tensors named w");
        IsRefused(Smallest().Stored([.. OnnxForge.Number(2, 8), .. OnnxForge.Text(8, "t")]).ToFile(), "tensor t has the element type 8");
        IsRefused(Smallest().Node("", "n", ["x"]).ToFile(), "node 1 names no operator");
    }

    [Fact]
    public void A_file_that_ends_at_any_byte_is_refused()
    {
        foreach (var name in new[] { "bn1d", "bn1d_train", "lenet", "mlp_view_train" })
        {
            var file = Fixture(name);
            for (var length = 0; length < file.Length; length++)
                Assert.Throws<UnreadableFileException>(() => Read(file[..length]));
        }
    }

    [Fact]
    public void Every_damaged_file_gives_a_model_or_a_sentence()
    {
        Damage.IsAlwaysAnswered(Fixture("bn1d"), file => Read(file));
        Damage.IsAlwaysAnswered(Fixture("mlp_view_train"), file => Read(file));
    }

    internal static byte[] Fixture(string name) => File.ReadAllBytes(Path.Combine(Folder, $"{name}.onnx"));

    internal static OnnxModel Read(byte[] file) => Onnx.Read(new MemoryStream(file), "net.onnx");

    private static OnnxForge Smallest() => new OnnxForge().Input("x", -1, 2).Output("y", -1, 2).Node("Relu", "y", ["x"]);
}
