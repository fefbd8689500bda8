using System.Text.Json.Nodes;
using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Exporting;
using Understudy.Learning.Networks.Layers;
using Understudy.UnitTests.Data.Formats;

namespace Understudy.UnitTests.Cli;

/// <summary>Tasks between and around models, against the library and against what must be so.</summary>
public sealed class HessianLandscapeTests : IDisposable
{
    private readonly HessianFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Sharpness_has_the_reference_s_curvature_within_its_errors_and_what_rescaling_leaves()
    {
        var document = _files.Json("sharpness", "net.safetensors");

        var reference = _files.Reference;
        Assert.Equal(reference.Numbers("hessian", "top")[0], (double)document["largest eigenvalue"]!["value"]!, 1e-5);
        Assert.Equal(reference.Number("hessian", "trace"), (double)document["trace"]!["value"]!, 1e-4);
        Assert.Equal(0, (double)document["trace"]!["error"]!);
        // one in some 10,000 estimates is twice its 95 % interval off
        var (norm, error) = ((double)document["Frobenius norm"]!["value"]!, (double)document["Frobenius norm"]!["error"]!);
        Assert.InRange(error, 1e-8, 0.1);
        Assert.Equal(reference.Number("hessian", "fro"), norm, 2 * error);
        Assert.Equal((double)document["adaptive, ascent"]!["value"]!, (double)document["adaptive, ascent"]!["rescaled"]!, 1e-9);
        Assert.True((double)document["trace"]!["rescaled"]! > 1.2 * (double)document["trace"]!["value"]!);
        Assert.All(new[] { "largest eigenvalue", "Frobenius norm", "filter-normalised noise", "PAC-Bayes σ" }, name => Assert.True((double)document[name]!["rescaledError"]! > 0));
        Assert.Equal(4 * 2, _files.Run("sharpness", "net.safetensors").Out.Split('±').Length - 2);
    }

    [Fact]
    public void Losses_of_a_line_are_those_of_the_library_and_at_its_ends_those_of_the_models()
    {
        var line = _files.Json("line", "net.safetensors", "other.safetensors", "--points", "7");

        using var evaluator = _files.Evaluator();
        var own = LossLine.Between(_files.Net, _files.Other, evaluator, positions: LossLine.EvenPositions(7));
        Assert.Equal([-1, -0.5, 0, 0.5, 1, 1.5, 2], HessianFiles.Numbers(line["positions"]));
        Assert.Equal(own.Train.Select(value => value.Loss), HessianFiles.Numbers(line["losses"]));
        Assert.Equal(evaluator.At(_files.Net).Loss, HessianFiles.Numbers(line["losses"])[2], 1e-13);
        Assert.Equal(own.Barrier.Height, (double)line["barrier"]!, 1e-13);
        Assert.True((double)line["matchedBarrier"]! <= (double)line["barrier"]! + 1e-13);
    }

    [Fact]
    public void A_line_between_residual_networks_of_files_matches_the_channels_that_their_graph_ties()
    {
        var layers = new LayeredNetwork(
            new Shape(8, 8, 1), new ConvolutionLayer(4), new ActivationLayer(NodeActivation.Relu),
            new ResidualLayer(new SequenceLayer(new ConvolutionLayer(5), new ActivationLayer(NodeActivation.Relu), new ConvolutionLayer(4))), PoolLayer.Largest(), new DenseLayer(10));
        double[] a = [.. new Draw(1).Normal(layers.Layout.Count).Select(value => 0.2 * value)], b = GroupPermutation.Drawn(PermutationGroups.Of(layers), new RandomSequence(1, "test/order")).Apply(a);
        foreach (var (name, theta) in new[] { ("a.onnx", a), ("b.onnx", b) })
        {
            using var file = File.Create(_files.At(name));
            OnnxExport.Write(layers, theta, null, file);
        }

        var line = _files.Json("line", _files.At("a.onnx"), _files.At("b.onnx"), "--points", "4");

        Assert.True(Math.Abs(HessianFiles.Numbers(line["losses"])[0] - HessianFiles.Numbers(line["matchedLosses"])[0]) > 1e-3);
        Assert.All(HessianFiles.Numbers(line["matchedLosses"]), loss => Assert.Equal(HessianFiles.Numbers(line["losses"])[1], loss, 1e-12));
        Assert.Equal(0, (double)line["matchedBarrier"]!, 1e-12);
    }

