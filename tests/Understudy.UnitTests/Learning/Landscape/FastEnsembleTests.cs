using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Layers;
using Understudy.UnitTests.Learning.Curvature;

namespace Understudy.UnitTests.Learning.Landscape;

public class FastEnsembleTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(7)]
    public void Rates_are_the_triangles_of_the_paper(int cycle)
    {
        var options = new FastEnsembleOptions { LargestRate = 0.5, SmallestRate = 0.02 };

        for (var i = 1; i <= 3 * cycle; i++)
        {
            var t = (((i - 1) % cycle) + 1.0) / cycle;
            var expected = t <= 0.5 ? ((1 - (2 * t)) * 0.5) + (2 * t * 0.02) : ((2 - (2 * t)) * 0.02) + (((2 * t) - 1) * 0.5);
            Assert.Equal(expected, FastEnsemble.Rate((i - 1) % cycle, cycle, options), 1e-15);
        }

        Assert.Equal(0.5, FastEnsemble.Rate(cycle - 1, cycle, options), 1e-15);
        if (cycle % 2 == 0)
            Assert.Equal(0.02, FastEnsemble.Rate((cycle / 2) - 1, cycle, options), 1e-15);
    }

    [Fact]
    public void Members_are_taken_where_the_rate_is_smallest()
    {
        var draw = new Draw(1);
        var network = Mlp.Relu(4, 6, 3);
        using var evaluator = SmallProblem.Evaluator(network, SmallProblem.Clusters(draw, 30));
        var start = SmallProblem.Drawn(draw, network);
        var options = new FastEnsembleOptions { Cycles = 3, CycleEpochs = 6, BatchSize = 30, LargestRate = 0.1, SmallestRate = 0.01, Momentum = 0.5, WeightDecay = 0.01 };

        var members = FastEnsemble.Collect(start, evaluator, options);

        // whole batches: plain descent with the rates of the steps
        double[] point = [.. start], gradient = new double[point.Length], velocity = new double[point.Length];
        var expected = new List<double[]>();
        for (var step = 0; step < 18; step++)
        {
            evaluator.Gradient(point, gradient);
            for (var i = 0; i < point.Length; i++)
            {
                velocity[i] = (0.5 * velocity[i]) + gradient[i] + (0.01 * point[i]);
                point[i] -= new[] { 0.07, 0.04, 0.01, 0.04, 0.07, 0.1 }[step % 6] * velocity[i];
            }

            if (step % 6 == 2)
                expected.Add([.. point]);
        }

        Assert.Equal(3, members.Count);
        foreach (var (own, theirs) in members.Zip(expected))
            SmallProblem.AssertClose(theirs, own, 1e-11);
    }

    [Fact]
    public void Together_members_are_better_than_alone_and_so_is_the_mean_of_their_weights()
    {
        var draw = new Draw(2);
        var network = Mlp.Relu(4, 16, 3);
        var all = SmallProblem.Clusters(draw, 260, spread: 1.6);
        using LossEvaluator train = SmallProblem.Evaluator(network, all.Slice(0, 120)), test = SmallProblem.Evaluator(network, all.Slice(120, 140));
        var start = SmallProblem.Trained(draw, train, steps: 150);
        var options = new FastEnsembleOptions { Cycles = 5, CycleEpochs = 4, BatchSize = 12, LargestRate = 0.1, SmallestRate = 0.005 };
        using var two = new Team(2);
        using var shared = SmallProblem.Evaluator(network, train.Examples, two);

        var members = FastEnsemble.Collect(start, train, options);

        Assert.Equal(members, FastEnsemble.Collect(start, shared, options));
        Assert.NotEqual(members[0], FastEnsemble.Collect(start, train, options with { Seed = 2 })[0]);
        var ensemble = EnsembleComparison.Of(members, test);
        Assert.Equal(members.Select(member => test.At(member)), ensemble.Members);
        Assert.True(ensemble.OfMeanPrediction.Loss < 0.99 * ensemble.MeanLoss, $"{ensemble.OfMeanPrediction.Loss} is not below {ensemble.MeanLoss}.");
        Assert.True(ensemble.OfMeanWeights.Loss < 0.99 * ensemble.MeanLoss, $"{ensemble.OfMeanWeights.Loss} is not below {ensemble.MeanLoss}.");
        double[] mean = [.. Enumerable.Range(0, test.Size).Select(i => members.Average(member => member[i]))];
        SmallProblem.AssertClose(mean, ensemble.MeanWeights);
        Assert.Equal(test.At([.. ensemble.MeanWeights]), ensemble.OfMeanWeights);
    }

    [Fact]
    public void Predictions_are_averaged_as_their_loss_understands_them() => Property.Holds(24, draw =>
    {
        var point = DrawnPoints.Any(draw);
        var (network, loss, examples, outputs) = (point.Network, point.Loss, point.Examples, point.Network.Outputs);
        using var evaluator = new LossEvaluator(network, loss, examples);
        double[][] members = [.. Enumerable.Range(0, 3).Select(_ => draw.Normal(network.Layout.Count))];

        var ensemble = EnsembleComparison.Of(members, evaluator);

        var (sum, hits) = (0.0, 0);
        for (var i = 0; i < examples.Count; i++)
        {
            var own = members.Select(member => NetworkOutputs.Of(network, examples.Slice(i, 1), member)).ToArray();
            var target = examples.Targets.Slice(i * examples.TargetWidth, examples.TargetWidth).ToArray();
            sum += Slow(loss, own, target, outputs, out var isHit);
            hits += isHit ? 1 : 0;
        }

        Assert.Equal(sum / examples.Count, ensemble.OfMeanPrediction.Loss, 1e-11 * (1 + (sum / examples.Count)));
        if (evaluator.HasAccuracy)
            Assert.Equal((double)hits / examples.Count, ensemble.OfMeanPrediction.Accuracy, 1e-15);
        else
            Assert.True(double.IsNaN(ensemble.OfMeanPrediction.Accuracy) && double.IsNaN(ensemble.MeanAccuracy));
        // losses are convex in predictions
        Assert.True(ensemble.OfMeanPrediction.Loss <= ensemble.MeanLoss + (1e-12 * (1 + ensemble.MeanLoss)));
        // one network is its own ensemble, and so are several that are equal
        foreach (var equal in new[] { EnsembleComparison.Of([members[0]], evaluator), EnsembleComparison.Of([members[0], members[0]], evaluator) })
        {
            Assert.Equal(equal.Members[0].Loss, equal.OfMeanPrediction.Loss, 1e-11 * (1 + equal.Members[0].Loss));
            Assert.Equal(equal.Members[0].Loss, equal.OfMeanWeights.Loss, 1e-12 * (1 + equal.Members[0].Loss));
            Assert.Equal(equal.Members[0].Accuracy, equal.OfMeanPrediction.Accuracy);
        }
    });

    [Fact]
    public void Networks_with_batch_normalization_have_statistics_of_their_own()
    {
        var network = new LayeredNetwork(new Shape(4), new DenseLayer(8, hasBias: false), new BatchNormLayer(), new ActivationLayer(NodeActivation.Relu), new DenseLayer(3));
        ExampleSet train = SmallProblem.Clusters(new Draw(3), 60), test = SmallProblem.Clusters(new Draw(4), 50);
        double[] start = FanInUniform.Of(network, 1, layer => new RandomSequence(1, $"test/ensemble/{layer}"));
        network.Layout.Slots[1].Of(start.AsSpan()).Fill(1);
        using LossEvaluator onTrain = new(network, OutputLoss.CrossEntropy, train) { Calibration = train }, onTest = new(network, OutputLoss.CrossEntropy, test) { Calibration = train };

        var members = FastEnsemble.Collect(start, onTrain, new FastEnsembleOptions { Cycles = 2, BatchSize = 10 });

        var ensemble = EnsembleComparison.Of([members[0]], onTest);
        Assert.Equal(onTest.At(members[0]).Loss, ensemble.OfMeanPrediction.Loss, 1e-12);
        Assert.Equal(ensemble.Members[0], EnsembleComparison.Of(members, onTest).Members[0]);
    }

    [Fact]
    public void What_cannot_be_is_told()
    {
        var draw = new Draw(5);
        var network = Mlp.Relu(4, 3);
        using var evaluator = SmallProblem.Evaluator(network, SmallProblem.Clusters(draw, 10));

        Assert.Contains("has no middle", Assert.Throws<ArgumentException>(() => FastEnsemble.Collect(new double[15], evaluator, new FastEnsembleOptions { CycleEpochs = 1 })).Message, StringComparison.Ordinal);
        Assert.Contains("was given 3", Assert.Throws<ArgumentException>(() => FastEnsemble.Collect(new double[3], evaluator)).Message, StringComparison.Ordinal);
        Assert.Contains("needs a network", Assert.Throws<ArgumentException>(() => EnsembleComparison.Of([], evaluator)).Message, StringComparison.Ordinal);
        Assert.Contains("was given 3", Assert.Throws<ArgumentException>(() => EnsembleComparison.Of([new double[3]], evaluator)).Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => FastEnsemble.Collect(new double[15], evaluator, null, null, new CancellationToken(true)));
    }

    /// <summary>The loss of the mean prediction on one example, and whether its class is right.</summary>
    private static double Slow(OutputLoss loss, double[][] members, double[] target, int outputs, out bool isHit)
    {
        isHit = false;
        if (loss == OutputLoss.HalfSquared || loss == OutputLoss.MeanSquared)
        {
            var squares = Enumerable.Range(0, outputs).Sum(c => Math.Pow(members.Average(f => f[c]) - target[c], 2));
            return loss == OutputLoss.HalfSquared ? squares / 2 : squares / outputs;
        }

        if (loss == OutputLoss.Logistic)
        {
            var p = members.Average(f => 1 / (1 + Math.Exp(-f[0])));
            isHit = (p > 0.5 ? 1 : 0) == (int)target[0];
            return -(target[0] * Math.Log(p)) - ((1 - target[0]) * Math.Log(1 - p));
        }

        var isTeacher = loss != OutputLoss.CrossEntropy && loss != OutputLoss.SoftCrossEntropy;
        var temperature = isTeacher ? TemperatureOf(loss) : 1;
        double[] Softmax(double[] f) => [.. f.Select(value => Math.Exp(value / temperature) / f.Sum(other => Math.Exp(other / temperature)))];
        double[] mean = [.. Enumerable.Range(0, outputs).Select(c => members.Average(f => Softmax(f)[c]))];
        if (loss == OutputLoss.CrossEntropy)
        {
            isHit = Array.IndexOf(mean, mean.Max()) == (int)target[0];
            return -Math.Log(mean[(int)target[0]]);
        }

        isHit = Array.IndexOf(mean, mean.Max()) == Array.IndexOf(target, target.Max());
        if (!isTeacher)
            return -target.Zip(mean, (q, p) => q * Math.Log(p)).Sum();
        return temperature * temperature * Softmax(target).Zip(mean, (q, p) => q * Math.Log(q / p)).Sum();
    }

    private static double TemperatureOf(OutputLoss loss) => Assert.IsType<DistillationLoss>(loss).Temperature;
}
