using System.Text.Json.Nodes;
using Understudy.Data.Formats;
using Understudy.Engine.Random;

namespace Understudy.UnitTests.Cli;

/// <summary>Traces by tensor and up to a tolerance, and traces and class structure of networks from elsewhere.</summary>
public sealed class HessianTraceTests : IDisposable
{
    private readonly HessianFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("xtrace")]
    [InlineData("hutchpp")]
    [InlineData("hutchinson")]
    public void Tensors_have_their_traces_from_the_same_probes(string method)
    {
        var exact = _files.Json("trace", "net.safetensors")["byTensor"]!.AsObject();

        var found = _files.Json("trace", "net.safetensors", "--method", method, "--probes", "120");

        Assert.Equal(exact.Select(tensor => tensor.Key), found["byTensor"]!.AsObject().Select(tensor => tensor.Key));
        foreach (var (name, value) in exact)
        {
            var (estimate, half) = ((double)found["byTensor"]![name]!, (double)found["byTensorHalfWidth"]![name]!);
            // one in some 10,000 estimates is twice its 95 % interval off
            Assert.InRange((double)value! - estimate, -2 * half, 2 * half);
            Assert.InRange(half, 1e-4, 2);
        }

        if (method == "hutchinson")
            Assert.Equal((double)found["trace"]!, found["byTensor"]!.AsObject().Sum(tensor => (double)tensor.Value!), 1e-12);
    }

    [Fact]
    public void With_as_many_products_as_parameters_tensors_are_exact_too()
    {
        var (exact, found) = (_files.Json("trace", "net.safetensors", "--matrix", "G"), _files.Json("trace", "net.safetensors", "--matrix", "G", "--method", "xtrace", "--probes", "1210"));

        Assert.Equal("Exact", (string)found["method"]!);
        Assert.All(exact["byTensor"]!.AsObject(), tensor => Assert.Equal((double)tensor.Value!, (double)found["byTensor"]![tensor.Key]!, 1e-11));
        Assert.All(found["byTensorHalfWidth"]!.AsObject(), tensor => Assert.Equal(0, (double)tensor.Value!));
    }

    [Fact]
    public void Probes_end_where_the_interval_is_narrow_enough_and_not_before_ten()
    {
        string[] task = ["trace", "net.safetensors", "--matrix", "G", "--method", "hutchinson"];

        var (wide, narrow, unreached) = (_files.Json([.. task, "--tolerance", "100"]), _files.Json([.. task, "--tolerance", "0.1"]), _files.Run([.. task, "--tolerance", "0.001", "--probes", "25"]));

        Assert.Equal(10, (int)wide["products"]!);
        Assert.True((bool)narrow["toleranceReached"]!);
        Assert.InRange((int)narrow["products"]!, 20, 999);
        Assert.InRange((double)narrow["halfWidth"]!, 0, 0.1 * (double)narrow["trace"]!);
        // a few probes before it was not
        var before = _files.Json([.. task, "--probes", $"{(int)((int)narrow["products"]! / 1.25) - 11}"]);
        Assert.True((double)before["halfWidth"]! > 0.1 * (double)before["trace"]!);
        Assert.Null(before["toleranceReached"]);
        Assert.Equal(0, unreached.Code);
        Assert.Matches(@"the half-width is [0-9.]+ % of the trace: not within the 0.1 % of --tolerance, after 25 of at most 25 probes\n", unreached.Out);
    }

    [Theory]
    [InlineData("mlp")]
    [InlineData("lenet")]
    public void Networks_from_elsewhere_have_exact_traces_and_a_class_structure(string name)
    {
        var model = Model(name);

        var h = Json("trace", model);
        var g = Json("trace", [.. model, "--matrix", "G"]);
        var s = Json("trace", [.. model, "--matrix", "S"]);
        var estimates = new[] { "H", "G", "S" }.Select(matrix => Json("trace", [.. model, "--matrix", matrix, "--method", "xtrace", "--probes", "40"])).ToArray();
        var classes = Json("classes", model);

        // the diagonal of H is that of G with rectifiers, but not with the tanh nodes of the convolutional one
        Assert.Equal(name == "mlp", g["trace"]!.ToJsonString() == h["trace"]!.ToJsonString());
        Assert.Equal(("exact", "exact", name == "mlp" ? "exact" : "XTrace"), ((string)g["method"]!, (string)s["method"]!, (string)h["method"]!));
        // S has a lower rank than its sketch, which is exact up to rounding
        Assert.All(new[] { h, g, s }.Zip(estimates), pair => Assert.Equal((double)pair.First["trace"]!, (double)pair.Second["trace"]!, (2 * (double)pair.Second["halfWidth"]!) + 1e-12));
        Assert.Equal((double)g["trace"]!, new[] { "traceClass", "traceCross", "traceWithin", "traceSame" }.Sum(part => (double)classes[part]!), 1e-9 * (double)g["trace"]!);
        Assert.InRange(HessianFiles.Numbers(classes["classAndCross"])[0], 0.1 * (double)Json("top", [.. model, "--matrix", "G", "--top", "1"])["top"]![0]!["value"]!, (double)g["trace"]!);
    }

    [Fact]
    public void A_block_has_the_traces_of_its_tensors()
    {
        var (all, biases) = (_files.Json("trace", "net.safetensors")["byTensor"]!, _files.Json("trace", "net.safetensors", "--block", "bias"));

        Assert.Equal(["layer.0.bias", "layer.1.bias"], biases["byTensor"]!.AsObject().Select(tensor => tensor.Key));
        Assert.All(biases["byTensor"]!.AsObject(), tensor => Assert.Equal((double)all[tensor.Key]!, (double)tensor.Value!, 1e-12));
        Assert.Equal("exact", (string)biases["method"]!);
    }

    [Fact]
    public void Curved_nodes_have_exact_traces_of_G_and_S_alone()
    {
        Assert.Equal("XTrace", (string)_files.Json("trace", "net.safetensors", "--activation", "tanh")["method"]!);
        Assert.Equal("exact", (string)_files.Json("trace", "net.safetensors", "--activation", "tanh", "--matrix", "G")["method"]!);
        Assert.Contains("the trace of H has no exact form here", _files.Run("trace", "net.safetensors", "--activation", "tanh", "--method", "exact").Error, StringComparison.Ordinal);
    }

    private string[] Model(string name)
    {
        var draws = new double[12 * 192];
        new RandomSequence(3, "test/inputs").FillNormal(0, draws);
        _files.SaveArray("wide.npy", Tensor.Of("", draws, 12, 192));
        _files.SaveArray("classes.npy", Tensor.Of("", Enumerable.Range(0, 12).Select(i => i % 10).ToArray(), 12));
        return [Path.Combine(Repository.Root, "tests", "data", "onnx", $"{name}.onnx"), "--inputs", _files.At("wide.npy"), "--targets", _files.At("classes.npy"), "--threads", "1"];
    }

    private JsonObject Json(string task, params string[] arguments)
    {
        var answer = _files.Terminal.Run(["hessian", task, .. arguments, "--json"]);
        Assert.True(answer.Code == 0, answer.Error);
        return JsonNode.Parse(answer.Out)!.AsObject();
    }
}