    [Theory]
    [InlineData("bezier", 3)]
    [InlineData("chain", 3)]
    [InlineData("neb", 5)]
    public void A_curve_is_that_of_the_library_and_has_the_losses_of_both_models_at_its_ends(string method, int leastPoints)
    {
        var document = _files.Json("curve", "net.safetensors", "other.safetensors", "--method", method, "--points", "11", "--examples", "50");

        var all = _files.Reference.Examples;
        using var evaluator = new LossEvaluator(_files.Reference.Network, _files.Reference.Loss, new ExampleSet(all.Inputs[..(50 * 64)].ToArray(), all.Targets[..50].ToArray(), 50));
        var (a, b) = (_files.Net, _files.Other);
        var options = new ModeConnectionOptions { Kind = method == "chain" ? CurveKind.Chain : CurveKind.Bezier, Epochs = 50, WeightDecay = 0 };
        var curve = method == "neb" ? NudgedElasticBand.Relax(a, b, evaluator) : ModeConnection.Train(a, b, evaluator, options);
        var losses = HessianFiles.Numbers(document["losses"]);
        Assert.True((int)document["controlPoints"]! >= leastPoints);
        Assert.Equal(CurveProfile.Of(curve, evaluator, 11).Values.Select(value => value.Loss), HessianFiles.Numbers(document["losses"]));
        Assert.Equal((evaluator.At(a).Loss, evaluator.At(b).Loss), (losses[0], losses[^1]));
        // training lowers the mean loss along the way
        Assert.True(losses.Average() < HessianFiles.Numbers(document["lineLosses"]).Average());
    }

    [Fact]
    public void A_plane_around_one_model_has_its_loss_in_the_middle_and_its_curvature()
    {
        var plane = _files.Json("plane", "net.safetensors", "--points", "5", "--curvature", "3");

        using var evaluator = _files.Evaluator();
        Assert.Equal(evaluator.At(_files.Net).Loss, HessianFiles.Numbers(plane["losses"])[12], 1e-13);
        var curvature = plane["curvature"]!;
        var (largest, smallest, within) = ((double)curvature["largest"]!, (double)curvature["smallest"]!, HessianFiles.Numbers(curvature["withinPlane"]));
        Assert.Equal(_files.Reference.Numbers("hessian", "top")[0], largest, 1e-5);
        Assert.Equal(_files.Reference.Numbers("hessian", "bottom")[0], smallest, 1e-5);
        Assert.InRange((double)curvature["residual"]!, 0, 1e-5);
        Assert.Equal(within[1], within[2]);
        var map = plane["curvatureMap"]!;
        Assert.Equal([-1, 0, 1], HessianFiles.Numbers(map["x"]));
        // the middle of the map is the model
        Assert.Equal(largest, HessianFiles.Numbers(map["largest"])[4], 1e-5);
        Assert.Equal(smallest, HessianFiles.Numbers(map["smallest"])[4], 1e-5);
        Assert.Equal(9, HessianFiles.Numbers(map["largest"]).Length);
    }

