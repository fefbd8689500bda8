using Understudy.Engine;
using Understudy.Engine.Graphs;
using Understudy.Engine.Plans;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;
using Understudy.Studies.Specialization;

namespace Understudy.UnitTests.Studies.Specialization;

public class ChannelNetworksTests
{
    private const int Images = 40;

    private static readonly Shape Image = new(7, 7, 2);
    private static readonly int[] Channels = [5, 4, 6];

    [Theory]
    [InlineData(ChannelNormalization.AfterActivation)]
    [InlineData(ChannelNormalization.BeforeActivation)]
    [InlineData(ChannelNormalization.None)]
    public void Folded_statistics_do_what_given_ones_do(ChannelNormalization normalization)
    {
        var (network, flat, images) = Case(normalization);
        var statistics = Recalibration.Measure(network, images, flat);

        var given = Outputs(network.InEvaluationMode(statistics), flat, images);
        var folded = Outputs(network.InEvaluationMode(), ChannelNetworks.Folded(network, flat, statistics), images);

        // the same sums in another order
        AssertClose(given, folded, 1e-12);
    }

    // a normalization that comes last leaves mean 0 and variance v/(v + ε); an activation that comes last leaves no negative number
    [Fact]
    public void Channels_are_taken_after_the_last_operation_of_a_convolution()
    {
        var (network, flat, images) = Case(ChannelNormalization.AfterActivation, start: FanInUniform.Of);
        var normalized = ChannelsOf(network, ChannelNetworks.Folded(network, flat, Recalibration.Measure(network, images, flat)), images);
        (network, flat, images) = Case(ChannelNormalization.BeforeActivation);
        var activated = ChannelsOf(network, ChannelNetworks.Folded(network, flat, Recalibration.Measure(network, images, flat)), images);

        for (var layer = 0; layer < Channels.Length; layer++)
        {
            var (values, width) = (normalized[layer], Channels[layer]);
            for (var channel = 0; channel < width; channel++)
            {
                var mine = values.Where((_, i) => i % width == channel).ToArray();
                Assert.Equal(0, mine.Average(), 1e-10);
                Assert.InRange(mine.Average(value => value * value), 0.5, 1);
            }

            Assert.All(activated[layer], value => Assert.True(value >= 0));
            // 7 x 7, then 5 x 5, 3 x 3 and 1 x 1
            Assert.Equal(Images * (5 - (2 * layer)) * (5 - (2 * layer)) * width, values.Length);
        }
    }

    [Fact]
    public void Importance_is_the_mean_size_of_the_weights_that_read_a_channel()
    {
        var (network, flat, _) = Case(ChannelNormalization.AfterActivation);

        var importance = ChannelPruning.Importance(network, flat);

        // slots: weight, bias, scale, shift of each convolution, then the linear layer
        var (kernel, linear) = (network.Layout.Slots[4].Of<double>(flat).ToArray(), network.Layout.Slots[12].Of<double>(flat).ToArray());
        var ofKernel = from y in Enumerable.Range(0, 3) from x in Enumerable.Range(0, 3) from o in Enumerable.Range(0, 4) select Math.Abs(kernel[(((((y * 3) + x) * 5) + 3) * 4) + o]);
        Assert.Equal(ofKernel.Average(), importance[0][3], 1e-14);
        Assert.Equal(Enumerable.Range(0, 10).Average(o => Math.Abs(linear[(5 * 10) + o])), importance[2][5], 1e-14);
        Assert.Equal(Channels, importance.Select(layer => layer.Length));
    }

    [Fact]
    public void The_published_ratios_keep_the_published_channels_and_those_of_largest_importance()
    {
        double[][] importance = [.. Enumerable.Range(0, 4).Select(layer => Enumerable.Range(0, 64).Select(i => ((i * 37) + layer) % 64 + 1.0).ToArray())];

        var kept = ChannelPruning.Kept(importance, [0.3, 0.5, 0.5, 0.7]);

        Assert.Equal([45, 32, 32, 20], kept.Select(channels => channels.Length));
        Assert.All(kept.Index(), layer =>
        {
            Assert.Equal(layer.Item.Order(), layer.Item);
            var smallest = layer.Item.Min(channel => importance[layer.Index][channel]);
            Assert.All(Enumerable.Range(0, 64).Except(layer.Item), removed => Assert.True(importance[layer.Index][removed] < smallest));
        });
    }

    [Theory]
    [InlineData(ChannelNormalization.AfterActivation)]
    [InlineData(ChannelNormalization.BeforeActivation)]
    [InlineData(ChannelNormalization.None)]
    public void Shrinking_leaves_the_outputs_of_the_masked_network_unchanged(ChannelNormalization normalization)
    {
        var (network, flat, images) = Case(normalization);
        var kept = Kept(network, flat);
        Mask(network, flat, kept);
        var statistics = Recalibration.Measure(network, images, flat);

        var (narrow, shrunk) = (Narrow(normalization, kept), ChannelPruning.Shrunk(network, flat, kept));
        var narrowStatistics = Recalibration.Measure(narrow, images, shrunk);

        AssertClose(
            Outputs(network.InEvaluationMode(), ChannelNetworks.Folded(network, flat, statistics), images),
            Outputs(narrow.InEvaluationMode(), ChannelNetworks.Folded(narrow, shrunk, narrowStatistics), images), 1e-12);
    }

