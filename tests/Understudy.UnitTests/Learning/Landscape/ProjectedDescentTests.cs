using Understudy.Engine.LinearAlgebra.Estimation;
using Understudy.Engine.LinearAlgebra.Krylov;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Networks;

namespace Understudy.UnitTests.Learning.Landscape;

public class ProjectedDescentTests
{
    private static readonly Mlp Network = Mlp.Of(NodeActivation.Tanh, 4, 8, 3);

    private readonly ExampleSet _examples = SmallProblem.Clusters(new Draw(1), 60);

    [Fact]
    public void Steps_stay_in_the_space_or_beside_it_and_together_they_are_those_of_the_whole_gradient()
    {
        var start = SmallProblem.Drawn(new Draw(2), Network);
        using var curvature = Of(start);
        var space = ExtremeEigenpairs.Of(curvature.Hessian, new EigenpairOptions { Top = 3, Tolerance = 1e-10 }).Top.Vectors.ToArray();
        double[] Update(StepSpace kind, int steps) => [.. Run(start, curvature, new() { Space = kind, Dimensions = 3, Steps = steps, RefreshEvery = 50, Tolerance = 1e-10 }).End.Zip(start, (to, from) => to - from)];

        double[] top = Update(StepSpace.Top, 20), bulk = Update(StepSpace.Bulk, 20);

        Assert.Equal(1, Subspaces.Share(space, top), 1e-9);
        Assert.Equal(0, Subspaces.Share(space, bulk), 1e-9);
        SmallProblem.AssertClose(Update(StepSpace.Whole, 1), [.. Update(StepSpace.Top, 1).Zip(Update(StepSpace.Bulk, 1), (x, y) => x + y)]);
    }

    [Fact]
    public void The_whole_space_is_plain_descent_and_all_dimensions_are_the_whole_space()
    {
        var start = SmallProblem.Drawn(new Draw(3), Network);
        using var curvature = Of(start);
        using var evaluator = new LossEvaluator(Network, OutputLoss.CrossEntropy, _examples);
        var expected = FullBatchDescent.Run(start, evaluator, new DescentOptions { LearningRate = 0.1, Steps = 15 });

        var whole = Run(start, curvature, new() { Space = StepSpace.Whole, Dimensions = 2, Steps = 15, RefreshEvery = 4 });

        SmallProblem.AssertClose(expected, whole.End, 1e-11);
        Assert.Equal([0, 4, 8, 12, 15], whole.Record.Select(point => point.Step));
        Assert.Equal(evaluator.At(expected).Loss, whole.Record[^1].Loss, 1e-11);
        Assert.Equal(evaluator.At(start).Loss, whole.Record[0].Loss, 1e-12);
        Assert.All(whole.Record, point => Assert.InRange(point.GradientShare, 0, 1));
        var all = Run(start, curvature, new() { Space = StepSpace.Top, Dimensions = curvature.Size, Steps = 3, RefreshEvery = 1 });
        SmallProblem.AssertClose(FullBatchDescent.Run(start, evaluator, new DescentOptions { LearningRate = 0.1, Steps = 3 }), all.End, 1e-9);
        Assert.All(all.Record, point => Assert.Equal(1, point.GradientShare, 1e-9));
    }

    [Fact]
    public void Past_its_first_steps_a_training_goes_on_without_the_top_space_and_stalls_within_it()
    {
        var start = SmallProblem.Drawn(new Draw(4), Network);
        using var curvature = Of(start);
        using var evaluator = new LossEvaluator(Network, OutputLoss.CrossEntropy, _examples);
        var trained = FullBatchDescent.Run(start, evaluator, new DescentOptions { LearningRate = 0.3, Steps = 100 });
        double Fall(StepSpace kind, int? batch)
        {
            var record = Run(trained, curvature, new() { Space = kind, Dimensions = 3, Steps = 120, RefreshEvery = 10, LearningRate = 0.3, BatchSize = batch }).Record;
            return record[0].Loss - record[^1].Loss;
        }

        foreach (var batch in new int?[] { null, 20 })
        {
            var (whole, bulk, top) = (Fall(StepSpace.Whole, batch), Fall(StepSpace.Bulk, batch), Fall(StepSpace.Top, batch));
            Assert.True(whole > 0);
            Assert.InRange(bulk, 0.8 * whole, 1.2 * whole);
            Assert.True(top < 0.3 * whole, $"{top} of {whole} within the top space.");
        }
    }

    [Fact]
    public void Threads_change_nothing_and_seeds_change_batches()
    {
        var start = SmallProblem.Drawn(new Draw(5), Network);
        using var team = new Team(2);
        using NetworkCurvature alone = Of(start), shared = Of(start, team);
        var options = new ProjectedDescentOptions { Dimensions = 3, Steps = 12, RefreshEvery = 5, BatchSize = 16 };

        var first = Run(start, alone, options);

        Assert.Equal(first.End, Run(start, shared, options).End);
        Assert.NotEqual(first.End, Run(start, alone, options with { Seed = 2 }).End);
    }

    [Fact]
    public void What_cannot_be_is_told()
    {
        var start = SmallProblem.Drawn(new Draw(6), Network);
        using var block = new NetworkCurvature(Network, OutputLoss.CrossEntropy, _examples, start, new CurvatureOptions { Block = slot => slot.Name == "layer.1.weight" });
        using var curvature = Of(start);

        Assert.Contains("is of a block", Assert.Throws<ArgumentException>(() => Run(start, block, new() { Dimensions = 3 })).Message, StringComparison.Ordinal);
        Assert.Contains("was given 3", Assert.Throws<ArgumentException>(() => Run(new double[3], curvature, new() { Dimensions = 3 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(start, curvature, new() { Dimensions = 1000 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(start, curvature, new() { Dimensions = 3, Steps = -1 }));
        Assert.Throws<OperationCanceledException>(() => ProjectedDescent.Run(start, curvature, null, null, new CancellationToken(true)));
    }

    private static ProjectedDescent Run(double[] start, NetworkCurvature curvature, ProjectedDescentOptions options) => ProjectedDescent.Run(start, curvature, options);

    private NetworkCurvature Of(double[] start, Team? team = null) => new(Network, OutputLoss.CrossEntropy, _examples, start, new CurvatureOptions { Team = team });
}
