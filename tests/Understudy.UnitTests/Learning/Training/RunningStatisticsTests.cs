using Understudy.Engine;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;
using Understudy.Learning.Training;

namespace Understudy.UnitTests.Learning.Training;

public sealed class RunningStatisticsTests : IDisposable
{
    private const int Rows = 18;
    private const int Batch = 6;
    private const double Momentum = 0.1;

    private static readonly LayeredNetwork Network = new(
        new Shape(4, 3, 2),
        new ConvolutionLayer(3),
        new BatchNormLayer(),
        new ActivationLayer(NodeActivation.Relu),
        new DenseLayer(5),
        new BatchNormLayer(),
        new DenseLayer(2));

    private readonly Team _team = new(1);

    [Fact]
    public void They_average_the_unbiased_statistics_of_every_batch()
    {
        using var plan = Prepared([0]);
        var expected = Network.NormalizedChannels().Select(channels => (Mean: new double[channels], Variance: Enumerable.Repeat(1.0, channels).ToArray())).ToArray();
        var (picks, parameters) = (new int[Batch], new double[plan.ParameterCount]);
        for (var step = 0; step < 4; step++)
        {
            plan.GetParameters(0, parameters);
            new RandomSequence(1, "batch", 0).FillIndices(step, Rows, picks);
            double[] batch = [.. picks.SelectMany(pick => Inputs(0)[(pick * Network.Inputs)..((pick + 1) * Network.Inputs)])];
            var measured = Recalibration.Measure(Network, batch, parameters);
            for (var norm = 0; norm < expected.Length; norm++)
            {
                // numbers of a channel in a batch: 4 · 3 pixels of each image, then one of each row
                var each = norm == 0 ? 12.0 * Batch : Batch;
                for (var channel = 0; channel < expected[norm].Mean.Length; channel++)
                {
                    expected[norm].Mean[channel] += Momentum * (measured[norm].Mean[channel] - expected[norm].Mean[channel]);
                    expected[norm].Variance[channel] += Momentum * ((each / (each - 1) * measured[norm].Variance[channel]) - expected[norm].Variance[channel]);
                }
            }

            plan.Run(step, 1, _team);
        }

        var statistics = plan.Statistics(0);

        for (var norm = 0; norm < expected.Length; norm++)
        {
            Assert.Equal(expected[norm].Mean, statistics[norm].Mean.ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
            Assert.Equal(expected[norm].Variance, statistics[norm].Variance.ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
        }
    }

    [Fact]
    public void They_change_no_bit_of_the_training()
    {
        using var with = Prepared([0]);
        using var without = Prepared([0], momentum: 0);

        with.Run(0, 10, _team);
        without.Run(0, 10, _team);

        Assert.Equal(Parameters(without, 0), Parameters(with, 0));
        Assert.Throws<InvalidOperationException>(() => without.Statistics(0));
    }

    [Fact]
    public void A_run_that_goes_on_has_the_statistics_of_the_run_in_one_go_alone_or_in_company()
    {
        using var alone = Prepared([2], DType.F32);
        using var first = Prepared([0, 1, 2], DType.F32, layout: ReplicaLayout.Lanes);
        using var second = Prepared([0, 1, 2], DType.F32, layout: ReplicaLayout.Lanes);
        alone.Run(0, 20, _team);
        first.Run(0, 8, _team);
        var (parameters, carried) = (Parameters(first, 2), new double[first.OptimizerCount]);
        first.GetOptimizer(2, carried);
        second.SetParameters(2, parameters);
        second.SetOptimizer(2, carried);

        second.Run(8, 12, _team);

        Assert.Equal(Parameters(alone, 0), Parameters(second, 2));
        foreach (var (one, other) in alone.Statistics(0).Zip(second.Statistics(2)))
        {
            Assert.Equal(one.Mean.ToArray(), other.Mean.ToArray());
            Assert.Equal(one.Variance.ToArray(), other.Variance.ToArray());
        }
    }

    public void Dispose() => _team.Dispose();

    private static TrainPlan Prepared(int[] replicas, DType precision = DType.F64, double momentum = Momentum, ReplicaLayout layout = ReplicaLayout.Alone)
    {
        var plan = TrainPlan.Compile(new TrainOptions
        {
            Student = Network,
            Loss = TrainingLoss.CrossEntropy,
            Optimizer = new Optimizer { Rule = OptimizerRule.Momentum },
            Batch = Batch,
            Replicas = replicas.Length,
            Precision = precision,
            Layout = layout,
            StatisticsMomentum = momentum,
        });
        for (var place = 0; place < replicas.Length; place++)
        {
            var start = new Draw(replicas[place]).Normal(Network.Layout.Count);
            plan.SetParameters(place, start);
            plan.SetLearningRate(place, 0.05);
            plan.SetSamples(place, plan.AddTable(Inputs(replicas[place]), Network.Inputs), plan.AddTable([.. Enumerable.Range(0, Rows).Select(row => (double)(row % 2))], 1));
            plan.SetBatches(place, new RandomSequence(1, "batch", replicas[place]));
        }

        return plan;
    }

    private static double[] Inputs(int replica) => new Draw(100 + replica).Normal(Rows * Network.Inputs);

    private static double[] Parameters(TrainPlan plan, int replica)
    {
        var flat = new double[plan.ParameterCount];
        plan.GetParameters(replica, flat);
        return flat;
    }
}