    // a mask that is applied again after every step, against training without the channels
    [Fact]
    public void Training_the_shrunk_network_is_training_the_masked_one()
    {
        var (network, flat, images) = Case(ChannelNormalization.AfterActivation);
        var kept = Kept(network, flat);
        Mask(network, flat, kept);
        var (narrow, shrunk) = (Narrow(ChannelNormalization.AfterActivation, kept), ChannelPruning.Shrunk(network, flat, kept));

        using var team = new Team(1);
        using var whole = Training(network, flat, images);
        using var small = Training(narrow, shrunk, images);
        for (var step = 0; step < 12; step++)
        {
            whole.Run(step, 1, team, TestContext.Current.CancellationToken);
            whole.GetParameters(0, flat);
            Mask(network, flat, kept);
            var states = new double[whole.OptimizerCount];
            whole.GetOptimizer(0, states);
            whole.SetParameters(0, flat);
            whole.SetOptimizer(0, states);
        }

        small.Run(0, 12, team, TestContext.Current.CancellationToken);
        var trained = new double[shrunk.Length];
        small.GetParameters(0, trained);

        // rounding grows with the steps
        AssertClose(ChannelPruning.Shrunk(network, flat, kept), trained, 1e-10);
        Assert.True(trained.Zip(shrunk, (after, before) => Math.Abs(after - before)).Max() > 0.01);
    }

    private static TrainPlan Training(LayeredNetwork network, double[] flat, double[] images)
    {
        var plan = TrainPlan.Compile(new TrainOptions
        {
            Student = network,
            Loss = TrainingLoss.CrossEntropy,
            Batch = 10,
            Precision = DType.F64,
            Source = BatchSource.Shuffled,
            Optimizer = new Optimizer { Rule = OptimizerRule.Momentum, WeightDecay = 0.01 },
        });
        plan.SetParameters(0, flat);
        plan.SetLearningRate(0, 0.02);
        plan.SetBatches(0, new RandomSequence(5, "batch"));
        plan.SetSamples(0, plan.AddTable(images, network.Inputs), plan.AddTable([.. Enumerable.Range(0, Images).Select(i => (double)(i % 10))], 1));
        return plan;
    }

    private static LayeredNetwork Narrow(ChannelNormalization normalization, int[][] kept) => ChannelNetworks.Of(Image, [.. kept.Select(channels => channels.Length)], 10, normalization, 0);

    private static int[][] Kept(LayeredNetwork network, double[] flat) => ChannelPruning.Kept(ChannelPruning.Importance(network, flat), [0.4, 0.5, 0.5]);

    /// <summary>Zeroes the weights that read channels which are not kept.</summary>
    private static void Mask(LayeredNetwork network, double[] flat, int[][] kept)
    {
        var weights = network.Layout.Slots.Where(slot => slot.Shape.Rank > 1).ToArray();
        for (var layer = 0; layer < kept.Length; layer++)
        {
            var (reading, nodes) = (weights[layer + 1], weights[layer + 1].Shape[-1]);
            for (var i = 0; i < reading.Shape.Count; i++)
            {
                if (!kept[layer].Contains(i / nodes % Channels[layer]))
                    flat[reading.Offset + i] = 0;
            }
        }
    }

    private static (LayeredNetwork Network, double[] Flat, double[] Images) Case(
        ChannelNormalization normalization, Func<INetwork, double, Func<int, RandomSequence>, double[]>? start = null)
    {
        var network = ChannelNetworks.Of(Image, Channels, 10, normalization, 0);
        var (flat, images) = (start?.Invoke(network, 1, layer => new RandomSequence(1, $"start {layer}")) ?? new double[network.Layout.Count], new double[Images * network.Inputs]);
        if (start is null)
        {
            new RandomSequence(3, "flat").FillNormal(0, flat);
            foreach (ref var value in flat.AsSpan())
                value *= 0.3;
        }

        new RandomSequence(4, "images").FillNormal(0, images);
        return (network, flat, images);
    }

    private static double[] Outputs(LayeredNetwork network, double[] flat, double[] images) => Run(network, flat, images, (x, parameters) => [network.Output(x, parameters)])[0];

    private static double[][] ChannelsOf(LayeredNetwork network, double[] folded, double[] images)
        => Run(network, folded, images, (x, parameters) => [.. ChannelNetworks.OutputWithChannels(network.InEvaluationMode(), x, parameters).Channels]);

    private static double[][] Run(LayeredNetwork network, double[] flat, double[] images, Func<Sym, Sym[], Sym[]> wanted)
    {
        var (x, parameters) = (Ops.Input(Images, network.Inputs), network.Layout.ToInputs());
        var symbols = wanted(x, parameters);
        using var plan = Plan.Compile(symbols, new PlanOptions { Precision = DType.F64 });
        plan.Write(x, images);
        foreach (var (symbol, slot) in parameters.Zip(network.Layout.Slots))
            plan.Write(symbol, slot.Of<double>(flat));
        plan.Run();
        return [.. symbols.Select((symbol, place) =>
        {
            var values = new double[symbol.Shape.Count];
            plan.Read(place, values);
            return values;
        })];
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance * Math.Max(1, Math.Abs(pair.First))));
    }
}
