using Understudy.Learning.Distillation;
using Understudy.Learning.Pruning;
using Understudy.Studies.Parts;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>Iterative magnitude pruning of a supervised training from every start: what part tickets does with its students.</summary>
/// <remarks>Random-teacher specification, section 5.8. With checkpoints that are kept it goes on where it was, inside of a round too.</remarks>
/// <param name="config">Rounds, rewinding and training.</param>
/// <param name="starts">Students and fresh starts.</param>
internal sealed class SupervisedPruning(TicketsConfig config, SupervisedStarts starts)
{
    /// <summary>The word of checkpoints.</summary>
    internal static readonly string Supervised = PartNames.Supervised(RandomTeacherPart.Tickets);

    /// <summary>The table of rounds.</summary>
    internal static readonly string Rounds = $"{Supervised}.rounds";

    private static readonly string Name = PartNames.Of(RandomTeacherPart.Tickets);

    /// <summary>What it takes on one thread.</summary>
    internal static double Seconds(ProjectedEncoder network, TicketsConfig config, int seeds) => 2.0 * seeds * config.Rounds * CostModel.Supervised(network, config.Training);

    /// <summary>Trains and prunes, round by round.</summary>
    /// <exception cref="DivergedException">A training is no longer one of numbers.</exception>
    internal void Run(PartProgress progress, CancellationToken cancellation)
    {
        var run = starts.Run;
        using var supervised = starts.Compile(1, hasMask: true);
        using var test = starts.Evaluator(supervised.Evaluation, starts.Test);
        var pruning = new IterativePruning(supervised, test, new PruningOptions { Rounds = config.Rounds, RewindEpochs = config.Rewind, EvaluationEpochs = config.Evaluation });
        if (run.Restore(Supervised) is { } checkpoint)
            pruning.Restore(checkpoint.Tensors, "pruning");
        while (!pruning.IsDone)
        {
            var told = new Told(now => progress(now.Done, $"{Name}: round {pruning.RoundsDone + 1} of {config.Rounds}", []));
            var isDone = pruning.RunRound(run.Team, told, cancellation);
            starts.ThrowIfDiverged(supervised, 1);
            if (isDone)
                Record(pruning);
            // nothing is lost: it goes on inside of a round
            run.Checkpoint(Supervised, pruning.RoundsDone, () => pruning.Tensors("pruning"), force: true);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private void Record(IterativePruning pruning)
    {
        for (var i = 0; i < starts.All.Count; i++)
        {
            var (student, kind) = starts.All[i];
            var round = pruning.Rounds(i)[^1];
            starts.Run.Record(Rounds, new TicketRow(
                student.Seed, pruning.RoundsDone, kind, round.Round, round.Share, 100 * round.Last.Accuracy, 100 * round.Best.Value.Accuracy, 100 * round.Evaluations[^Math.Min(2, round.Evaluations.Count)].Value.Accuracy, round.Last.Loss));
        }
    }

    private sealed class Told(Action<PruningProgress> tell) : IProgress<PruningProgress>
    {
        public void Report(PruningProgress value) => tell(value);
    }
}
