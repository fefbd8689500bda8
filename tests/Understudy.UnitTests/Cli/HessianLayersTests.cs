using System.Text.Json.Nodes;
using Understudy.Data.Formats;
using Understudy.Engine.Random;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.UnitTests.Cli;

/// <summary>The order and the layout in which layers of a file are read, against the loss of the network as it is.</summary>
public sealed class HessianLayersTests : IDisposable
{
    private const int Examples = 30;

    private readonly HessianFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Numbers_in_names_are_compared_all_of_them_and_by_value()
    {
        string[] names = [.. Enumerable.Range(0, 11).Select(i => $"mlp1.{i}"), "head"];
        var loss = Save("deep.safetensors", names, [12, .. Enumerable.Repeat(12, 11), 5], sorted: true);

        var document = Read("deep.safetensors");

        Assert.Equal(loss, (double)document["loss"]!, 1e-6 * loss);
        Assert.Equal(names, document["model"]!["layers"]!.AsArray().Select(name => (string)name!));
    }

    [Fact]
    public void Names_without_numbers_are_put_where_their_shapes_fit()
    {
        var loss = Save("named.safetensors", ["inp", "hidden", "out"], [12, 9, 7, 5], sorted: true);

        var document = Read("named.safetensors");

        Assert.Equal(loss, (double)document["loss"]!, 1e-6 * loss);
        Assert.Equal("out-in", (string)document["model"]!["layout"]!);
    }

