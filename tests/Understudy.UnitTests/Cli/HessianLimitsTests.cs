using System.Text.Json.Nodes;
using Understudy.Data.Formats;
using Understudy.Engine.Random;

namespace Understudy.UnitTests.Cli;

/// <summary>What is too large, in numbers or in memory, and what is left when a task is stopped.</summary>
public sealed class HessianLimitsTests : IDisposable
{
    private readonly HessianFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("spectrum")]
    [InlineData("spectrum", "--matrix", "S")]
    [InlineData("top")]
    [InlineData("density")]
    [InlineData("trace")]
    [InlineData("trace", "--method", "xtrace")]
    [InlineData("split")]
    [InlineData("classes")]
    [InlineData("sharpness")]
    [InlineData("plane", "--points", "4")]
    [InlineData("track")]
    [InlineData("verify")]
    [InlineData("line", "other.safetensors")]
    [InlineData("curve", "other.safetensors")]
    public void Inputs_that_overflow_are_an_error_of_the_user(string task, params string[] flags)
    {
        double[] huge = [.. _files.Reference.Examples.Inputs.ToArray().Select(value => 1e200 * value)];
        _files.SaveArray("x.npy", Tensor.Of("", huge, _files.Reference.Examples.Count, 64));

        var answer = _files.Run([task, "net.safetensors", .. flags]);

        Assert.Equal(2, answer.Code);
        Assert.Contains("is not finite: inputs reach 1e200", answer.Error, StringComparison.Ordinal);
        Assert.Contains("scale inputs and targets", answer.Error, StringComparison.Ordinal);
        Assert.Empty(answer.Out);
    }

    [Theory]
    [InlineData("spectrum")]
    [InlineData("top")]
    [InlineData("density")]
    [InlineData("trace")]
    [InlineData("trace", "--method", "hutchinson")]
    [InlineData("split")]
    [InlineData("verify")]
    public void Products_that_overflow_where_the_gradient_does_not_are_an_error_too(string task, params string[] flags)
    {
        // the same function with inputs in other units: second derivatives by the first weights have the square of the factor
        const double Factor = 1e155;
        var (network, parameters) = (_files.Reference.Network, _files.Reference.Parameters);
        _files.SaveArray("x.npy", Tensor.Of("", [.. _files.Reference.Examples.Inputs.ToArray().Select(value => Factor * value)], _files.Reference.Examples.Count, 64));
        _files.Save("net.safetensors", [.. network.Layout.Slots.Index().Select(slot => Tensor.Of(slot.Item.Name, [.. slot.Item.Of<double>(parameters).ToArray().Select(value => slot.Index == 0 ? value / Factor : value)], slot.Item.Shape.Extents.ToArray()))]);

        var answer = _files.Run([task, "net.safetensors", .. flags]);

        Assert.Equal(2, answer.Code);
        Assert.Contains(" is not finite: inputs reach ", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("the gradient of", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("error: --steps 200000 is more than the 101,770 parameters", "density", "--steps", "200000")]
    [InlineData("error: 100,000 Lanczos vectors of a probe need about 81.4 GB", "density", "--top", "0", "--steps", "100000")]
    [InlineData("error: the vectors of 50,003 eigenpairs need about ", "top", "--top", "50000")]
    [InlineData("error: the vectors of 50,003 eigenpairs need about ", "track", "--top", "50000")]
    [InlineData("error: the vectors of 50,000 eigenpairs need about ", "density", "--top", "50000")]
    [InlineData("error: all eigenvalues of 101,770 parameters take about ", "spectrum")]
    [InlineData(", and need about 83.1 GB, more than the 1.0 GB allowed\n  allow more with --memory, or take `top` for both ends, `density` or --lanczos for the rest, `trace` for the sum\n", "spectrum", "--exact")]
    [InlineData("error: 2,000 Lanczos vectors need about 1.7 GB, more than the 1.0 GB allowed\n  allow more with --memory, or take fewer steps with --lanczos\n", "spectrum", "--lanczos", "2000")]
    [InlineData("error: the vectors of 2 eigenpairs need about 20.4 MB and the passes of one batch of examples ", "plane", "--points", "4", "--memory", "0.025")]
    [InlineData("error: 8 products need about 16.3 MB and the passes of one batch of examples ", "sharpness", "--probes", "8", "--memory", "0.02")]
    [InlineData("error: the vectors of 13 eigenpairs need about ", "top", "--memory", "0.05")]
    [InlineData("error: the gradient over one batch of examples needs about ", "top", "--memory", "0.001")]
    [InlineData("error: --memory 200000 is more than the ", "spectrum", "--memory", "200000")]
    [InlineData("error: 90,000 products need about ", "trace", "--method", "xtrace", "--probes", "90000")]
    [InlineData("error: 90,000 products need about ", "trace", "--method", "hutchpp", "--probes", "90000")]
    [InlineData("error: 200,000 products need about ", "split", "--probes", "200000")]
    [InlineData("error: 90,000 products need about ", "sharpness", "--probes", "90000")]
    [InlineData("error: 10,000 products need about 20.4 GB, more than the 2.0 GB allowed", "trace", "--method", "xtrace", "--probes", "10000", "--memory", "2")]
    public void What_takes_too_much_memory_is_refused_before(string message, string task, params string[] flags)
    {
        SaveLarge();
        var before = GC.GetTotalAllocatedBytes();
        string[] limit = flags.Contains("--memory") ? [] : ["--memory", "1"];

        var answer = _files.Terminal.Run(["hessian", task, _files.At("large.safetensors"), "--inputs", _files.At("wide.npy"), "--targets", _files.At("few.npy"), "--threads", "1", .. flags, .. limit]);

        Assert.Equal(2, answer.Code);
        Assert.Contains(message, answer.Error, StringComparison.Ordinal);
        Assert.Contains("\n  ", answer.Error, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 500_000_000);
    }

    [Fact]
    public void As_many_probes_as_there_are_numbers_are_unit_vectors()
    {
        var many = _files.Json("split", "net.safetensors", "--block", "layer.1.bias", "--top", "1", "--probes", "2147483647");
        var all = _files.Json("split", "net.safetensors", "--block", "layer.1.bias", "--top", "1", "--probes", "20");

        Assert.Equal((double)all["H"]!["squaredNorm"]!, (double)many["H"]!["squaredNorm"]!, 1e-15);
        Assert.Equal(0, (double)many["H"]!["squaredNormHalfWidth"]!);
    }

    [Theory]
    [InlineData("top")]
    [InlineData("trace", "--method", "xtrace")]
    public void Weight_decay_that_overflows_is_named(string task, params string[] flags)
    {
        var answer = _files.Run([task, "net.safetensors", "--weight-decay", "1e300", .. flags]);

        Assert.Equal(2, answer.Code);
        Assert.Contains(" is not finite: inputs reach ", answer.Error, StringComparison.Ordinal);
        Assert.Contains(", with a weight decay of 1e300\n", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_of_outputs_take_no_memory_where_there_is_a_closed_form()
    {
        SaveLarge();

        // ten rows of 101,770 numbers would be 8.1 MB
        var answer = _files.Terminal.Run("hessian", "trace", _files.At("large.safetensors"), "--inputs", _files.At("wide.npy"), "--targets", _files.At("few.npy"), "--threads", "1", "--memory", "0.006");

        Assert.True(answer.Code == 0, answer.Error);
        Assert.Contains("exact", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Probes_advance_one_at_a_time_where_memory_is_short_with_the_same_density()
    {
        string[] task = ["density", "net.safetensors", "--top", "0", "--steps", "40", "--probes", "4"];

        var (ample, tight) = (_files.Json(task), _files.Json([.. task, "--memory", "0.0013"]));

        Assert.Equal(HessianFiles.Numbers(ample["density"]), HessianFiles.Numbers(tight["density"]));
    }

    [Fact]
    public void All_eigenvalues_of_many_parameters_are_asked_for_twice()
    {
        // 64-111-10: just above the limit
        _files.Save("many.safetensors", [Tensor.Of("0.weight", new float[64 * 111], 111, 64), Tensor.Of("0.bias", new float[111], 111), Tensor.Of("2.weight", new float[1110], 10, 111), Tensor.Of("2.bias", new float[10], 10)]);

        var (once, twice) = (_files.Run("spectrum", "many.safetensors", "--memory", "1"), _files.Run("spectrum", "many.safetensors", "--memory", "0.5", "--exact"));

        Assert.Equal((2, 2), (once.Code, twice.Code));
        Assert.Matches("^error: all eigenvalues of 8,335 parameters take about .* and [0-9]+ MB, and above 8,192 parameters are found only with --exact\n  take `top` for both ends", once.Error);
        Assert.Contains("need about 0.8 GB, more than the 0.5 GB allowed", twice.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_is_short_changes_how_often_a_search_restarts_and_not_what_it_finds()
    {
        string[] task = ["top", "net.safetensors", "--top", "2", "--bottom", "1"];

        var (ample, tight) = (_files.Json(task), _files.Json([.. task, "--memory", "0.0011"]));

        Assert.True((int)tight["products"]! > (int)ample["products"]!);
        Assert.Equal((double)ample["top"]![1]!["value"]!, (double)tight["top"]![1]!["value"]!, 1e-9);
        Assert.Equal((double)ample["bottom"]![0]!["value"]!, (double)tight["bottom"]![0]!["value"]!, 1e-7);
    }

    [Fact]
    public void A_track_tells_the_vectors_that_stay_beside_the_search()
    {
        static double Megabytes(string text) => double.Parse(System.Text.RegularExpressions.Regex.Match(text, @"about ([0-9.]+) MB beside them").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

        var few = Megabytes(_files.Run("track", "net.safetensors", "--top", "1", "--bottom", "0", "--memory", "0.1").Error);
        var many = Megabytes(_files.Run("track", "net.safetensors", "--top", "101", "--bottom", "0", "--memory", "0.1").Error);

        // a hundred pairs more: their result, as many again of the model before, and its space that the next is compared with; both bases have 300 vectors
        Assert.Equal(3 * 100 * 1210 * 8 / 1e6, many - few, 0.11);
    }

    [Theory]
    [InlineData("error: --top 100000 is more than the 1,210 parameters", "top", "--top", "100000")]
    [InlineData("error: --bottom 1211 is more than the 1,210 parameters", "top", "--bottom", "1211")]
    [InlineData("error: --steps 2000 is more than the 1,210 parameters", "density", "--steps", "2000")]
    [InlineData("error: with all 1,210 eigenvalues found before, there is no density left", "density", "--top", "1210")]
    [InlineData("error: --examples 1000 is more than the 500 there are", "top", "--examples", "1000")]
    [InlineData("error: top of no eigenvalues says nothing", "top", "--top", "0", "--bottom", "0")]
    [InlineData("error: track of no eigenvalues says nothing", "track", "--top", "0", "--matrix", "G")]
    [InlineData("error: --tolerance 1e-15 is below what rounding leaves", "top", "--tolerance", "1e-15")]
    [InlineData("error: the name of a model is empty", "line", "")]
    [InlineData("error: --layout takes out-in or in-out, not torch", "top", "--layout", "torch")]
    public void What_there_is_not_enough_of_is_refused(string message, string task, params string[] flags)
    {
        var answer = _files.Run([task, "net.safetensors", .. flags]);

        Assert.Equal(2, answer.Code);
        Assert.StartsWith(message, answer.Error.Split('\n').First(line => line.StartsWith("error", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("spectrum", "spectrum: all eigenvalues of 1,210 parameters, about ", "100 %  spectrum: entries", "100 %  spectrum: eigenvalues")]
    [InlineData("density", "density: 800 products, about ", " 50 %  density", "100 %  density")]
    [InlineData("split", "H is done", " 50 %  split: norm of R", "S is done")]
    [InlineData("classes", "classes", "50 %  classes", "100 %  classes")]
    public void Every_phase_tells_how_far_it_is(string task, params string[] lines)
    {
        var answer = _files.Run(task, "net.safetensors");

        Assert.Equal(0, answer.Code);
        Assert.All(lines, line => Assert.Contains(line, answer.Error, StringComparison.Ordinal));
        Assert.DoesNotContain("%", _files.Run(task, "net.safetensors", "--no-progress").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xtrace")]
    [InlineData("hutchpp")]
    [InlineData("hutchinson")]
    public void A_trace_that_is_stopped_is_that_of_the_probes_so_far(string method)
    {
        _files.Terminal.StopsAt = "20 %  trace";

        var stopped = _files.Run("trace", "net.safetensors", "--method", method, "--probes", "240", "--json");

        var document = JsonNode.Parse(stopped.Out)!;
        var exact = _files.Reference.Number("hessian", "trace");
        Assert.Equal(3, stopped.Code);
        Assert.True((bool)document["partial"]!);
        Assert.Equal("Hutchinson", (string)document["method"]!);
        Assert.InRange((int)document["products"]!, 48, 80);
        // one in some 10,000 estimates is twice its 95 % interval off
        Assert.InRange(exact - (double)document["trace"]!, -2 * (double)document["halfWidth"]!, 2 * (double)document["halfWidth"]!);
    }

    [Theory]
    [InlineData("100 %  density", "density", "--top", "2", "--steps", "20")]
    [InlineData("100 %  trace", "trace", "--method", "xtrace")]
    [InlineData("100 %  trace", "trace", "--method", "hutchinson")]
    [InlineData("S is done", "split", "--top", "1")]
    [InlineData("100 %  spectrum: eigenvalues", "spectrum")]
    [InlineData("100 %  classes", "classes")]
    public void What_is_whole_when_a_request_to_stop_arrives_is_a_whole_result(string last, string task, params string[] flags)
    {
        _files.Terminal.StopsAt = last;

        var answer = _files.Run([task, "net.safetensors", .. flags, "--json"]);

        // the class structure is still to be made of its means
        Assert.Equal(task == "classes" ? 3 : 0, answer.Code);
        Assert.Contains(last, answer.Error, StringComparison.Ordinal);
        if (task != "classes")
            Assert.False((bool)JsonNode.Parse(answer.Out)!["partial"]!);
    }

    [Fact]
    public void A_density_that_is_stopped_has_the_steps_so_far()
    {
        _files.Terminal.StopsAt = " 50 %  density";
        var figure = _files.At("density.svg");

        var stopped = _files.Run("density", "net.safetensors", "--top", "2", "--steps", "60", "--json", "--figure", figure);

        var document = JsonNode.Parse(stopped.Out)!;
        Assert.Equal(3, stopped.Code);
        Assert.True((bool)document["partial"]!);
        Assert.Equal(300, (int)document["products"]!);
        Assert.Equal(1, (double)document["mass"]!, 1e-3);
        Assert.Equal(30, document["probes"]![0]!["nodes"]!.AsArray().Count);
        Assert.True(File.Exists(figure));
    }

    [Fact]
    public void A_density_that_is_stopped_before_its_probes_has_the_stems()
    {
        _files.Terminal.StopsAt = "density: 800 products";

        var stopped = _files.Run("density", "net.safetensors", "--top", "2", "--figure", _files.At("none.svg"));

        Assert.Equal(3, stopped.Code);
        Assert.Contains("largest     2 ", stopped.Out, StringComparison.Ordinal);
        Assert.Contains("no probe was finished", stopped.Out, StringComparison.Ordinal);
        Assert.Contains("stopped: this is what was finished", stopped.Out, StringComparison.Ordinal);
        Assert.False(File.Exists(_files.At("none.svg")));
    }

    [Fact]
    public void A_split_that_is_stopped_has_the_matrices_that_are_finished()
    {
        _files.Terminal.StopsAt = "split: G is done";

        var stopped = _files.Run("split", "net.safetensors", "--json");

        var document = JsonNode.Parse(stopped.Out)!.AsObject();
        Assert.Equal(3, stopped.Code);
        Assert.True((bool)document["partial"]!);
        Assert.Equal(_files.Reference.Numbers("ggn", "top")[0], (double)document["G"]!["top"]![0]!["value"]!, 1e-5);
        Assert.True(document.ContainsKey("H"));
        Assert.False(document.ContainsKey("R"));
    }

    /// <summary>784-128-10 with three examples.</summary>
    private void SaveLarge()
    {
        var draws = new RandomSequence(3, "test/large");
        float[] Drawn(long step, int count, double scale)
        {
            var values = new double[count];
            draws.FillNormal(step, values);
            return [.. values.Select(value => (float)(scale * value))];
        }

        _files.Save("large.safetensors",
        [
            Tensor.Of("0.weight", Drawn(0, 128 * 784, 0.03), 128, 784), Tensor.Of("0.bias", new float[128], 128),
            Tensor.Of("2.weight", Drawn(1, 10 * 128, 0.1), 10, 128), Tensor.Of("2.bias", new float[10], 10),
        ]);
        _files.SaveArray("wide.npy", Tensor.Of("", Drawn(2, 3 * 784, 1), 3, 784));
        _files.SaveArray("few.npy", Tensor.Of("", new[] { 0, 1, 2 }, 3));
    }
}
