using Understudy.Engine;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Networks.Layers;

namespace Understudy.UnitTests.Learning.Networks;

public sealed class EvaluationNetworkTests
{
    private const int Rows = 7;

    private static LayeredNetwork Encoder { get; } = Vgg.Of(new Shape(4, 4, 2), "3 M 5", Normalization.Batch);

    private static LayeredNetwork Classifier { get; } = Encoder.Then(new DenseLayer(3));

    [Fact]
    public void It_answers_what_the_network_does_in_evaluation_mode()
    {
        var (inputs, theta) = Point(1);
        var statistics = Recalibration.Measure(Classifier, inputs, theta, new RecalibrationOptions { BatchRows = 3 });
        var evaluation = new EvaluationNetwork(Classifier);

        Assert.Equal(NetworkOutputs.Of(Classifier.InEvaluationMode(statistics), inputs, theta), NetworkOutputs.Of(evaluation, inputs, evaluation.Point(theta, statistics)));
        Assert.Equal(NetworkOutputs.Of(Classifier.InEvaluationMode(), inputs, theta), NetworkOutputs.Of(evaluation, inputs, evaluation.Point(theta)));
        Assert.False(evaluation.CouplesExamples);
    }

    [Fact]
    public void A_network_without_batch_normalizations_is_itself()
    {
        var plain = Mlp.Relu(3, 4, 2);
        var evaluation = new EvaluationNetwork(plain);
        double[] x = new Draw(2).Normal(3 * Rows), theta = new Draw(3).Normal(plain.Layout.Count);

        Assert.Equal(plain.Layout.Slots, evaluation.Layout.Slots);
        Assert.False(evaluation.HasStatistics);
        Assert.Equal(NetworkOutputs.Of(plain, x, theta), NetworkOutputs.Of(evaluation, x, evaluation.Point(theta)));
    }

    [Fact]
    public void Statistics_of_other_channels_are_named()
    {
        var (_, theta) = Point(4);

        var error = Assert.Throws<ArgumentException>(() => new EvaluationNetwork(Classifier).Point(theta, [new ChannelStatistics(new double[3], new double[3])]));

        Assert.Contains("normalizations of 3, 5 channels, but was given statistics of 3.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_encoder_is_the_first_part_of_the_classifier_on_it()
    {
        var (inputs, theta) = Point(5);
        var last = Classifier.Layout.Slots[^2];
        var embeddings = NetworkOutputs.Of(Encoder, inputs, theta.AsSpan(0, Encoder.Layout.Count));
        var expected = new double[Rows * 3];
        for (var i = 0; i < expected.Length; i++)
        {
            var (row, k) = (i / 3, i % 3);
            expected[i] = theta[Classifier.Layout.Slots[^1].Offset + k];
            for (var j = 0; j < Encoder.Outputs; j++)
                expected[i] += embeddings[(row * Encoder.Outputs) + j] * theta[last.Offset + (j * 3) + k];
        }

        Assert.Equal(Encoder.Layout.Slots, Classifier.Layout.Slots.Take(Encoder.Layout.Slots.Count));
        Assert.Equal(3, Classifier.Outputs);
        // twenty products each
        Assert.Equal(expected, NetworkOutputs.Of(Classifier, inputs, theta), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void One_pass_is_exact_for_the_first_normalization_and_for_all_where_a_batch_is_everything()
    {
        var (inputs, theta) = Point(6);

        var exact = Recalibration.Measure(Classifier, inputs, theta, new RecalibrationOptions { BatchRows = 3 });
        var estimate = Recalibration.Measure(Classifier, inputs, theta, new RecalibrationOptions { BatchRows = 3, IsOnePass = true });
        var whole = Recalibration.Measure(Classifier, inputs, theta, new RecalibrationOptions { BatchRows = Rows, IsOnePass = true });

        Assert.Equal(exact[0].Mean.ToArray(), estimate[0].Mean.ToArray());
        Assert.Equal(exact[0].Variance.ToArray(), estimate[0].Variance.ToArray());
        Assert.NotEqual(exact[1].Mean.ToArray(), estimate[1].Mean.ToArray());
        for (var i = 0; i < 2; i++)
            Assert.Equal(exact[i].Variance.ToArray(), whole[i].Variance.ToArray(), (a, b) => Math.Abs(a - b) < 1e-12 * Math.Max(1, a));
    }

    [Fact]
    public void Losses_in_single_precision_are_those_in_double_to_rounding()
    {
        var (inputs, theta) = Point(7);
        var examples = new ExampleSet(inputs, [.. Enumerable.Range(0, Rows).Select(row => (double)(row % 3))], Rows);
        var network = new EvaluationNetwork(Classifier);
        using var doubles = new LossEvaluator(network, OutputLoss.CrossEntropy, examples, batchRows: 3);
        using var singles = new LossEvaluator(network, OutputLoss.CrossEntropy, examples, batchRows: 3) { Precision = DType.F32 };

        var (exact, rounded) = (doubles.At(network.Point(theta)), singles.At(network.Point(theta)));

        // sums of dozens of products with errors of 6e-8 each, through three layers
        Assert.Equal(exact.Loss, rounded.Loss, 1e-5 * exact.Loss);
        Assert.Equal(exact.Accuracy, rounded.Accuracy);
        Assert.NotEqual(exact.Loss, rounded.Loss);
    }

    private static (double[] Inputs, double[] Theta) Point(int number)
    {
        var draw = new Draw(number);
        return (draw.Normal(Rows * Encoder.Inputs), draw.Normal(Classifier.Layout.Count));
    }
}
