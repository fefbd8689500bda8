using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.UnitTests.Learning.Landscape;

public class FullBatchDescentTests
{
    private static readonly Mlp Network = Mlp.Of(NodeActivation.Tanh, 4, 5, 3);

    [Fact]
    public void Steps_are_those_of_the_gradient_and_visits_come_when_they_are_due()
    {
        var draw = new Draw(1);
        using var evaluator = SmallProblem.Evaluator(Network, SmallProblem.Clusters(draw, 25));
        double[] start = SmallProblem.Drawn(draw, Network), expected = [.. start], kept = [.. start];
        var visits = new List<(int Step, double Loss)>();
        using var curvature = new NetworkCurvature(Network, OutputLoss.CrossEntropy, evaluator.Examples, start);
        for (var step = 0; step < 7; step++)
        {
            curvature.MoveTo(expected);
            expected = [.. expected.Zip(curvature.Gradient(), (value, slope) => value - (0.3 * slope))];
        }

        var end = FullBatchDescent.Run(start, evaluator, new DescentOptions { LearningRate = 0.3, Steps = 7, VisitEvery = 3 }, (step, at, loss, _) =>
        {
            Assert.Equal(evaluator.At(at.ToArray()).Loss, loss, 1e-14);
            visits.Add((step, loss));
            return true;
        });

        SmallProblem.AssertClose(expected, end);
        Assert.Equal(kept, start);
        Assert.Equal([0, 3, 6, 7], visits.Select(visit => visit.Step));
        Assert.True(visits[^1].Loss < visits[0].Loss);
    }

    [Fact]
    public void A_quadratic_settles_below_two_over_its_sharpness_and_not_above()
    {
        // one weight and no other direction: λ = mean x² = 5/2 for inputs 1 and 2, with the bias the largest eigenvalue is that of [[5/2, 3/2], [3/2, 1]]
        var linear = Mlp.Relu(1, 1);
        using var evaluator = new LossEvaluator(linear, OutputLoss.HalfSquared, new ExampleSet([1, 2], [1, 2], 2));
        var largest = (3.5 + Math.Sqrt((1.5 * 1.5) + (4 * 1.5 * 1.5))) / 2;

        double Loss(double share, double momentum)
        {
            var options = new DescentOptions { LearningRate = share * (2 + (2 * momentum)) / largest, Momentum = momentum, Steps = 3000 };
            return evaluator.At(FullBatchDescent.Run([3, -2], evaluator, options)).Loss;
        }

        Assert.True(Loss(0.97, 0) < 1e-12 && Loss(0.97, 0.5) < 1e-12);
        Assert.True(Loss(1.03, 0) > 1e6 && Loss(1.03, 0.5) > 1e6);
    }

    [Fact]
    public void A_visit_can_end_it_and_so_can_cancelling()
    {
        var draw = new Draw(2);
        using var evaluator = SmallProblem.Evaluator(Network, SmallProblem.Clusters(draw, 25));
        var start = SmallProblem.Drawn(draw, Network);
        using var source = new CancellationTokenSource();
        var options = new DescentOptions { Steps = 100, VisitEvery = 1 };

        var ended = FullBatchDescent.Run(start, evaluator, options, (step, _, _, _) => step < 4);

        Assert.Equal(FullBatchDescent.Run(start, evaluator, options with { Steps = 4 }), ended);
        Assert.Throws<OperationCanceledException>(() => FullBatchDescent.Run(start, evaluator, options, (step, _, _, _) =>
        {
            if (step == 3)
                source.Cancel();
            return step < 5 ? true : throw new InvalidOperationException("It went on.");
        }, null, source.Token));
    }

    [Fact]
    public void Teams_do_not_change_a_bit()
    {
        var draw = new Draw(3);
        var examples = SmallProblem.Clusters(draw, 50);
        using var two = new Team(2);
        using var alone = SmallProblem.Evaluator(Network, examples, batchRows: 16);
        using var shared = SmallProblem.Evaluator(Network, examples, two, batchRows: 16);
        var start = SmallProblem.Drawn(draw, Network);
        var options = new DescentOptions { Steps = 50, Momentum = 0.9 };

        Assert.Equal(FullBatchDescent.Run(start, alone, options), FullBatchDescent.Run(start, shared, options));
    }

    [Fact]
    public void The_mean_of_vectors_is_theirs()
    {
        var mean = new RunningMean(2);

        mean.Add([1, 10]);
        mean.Add([2, 20]);
        mean.Add([6, -30]);

        SmallProblem.AssertClose([3, 0], mean.Mean.ToArray(), 1e-15);
        Assert.Equal(3, mean.Count);
        Assert.Throws<ArgumentException>(() => mean.Add([1]));
    }
}