    [Fact]
    public void A_plane_is_written_as_a_grid_that_has_what_the_document_has()
    {
        var path = _files.At("plane.vts");

        var plane = _files.Json("plane", "net.safetensors", "--points", "4", "--curvature", "4", "--paraview", path);

        var grid = VtkStructuredGridTests.Read(File.ReadAllText(path));
        Assert.Equal((4, 4, "loss"), (grid.Columns, grid.Rows, grid.Scalars));
        Assert.Equal(["accuracy", "lambda_max", "lambda_min", "log10_loss", "loss"], grid.Values.Keys.Order());
        Assert.Equal(HessianFiles.Numbers(plane["losses"]), grid.Values["loss"]);
        Assert.Equal(HessianFiles.Numbers(plane["accuracies"]), grid.Values["accuracy"]);
        Assert.Equal(HessianFiles.Numbers(plane["curvatureMap"]!["largest"]), grid.Values["lambda_max"]);
        Assert.Equal(HessianFiles.Numbers(plane["x"]), grid.Points.Where((_, at) => at % 3 == 0).Take(4));
        Assert.Equal(HessianFiles.Numbers(plane["y"]), grid.Points.Where((_, at) => at % 12 == 1));
        Assert.Equal([0, 0, 0], grid.Fields["models"]);
        // a map of fewer points has no place in the grid
        _files.Run("plane", "net.safetensors", "--points", "4", "--curvature", "2", "--paraview", path);
        Assert.Equal(["accuracy", "log10_loss", "loss"], VtkStructuredGridTests.Read(File.ReadAllText(path)).Values.Keys.Order());
    }

    [Fact]
    public void A_plane_through_three_models_has_each_where_it_says()
    {
        var third = _files.SaveMoved("third.safetensors", i => 0.1 * Math.Cos(i));

        var plane = _files.Json("plane", "net.safetensors", "other.safetensors", "third.safetensors", "--points", "4");

        var axes = ParameterPlane.Through(_files.Net, _files.Other, third);
        AssertPlaces(plane, [axes.Coordinates(_files.Net), axes.Coordinates(_files.Other), axes.Coordinates(third)], _files.Net, _files.Other, third);
        Assert.Null(plane["explainedVariance"]);
        Assert.Equal("net.safetensors", Path.GetFileName((string)plane["curvature"]!["model"]!));
    }

    [Fact]
    public void A_path_of_models_spans_a_plane_by_its_principal_components()
    {
        double[][] path = [_files.Net, _files.Other, _files.SaveMoved("third.safetensors", i => 0.1 * Math.Cos(i)), _files.SaveMoved("fourth.safetensors", i => 0.1 * Math.Sin(2 * i))];

        string[] models = ["net.safetensors", "other.safetensors", "third.safetensors", "fourth.safetensors"];
        var figure = _files.At("path.svg");
        var plane = _files.Json(["plane", .. models, "--points", "4", "--figure", figure]);

        var own = TrajectoryPlane.Of(path);
        AssertPlaces(plane, own.Path, path);
        Assert.Equal(own.ExplainedVariance, HessianFiles.Numbers(plane["explainedVariance"]));
        // coordinates are counted from the last model
        Assert.Equal("fourth.safetensors", Path.GetFileName((string)plane["curvature"]!["model"]!));
        Assert.StartsWith("<svg", File.ReadAllText(figure), StringComparison.Ordinal);
        Assert.Contains("principal components explain ", _files.Run(["plane", .. models, "--points", "4"]).Out, StringComparison.Ordinal);
    }

    private void AssertPlaces(JsonObject plane, IReadOnlyList<double[]> places, params double[][] models)
    {
        using var evaluator = _files.Evaluator();
        var found = plane["models"]!.AsArray();
        Assert.Equal(models.Length, found.Count);
        foreach (var (i, model) in models.Index())
        {
            Assert.Equal(places[i][0], (double)found[i]!["x"]!, 1e-12);
            Assert.Equal(places[i][1], (double)found[i]!["y"]!, 1e-12);
            Assert.Equal(evaluator.At(model).Loss, (double)found[i]!["loss"]!, 1e-13);
            // the rectangle encloses it
            Assert.InRange(places[i][0], (double)plane["x"]![0]!, (double)plane["x"]![3]!);
            Assert.InRange(places[i][1], (double)plane["y"]![0]!, (double)plane["y"]![3]!);
        }
    }
}
