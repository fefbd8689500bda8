using System.Text.Json.Nodes;

namespace Understudy.UnitTests.Cli;

/// <summary>Densities by width and axis, and drawn again from a file.</summary>
public sealed class HessianDensityTests : IDisposable
{
    private static readonly string[] Task = ["density", "net.safetensors", "--top", "3", "--steps", "30", "--probes", "4"];

    private readonly HessianFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Branches_of_the_logarithmic_axis_hold_the_eigenvalues_of_each_sign()
    {
        var spectrum = _files.Json("spectrum", "net.safetensors", "--out", _files.At("all.json"));
        var values = HessianFiles.Numbers(spectrum["eigenvalues"]);
        var floor = 1e-10 * values[0];

        var drawn = Redrawn("all.json", "--axis", "log", "--sigma", "0.05");

        Assert.Equal(floor, (double)drawn["axis"]!["floor"]!, 1e-15);
        Assert.Equal(values.Count(value => value > floor) / 1210.0, Area(drawn, "densityPositive"), 1e-4);
        Assert.Equal(values.Count(value => value < -floor) / 1210.0, Area(drawn, "densityNegative"), 1e-4);
        Assert.Equal(values.Count(value => Math.Abs(value) <= floor) / 1210.0, (double)drawn["massAtZero"]!, 1e-12);
        Assert.Equal(1, (double)drawn["mass"]!, 1e-4);
        Assert.InRange((double)drawn["massAtZero"]!, 0.05, 0.5);
        // of all eigenvalues nothing is estimated, so there is no band
        Assert.Null(drawn["densityPositiveHalfWidth"]);
        Assert.False(drawn.ContainsKey("density"));
    }

    [Theory]
    [InlineData("linear", "0.05")]
    [InlineData("asinh", "0.3")]
    [InlineData("log", "0.2")]
    public void A_kept_spectrum_is_drawn_again_as_it_is_computed(string axis, string sigma)
    {
        _files.Json([.. Task, "--out", _files.At("kept.json")]);
        var computed = _files.Json([.. Task, "--axis", axis, "--sigma", sigma]);

        var drawn = Redrawn("kept.json", "--axis", axis, "--sigma", sigma);

        string[] same = ["matrix", "parameters", "examples", "loss", "gradientNorm", "seed", "precision", "products", "steps", "sigma", "mass", "coordinates", "stems", "probes", "axis", axis == "log" ? "densityNegative" : "density", axis == "log" ? "densityPositiveHalfWidth" : "densityHalfWidth"];
        Assert.All(same, name => Assert.Equal(computed[name]!.ToJsonString(), drawn[name]!.ToJsonString()));
        Assert.Equal(double.Parse(sigma, System.Globalization.CultureInfo.InvariantCulture), (double)drawn["sigma"]!, 1e-15);
        Assert.Equal(_files.At("kept.json"), (string)drawn["from"]!);
    }