    [Fact]
    public void More_than_one_order_is_refused_unless_it_is_told_or_the_file_kept_it()
    {
        var loss = Save("sorted.safetensors", ["inp", "hidden", "out"], [12, 12, 12, 5], sorted: true);
        Save("kept.safetensors", ["inp", "hidden", "out"], [12, 12, 12, 5], sorted: false);

        var refused = Run("sorted.safetensors");

        Assert.Equal(2, refused.Code);
        Assert.Contains("its layers fit together in more than one order, such as hidden, inp, out and inp, hidden, out", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--layers hidden,inp,out", refused.Error, StringComparison.Ordinal);
        Assert.Equal(loss, (double)Read("sorted.safetensors", "--layers", "inp, hidden, out")["loss"]!, 1e-6 * loss);
        Assert.Equal(loss, (double)Read("kept.safetensors")["loss"]!, 1e-6 * loss);
        Assert.NotEqual(loss, (double)Read("sorted.safetensors", "--layers", "hidden,inp,out")["loss"]!, 1e-3 * loss);
    }

    [Fact]
    public void So_many_orders_that_not_all_can_be_tried_are_refused()
    {
        string[] hidden = [.. "abcdefghij".Select(letter => $"h_{letter}")];
        Save("many.safetensors", ["z_in", .. hidden, "out"], [4, .. Enumerable.Repeat(8, 11), 3], sorted: true);

        var refused = Run("many.safetensors");

        Assert.Equal(2, refused.Code);
        Assert.Contains("--layers ", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_that_are_told_have_to_be_those_of_the_file_and_to_fit()
    {
        Save("named.safetensors", ["inp", "hidden", "out"], [12, 9, 7, 5], sorted: true);

        Assert.Contains("--layers names middle, but the layers of", Run("named.safetensors", "--layers", "inp,middle,out").Error, StringComparison.Ordinal);
        Assert.Contains("--layers has to name each layer", Run("named.safetensors", "--layers", "inp,out").Error, StringComparison.Ordinal);
        Assert.Contains("--layers has to name each layer", Run("named.safetensors", "--layers", "inp,inp,out").Error, StringComparison.Ordinal);
        Assert.Contains("hidden.weight reads 9 numbers, but out.weight gives 5", Run("named.safetensors", "--layers", "out,hidden,inp").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_layers_named_layer_is_read_by_its_biases_and_square_ones_as_told()
    {
        var loss = Save("list.safetensors", ["layer.0", "layer.1"], [12, 9, 5], sorted: true);

        Assert.Equal(loss, (double)Read("list.safetensors")["loss"]!, 1e-6 * loss);

        var square = Save("square.safetensors", ["layer.0", "layer.1"], [12, 12, 12], sorted: true);
        var refused = Run("square.safetensors");

        Assert.Equal(2, refused.Code);
        Assert.Contains("say so with --layout in-out or --layout out-in", refused.Error, StringComparison.Ordinal);
        Assert.Equal(square, (double)Read("square.safetensors", "--layout", "out-in")["loss"]!, 1e-6 * square);
        Assert.NotEqual(square, (double)Read("square.safetensors", "--layout", "in-out")["loss"]!, 1e-3 * square);
    }

    [Fact]
    public void Every_task_says_how_the_network_was_read_and_how_long_it_took()
    {
        Save("named.safetensors", ["inp", "hidden", "out"], [12, 9, 7, 5], sorted: true);
        foreach (var task in new[] { "spectrum", "top", "density", "trace", "split", "classes", "sharpness", "plane", "track", "verify" })
        {
            string[] flags = task == "plane" ? ["--points", "4"] : [];

            var text = Run(task, "named.safetensors", flags).Out;
            var document = JsonNode.Parse(Run(task, "named.safetensors", [.. flags, "--activation", "tanh", "--json"]).Out)!;

            Assert.StartsWith("network 12-9-7-5, relu (assumed), cross-entropy (assumed), layers inp, hidden, out, weights [out, in]\n", text, StringComparison.Ordinal);
            Assert.Equal(("12-9-7-5", "tanh", "cross-entropy"), ((string)document["model"]!["network"]!, (string)document["model"]!["activation"]!, (string)document["model"]!["loss"]!));
            Assert.Equal((false, true), ((bool)document["model"]!["activationAssumed"]!, (bool)document["model"]!["lossAssumed"]!));
            Assert.True((double)document["seconds"]! >= 0);
            Assert.False((bool)document["partial"]!);
        }
    }

    private JsonNode Read(string file, params string[] flags)
    {
        var answer = Run("trace", file, [.. flags, "--json"]);
        Assert.True(answer.Code == 0, answer.Error);
        return JsonNode.Parse(answer.Out)!;
    }

    private Answer Run(string file, params string[] flags) => Run("trace", file, flags);

    private Answer Run(string task, string file, string[] flags)
        => _files.Terminal.Run(["hessian", task, _files.At(file), "--inputs", _files.At("in.npy"), "--targets", _files.At("classes.npy"), "--threads", "1", .. flags]);

    /// <summary>Saves a random network under names of layers, [out, in], and examples for it; sorted by name as PyTorch's writer does, or as a state dict.</summary>
    /// <returns>Its loss.</returns>
    private double Save(string file, string[] names, int[] widths, bool sorted)
    {
        var network = Mlp.Relu(widths);
        var draws = new RandomSequence(5, "test/layers");
        double[] parameters = new double[network.Layout.Count], inputs = new double[Examples * widths[0]];
        draws.FillNormal(0, parameters);
        draws.FillNormal(1, inputs);
        parameters = [.. parameters.Select(value => (double)(float)(0.5 * value))];
        inputs = [.. inputs.Select(value => (double)(float)value)];
        int[] targets = [.. Enumerable.Range(0, Examples).Select(i => i % widths[^1])];
        var tensors = new List<Tensor>();
        foreach (var (layer, name) in names.Index())
        {
            var (read, given) = (widths[layer], widths[layer + 1]);
            var (weight, bias) = (network.Layout.Slots[2 * layer].Of<double>(parameters).ToArray(), network.Layout.Slots[(2 * layer) + 1].Of<double>(parameters).ToArray());
            tensors.Add(Tensor.Of($"{name}.weight", [.. Enumerable.Range(0, weight.Length).Select(i => (float)weight[(i % read * given) + (i / read)])], given, read));
            tensors.Add(Tensor.Of($"{name}.bias", [.. bias.Select(value => (float)value)], given));
        }

        _files.Save(file, sorted ? [.. tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)] : [.. tensors]);
        _files.SaveArray("in.npy", Tensor.Of("", inputs, Examples, widths[0]));
        _files.SaveArray("classes.npy", Tensor.Of("", targets, Examples));
        using var evaluator = new LossEvaluator(network, OutputLoss.CrossEntropy, new ExampleSet(inputs, [.. targets.Select(label => (double)label)], Examples));
        return evaluator.At(parameters).Loss;
    }
}
