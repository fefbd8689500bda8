using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Networks.Layers;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;
using static Understudy.UnitTests.Learning.Networks.ImportedNetworkTests;

namespace Understudy.UnitTests.Learning.Networks;

public sealed class RecalibrationTests
{
    private const int Examples = 11;

    private static readonly Shape Image = new(6, 6, 2);

    /// <summary>Normalizations in a stem, in the path and in the skip of a residual block, and behind it.</summary>
    private static LayeredNetwork Network { get; } = new(
        Image,
        new ConvolutionLayer(3, hasBias: false),
        new BatchNormLayer(),
        Relu,
        new ResidualLayer(
            new SequenceLayer(new ConvolutionLayer(4, stride: 2, hasBias: false), new BatchNormLayer { Epsilon = 1e-3 }, Relu, new ConvolutionLayer(4, hasBias: false), new BatchNormLayer()),
            new SequenceLayer(new ConvolutionLayer(4, 1, 2, hasBias: false), new BatchNormLayer())),
        Relu,
        new DenseLayer(3),
        new BatchNormLayer(),
        new DenseLayer(2));

    private static ActivationLayer Relu => new(NodeActivation.Relu);

    [Theory]
    [InlineData(100)]
    [InlineData(11)]
    [InlineData(4)]
    [InlineData(1)]
    public void With_measured_statistics_evaluation_answers_what_training_does_on_the_whole_batch(int rows)
    {
        var (inputs, theta) = Point(1);

        var evaluation = Network.InEvaluationMode(Recalibration.Measure(Network, inputs, theta, new() { BatchRows = rows }));

        Assert.False(evaluation.CouplesExamples);
        AssertClose(Outputs(Network, inputs, theta), Outputs(evaluation, inputs, theta), 1e-12);
        Assert.Equal(Network.Layout.Slots, evaluation.Layout.Slots);
        Assert.Equal(Network.MultiplyAdds, evaluation.MultiplyAdds);
    }

    [Fact]
    public void Statistics_in_single_precision_are_those_in_double_to_rounding()
    {
        var (inputs, theta) = Point(2);

        var single = Recalibration.Measure(Network, inputs, theta, new() { Precision = DType.F32, BatchRows = 4 });

        // sums of a hundred numbers with errors of 6e-8 each, through five layers
        foreach (var (exact, rounded) in Recalibration.Measure(Network, inputs, theta).Zip(single))
        {
            AssertClose(exact.Mean.ToArray(), rounded.Mean.ToArray(), 1e-4);
            AssertClose(exact.Variance.ToArray(), rounded.Variance.ToArray(), 1e-4);
        }
    }

    [Fact]
    public void Gradients_go_through_the_statistics_in_training_mode_only()
    {
        // the output is a normalized number times 2, so that its mean is 0 and its mean square 4 whatever the weights, but for ε
        var network = new LayeredNetwork(new Shape(2), new DenseLayer(1), new BatchNormLayer { Epsilon = 0 });
        double[] inputs = new Draw(3).Normal(8 * 2), theta = [0.7, -0.4, 0.1, 2, 0];
        var examples = new ExampleSet(inputs, new double[8], 8);
        var evaluated = network.InEvaluationMode(Recalibration.Measure(network, inputs, theta));

        using NetworkCurvature training = new(network, OutputLoss.HalfSquared, examples, theta), evaluation = new(evaluated, OutputLoss.HalfSquared, examples, theta);
        double[] through = training.Gradient(), without = evaluation.Gradient();

        Assert.Equal(0, Norm(through[..3]), 1e-13);
        // with given statistics the loss ½ (2 (w·x + b − m) / s)² is 2 at s of the data, and grows with the square of the weights around the mean
        Assert.Equal(4, Dot(without[..2], theta[..2]), 1e-12);
        AssertClose(through[3..4], without[3..4]);
    }

    [Fact]
    public void A_network_that_has_seen_nothing_normalizes_with_mean_0_and_variance_1()
    {
        var draw = new Draw(4);
        var network = new LayeredNetwork(new Shape(3), new BatchNormLayer { Epsilon = 0.21 });
        double[] x = draw.Normal(2 * 3), scale = draw.Normal(3), shift = draw.Normal(3);

        AssertClose([.. x.Select((value, i) => (value / 1.1 * scale[i % 3]) + shift[i % 3])], Outputs(network.InEvaluationMode(), x, [.. scale, .. shift]), 1e-14);
    }

    [Fact]
    public void A_teacher_that_has_seen_nothing_is_the_network_without_normalization_but_for_epsilon()
    {
        LayeredNetwork Filters(Normalization kind) => Vgg.Of(new Shape(4, 4, 1), "2 M 3 M", kind);
        var draw = new Draw(5);
        double[] x = draw.Normal(3 * 16), first = draw.Normal(18), second = draw.Normal(54);

        var plain = Outputs(Filters(Normalization.None), x, [.. first, 0, 0, .. second, 0, 0, 0]);
        var teacher = Outputs(Filters(Normalization.Batch).InEvaluationMode(), x, [.. first, 0, 0, 1, 1, 0, 0, .. second, 0, 0, 0, 1, 1, 1, 0, 0, 0]);

        // each normalization divides by √(1 + 1e-5)
        AssertClose([.. plain.Select(value => value / (1 + 1e-5))], teacher);
    }

    [Fact]
    public void The_statistics_of_a_traced_batch_are_those_before_each_normalization()
    {
        var (inputs, theta) = Point(6);
        var (input, parameters) = (Ops.Input(Examples, Network.Inputs), Network.Layout.ToInputs());
        var values = parameters.Index().ToDictionary(item => item.Item, item => Network.Layout.Slots[item.Index].Of<double>(theta).ToArray());
        values[input] = inputs;

        var (output, statistics) = Network.OutputWithStatistics(input, parameters);

        Assert.Equal([3, 4, 4, 4, 3], Network.NormalizedChannels());
        AssertClose(Outputs(Network, inputs, theta), Reference.Evaluate(values, output)[0]);
        foreach (var (traced, measured) in statistics.Zip(Recalibration.Measure(Network, inputs, theta)))
        {
            AssertClose(Reference.Evaluate(values, traced.Mean)[0], measured.Mean.ToArray(), 1e-12);
            AssertClose(Reference.Evaluate(values, traced.Variance)[0], measured.Variance.ToArray(), 1e-12);
        }
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        var (inputs, theta) = Point(7);
        ChannelStatistics Of(int channels) => new(new double[channels], new double[channels]);

        Assert.Contains("There are 1 statistics, but 5", Assert.Throws<ArgumentException>(() => Network.InEvaluationMode([Of(3)])).Message, StringComparison.Ordinal);
        Assert.Contains("with 4 channels", Assert.Throws<ShapeException>(() => Network.InEvaluationMode([Of(4), Of(4), Of(4), Of(4), Of(3)])).Message, StringComparison.Ordinal);
        Assert.Contains("was given 71 and", Assert.Throws<ArgumentException>(() => Recalibration.Measure(Network, inputs.AsSpan(0, 71), theta)).Message, StringComparison.Ordinal);
        Assert.Contains("and 1.", Assert.Throws<ArgumentException>(() => Recalibration.Measure(Network, inputs, theta.AsSpan(0, 1))).Message, StringComparison.Ordinal);
    }

    private static (double[] Inputs, double[] Theta) Point(int number)
    {
        var draw = new Draw(number);
        return (draw.Normal(Examples * Image.Count), draw.Normal(Network.Layout.Count));
    }
}