    [Fact]
    public void The_width_is_printed_and_on_the_figure_and_without_one_what_suits()
    {
        _files.Json([.. Task, "--out", _files.At("kept.json")]);
        var figure = _files.At("density.svg");

        var answer = _files.Terminal.Run("hessian", "density", "--from", _files.At("kept.json"), "--sigma", "0.125", "--axis", "log", "--figure", figure);
        var free = _files.Terminal.Run("hessian", "density", "--from", _files.At("kept.json"));

        Assert.Equal((0, 0), (answer.Code, free.Code));
        Assert.Contains("network 64-16-10, 1,210 parameters, 500 examples, loss 0.0516", answer.Out, StringComparison.Ordinal);
        Assert.Contains("4 probes of 30 steps, 120 products; width σ = 0.125 decades", answer.Out, StringComparison.Ordinal);
        Assert.Contains("these shares are those of nodes: zeros of the matrix count with the node beside them", answer.Out, StringComparison.Ordinal);
        Assert.Contains("smoothed by σ = 0.125 decades; share within ", File.ReadAllText(figure), StringComparison.Ordinal);
        Assert.Contains("width σ = ", free.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("0.125", free.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_width_that_is_finer_than_points_can_show_is_widened_and_said()
    {
        _files.Json([.. Task, "--out", _files.At("kept.json")]);

        var answer = _files.Terminal.Run("hessian", "density", "--from", _files.At("kept.json"), "--sigma", "1e-12");

        Assert.Equal(0, answer.Code);
        Assert.Contains(", the finest that 20,001 points show, mass 1.0000", answer.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("share of eigenvalues up to 0: 0.5 [0.25, 0.75];", "2, 1e-17, -1e-17, -1")]
    [InlineData("share of eigenvalues up to 0: 0.5 [0.5, 0.5];", "2, 1e-9, -1e-9, -1")]
    [InlineData("H vanishes beside the stems, so that the axis log has no unit: this one is linear", "0, 0, 0, 0", "--axis", "log")]
    [InlineData("H vanishes beside the stems, so that the axis asinh has no unit: this one is linear", "0, 0, 0, 0", "--axis", "asinh")]
    public void Zeros_to_rounding_are_on_either_side_and_have_no_axis(string line, string eigenvalues, params string[] flags)
    {
        File.WriteAllText(_files.At("kept.json"), $$"""{"matrix": "H", "precision": "F64", "network": "a", "parameters": 4, "examples": 1, "loss": 1, "gradientNorm": 1, "eigenvalues": [{{eigenvalues}}]}""");

        var answer = _files.Terminal.Run(["hessian", "density", "--from", _files.At("kept.json"), .. flags]);

        Assert.Equal(0, answer.Code);
        Assert.Contains(line, answer.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("shares are those of nodes", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Out_is_the_document_of_json_and_replaces_a_file_whole()
    {
        File.WriteAllText(_files.At("kept.json"), "before");

        var answer = _files.Run([.. Task, "--json", "--out", _files.At("kept.json")]);

        Assert.Equal(answer.Out, File.ReadAllText(_files.At("kept.json")));
        Assert.False(File.Exists(_files.At("kept.json.part")));
        Assert.Contains($"result  {_files.At("kept.json")}", answer.Error, StringComparison.Ordinal);
        var document = JsonNode.Parse(answer.Out)!.AsObject();
        Assert.All(
            new[] { "task", "matrix", "parameters", "examples", "loss", "gradientNorm", "precision", "seed", "seconds", "partial", "products", "steps", "stems", "stemResiduals", "probes" }, name => Assert.True(document.ContainsKey(name), name));
        Assert.Equal(4, document["probes"]!.AsArray().Count);
        Assert.All(document["probes"]!.AsArray(), probe => Assert.Equal(1, HessianFiles.Numbers(probe!["weights"]).Sum(), 1e-12));
    }

    [Theory]
    [InlineData("error: nowhere.json: it cannot be read: there is no such file", null)]
    [InlineData("it is not JSON, from line 2 on; name a file that --out wrote", "{\n  no")]
    [InlineData("it is not a JSON object", "[1]")]
    [InlineData("it holds neither probes nor all eigenvalues; name a file that `density` or `spectrum` wrote with --out", "{\"matrix\": \"H\"}")]
    [InlineData("its spectrum is damaged: The weights have the sum 0.5 and not 1; write it again with --out", """{"parameters": 9, "steps": 2, "probes": [{"nodes": [1], "weights": [0.5]}]}""")]
    [InlineData("its spectrum is damaged: there is no steps", """{"parameters": 9, "probes": [{"nodes": [1], "weights": [1]}]}""")]
    [InlineData("its spectrum is damaged: there are no nodes", """{"parameters": 9, "steps": 2, "probes": [3]}""")]
    [InlineData("its spectrum is damaged: There are no eigenvalues", """{"eigenvalues": []}""")]
    [InlineData("it does not say its matrix", """{"eigenvalues": [1, 2]}""")]
    [InlineData("Duplicate property 'matrix'", """{"matrix": "H", "matrix": "H", "eigenvalues": [1, 2]}""")]
    [InlineData("its axis has no name of linear, asinh, log", """{"matrix": "H", "axis": "x", "eigenvalues": [1, 2]}""")]
    [InlineData("its spectrum is damaged: there are 2 eigenvalues of 3 parameters", """{"matrix": "H", "parameters": 3, "eigenvalues": [1, 2]}""")]
    [InlineData("sigma of its spectrum is not finite", """{"matrix": "H", "precision": "F64", "network": "a", "parameters": 2, "examples": 1, "loss": 1, "gradientNorm": 1, "eigenvalues": [1e308, -1e308]}""")]
    public void A_file_that_holds_no_spectrum_is_named(string message, string? text)
    {
        var path = text is null ? "nowhere.json" : _files.At("bad.json");
        if (text is not null)
            File.WriteAllText(path, text);

        var answer = _files.Terminal.Run("hessian", "density", "--from", path, "--figure", _files.At("none.svg"));

        Assert.Equal(2, answer.Code);
        Assert.Contains(path, answer.Error, StringComparison.Ordinal);
        Assert.Contains(message, answer.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_files.At("none.svg")));
    }

    [Theory]
    [InlineData("error: --from draws the spectrum in kept.json and takes no model", "density", "net.safetensors", "--from", "kept.json")]
    [InlineData("error: density --from does not read --steps: nothing is computed", "density", "--from", "kept.json", "--steps", "9")]
    [InlineData("error: density --from does not read --data: nothing is computed", "density", "--from", "kept.json", "--data", "digits")]
    [InlineData("error: top does not read --from", "top", "--from", "kept.json")]
    [InlineData("error: hessian needs a task and a model", "density")]
    public void With_a_kept_spectrum_nothing_else_is_read(string message, params string[] arguments)
    {
        var answer = _files.Terminal.Run(["hessian", .. arguments]);

        Assert.Equal(2, answer.Code);
        Assert.StartsWith(message, answer.Error, StringComparison.Ordinal);
    }

    private JsonObject Redrawn(string file, params string[] flags)
    {
        var answer = _files.Terminal.Run(["hessian", "density", "--from", _files.At(file), "--json", .. flags]);
        Assert.True(answer.Code == 0, answer.Error);
        return JsonNode.Parse(answer.Out)!.AsObject();
    }

    /// <summary>By the trapezium rule.</summary>
    private static double Area(JsonObject document, string curve)
    {
        double[] at = HessianFiles.Numbers(document["coordinates"]), values = HessianFiles.Numbers(document[curve]);
        return Enumerable.Range(1, at.Length - 1).Sum(i => (at[i] - at[i - 1]) * 0.5 * (values[i] + values[i - 1]));
    }
}
