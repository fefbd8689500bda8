using System.Text.Json.Nodes;
using Understudy.Data.Formats;
using Understudy.Engine.Random;
using Understudy.UnitTests.Data.Formats;
using Understudy.UnitTests.Learning.Curvature;

namespace Understudy.UnitTests.Cli;

/// <summary>The tool on files as a user has them, against the reference numbers of the same network.</summary>
public sealed class HessianVerbTests : IDisposable
{
    private readonly Terminal _terminal = new();
    private readonly ReferenceCase _reference = ReferenceCase.Load("mlp-relu-ce-trained");

    public HessianVerbTests()
    {
        Save("net.safetensors", PyTorch());
        Save("other.safetensors", Ours([.. _reference.Parameters.Select((value, i) => value + (0.05 * Math.Sin(i)))]));
        SaveArray("x.npy", Tensor.Of("", _reference.Examples.Inputs.ToArray(), _reference.Examples.Count, 64));
        SaveArray("y.npy", Tensor.Of("", _reference.Examples.Targets.ToArray().Select(label => (int)label).ToArray(), _reference.Examples.Count));
    }

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public void All_eigenvalues_of_a_PyTorch_file_are_those_of_the_reference()
    {
        var document = Json("spectrum", "net.safetensors");

        var expected = _reference.Numbers("hessian", "eigenvalues_descending");
        var found = document["eigenvalues"]!.AsArray().Select(value => (double)value!).ToArray();
        // the file holds single precision
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-6 * expected[0]));
    }

    [Fact]
    public void Both_ends_come_with_residuals_and_agree_with_the_whole_spectrum()
    {
        var document = Json("top", "net.safetensors", "--top", "5", "--bottom", "2");

        Assert.Equal([5, 2], new[] { "top", "bottom" }.Select(end => document[end]!.AsArray().Count));
        Assert.Equal(_reference.Numbers("hessian", "top")[4], (double)document["top"]![4]!["value"]!, 1e-5);
        Assert.Equal(_reference.Numbers("hessian", "bottom")[0], (double)document["bottom"]![0]!["value"]!, 1e-5);
        Assert.All(document["top"]!.AsArray(), pair => Assert.True((bool)pair!["converged"]! && (double)pair["residual"]! < 1e-5));
    }

    [Fact]
    public void Traces_agree_by_every_method_within_their_intervals()
    {
        var exact = (double)Json("trace", "net.safetensors")["trace"]!;

        Assert.Equal(_reference.Number("hessian", "trace"), exact, 1e-4);
        Assert.All(new[] { "xtrace", "hutchpp", "hutchinson" }, method =>
        {
            var estimate = Json("trace", "net.safetensors", "--method", method, "--probes", "90");
            Assert.InRange(exact, (double)estimate["trace"]! - (2 * (double)estimate["halfWidth"]!), (double)estimate["trace"]! + (2 * (double)estimate["halfWidth"]!));
        });
    }

    [Fact]
    public void The_class_structure_and_the_density_are_those_of_the_reference()
    {
        Assert.Equal(_reference.Number("class_structure", "G_class", "trace"), (double)Json("classes", "net.safetensors")["traceClass"]!, 1e-4);
        var density = Json("density", "net.safetensors", "--top", "0", "--steps", "40");
        Assert.Equal(1, (double)density["mass"]!, 1e-3);
        Assert.Equal(400, (int)density["products"]!);
    }

    [Theory]
    [InlineData("split", "net.safetensors", "--top", "3", "--probes", "10")]
    [InlineData("sharpness", "net.safetensors", "--probes", "10")]
    [InlineData("line", "net.safetensors", "other.safetensors", "--points", "7")]
    [InlineData("plane", "net.safetensors", "--points", "5")]
    [InlineData("track", "net.safetensors", "other.safetensors", "--top", "2", "--bottom", "1")]
    [InlineData("verify", "net.safetensors")]
    public void Every_task_answers_in_lines_and_in_one_document(string task, params string[] arguments)
    {
        var lines = Run([task, .. arguments]);

        Assert.Equal(0, lines.Code);
        Assert.NotEmpty(lines.Out.Trim());
        Assert.NotEmpty(Json([task, .. arguments]));
    }

    [Fact]
    public void A_figure_is_drawn_where_it_is_asked_for()
    {
        var path = Path.Combine(_terminal.Folder, "plane.svg");

        Assert.Equal(0, Run("plane", "net.safetensors", "--points", "5", "--figure", path).Code);

        Assert.StartsWith("<svg", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Both_layouts_of_weights_give_the_same_network()
    {
        Save("ours.safetensors", Ours(_reference.Parameters));

        Assert.Equal((double)Json("trace", "net.safetensors")["trace"]!, (double)Json("trace", "ours.safetensors")["trace"]!, 1e-9);
    }

    [Theory]
    [InlineData("mlp")]
    [InlineData("lenet")]
    public void An_ONNX_file_is_measured_as_any_other_model(string name)
    {
        var draws = new double[20 * 192];
        new RandomSequence(3, "test/inputs").FillNormal(0, draws);
        SaveArray("wide.npy", Tensor.Of("", draws, 20, 192));
        SaveArray("classes.npy", Tensor.Of("", Enumerable.Range(0, 20).Select(i => i % 10).ToArray(), 20));
        string[] model = [Path.Combine(Repository.Root, "tests", "data", "onnx", $"{name}.onnx"), "--inputs", At("wide.npy"), "--targets", At("classes.npy"), "--threads", "1"];

        var verified = _terminal.Run(["hessian", "verify", .. model]);
        var top = _terminal.Run(["hessian", "top", .. model, "--top", "2", "--bottom", "1", "--json"]);
        var trace = _terminal.Run(["hessian", "trace", .. model]);

        Assert.Equal(0, verified.Code);
        Assert.Contains("all hold", verified.Out, StringComparison.Ordinal);
        Assert.True((double)JsonNode.Parse(top.Out)!["top"]![0]!["value"]! > 0);
        Assert.Contains("XTrace", trace.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operator_of_an_ONNX_file_that_is_not_supported_is_named()
    {
        File.WriteAllBytes(At("recurrent.onnx"), new OnnxForge().Input("x", -1, 64).Output("y", -1, 10).Node("LSTM", "y", ["x"]).ToFile());

        Assert.Contains("operator LSTM (node y) is not supported", _terminal.Run("hessian", "top", At("recurrent.onnx"), "--data", "digits").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("error: tob is not a task of hessian; did you mean top?", "tob", "net.safetensors")]
    [InlineData("error: --loss takes cross-entropy, half-squared, mean-squared or logistic, not hinge", "top", "net.safetensors", "--loss", "hinge")]
    [InlineData("error: line goes from one model to another", "line", "net.safetensors")]
    [InlineData("error: top takes one model, not 2", "top", "net.safetensors", "other.safetensors")]
    [InlineData("error: plane does not read --block", "plane", "net.safetensors", "--block", "layer.0")]
    [InlineData("error: --probes takes a whole number of at least 4, not 2", "trace", "net.safetensors", "--method", "xtrace", "--probes", "2")]
    [InlineData("error: the three models lie on a line", "plane", "net.safetensors", "net.safetensors", "net.safetensors")]
    [InlineData("error: no tensor has conv in its name", "top", "net.safetensors", "--block", "conv")]
    [InlineData("error: all eigenvalues of 1,210 parameters need about", "spectrum", "net.safetensors", "--memory", "0.001")]
    [InlineData("error: --top takes a whole number of at least 0, not -3", "top", "net.safetensors", "--top=-3")]
    [InlineData("error: --loss logistic is for one output", "top", "net.safetensors", "--loss", "logistic")]
    [InlineData("error: verify does not read --figure", "verify", "net.safetensors", "--figure", "v.svg")]
    public void What_cannot_be_is_told_with_code_2(string message, params string[] arguments)
    {
        var answer = Run(arguments);

        Assert.Equal(2, answer.Code);
        Assert.StartsWith(message, answer.Error.Split('\n').First(line => line.StartsWith("error", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_split_seeks_no_end_that_is_zero_and_the_plane_through_three_models_has_their_losses()
    {
        Save("third.safetensors", Ours([.. _reference.Parameters.Select((value, i) => value + (0.1 * Math.Cos(i)))]));
        string[] models = ["net.safetensors", "other.safetensors", "third.safetensors"];

        var split = Json("split", "net.safetensors", "--top", "2", "--probes", "10");
        var plane = Json(["plane", .. models, "--points", "21"]);

        Assert.True((double)split["H"]!["bottom"]![0]! < 0);
        Assert.Empty(split["G"]!["bottom"]!.AsArray());
        // the grid encloses three models that are a little apart, the first of them trained
        var (losses, own) = (plane["losses"]!.AsArray().Select(value => (double)value!).ToArray(), (double)Json("top", "net.safetensors", "--top", "1")["loss"]!);
        Assert.InRange(losses.Min(), 0, 1.5 * own);
        Assert.True(losses.Max() > 1.2 * own, $"{losses.Max()} against {own}");
    }

    [Fact]
    public void A_student_of_a_run_is_one_of_a_stack_under_a_name()
    {
        var slots = _reference.Network.Layout.Slots;
        Save("run.safetensors",
        [
            .. PyTorch().Index().Select(item =>
            {
                // weights of a run with two layers are [seeds, out, in]; the first network of the stack is zeros
                var name = item.Index switch { 0 => "r2.hidden.weight", 1 => "r2.hidden.bias", 2 => "r2.output.weight", _ => "r2.output.bias" };
                return Tensor.Of(name, [.. new float[slots[item.Index].Shape.Count], .. item.Item.Floats], [2, .. item.Item.Shape]);
            }),
            Tensor.Of("teacher.hidden.bias", new float[3], 3),
        ]);

        Assert.Equal((double)Json("trace", "net.safetensors")["trace"]!, (double)Json("trace", "run.safetensors", "--network", "r2", "--index", "1")["trace"]!, 1e-9);
        Assert.Contains("no tensor has a name that begins with r3.", Run("top", "run.safetensors", "--network", "r3").Error, StringComparison.Ordinal);
        Assert.Contains("is not a stack with a network 5", Run("top", "run.safetensors", "--network", "r2", "--index", "5").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_that_are_not_read_are_refused()
    {
        Save("norm.safetensors", [.. PyTorch(), Tensor.Of("1.running_mean", new float[16], 16)]);

        Assert.Contains("1.running_mean [16] is not part of a fully connected network", Run("top", "norm.safetensors").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_no_network_or_do_not_fit_are_named()
    {
        Save("odd.safetensors", [Tensor.Of("0.weight", new float[12], 3, 4), Tensor.Of("0.bias", new float[3], 3), Tensor.Of("2.weight", new float[10], 2, 5), Tensor.Of("2.bias", new float[2], 2)]);
        Save("small.safetensors", [Tensor.Of("0.weight", new float[12], 3, 4), Tensor.Of("0.bias", new float[3], 3)]);
        Save("nobias.safetensors", [Tensor.Of("0.weight", new float[12], 3, 4)]);

        Assert.Contains("2.weight reads 5 numbers, but 0.weight gives 3", Run("top", "odd.safetensors").Error, StringComparison.Ordinal);
        Assert.Contains("x.npy is [500, 64], but the network reads 4 numbers per example", Run("top", "small.safetensors").Error, StringComparison.Ordinal);
        Assert.Contains("there is no 0.bias of 3 numbers", Run("top", "nobias.safetensors").Error, StringComparison.Ordinal);
        Assert.Contains("there is no such file", Run("top", "nowhere.safetensors").Error, StringComparison.Ordinal);
    }

    private Answer Run(params string[] arguments) => _terminal.Run(
        ["hessian", arguments[0], .. arguments.Skip(1).Select(word => word.EndsWith(".safetensors", StringComparison.Ordinal) ? At(word) : word), "--inputs", At("x.npy"), "--targets", At("y.npy"), "--threads", "1"]);

    private JsonObject Json(params string[] arguments)
    {
        var answer = Run([.. arguments, "--json"]);
        Assert.True(answer.Code == 0, answer.Error);
        return JsonNode.Parse(answer.Out)!.AsObject();
    }

    private string At(string file) => Path.Combine(_terminal.Folder, file);

    /// <summary>Weights [out, in] under the names of torch.nn.Sequential.</summary>
    private Tensor[] PyTorch() =>
    [
        .. _reference.Network.Layout.Slots.Index().Select(slot =>
        {
            var (values, name) = (slot.Item.Of<double>(_reference.Parameters).ToArray(), $"{slot.Index / 2 * 2}.{(slot.Index % 2 == 0 ? "weight" : "bias")}");
            if (slot.Index % 2 == 1)
                return Tensor.Of(name, [.. values.Select(value => (float)value)], values.Length);
            var (inputs, outputs) = (slot.Item.Shape[0], slot.Item.Shape[1]);
            return Tensor.Of(name, [.. Enumerable.Range(0, values.Length).Select(i => (float)values[(i % inputs * outputs) + (i / inputs)])], outputs, inputs);
        }),
    ];

    private Tensor[] Ours(double[] flat)
        => [.. _reference.Network.Layout.Slots.Select(slot => Tensor.Of(slot.Name, [.. slot.Of<double>(flat).ToArray().Select(value => (float)value)], slot.Shape.Extents.ToArray()))];

    private void Save(string name, Tensor[] tensors)
    {
        using var stream = File.Create(At(name));
        SafeTensors.Write(stream, tensors);
    }

    private void SaveArray(string name, Tensor tensor)
    {
        using var stream = File.Create(At(name));
        Npy.Write(stream, tensor);
    }
}
