using Understudy.Engine;
using Understudy.Learning.Curvature;
using Understudy.Learning.Distillation;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Networks.Layers;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;

namespace Understudy.UnitTests.Learning.Networks.Layers;

public sealed class LayerDerivativeTests
{
    private const int Examples = 5;

    public static TheoryData<string> Names => [.. Networks.Keys];

    /// <summary>Small smooth networks; a layer without parameters stands behind one with.</summary>
    internal static Dictionary<string, LayeredNetwork> Networks { get; } = new()
    {
        ["residual"] = new(new Shape(4), new ResidualLayer(Curved(4))),
        ["projected residual"] = new(new Shape(4, 4, 2), new ResidualLayer(new SequenceLayer(new ConvolutionLayer(3, stride: 2), Tanh), new ConvolutionLayer(3, 1, 2, hasBias: false)), new FlattenLayer()),
        ["repeated"] = new(new Shape(3), new RepeatedLayer(Curved(3), 3)),
        ["adaptive average"] = new(new Shape(5, 3, 2), new ConvolutionLayer(2), Tanh, new AdaptiveAverageLayer(2), new FlattenLayer()),
        ["layer norm"] = new(new Shape(4), new DenseLayer(5), new LayerNormLayer(), Tanh),
        ["layer norm of tokens"] = new(new Shape(3, 4), new TokenDenseLayer(5), new LayerNormLayer(), Tanh, new FlattenLayer()),
        ["group norm"] = new(new Shape(3, 2, 2), new ConvolutionLayer(4), new GroupNormLayer(2), Tanh, new FlattenLayer()),
        ["instance norm"] = new(new Shape(3, 3, 2), new ConvolutionLayer(2), new GroupNormLayer(1), Tanh, new FlattenLayer()),
        ["given statistics"] = new(new Shape(4), new DenseLayer(2), new NormalizeLayer(new ChannelStatistics([0.5, -1], [2, 0.3])), Tanh),
        ["batch norm"] = new(new Shape(3, 3, 2), new ConvolutionLayer(3), new BatchNormLayer(), Tanh, new FlattenLayer()),
        ["unit length"] = new(new Shape(4), new DenseLayer(3), new UnitLengthLayer()),
        ["unit nodes"] = new(new Shape(4), new DenseLayer(3) { HasUnitNodes = true }, Tanh, new DenseLayer(2, hasBias: false) { HasUnitNodes = true }),
        ["attention"] = new(new Shape(3, 4), new AttentionLayer(2), new FlattenLayer()),
        ["vision transformer"] = VisionTransformer.Of(new Shape(4, 6, 2), 4, 2, new() { Patch = 2, Depth = 2, HiddenRatio = 2 }),
        ["tied vision transformer"] = VisionTransformer.Of(new Shape(4, 4, 1), 4, 2, VisionTransformerOptions.Tied with { Patch = 2, Depth = 3, HiddenRatio = 2 }),
        ["projection head"] = ProjectionHead.Of(4, new HeadOptions { Hidden = [5, 5], Bottleneck = 3, Outputs = 6 }),
        ["encoder of full layers"] = MlpEncoder.Of(new Shape(2, 2), 4, 2),
    };

    private static ActivationLayer Tanh => new(NodeActivation.Tanh);

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_and_products_with_Hessians_are_those_of_finite_differences(string name)
    {
        var (draw, network) = (new Draw(name.Length), Networks[name]);
        var examples = new ExampleSet(draw.Normal(Examples * network.Inputs), draw.Normal(Examples * network.Outputs), Examples);
        double[] theta = [.. draw.Normal(network.Layout.Count).Select(x => 0.7 * x)], v = draw.Normal(theta.Length);
        using var curvature = Curvature(network, examples, theta);
        const double step = 1e-5;

        using NetworkCurvature ahead = Curvature(network, examples, Moved(theta, v, step)), behind = Curvature(network, examples, Moved(theta, v, -step));
        double[] forward = ahead.Gradient(out var higher), backward = behind.Gradient(out var lower), gradient = curvature.Gradient();

        // the error of a central difference, step² times third and fourth derivatives along v of order 100, and rounding of order 1e-16 / step
        Assert.Equal((higher - lower) / (2 * step), Dot(gradient, v), 1e-7 * Norm(gradient) * Norm(v));
        AssertClose([.. forward.Zip(backward, (f, b) => (f - b) / (2 * step))], Product(curvature.Hessian, v), 1e-6);
    }

    [Fact]
    public void A_length_that_counts_as_given_takes_a_cotangent_as_it_is()
    {
        LayeredNetwork Network(bool isGiven) => new(new Shape(2), new DenseLayer(3, hasBias: false), new UnitLengthLayer { IsLengthGiven = isGiven });
        var draw = new Draw(3);
        double[] x = draw.Normal(2), theta = draw.Normal(6), target = draw.Normal(3);
        var examples = new ExampleSet(x, target, 1);
        double[] u = [.. Enumerable.Range(0, 3).Select(k => (x[0] * theta[k]) + (x[1] * theta[3 + k]))];
        double[] z = [.. u.Select(value => value / Norm(u))], g = [.. z.Zip(target, (a, b) => a - b)];

        double[] Expected(double along) => [.. Enumerable.Range(0, 6).Select(at => x[at / 3] * (g[at % 3] - (along * z[at % 3])) / Norm(u))];
        using NetworkCurvature given = Curvature(Network(true), examples, theta), moving = Curvature(Network(false), examples, theta);

        AssertClose(Expected(0), given.Gradient());
        AssertClose(Expected(Dot(z, g)), moving.Gradient());
    }

    [Fact]
    public void A_row_of_zeros_has_finite_derivatives_where_it_is_given_unit_length()
    {
        var network = new LayeredNetwork(new Shape(2), new DenseLayer(3), new UnitLengthLayer { Floor = 0.5 });
        using var curvature = Curvature(network, new ExampleSet([1, 2], [1, 1, 1], 1), new double[9]);

        // (z − 1) / floor at z = 0 in the biases
        AssertClose([-2, -2, -2], curvature.Gradient()[6..]);
    }

    private static SequenceLayer Curved(int width) => new(new DenseLayer(width), Tanh);

    private static NetworkCurvature Curvature(LayeredNetwork network, ExampleSet examples, double[] theta) => new(network, OutputLoss.HalfSquared, examples, theta);

    private static double[] Moved(double[] theta, double[] v, double step) => [.. theta.Zip(v, (at, direction) => at + (step * direction))];
}
