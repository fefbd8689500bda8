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

/// <summary>Lines, curves and planes of networks with batch normalization, whose statistics are estimated anew at every point.</summary>
public class CalibratedPointTests
{
    private static readonly LayeredNetwork Network = new(
        new Shape(4),
        new DenseLayer(7, hasBias: false), new BatchNormLayer(), new ActivationLayer(NodeActivation.Relu), new DenseLayer(6, hasBias: false), new BatchNormLayer(), new ActivationLayer(NodeActivation.Relu), new DenseLayer(3));

    private readonly ExampleSet _train = SmallProblem.Clusters(new Draw(1), 45);
    private readonly ExampleSet _test = SmallProblem.Clusters(new Draw(2), 40);
    private readonly double[] _a;
    private readonly double[] _b;

    public CalibratedPointTests() => (_a, _b) = (Trained(1), Trained(2));

    [Theory]
    [InlineData(500)]
    [InlineData(16)]
    public void The_ends_of_lines_and_curves_are_the_networks_as_they_are_evaluated(int batch)
    {
        var options = new RecalibrationOptions { BatchRows = batch };
        using LossEvaluator train = Calibrated(_train, options), test = Calibrated(_test, options);
        (LossAndAccuracy Train, LossAndAccuracy Test) a = (Own(_a, _train, options), Own(_a, _test, options)), b = (Own(_b, _train, options), Own(_b, _test, options));

        var line = LossLine.Between(_a, _b, train, test, [0, 0.25, 0.5, 0.75, 1]);
        var profile = CurveProfile.Of(new ParameterCurve(CurveKind.Bezier, [_a, [.. _a.Zip(_b, (x, y) => 0.4 * (x + y))], _b]), test, 5);

        AssertNear(a.Train, line.Train[0]);
        AssertNear(b.Train, line.Train[^1]);
        AssertNear(a.Test, line.Test![0]);
        AssertNear(b.Test, line.Test[^1]);
        AssertNear(a.Test, profile.Values[0]);
        AssertNear(b.Test, profile.Values[^1]);
        double[] middle = [.. _a.Zip(_b, (x, y) => 0.5 * (x + y))];
        AssertNear(Own(middle, _test, options), line.Test[2]);
    }

    [Fact]
    public void Without_it_they_are_not()
    {
        using var calibrated = Calibrated(_test);
        // the statistics of one end for the whole line
        using var fixedStatistics = new LossEvaluator(Network.InEvaluationMode(Recalibration.Measure(Network, _train.Inputs, _a)), OutputLoss.CrossEntropy, _test);
        // those of the test examples themselves
        using var training = new LossEvaluator(Network, OutputLoss.CrossEntropy, _test);
        // those of the ends, mixed like the parameters
        var evaluation = new EvaluationNetwork(Network);
        double[] Point(double[] parameters) => evaluation.Point(parameters, Recalibration.Measure(Network, _train.Inputs, parameters));
        using var mixed = new LossEvaluator(evaluation, OutputLoss.CrossEntropy, _test);
        double[] t = [0, 0.5, 1];

        LossAndAccuracy[] line = [.. LossLine.Between(_a, _b, calibrated, positions: t).Train], own = [.. LossLine.Between(_a, _b, training, positions: t).Train];
        LossAndAccuracy[] one = [.. LossLine.Between(_a, _b, fixedStatistics, positions: t).Train], mix = [.. LossLine.Between(Point(_a), Point(_b), mixed, positions: t).Train];

        AssertNear(line[0], one[0]);
        Assert.True(Math.Abs(one[2].Loss - line[2].Loss) > 0.05 * line[2].Loss);
        Assert.True(Math.Abs(own[0].Loss - line[0].Loss) > 0.01 * line[0].Loss);
        Assert.True(Math.Abs(own[2].Loss - line[2].Loss) > 0.01 * line[2].Loss);
        AssertNear(line[0], mix[0]);
        AssertNear(line[2], mix[2]);
        Assert.True(Math.Abs(mix[1].Loss - line[1].Loss) > 0.05 * line[1].Loss);
    }

    [Fact]
    public void On_the_training_examples_they_are_training_mode_on_all_of_them()
    {
        using var calibrated = Calibrated(_train, new RecalibrationOptions { BatchRows = 10 });
        using var training = new LossEvaluator(Network, OutputLoss.CrossEntropy, _train);

        var (line, expected) = (LossLine.Between(_a, _b, calibrated), LossLine.Between(_a, _b, training));

        foreach (var (own, other) in line.Train.Zip(expected.Train))
            AssertNear(other, own);
        var (gradient, theirs) = (new double[calibrated.Size], new double[training.Size]);
        Assert.Equal(training.Gradient(_a, theirs), calibrated.Gradient(_a, gradient));
        Assert.Equal(theirs, gradient);
    }

    [Fact]
    public void Planes_have_statistics_at_every_point_whatever_the_threads_and_tell_their_progress()
    {
        using var team = new Team(2);
        using LossEvaluator alone = Calibrated(_test), shared = Calibrated(_test, team: team);
        var grid = PlaneGrid.Enclosing(ParameterPlane.Through(_a, _b, Trained(3)), [[0, 0], [1, 1]], 4);
        var told = new Told<double>();

        var values = LossPlane.Evaluate(grid, alone, told);

        Assert.Equal(values, LossPlane.Evaluate(grid, shared));
        Assert.Equal(told.Values.Order(), told.Values);
        Assert.Equal(1, told.Values[^1], 1e-12);
        var point = new double[alone.Size];
        grid.Point(6, point);
        AssertNear(Own(point, _test), values[6]);
        Assert.Throws<OperationCanceledException>(() => LossPlane.Evaluate(grid, alone, null, new CancellationToken(true)));
    }

