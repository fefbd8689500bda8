using Understudy.Engine;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;
using Understudy.UnitTests.Learning.Training;

namespace Understudy.UnitTests.Learning.Landscape;

public sealed class InstabilityTests : IDisposable
{
    private static readonly InstabilityOptions Plain = new() { Positions = 5 };

    private static readonly InstabilityOptions Estimated = new() { Positions = 5, Calibration = SupervisedProblem.Images(45), CalibrationBatch = 8 };

    private readonly Team _team = new(2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_identical_networks_have_none(bool isNormalized)
    {
        using var trained = Trained(isNormalized, 0);
        using var evaluators = new Evaluators(trained.Evaluation, _team);
        var point = trained.Evaluable(0);

        var pair = Assert.Single(Instability.Of([point, [.. point]], evaluators.Train, evaluators.Test, isNormalized ? Estimated : Plain).Pairs);

        foreach (var line in Lines(pair))
        {
            Assert.Equal(0, line.Instability);
            Assert.Equal(0, line.LossBarrier);
        }

        Assert.Equal(isNormalized ? 4 : 2, Lines(pair).Count());
    }

    [Fact]
    public void A_trained_network_and_its_sign_flipped_copy_have_some()
    {
        using var trained = Trained(isNormalized: false, 0);
        using var evaluators = new Evaluators(trained.Evaluation, _team);
        var point = trained.Evaluable(0);

        var pair = Instability.Of([point, [.. point.Select(value => -value)]], evaluators.Train, evaluators.Test, Plain).Pairs[0];

        // the copy answers otherwise, and half way all weights are 0, where every class has the same logit
        Assert.True(pair.Train.Instability > 0.1);
        Assert.True(pair.Test!.Instability > 0.1);
        Assert.Equal(2.0 / 3, pair.Train.Values[2].Error, 12);
        Assert.Null(pair.EstimatedTrain);
    }

    [Fact]
    public void Swapped_trainings_have_the_line_backwards_and_pairs_are_all_of_them()
    {
        using var trained = Trained(isNormalized: true, 0, 1, 2);
        using var evaluators = new Evaluators(trained.Evaluation, _team);
        double[][] points = [trained.Evaluable(0), trained.Evaluable(1), trained.Evaluable(2)];

        var all = Instability.Of(points, evaluators.Train, null, Plain with { Positions = 4 });
        var swapped = Instability.Of([points[2], points[0]], evaluators.Train, null, Plain with { Positions = 4 }).Pairs[0];

        Assert.Equal([(0, 1), (0, 2), (1, 2)], all.Pairs.Select(pair => (pair.First, pair.Second)));
        Assert.Equal([0, 1.0 / 3, 2.0 / 3, 1], all.Positions);
        // positions of a third and of two thirds are each other's mirror up to rounding, which no answer of these networks hangs on
        Assert.Equal(all.Pairs[1].Train.Values.Select(value => value.Accuracy), swapped.Train.Values.Reverse().Select(value => value.Accuracy));
        Assert.Equal(evaluators.Train.At(points[1]), all.Pairs[0].Train.Values[^1]);
        Assert.Null(all.Pairs[0].Test);
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        using var trained = Trained(isNormalized: true, 0, 1);
        using var one = new Evaluators(trained.Evaluation, null);
        using var two = new Evaluators(trained.Evaluation, _team);
        double[][] points = [trained.Evaluable(0), trained.Evaluable(1)];

        var (alone, shared) = (Instability.Of(points, one.Train, one.Test, Estimated).Pairs[0], Instability.Of(points, two.Train, two.Test, Estimated).Pairs[0]);

        foreach (var (expected, actual) in Lines(alone).Zip(Lines(shared)))
            Assert.Equal(expected.Values, actual.Values);
    }

    [Fact]
    public void Estimated_statistics_are_those_of_one_pass_over_the_images()
    {
        using var trained = Trained(isNormalized: true, 0, 1);
        using var evaluators = new Evaluators(trained.Evaluation, _team);
        double[][] points = [trained.Evaluable(0), trained.Evaluable(1)];
        var network = SupervisedProblem.Normalized;
        double[] middle = [.. points[0].Zip(points[1], (a, b) => (0.5 * a) + (0.5 * b)).Take(network.Layout.Count)];
        // whole batches only
        var images = SupervisedProblem.Images(45).Values[..(40 * network.Inputs)];
        var statistics = Recalibration.Measure(network, images, middle, new RecalibrationOptions { Precision = DType.F32, BatchRows = 8, IsOnePass = true });

        var pair = Instability.Of(points, evaluators.Train, null, Estimated).Pairs[0];

        Assert.Equal(evaluators.Train.At(trained.Evaluation.Point(middle, statistics)), pair.EstimatedTrain!.Values[2]);
        Assert.NotEqual(pair.Train.Values[2].Loss, pair.EstimatedTrain.Values[2].Loss);
    }

    [Fact]
    public void A_line_rises_above_the_mean_of_its_ends()
    {
        LossAndAccuracy At(double loss, double error) => new(loss, 1 - error);

        var line = new ErrorLine([At(1, 0.2), At(3, 0.25), At(2.5, 0.9), At(2, 0.4)]);

        Assert.Equal(0.9 - 0.3, line.Instability, 15);
        Assert.Equal(3 - 1.5, line.LossBarrier, 15);
        Assert.True(double.IsNaN(new ErrorLine([At(1, 0), At(double.NaN, 0), At(1, 0)]).LossBarrier));
        // a network that diverged has one class for everything: no line is flat by that
        Assert.True(double.IsNaN(new ErrorLine([At(double.NaN, 0.9), At(double.NaN, 0.9), At(double.NaN, 0.9)]).Instability));
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        using var trained = Trained(isNormalized: false, 0);
        using var evaluators = new Evaluators(trained.Evaluation, _team);
        var point = trained.Evaluable(0);

        Assert.Contains("at least two points", Assert.Throws<ArgumentException>(() => Instability.Of([point], evaluators.Train, null, Plain)).Message, StringComparison.Ordinal);
        Assert.Contains("with batch normalizations", Assert.Throws<ArgumentException>(() => Instability.Of([point, point], evaluators.Train, null, Estimated)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _team.Dispose();

    private static IEnumerable<ErrorLine> Lines(InstabilityPair pair)
        => new[] { pair.Train, pair.Test, pair.EstimatedTrain, pair.EstimatedTest }.OfType<ErrorLine>();

    private SupervisedTraining Trained(bool isNormalized, params int[] replicas)
    {
        var training = SupervisedProblem.Training(SupervisedProblem.Options(isNormalized ? SupervisedProblem.Normalized : SupervisedProblem.Plain) with { Epochs = 8 }, replicas);
        training.RunTo(training.Steps, _team);
        return training;
    }

    private sealed class Evaluators(INetwork network, Team? team) : IDisposable
    {
        internal LossEvaluator Train { get; } = Of(network, 0, team);

        internal LossEvaluator Test { get; } = Of(network, 1, team);

        public void Dispose()
        {
            Train.Dispose();
            Test.Dispose();
        }

        private static LossEvaluator Of(INetwork network, int number, Team? team)
            => new(network, OutputLoss.CrossEntropy, ExampleSet.Of(SupervisedProblem.Images(45, number)), team, batchRows: 20) { Precision = DType.F32 };
    }
}
