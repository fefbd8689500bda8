using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Engine.Threading;
using Understudy.Learning.Curvature;
using Understudy.Learning.Landscape;
using Understudy.Learning.Losses;
using Understudy.Learning.Pruning;
using Understudy.Learning.Training;
using Understudy.UnitTests.Learning.Training;

namespace Understudy.UnitTests.Learning.Pruning;

public sealed class IterativePruningTests : IDisposable
{
    private static readonly PruningOptions Options = new() { Rounds = 3, RewindEpochs = 1 };

    private readonly Team _team = new(2);

    [Fact]
    public void Every_round_trains_what_the_shares_leave()
    {
        using var run = new Run(_team, Options, 0, 1);

        Assert.True(run.Pruning.Run(_team));

        for (var replica = 0; replica < 2; replica++)
        {
            var rounds = run.Pruning.Rounds(replica);
            Assert.Equal([0, 1, 2], rounds.Select(round => round.Round));
            Assert.Equal([252, 202, 161], rounds.Select(round => round.Remaining));
            Assert.All(rounds, round => Assert.Equal(round.Remaining, round.Layers.Sum()));
            // rewound to epoch 1 of 4 with five steps each
            Assert.All(rounds, round => Assert.Equal([10L, 15, 20], round.Evaluations.Select(evaluation => evaluation.Step)));
            Assert.All(rounds, round => Assert.Equal(round.Evaluations.Max(evaluation => evaluation.Value.Accuracy), round.Best.Value.Accuracy));
            var trained = run.Training.Point(replica).Parameters;
            Assert.Equal(161, Kept(run.Pruning, replica).Count(place => trained[place] != 0));
        }

        Assert.NotEqual(Kept(run.Pruning, 0), Kept(run.Pruning, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Rewound_weights_are_those_of_the_rewind_point_where_they_are_kept_and_0_elsewhere(double epochs)
    {
        using var run = new Run(_team, Options with { RewindEpochs = epochs }, 0);
        run.Pruning.RunRound(_team);
        var before = run.Training.Point(0).Parameters;

        // the next round is begun, and stopped before its first step
        Assert.False(run.Pruning.RunRound(_team, null, new CancellationToken(canceled: true)));

        var (rewound, stored, isKept) = (run.Training.Point(0), run.Pruning.RewindPoint(0)!, run.Pruning.IsKept(0).ToArray());
        Assert.Equal((long)(5 * epochs), rewound.Step);
        Assert.Contains(false, isKept);
        for (var i = 0; i < isKept.Length; i++)
            Assert.Equal(isKept[i] ? stored.Parameters[i] : 0, rewound.Parameters[i]);
        var pruned = isKept.Index().Where(item => !item.Item).Max(item => Math.Abs(before[item.Index]));
        Assert.All(run.Pruning.Pruner.Prunable.SelectMany(slot => Enumerable.Range(slot.Offset, slot.Shape.Count)), place => Assert.True(!isKept[place] || Math.Abs(before[place]) >= pruned));
    }

    [Fact]
    public void Rewinding_sets_the_velocity_back_too()
    {
        using var run = new Run(_team, Options, 0);
        run.Pruning.RunRound(_team);
        run.Pruning.RunRound(_team, null, new CancellationToken(canceled: true));

        var (rewound, stored, isKept) = (run.Training.Point(0).Carried, run.Pruning.RewindPoint(0)!.Carried, run.Pruning.IsKept(0).ToArray());

        // one velocity per parameter, then the running statistics
        for (var i = 0; i < stored.Length; i++)
            Assert.Equal(i >= isKept.Length || isKept[i] ? stored[i] : 0, rewound[i]);
        Assert.Contains(stored[..isKept.Length], velocity => velocity != 0);
    }

    [Fact]
    public void The_first_round_goes_on_from_the_rewind_point_as_a_training_without_pruning()
    {
        using var run = new Run(_team, Options, 0);
        using var plain = SupervisedProblem.Training(SupervisedProblem.Options(SupervisedProblem.Normalized), 0);

        run.Pruning.RunRound(_team);
        plain.RunTo(plain.Steps, _team);

        Assert.Equal(plain.Evaluable(0), run.Training.Evaluable(0));
    }

    [Fact]
    public void A_start_is_pruned_to_the_same_bits_in_company()
    {
        using var alone = new Run(_team, Options, 1);
        using var together = new Run(_team, Options, 0, 1);

        alone.Pruning.Run(_team);
        together.Pruning.Run(_team);

        AssertSame(alone, 0, together, 1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(15)]
    [InlineData(28)]
    public void A_pruning_that_is_taken_up_again_ends_with_the_same_bits(int reports)
    {
        using var source = new CancellationTokenSource();
        using var whole = new Run(_team, Options, 0, 1);
        using var first = new Run(_team, Options, 0, 1);
        using var second = new Run(_team, Options, 0, 1);
        whole.Pruning.Run(_team);
        var count = 0;
        var isDone = first.Pruning.Run(_team, new SupervisedTrainingTests.Calls<PruningProgress>(_ => Cancel()), source.Token);
        void Cancel()
        {
            if (++count == reports)
                source.Cancel();
        }

        second.Pruning.Restore(Written(first.Pruning.Tensors("p")), "p");
        Assert.False(isDone);
        Assert.True(second.Pruning.Run(_team));

        AssertSame(whole, 0, second, 0);
        AssertSame(whole, 1, second, 1);
    }

    [Fact]
    public void A_start_that_diverges_leaves_its_neighbour_alone()
    {
        using var alone = new Run(_team, Options, 0);
        using var together = new Run(_team, Options, 0, 1);
        together.Training.Start(1, [.. Enumerable.Repeat(double.NaN, together.Training.Point(1).Parameters.Length)]);

        alone.Pruning.Run(_team);
        Assert.True(together.Pruning.Run(_team));

        AssertSame(alone, 0, together, 0);
        Assert.True(together.Training.IsDiverged(1));
        Assert.Equal(161, together.Pruning.Rounds(1)[2].Remaining);
    }

    [Fact]
    public void Progress_goes_from_the_rewind_point_through_all_rounds_to_one()
    {
        var told = new List<PruningProgress>();
        using var run = new Run(_team, Options, 0);

        run.Pruning.Run(_team, new SupervisedTrainingTests.Calls<PruningProgress>(told.Add));

        Assert.Equal(told.OrderBy(progress => progress.Done), told);
        Assert.Equal([-1, 0, 1, 2], told.Select(progress => progress.Round).Distinct());
        Assert.Equal(1, told[^1].Done);
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        using var run = new Run(_team, Options, 0);
        using var unmasked = SupervisedProblem.Training(SupervisedProblem.Options(SupervisedProblem.Normalized) with { HasMask = false }, 0);
        using var test = Run.Evaluator(unmasked, _team);

        Assert.Contains("network in evaluation mode", Assert.Throws<ArgumentException>(() => new IterativePruning(run.Training, test, Options)).Message, StringComparison.Ordinal);
        Assert.Contains("by masks", Assert.Throws<ArgumentException>(() => new IterativePruning(unmasked, test, Options)).Message, StringComparison.Ordinal);
        Assert.Contains("epoch 4 of a training of 4", Assert.Throws<ArgumentException>(() => new IterativePruning(run.Training, run.Test, Options with { RewindEpochs = 4 })).Message, StringComparison.Ordinal);
        run.Training.RunTo(3, _team);
        Assert.Contains("at step 3", Assert.Throws<ArgumentException>(() => new IterativePruning(run.Training, run.Test, Options)).Message, StringComparison.Ordinal);
        Assert.Contains("no tensor p.progress", Assert.Throws<ArgumentException>(() => run.Pruning.Restore(new Dictionary<string, Tensor>(), "p")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _team.Dispose();

    private static int[] Kept(IterativePruning pruning, int replica)
    {
        var isKept = pruning.IsKept(replica).ToArray();
        return [.. pruning.Pruner.Prunable.SelectMany(slot => Enumerable.Range(slot.Offset, slot.Shape.Count)).Where(place => isKept[place])];
    }

    private static void AssertSame(Run expected, int one, Run actual, int other)
    {
        Assert.Equal(expected.Training.Evaluable(one), actual.Training.Evaluable(other));
        Assert.Equal(expected.Pruning.IsKept(one).ToArray(), actual.Pruning.IsKept(other).ToArray());
        foreach (var (first, second) in expected.Pruning.Rounds(one).Zip(actual.Pruning.Rounds(other)))
        {
            Assert.Equal(first.Layers, second.Layers);
            Assert.Equal(first.Evaluations, second.Evaluations);
        }
    }

    /// <summary>Tensors as a file gives them back.</summary>
    private static IReadOnlyDictionary<string, Tensor> Written(IEnumerable<Tensor> tensors)
    {
        using var file = new MemoryStream();
        SafeTensors.Write(file, [.. tensors]);
        file.Position = 0;
        return SafeTensors.Read(file, "memory").Tensors;
    }

    /// <summary>A pruning of some starts, by their numbers.</summary>
    private sealed class Run : IDisposable
    {
        internal Run(Team team, PruningOptions options, params int[] replicas)
        {
            Training = SupervisedProblem.Training(SupervisedProblem.Options(SupervisedProblem.Normalized), replicas);
            Test = Evaluator(Training, team);
            Pruning = new IterativePruning(Training, Test, options);
        }

        internal SupervisedTraining Training { get; }

        internal LossEvaluator Test { get; }

        internal IterativePruning Pruning { get; }

        internal static LossEvaluator Evaluator(SupervisedTraining training, Team team)
            => new(training.Evaluation, OutputLoss.CrossEntropy, ExampleSet.Of(SupervisedProblem.Images(30, 1)), team) { Precision = DType.F32 };

        public void Dispose()
        {
            Training.Dispose();
            Test.Dispose();
        }
    }
}
