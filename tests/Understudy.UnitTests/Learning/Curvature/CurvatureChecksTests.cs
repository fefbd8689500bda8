using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;
using Understudy.UnitTests.Data.Formats;

namespace Understudy.UnitTests.Learning.Curvature;

public class CurvatureChecksTests
{
    private const string Differences = "central differences of the gradient, relative";
    private const string Whole = "Hv by products and by the whole matrix, relative";

    [Theory]
    [MemberData(nameof(ReferenceCase.Names), MemberType = typeof(ReferenceCase))]
    public void Every_law_holds_for_the_reference_networks(string name)
    {
        var reference = ReferenceCase.Load(name);

        var found = Of(reference);

        Assert.All(found.Checks, check => Assert.True(check.Holds, $"{check.Name}: {check.Value}"));
        Assert.Equal(0, found.Failures);
        Assert.Contains(found.Checks, check => check.Name == Whole);
        // rectified or not, a network without a hidden layer is smooth
        var isSmooth = !reference.IsRectified || ((Mlp)reference.Network).Layers == 1;
        Assert.Equal(isSmooth, found.Checks.Any(check => check.Name == Differences));
        Assert.Equal(isSmooth ? [] : ["central differences are left out: they also count the kinks of rectifiers that the step crosses"], found.Notes);
    }

    [Theory]
    [InlineData("layer.0")]
    [InlineData("1.bias")]
    public void A_block_is_checked_as_the_whole_is(string part)
    {
        var reference = ReferenceCase.Load("tiny-tanh-ce");

        var found = Of(reference, new CurvatureOptions { Block = slot => slot.Name.Contains(part, StringComparison.Ordinal) });

        Assert.Equal(Of(reference).Checks.Select(check => check.Name), found.Checks.Select(check => check.Name));
        Assert.All(found.Checks, check => Assert.True(check.Holds, $"{check.Name}: {check.Value}"));
        Assert.Empty(found.Notes);
    }

    [Fact]
    public void Numbers_with_other_bits_are_counted()
    {
        Assert.Equal(0, CurvatureChecks.Differing([1, double.NaN, -0.5], [1, double.NaN, -0.5]));
        Assert.Equal(2, CurvatureChecks.Differing([1, 0.0, 3], [Math.BitIncrement(1), -0.0, 3]));
        Assert.Equal(1, CurvatureChecks.Differing([1, 2], [1]));
    }

    [Fact]
    public void What_is_left_out_is_said()
    {
        var single = Of(ReferenceCase.Load("tiny-tanh-ce"), new CurvatureOptions { Precision = DType.F32 });
        var wide = Mlp.Of(NodeActivation.Tanh, 60, 50, 2);
        var large = CurvatureChecks.Of(wide, OutputLoss.CrossEntropy, Drawn(60, 2), FanInUniform.Of(wide, 1, layer => new RandomSequence(1, $"layer {layer}")));

        Assert.Equal(8, single.Checks.Count);
        Assert.Equal(["comparisons with whole matrices, exact traces and central differences are left out: they are for products in double precision"], single.Notes);
        Assert.Equal(["comparisons with whole matrices are left out: they are made up to 2,500 parameters"], large.Notes);
        Assert.Equal(["‖g‖² at most tr S", Differences], large.Checks.Skip(8).Select(check => check.Name));
        Assert.Equal(0, large.Failures);
    }

