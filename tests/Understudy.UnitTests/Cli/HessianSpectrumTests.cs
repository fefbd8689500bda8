using System.Text.Json.Nodes;

namespace Understudy.UnitTests.Cli;

/// <summary>Lanczos steps beside whole spectra, and the penalty of weight decay.</summary>
public sealed class HessianSpectrumTests : IDisposable
{
    private const double Mu = 0.125;

    private readonly HessianFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("H", "hessian")]
    [InlineData("G", "ggn")]
    public void An_eigenvalue_lies_within_the_residual_of_every_Ritz_value(string matrix, string section)
    {
        var ritz = _files.Json("spectrum", "net.safetensors", "--lanczos", "40", "--matrix", matrix)["ritz"]!.AsArray();

        var expected = HessianFiles.Numbers(_files.Json("spectrum", "net.safetensors", "--matrix", matrix)["eigenvalues"]);
        Assert.Equal(_files.Reference.Numbers(section, "top")[0], expected[0], 1e-5);
        Assert.Equal(40, ritz.Count);
        Assert.All(ritz, value => Assert.InRange(expected.Min(eigenvalue => Math.Abs(eigenvalue - (double)value!["value"]!)), 0, (double)value!["residual"]! + 1e-13));
        Assert.Equal(1, ritz.Sum(value => (double)value!["weight"]!), 1e-12);
        var converged = ritz.Where(value => (bool)value!["converged"]!).ToArray();
        Assert.InRange(converged.Length, 10, 39);
        Assert.All(converged, value => Assert.InRange((double)value!["residual"]!, 0, 1e-6 * Math.Max(Math.Abs((double)value["value"]!), 1e-3 * expected[0])));
        Assert.Equal(expected[..10], ritz.Take(10).Select(value => (double)value!["value"]!), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Lanczos_steps_can_be_drawn_as_a_density_and_are_kept_when_stopped()
    {
        _files.Terminal.StopsAt = " 50 %  spectrum";
        var figure = _files.At("spectrum.svg");

        var stopped = _files.Run("spectrum", "net.safetensors", "--lanczos", "60", "--json", "--out", _files.At("kept.json"), "--figure", figure);
        _files.Terminal.StopsAt = null;
        var drawn = _files.Terminal.Run("hessian", "density", "--from", _files.At("kept.json"));

        var document = JsonNode.Parse(stopped.Out)!;
        Assert.Equal((3, 0), (stopped.Code, drawn.Code));
        Assert.True((bool)document["partial"]!);
        Assert.Equal(30, (int)document["products"]!);
        Assert.Equal(30, document["ritz"]!.AsArray().Count);
        Assert.True(File.Exists(figure));
        Assert.Contains("1 probe of 30 steps, 30 products", drawn.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_to_stop_after_the_last_step_leaves_a_whole_result_and_code_0()
    {
        _files.Terminal.StopsAt = "100 %  spectrum";

        var answer = _files.Run("spectrum", "net.safetensors", "--lanczos", "20", "--json");

        Assert.Equal(0, answer.Code);
        Assert.False((bool)JsonNode.Parse(answer.Out)!["partial"]!);
    }

    [Theory]
    [InlineData("spectrum")]
    [InlineData("spectrum", "--matrix", "G")]
    [InlineData("spectrum", "--block", "bias")]
    public void Weight_decay_adds_to_every_eigenvalue(params string[] task)
    {
        var (plain, decayed) = (_files.Json([task[0], "net.safetensors", .. task[1..]]), Decayed([task[0], "net.safetensors", .. task[1..]]));

        Assert.All(HessianFiles.Numbers(plain["eigenvalues"]).Zip(HessianFiles.Numbers(decayed["eigenvalues"])), pair => Assert.Equal(pair.First + Mu, pair.Second, 1e-13));
        Assert.Equal((0.0, Mu), ((double)plain["weightDecay"]!, (double)decayed["weightDecay"]!));
    }

    [Fact]
    public void Weight_decay_is_in_loss_and_gradient_and_in_what_is_estimated()
    {
        var (plain, decayed) = (_files.Json("top", "net.safetensors", "--bottom", "1"), Decayed("top", "net.safetensors", "--bottom", "1"));
        var norm = _files.Net.Sum(value => value * value);
        var trace = (double)_files.Json("trace", "net.safetensors")["trace"]!;
        string[] density = ["density", "net.safetensors", "--top", "2", "--steps", "20", "--probes", "2"];
        double[] Nodes(JsonObject of) => HessianFiles.Numbers(of["probes"]![1]!["nodes"]);

        Assert.Equal((double)plain["loss"]! + (0.5 * Mu * norm), (double)decayed["loss"]!, 1e-12);
        using var curvature = _files.Reference.Curvature();
        curvature.MoveTo(_files.Net);
        Assert.Equal(Math.Sqrt(curvature.Gradient().Zip(_files.Net, (slope, value) => slope + (Mu * value)).Sum(value => value * value)), (double)decayed["gradientNorm"]!, 1e-12);
        foreach (var end in new[] { "top", "bottom" })
            Assert.Equal((double)plain[end]![0]!["value"]! + Mu, (double)decayed[end]![0]!["value"]!, 1e-7);
        Assert.Equal(trace + (1210 * Mu), (double)Decayed("trace", "net.safetensors")["trace"]!, 1e-10);
        var estimate = Decayed("trace", "net.safetensors", "--method", "xtrace");
        Assert.Equal(trace + (1210 * Mu), (double)estimate["trace"]!, 2 * (double)estimate["halfWidth"]!);
        Assert.All(Nodes(_files.Json(density)).Zip(Nodes(Decayed(density))), pair => Assert.Equal(pair.First + Mu, pair.Second, 1e-9));
        Assert.Contains("both with weight decay 0.125, which adds as much to each eigenvalue of H and G", _files.Run("top", "net.safetensors", "--weight-decay", "0.125").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_model_is_told_as_it_was_read()
    {
        var models = _files.Json("track", "net.safetensors", "other.safetensors", "--top", "1", "--bottom", "0")["model"]!["files"]!.AsArray();

        Assert.Equal([_files.At("net.safetensors"), _files.At("other.safetensors")], models.Select(model => (string)model!["path"]!));
        Assert.Equal(["0", "2"], models[0]!["layers"]!.AsArray().Select(layer => (string)layer!));
        Assert.Equal(["layer.0", "layer.1"], models[1]!["layers"]!.AsArray().Select(layer => (string)layer!));
        Assert.Equal(["out-in", "in-out"], models.Select(model => (string)model!["layout"]!));
        Assert.Contains(
            $"layers 0, 2, weights [out, in]; {_files.At("other.safetensors")} with layers layer.0, layer.1, weights [in, out]\n", _files.Run("track", "net.safetensors", "other.safetensors", "net.safetensors", "--top", "1").Out, StringComparison.Ordinal);
    }

    private JsonObject Decayed(params string[] task) => _files.Json([.. task, "--weight-decay", "0.125"]);
}
