using Understudy.Engine;
using Understudy.Learning.Curvature;
using Understudy.Learning.Distillation;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Encoders;
using Understudy.Learning.Networks.Layers;
using Understudy.Learning.Training;
using static Understudy.UnitTests.Learning.Curvature.NetworkCurvatureTests;

namespace Understudy.UnitTests.Learning.Distillation;

/// <summary>What a student's batch normalizations are evaluated with.</summary>
public sealed class RunningStatisticsTests
{
    private const int Batch = 4;
    private const int Channels = 2;

    /// <summary>Pixels of an image.</summary>
    private const int Pixels = 6;

    private static readonly HeadOptions Head = new() { Hidden = [], Bottleneck = 3, Outputs = 4 };

    /// <summary>The statistics at the images themselves depend on nothing that is trained; those at the second are of the first one's results.</summary>
    private static ProjectedEncoder Network { get; } = new(
        new LayeredNetwork(new Shape(3, 2, Channels), new BatchNormLayer(), new ActivationLayer(NodeActivation.Tanh), new FlattenLayer(), new DenseLayer(3), new BatchNormLayer()), Head);

    [Fact]
    public void Each_step_takes_in_a_tenth_of_the_batch_with_its_unbiased_variance()
    {
        using var plan = DistillationPlan.Compile(new DistillationOptions { Student = Network, Batch = Batch, Precision = DType.F64, Optimizer = Optimizer.Descent });
        double[] means = new double[Channels], variances = [.. Enumerable.Repeat(1.0, Channels)];
        for (var step = 0; step < 5; step++)
        {
            // a table of one batch, another one for each step
            var drawn = new DistilledCase(Network, step, Batch);
            if (step == 0)
                drawn.Put(plan, 0, DType.F64, rate: 0.1);
            plan.SetImages(0, plan.AddTable(drawn.Images, Network.Inputs), plan.AddTable(drawn.Remembered(), Network.Bottleneck));

            plan.Run(step, 1);

            for (var channel = 0; channel < Channels; channel++)
            {
                double[] values = [.. drawn.Images.Where((_, at) => at % Channels == channel).Select(value => (double)value)];
                var mean = values.Average();
                means[channel] = (0.9 * means[channel]) + (0.1 * mean);
                variances[channel] = (0.9 * variances[channel]) + (0.1 * values.Sum(value => (value - mean) * (value - mean)) / ((Batch * Pixels) - 1));
            }

            var statistics = plan.Statistics(0);
            Assert.Equal(2, statistics.Count);
            AssertClose(means, statistics[0].Mean.ToArray(), 1e-13);
            AssertClose(variances, statistics[0].Variance.ToArray(), 1e-13);
        }
    }

    [Fact]
    public void A_later_normalization_is_measured_on_what_the_student_made_of_the_batch_before_the_step()
    {
        var drawn = new DistilledCase(Network, 1, Batch);
        using var plan = drawn.Compile(drawn.Plainly());
        var reached = Recalibration.Measure(Network.Encoder, drawn.Images, Network.EncoderPart(drawn.Start));

        plan.Run(0, 1);

        var told = plan.Statistics(0)[1];
        AssertClose([.. reached[1].Mean.ToArray().Select(mean => 0.1 * mean)], told.Mean.ToArray(), 1e-12);
        AssertClose([.. reached[1].Variance.ToArray().Select(variance => 0.9 + (0.1 * variance * Batch / (Batch - 1)))], told.Variance.ToArray(), 1e-12);
    }

    [Fact]
    public void A_student_that_has_not_begun_has_mean_0_and_variance_1()
    {
        using var plan = new DistilledCase(Network, 2, Batch).Compile(new DistillationOptions { Student = Network, Batch = Batch });

        Assert.All(plan.Statistics(0), statistics =>
        {
            Assert.All(statistics.Mean.ToArray(), mean => Assert.Equal(0, mean));
            Assert.All(statistics.Variance.ToArray(), variance => Assert.Equal(1, variance));
        });
    }

    [Fact]
    public void Evaluation_normalizes_with_the_running_statistics_in_place_of_the_batch()
    {
        var network = new ProjectedEncoder(new LayeredNetwork(new Shape(3, 2, Channels), new BatchNormLayer(), new FlattenLayer()), Head);
        var drawn = new DistilledCase(network, 3, Batch);
        using var plan = drawn.Compile(drawn.Plainly());
        plan.Run(0, 3);
        var (theta, statistics) = (plan.Student(0, drawn.Start.Length), plan.Statistics(0));

        var evaluated = network.InEvaluationMode(statistics);

        Assert.True(network.CouplesExamples);
        Assert.False(evaluated.CouplesExamples);
        Assert.Equal(network.Layout.Slots, evaluated.Layout.Slots);
        double[] normalized = [.. drawn.Images.Select((value, at) => Normalized(value, at % Channels))];
        var plain = new ProjectedEncoder(MlpEncoder.Flatten(network.Encoder.Example), Head);
        AssertClose(NetworkOutputs.Of(plain, normalized, theta.AsSpan(2 * Channels)), NetworkOutputs.Of(evaluated, drawn.Images, theta), 1e-13);

        // ε of the layer; the scales are the first parameters, the shifts the next
        double Normalized(float value, int channel)
            => ((value - statistics[0].Mean[channel]) / Math.Sqrt(statistics[0].Variance[channel] + 1e-5) * theta[channel]) + theta[Channels + channel];
    }
}
