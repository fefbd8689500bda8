using System.Text.Json.Nodes;
using Understudy.Data.Formats;
using Understudy.Engine.Random;
using Understudy.UnitTests.Data.Formats;

namespace Understudy.UnitTests.Cli;

/// <summary>The tool on files as a user has them, against the reference numbers of the same network.</summary>
public sealed class HessianVerbTests : IDisposable
{
    private readonly HessianFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void All_eigenvalues_of_a_PyTorch_file_are_those_of_the_reference()
    {
        var document = _files.Json("spectrum", "net.safetensors");

        var expected = _files.Reference.Numbers("hessian", "eigenvalues_descending");
        var found = document["eigenvalues"]!.AsArray().Select(value => (double)value!).ToArray();
        // the file holds single precision
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-6 * expected[0]));
    }

    [Fact]
    public void Both_ends_come_with_residuals_and_agree_with_the_whole_spectrum()
    {
        var document = _files.Json("top", "net.safetensors", "--top", "5", "--bottom", "2");

        Assert.Equal([5, 2], new[] { "top", "bottom" }.Select(end => document[end]!.AsArray().Count));
        Assert.Equal(_files.Reference.Numbers("hessian", "top")[4], (double)document["top"]![4]!["value"]!, 1e-5);
        Assert.Equal(_files.Reference.Numbers("hessian", "bottom")[0], (double)document["bottom"]![0]!["value"]!, 1e-5);
        Assert.All(document["top"]!.AsArray(), pair => Assert.True((bool)pair!["converged"]! && (double)pair["residual"]! < 1e-5));
    }

    [Fact]
    public void Traces_agree_by_every_method_within_their_intervals()
    {
        var exact = (double)_files.Json("trace", "net.safetensors")["trace"]!;

        Assert.Equal(_files.Reference.Number("hessian", "trace"), exact, 1e-4);
        Assert.All(new[] { "xtrace", "hutchpp", "hutchinson" }, method =>
        {
            var estimate = _files.Json("trace", "net.safetensors", "--method", method, "--probes", "90");
            Assert.InRange(exact, (double)estimate["trace"]! - (2 * (double)estimate["halfWidth"]!), (double)estimate["trace"]! + (2 * (double)estimate["halfWidth"]!));
        });
    }

    [Fact]
    public void The_class_structure_and_the_density_are_those_of_the_reference()
    {
        Assert.Equal(_files.Reference.Number("class_structure", "G_class", "trace"), (double)_files.Json("classes", "net.safetensors")["traceClass"]!, 1e-4);
        var density = _files.Json("density", "net.safetensors", "--top", "0", "--steps", "40");
        Assert.Equal(1, (double)density["mass"]!, 1e-3);
        Assert.Equal(400, (int)density["products"]!);
    }

    [Fact]
    public void The_split_has_both_ends_and_the_norm_of_each_part()
    {
        var split = _files.Json("split", "net.safetensors", "--top", "2", "--bottom", "1");

        foreach (var (name, section) in new[] { ("H", "hessian"), ("G", "ggn"), ("R", "residual_H_minus_G"), ("S", "gradient_second_moment") })
        {
            var norm = Math.Pow(_files.Reference.Number(section, "fro"), 2);
            Assert.Equal(_files.Reference.Numbers(section, "top")[1], (double)split[name]!["top"]![1]!["value"]!, 1e-5);
            Assert.InRange((double)split[name]!["top"]![1]!["residual"]!, 0, 1e-5);
            // one in some 10,000 estimates is twice its 95 % interval off
            Assert.InRange((double)split[name]!["squaredNorm"]! - norm, -2 * (double)split[name]!["squaredNormHalfWidth"]!, 2 * (double)split[name]!["squaredNormHalfWidth"]!);
        }

        Assert.Equal(_files.Reference.Numbers("hessian", "bottom")[0], (double)split["H"]!["bottom"]![0]!["value"]!, 1e-5);
        Assert.Empty(split["G"]!["bottom"]!.AsArray());
        Assert.Contains("none below 0", _files.Run("split", "net.safetensors", "--top", "1").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_track_has_the_ends_of_every_model_with_their_residuals()
    {
        var models = _files.Json("track", "net.safetensors", "other.safetensors", "--top", "2", "--bottom", "1")["models"]!.AsArray();

        Assert.Equal(_files.Reference.Numbers("hessian", "top")[1], (double)models[0]!["top"]![1]!["value"]!, 1e-5);
        Assert.Equal((double)_files.Json("top", "other.safetensors", "--top", "1")["top"]![0]!["value"]!, (double)models[1]!["top"]![0]!["value"]!, 1e-9);
        Assert.All(models, model => Assert.InRange((double)model!["bottom"]![0]!["residual"]!, 0, 1e-5));
    }

    [Fact]
    public void Every_law_holds_on_a_network_of_the_reference()
    {
        var document = _files.Json("verify", "net.safetensors");

        var checks = document.Where(entry => entry.Key is not ("notes" or "task" or "model" or "seconds" or "partial")).Select(entry => entry.Value!).ToArray();
        Assert.True(checks.Length >= 13);
        Assert.All(checks, check => Assert.InRange((double)check["value"]!, 0, (double)check["bar"]!));
        var told = _files.Run("verify", "net.safetensors").Out;
        Assert.Contains("all hold", told, StringComparison.Ordinal);
        Assert.Contains("holds  measured 0        bound 0      examples and parameters read twice, numbers that differ\n", told, StringComparison.Ordinal);
        Assert.Contains("holds  measured 0        bound 0      Hv twice, numbers that differ\n", told, StringComparison.Ordinal);
        Assert.Matches(@"holds  measured [0-9.e-]+ +bound 1e-12  uᵀHv = vᵀHu, relative\n", told);
    }

    [Fact]
    public void Both_layouts_of_weights_give_the_same_network()
    {
        _files.Save("ours.safetensors", _files.Ours(_files.Reference.Parameters));

        Assert.Equal((double)_files.Json("trace", "net.safetensors")["trace"]!, (double)_files.Json("trace", "ours.safetensors")["trace"]!, 1e-9);
    }

    [Theory]
    [InlineData("mlp")]
    [InlineData("lenet")]
    public void An_ONNX_file_is_measured_as_any_other_model(string name)
    {
        var draws = new double[20 * 192];
        new RandomSequence(3, "test/inputs").FillNormal(0, draws);
        _files.SaveArray("wide.npy", Tensor.Of("", draws, 20, 192));
        _files.SaveArray("classes.npy", Tensor.Of("", Enumerable.Range(0, 20).Select(i => i % 10).ToArray(), 20));
        string[] model = [Path.Combine(Repository.Root, "tests", "data", "onnx", $"{name}.onnx"), "--inputs", _files.At("wide.npy"), "--targets", _files.At("classes.npy"), "--threads", "1"];

        var verified = _files.Terminal.Run(["hessian", "verify", .. model]);
        var top = _files.Terminal.Run(["hessian", "top", .. model, "--top", "2", "--bottom", "1", "--json"]);
        var trace = _files.Terminal.Run(["hessian", "trace", .. model]);

        Assert.Equal(0, verified.Code);
        Assert.Contains("all hold", verified.Out, StringComparison.Ordinal);
        Assert.True((double)JsonNode.Parse(top.Out)!["top"]![0]!["value"]! > 0);
        Assert.Contains("trace of H: ", trace.Out, StringComparison.Ordinal);
        // the convolutional one has tanh nodes, the other rectifiers
        Assert.Contains(name == "mlp" ? ", exact\n" : "XTrace", trace.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operator_of_an_ONNX_file_that_is_not_supported_is_named()
    {
        File.WriteAllBytes(_files.At("recurrent.onnx"), new OnnxForge().Input("x", -1, 64).Output("y", -1, 10).Node("LSTM", "y", ["x"]).ToFile());

        Assert.Contains("operator LSTM (node y) is not supported", _files.Terminal.Run("hessian", "top", _files.At("recurrent.onnx"), "--data", "digits").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("error: tob is not a task of hessian; did you mean top?", "tob", "net.safetensors")]
    [InlineData("error: --loss takes cross-entropy, half-squared, mean-squared or logistic, not hinge", "top", "net.safetensors", "--loss", "hinge")]
    [InlineData("error: line goes from one model to another", "line", "net.safetensors")]
    [InlineData("error: --points of a line takes one more than a multiple of 3, so that both models are among them, not 9", "line", "net.safetensors", "other.safetensors", "--points", "9")]
    [InlineData("error: the trace of H is exact here and does not read --probes", "trace", "net.safetensors", "--probes", "30")]
    [InlineData("error: the trace of S is exact here and does not read --seed", "trace", "net.safetensors", "--matrix", "S", "--seed", "3")]
    [InlineData("error: line does not read --seed", "line", "net.safetensors", "other.safetensors", "--seed", "3")]
    [InlineData("error: an elastic band draws no random numbers and does not read --seed", "curve", "net.safetensors", "other.safetensors", "--method", "neb", "--seed", "3")]
    [InlineData("error: --method takes bezier, chain or neb, not xtrace", "curve", "net.safetensors", "other.safetensors", "--method", "xtrace")]
    [InlineData("error: both models are the same", "curve", "net.safetensors", "net.safetensors")]
    [InlineData("error: plane takes one model, three that it goes through, or more", "plane", "net.safetensors", "other.safetensors")]
    [InlineData("error: the 4 models lie on a line", "plane", "net.safetensors", "other.safetensors", "net.safetensors", "other.safetensors")]
    [InlineData("error: --curvature takes at most as many points along a side as --points, 5, not 6", "plane", "net.safetensors", "--points", "5", "--curvature", "6")]
    [InlineData("error: spectrum does not read --precision", "spectrum", "net.safetensors", "--precision", "f32")]
    [InlineData("error: --lanczos is instead of all eigenvalues, and --exact for all of them", "spectrum", "net.safetensors", "--lanczos", "9", "--exact")]
    [InlineData("error: --lanczos 1211 is more than the 1,210 parameters", "spectrum", "net.safetensors", "--lanczos", "1211")]
    [InlineData("error: top does not read --exact", "top", "net.safetensors", "--exact")]
    [InlineData("error: top does not read --sigma", "top", "net.safetensors", "--sigma", "0.1")]
    [InlineData("error: --sigma takes a positive number, not 0", "density", "net.safetensors", "--sigma", "0")]
    [InlineData("error: --axis takes linear, asinh or log, not log10", "density", "net.safetensors", "--axis", "log10")]
    [InlineData("error: --weight-decay takes a positive number or 0, not -1", "top", "net.safetensors", "--weight-decay=-1")]
    [InlineData("error: --weight-decay has no part in R", "top", "net.safetensors", "--weight-decay", "1", "--matrix", "R")]
    [InlineData("error: sharpness does not read --weight-decay", "sharpness", "net.safetensors", "--weight-decay", "1")]
    [InlineData("error: xtrace plans its products beforehand and does not read --tolerance", "trace", "net.safetensors", "--method", "xtrace", "--tolerance", "0.1")]
    [InlineData("error: the trace of H is exact here and does not read --tolerance", "trace", "net.safetensors", "--tolerance", "0.1")]
    [InlineData("error: the trace of R has no exact form here", "trace", "net.safetensors", "--matrix", "R", "--method", "exact")]
    [InlineData("error: --out writes .json files, not spectrum.txt", "top", "net.safetensors", "--out", "spectrum.txt")]
    [InlineData("error: hessian needs a task and a model", "top")]
    [InlineData("error: --probes takes a whole number of at least 8, not 7", "split", "net.safetensors", "--probes", "7")]
    [InlineData("error: top takes one model, not 2", "top", "net.safetensors", "other.safetensors")]
    [InlineData("error: plane does not read --block", "plane", "net.safetensors", "--block", "layer.0")]
    [InlineData("error: --probes takes a whole number of at least 4, not 2", "trace", "net.safetensors", "--method", "xtrace", "--probes", "2")]
    [InlineData("error: the three models lie on a line", "plane", "net.safetensors", "net.safetensors", "net.safetensors")]
    [InlineData("error: no tensor has conv in its name", "top", "net.safetensors", "--block", "conv")]
    [InlineData("error: all eigenvalues of 1,210 parameters take about", "spectrum", "net.safetensors", "--memory", "0.001")]
    [InlineData("error: --top takes a whole number of at least 0, not -3", "top", "net.safetensors", "--top=-3")]
    [InlineData("error: --loss logistic is for one output", "top", "net.safetensors", "--loss", "logistic")]
    [InlineData("error: --figure writes .svg files, not spectrum.png", "spectrum", "nowhere.safetensors", "--figure", "spectrum.png")]
    [InlineData("error: verify does not read --figure", "verify", "net.safetensors", "--figure", "v.svg")]
    public void What_cannot_be_is_told_with_code_2(string message, params string[] arguments)
    {
        var answer = _files.Run(arguments);

        Assert.Equal(2, answer.Code);
        Assert.StartsWith(message, answer.Error.Split('\n').First(line => line.StartsWith("error", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_student_of_a_run_is_one_of_a_stack_under_a_name()
    {
        var slots = _files.Reference.Network.Layout.Slots;
        _files.Save("run.safetensors",
        [
            .. _files.PyTorch().Index().Select(item =>
            {
                // weights of a run with two layers are [seeds, out, in]; the first network of the stack is zeros
                var name = item.Index switch { 0 => "r2.hidden.weight", 1 => "r2.hidden.bias", 2 => "r2.output.weight", _ => "r2.output.bias" };
                return Tensor.Of(name, [.. new float[slots[item.Index].Shape.Count], .. item.Item.Floats], [2, .. item.Item.Shape]);
            }),
            Tensor.Of("teacher.hidden.bias", new float[3], 3),
        ]);

        Assert.Equal((double)_files.Json("trace", "net.safetensors")["trace"]!, (double)_files.Json("trace", "run.safetensors", "--network", "r2", "--index", "1")["trace"]!, 1e-9);
        Assert.Contains("no tensor has a name that begins with r3.", _files.Run("top", "run.safetensors", "--network", "r3").Error, StringComparison.Ordinal);
        Assert.Contains("is not a stack with a network 5", _files.Run("top", "run.safetensors", "--network", "r2", "--index", "5").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_that_are_not_read_are_refused()
    {
        _files.Save("norm.safetensors", [.. _files.PyTorch(), Tensor.Of("1.running_mean", new float[16], 16)]);

        Assert.Contains("1.running_mean [16] is not part of a fully connected network", _files.Run("top", "norm.safetensors").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_no_network_or_do_not_fit_are_named()
    {
        _files.Save("odd.safetensors", [Tensor.Of("0.weight", new float[12], 3, 4), Tensor.Of("0.bias", new float[3], 3), Tensor.Of("2.weight", new float[10], 2, 5), Tensor.Of("2.bias", new float[2], 2)]);
        _files.Save("small.safetensors", [Tensor.Of("0.weight", new float[12], 3, 4), Tensor.Of("0.bias", new float[3], 3)]);
        _files.Save("nobias.safetensors", [Tensor.Of("0.weight", new float[12], 3, 4)]);

        Assert.Contains("2.weight reads 5 numbers, but 0.weight gives 3", _files.Run("top", "odd.safetensors").Error, StringComparison.Ordinal);
        Assert.Contains("x.npy is [500, 64], but the network reads 4 numbers per example", _files.Run("top", "small.safetensors").Error, StringComparison.Ordinal);
        Assert.Contains("there is no 0.bias of 3 numbers", _files.Run("top", "nobias.safetensors").Error, StringComparison.Ordinal);
        Assert.Contains("there is no such file", _files.Run("top", "nowhere.safetensors").Error, StringComparison.Ordinal);
    }
}