    [Fact]
    public void A_smooth_network_with_pools_of_the_largest_number_is_not_compared_with_differences()
    {
        var network = new LayeredNetwork(new Shape(4, 4, 1), new ConvolutionLayer(2), new ActivationLayer(NodeActivation.Tanh), PoolLayer.Largest(), new DenseLayer(3));

        var found = CurvatureChecks.Of(network, OutputLoss.CrossEntropy, Drawn(16, 3), FanInUniform.Of(network, 1, layer => new RandomSequence(1, $"layer {layer}")));

        Assert.Equal(0, found.Failures);
        Assert.DoesNotContain(found.Checks, check => check.Name == Differences);
        Assert.Contains(found.Notes, note => note.Contains("pools of the largest number", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Tanh")]
    [InlineData("Sigmoid")]
    [InlineData("Softplus")]
    [InlineData("Gelu")]
    [InlineData("Relu", "rectifiers")]
    [InlineData("LeakyRelu", "rectifiers")]
    [InlineData("Elu", "functions in parts")]
    public void An_imported_network_is_compared_with_differences_where_it_is_smooth(string function, string? kinks = null)
    {
        var draws = new double[24];
        new RandomSequence(5, "test/weights").FillNormal(0, draws);
        var file = new OnnxForge { OperatorSet = 20 }.Input("x", -1, 3).Output("y", -1, 3).Stored(OnnxForge.Tensor("w", draws[..12], 3, 4)).Stored(OnnxForge.Tensor("v", draws[12..], 4, 3))
            .Node("MatMul", "z", ["x", "w"]).Node(function, "h", ["z"]).Node("MatMul", "y", ["h", "v"]);
        var network = ImportedNetwork.Of(Onnx.Read(new MemoryStream(file.ToFile()), "net.onnx"));

        var found = CurvatureChecks.Of(network, OutputLoss.CrossEntropy, Drawn(3, 3), network.Parameters.ToArray());

        Assert.Equal(0, found.Failures);
        Assert.StartsWith("comparisons with whole matrices are left out", found.Notes[0], StringComparison.Ordinal);
        Assert.Equal(3, found.Checks.Count(check => check.Name.EndsWith("in batches and example by example, relative", StringComparison.Ordinal)));
        Assert.Equal(kinks is null, found.Checks.Any(check => check.Name == Differences));
        Assert.Equal(kinks is null ? [] : [$"central differences are left out: they also count the kinks of {kinks} that the step crosses"], found.Notes.Skip(1));
    }

    [Theory]
    [InlineData("conv-tanh-ce")]
    [InlineData("bn-tanh-ce")]
    [InlineData("conv-relu-ce", true)]
    public void A_network_of_layers_is_checked_by_its_products(string name, bool bends = false)
    {
        var found = Of(ReferenceCase.Load(name));

        Assert.Equal(0, found.Failures);
        Assert.StartsWith("comparisons with whole matrices are left out", found.Notes[0], StringComparison.Ordinal);
        Assert.Equal(!bends, found.Checks.Any(check => check.Name == Differences));
        var couples = name == "bn-tanh-ce";
        Assert.Equal(couples ? 0 : 3, found.Checks.Count(check => check.Name.Contains("example by example", StringComparison.Ordinal)));
        Assert.Equal(couples, found.Notes.Any(note => note.Contains("each example changes the outputs of the others", StringComparison.Ordinal)));
        Assert.Equal(bends || couples ? 2 : 1, found.Notes.Count);
    }

    [Fact]
    public void A_check_that_is_not_a_number_does_not_hold()
    {
        var reference = ReferenceCase.Load("tiny-tanh-ce");
        double[] broken = [.. reference.Parameters.Select((value, i) => i == 0 ? double.NaN : value)];

        var found = CurvatureChecks.Of(reference.Network, reference.Loss, reference.Examples, broken);

        Assert.True(found.Failures > 0);
        Assert.False(new CurvatureCheck("", double.NaN, 1).Holds);
    }

    [Fact]
    public void Every_check_is_told_of_when_it_is_made()
    {
        var reference = ReferenceCase.Load("tiny-tanh-ce");
        var told = new Told<CurvatureCheck>();

        var found = CurvatureChecks.Of(reference.Network, reference.Loss, reference.Examples, reference.Parameters, progress: told);

        Assert.Equal(found.Checks, told.Values);
    }

    private static CurvatureChecks Of(ReferenceCase reference, CurvatureOptions? options = null)
        => CurvatureChecks.Of(reference.Network, reference.Loss, reference.Examples, reference.Parameters, options);

    private static ExampleSet Drawn(int inputs, int classes)
    {
        var draws = new double[20 * inputs];
        new RandomSequence(3, "test/inputs").FillNormal(0, draws);
        return new ExampleSet(draws, [.. Enumerable.Range(0, 20).Select(i => (double)(i % classes))], 20);
    }
}