    [Fact]
    public void Points_with_statistics_behind_them_have_new_ones_and_networks_without_are_as_before()
    {
        var evaluation = new EvaluationNetwork(Network);
        using var behind = new LossEvaluator(evaluation, OutputLoss.CrossEntropy, _test) { Calibration = _train };
        using var calibrated = Calibrated(_test);
        var plain = Mlp.Relu(4, 5, 3);
        var parameters = SmallProblem.Drawn(new Draw(4), plain);
        using LossEvaluator without = new(plain, OutputLoss.CrossEntropy, _test) { Calibration = _train }, before = new(plain, OutputLoss.CrossEntropy, _test);

        Assert.Equal(calibrated.At(_a), behind.At(evaluation.Point(_a)));
        Assert.Equal(before.At(parameters), without.At(parameters));
    }

    [Fact]
    public void A_curve_is_trained_on_batches_with_statistics_of_their_own_and_lies_below_its_line()
    {
        using var evaluator = Calibrated(_train);
        var straight = CurveProfile.Of(ParameterCurve.Straight(CurveKind.Bezier, _a, _b), evaluator, 11);

        var curve = ModeConnection.Train(_a, _b, evaluator, new ModeConnectionOptions { BatchSize = 15, Epochs = 150, LearningRate = 0.05, WeightDecay = 0 });

        var profile = CurveProfile.Of(curve, evaluator, 11);
        Assert.True(straight.Barrier.Height > 0.02);
        Assert.True(profile.Barrier.Height < 0.5 * straight.Barrier.Height);
        AssertNear(Own(_a, _train), profile.Values[0]);
        AssertNear(Own(_b, _train), profile.Values[^1]);
    }

    [Fact]
    public void Statistics_of_points_are_those_of_a_recalibration()
    {
        var evaluation = new EvaluationNetwork(Network);
        foreach (var options in new[] { new RecalibrationOptions(), new RecalibrationOptions { BatchRows = 16 }, new RecalibrationOptions { BatchRows = 16, IsOnePass = true }, new RecalibrationOptions { BatchRows = 9 } })
        {
            using var statistics = new PointStatistics(evaluation, _train, options);

            var own = statistics.At(1, (_, into) => _a.CopyTo(into))[0];

            Assert.Equal(evaluation.Point(_a, Recalibration.Measure(Network, _train.Inputs, _a, options))[_a.Length..], own);
        }
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        using var narrow = new LossEvaluator(Network, OutputLoss.CrossEntropy, _test) { Calibration = SmallProblem.Clusters(new Draw(1), 5, inputs: 3) };

        Assert.Equal("The network reads 4 numbers, but examples of 3 are to estimate its statistics. (Parameter 'examples')", Assert.Throws<ArgumentException>(() => narrow.At(_a)).Message);
        using var behind = new LossEvaluator(new EvaluationNetwork(Network), OutputLoss.CrossEntropy, _train) { Calibration = _train };
        var point = new EvaluationNetwork(Network).Point(_a);
        Assert.Contains("take the network in training mode", Assert.Throws<ArgumentException>(() => ModeConnection.Train(point, point, behind)).Message, StringComparison.Ordinal);
        Assert.Contains("take the network in training mode", Assert.Throws<ArgumentException>(() => FastEnsemble.Collect(point, behind)).Message, StringComparison.Ordinal);
        Assert.Contains("with batch normalizations", Assert.Throws<ArgumentException>(() => new PointStatistics(Mlp.Relu(4, 3), _train)).Message, StringComparison.Ordinal);
    }

    private static void AssertNear(LossAndAccuracy expected, LossAndAccuracy actual)
    {
        // statistics of batches are put together in another order than by a plan over all examples
        Assert.Equal(expected.Loss, actual.Loss, 1e-12 * (1 + expected.Loss));
        Assert.Equal(expected.Accuracy, actual.Accuracy);
    }

    private double[] Trained(ulong seed)
    {
        using var evaluator = new LossEvaluator(Network, OutputLoss.CrossEntropy, _train);
        double[] start = FanInUniform.Of(Network, 1, layer => new RandomSequence(seed, $"test/calibrated/{layer}"));
        foreach (var slot in Network.Layout.Slots.Where(slot => slot.Name.EndsWith("scale", StringComparison.Ordinal)))
            slot.Of(start.AsSpan()).Fill(1);
        return FullBatchDescent.Run(start, evaluator, new DescentOptions { LearningRate = 0.1, Momentum = 0.9, Steps = 60 });
    }

    private LossEvaluator Calibrated(ExampleSet examples, RecalibrationOptions? options = null, Team? team = null)
        => new(Network, OutputLoss.CrossEntropy, examples, team) { Calibration = _train, CalibrationOptions = options ?? new() };

    /// <summary>Loss and accuracy of a network with the statistics of the training examples.</summary>
    private LossAndAccuracy Own(double[] parameters, ExampleSet examples, RecalibrationOptions? options = null)
    {
        using var evaluator = new LossEvaluator(Network.InEvaluationMode(Recalibration.Measure(Network, _train.Inputs, parameters, options)), OutputLoss.CrossEntropy, examples);
        return evaluator.At(parameters);
    }
}
