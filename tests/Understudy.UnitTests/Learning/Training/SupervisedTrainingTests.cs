using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Engine.Plans;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Training;

namespace Understudy.UnitTests.Learning.Training;

public sealed class SupervisedTrainingTests : IDisposable
{
    private readonly Team _team = new(2);

    [Theory]
    [InlineData(ReplicaLayout.Lanes)]
    [InlineData(ReplicaLayout.Alone)]
    public void A_replica_trains_to_the_same_bits_in_company(ReplicaLayout layout)
    {
        using var alone = SupervisedProblem.Training(SupervisedProblem.Options(SupervisedProblem.Normalized), 2);
        using var together = SupervisedProblem.Training(SupervisedProblem.Options(SupervisedProblem.Normalized) with { Layout = layout }, 0, 1, 2);

        Assert.True(alone.RunTo(alone.Steps, _team));
        Assert.True(together.RunTo(together.Steps, _team));

        Assert.Equal(alone.Evaluable(0), together.Evaluable(2));
        Assert.NotEqual(together.Evaluable(0), together.Evaluable(1));
    }

    [Fact]
    public void A_training_that_is_taken_up_again_within_an_epoch_ends_with_the_same_bits()
    {
        var options = SupervisedProblem.Options(SupervisedProblem.Normalized);
        using var whole = SupervisedProblem.Training(options, 0, 1);
        using var first = SupervisedProblem.Training(options, 0, 1);
        using var second = new SupervisedTraining(options, SupervisedProblem.Images(45), [SupervisedProblem.Order(0), SupervisedProblem.Order(1)]);
        whole.RunTo(whole.Steps, _team);
        first.RunTo(8, _team);

        second.Restore(first.Tensors("x").ToDictionary(tensor => tensor.Name), "x");
        Assert.Equal(8, second.Step);
        second.RunTo(second.Steps, _team);

        Assert.Equal(whole.Evaluable(0), second.Evaluable(0));
        Assert.Equal(whole.Evaluable(1), second.Evaluable(1));
    }

    [Fact]
    public void Going_back_repeats_the_training_to_the_bit()
    {
        using var training = SupervisedProblem.Training(SupervisedProblem.Options(SupervisedProblem.Normalized), 0);
        training.RunTo(6, _team);
        var point = training.Point(0);
        training.RunTo(training.Steps, _team);
        var trained = training.Evaluable(0);

        training.GoTo([point]);
        training.RunTo(training.Steps, _team);

        Assert.Equal(trained, training.Evaluable(0));
    }

    [Fact]
    public void Cancellation_stops_between_steps_and_the_training_goes_on_from_there()
    {
        using var source = new CancellationTokenSource();
        using var whole = SupervisedProblem.Training(SupervisedProblem.Options(SupervisedProblem.Plain), 0);
        using var stopped = SupervisedProblem.Training(SupervisedProblem.Options(SupervisedProblem.Plain), 0);
        whole.RunTo(whole.Steps, _team);

        Assert.False(stopped.RunTo(stopped.Steps, _team, new Calls<long>(_ => source.Cancel()), source.Token));
        Assert.InRange(stopped.Step, 1, stopped.Steps - 1);
        Assert.True(stopped.RunTo(stopped.Steps, _team));

        Assert.Equal(whole.Evaluable(0), stopped.Evaluable(0));
    }

    [Fact]
    public void Classes_of_patterns_are_learnt()
    {
        using var training = SupervisedProblem.Training(SupervisedProblem.Options(SupervisedProblem.Normalized) with { Epochs = 12, Augmentation = null }, 0);
        using var test = new LossEvaluator(training.Evaluation, OutputLoss.CrossEntropy, ExampleSet.Of(SupervisedProblem.Images(60, 1)), _team) { Precision = DType.F32 };
        var before = test.At(training.Evaluable(0));

        training.RunTo(training.Steps, _team);

        // three classes far apart: nine of ten against one of three
        Assert.InRange(before.Accuracy, 0, 0.6);
        Assert.InRange(test.At(training.Evaluable(0)).Accuracy, 0.9, 1);
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        var options = SupervisedProblem.Options(SupervisedProblem.Normalized);

        Assert.Contains("7 images, but a batch has 8", Assert.Throws<ArgumentException>(() => new SupervisedTraining(options, SupervisedProblem.Images(7), [SupervisedProblem.Order(0)])).Message, StringComparison.Ordinal);
        Assert.Contains("momentum must be above 0", Assert.Throws<ArgumentException>(() => SupervisedProblem.Training(options with { StatisticsMomentum = 0 }, 0)).Message, StringComparison.Ordinal);
        using var training = SupervisedProblem.Training(options, 0);
        Assert.Contains("no tensor x.step", Assert.Throws<ArgumentException>(() => training.Restore(new Dictionary<string, Tensor>(), "x")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _team.Dispose();

    /// <summary>Progress that is told at once.</summary>
    internal sealed class Calls<T>(Action<T> told) : IProgress<T>
    {
        public void Report(T value) => told(value);
    }
}
