using Understudy.Lab.Runs;
using Understudy.Learning.Pruning;
using Understudy.Studies.Parts;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>Iterative magnitude pruning of a supervised training, from a student and from a fresh start.</summary>
internal sealed class TicketsPart(RandomTeacherConfig config) : ConditionsPart(config, RandomTeacherPart.Tickets, [Of(config)], config.Tickets.Steps)
{
    private static readonly string Supervised = PartNames.Supervised(RandomTeacherPart.Tickets);

    private TicketsConfig Part => Config.Tickets;

    /// <inheritdoc/>
    protected override double ContinueSeconds => 2.0 * Config.Seeds * Part.Rounds * CostModel.Supervised(Network, Part.Training);

    /// <inheritdoc/>
    protected override double ContinueBytes => CostModel.SupervisedBytes(Network, Part.Training, 2 * Config.Seeds, Config.Seeds);

    /// <inheritdoc/>
    protected override void Continue(Distillation training, Pictures pictures, RunContext run, PartProgress progress, CancellationToken cancellation)
    {
        var starts = new SupervisedStarts(Part.Training, Config.Training.Convolution, training.Students, pictures, run);
        using var supervised = starts.Compile(1, hasMask: true);
        using var test = starts.Evaluator(supervised.Evaluation, pictures.Test);
        var pruning = new IterativePruning(supervised, test, new PruningOptions { Rounds = Part.Rounds, RewindEpochs = Part.Rewind, EvaluationEpochs = Part.Evaluation });
        if (run.Restore(Supervised) is { } checkpoint)
            pruning.Restore(checkpoint.Tensors, "pruning");
        while (!pruning.IsDone)
        {
            var told = new Told(now => progress(now.Done, $"{Name}: round {pruning.RoundsDone + 1} of {Part.Rounds}", []));
            var isDone = pruning.RunRound(run.Team, told, cancellation);
            starts.ThrowIfDiverged(supervised, 1, $"{Name}.training.learningRate");
            if (isDone)
                Record(run, pruning, starts);
            // nothing is lost: it goes on inside of a round
            run.Checkpoint(Supervised, pruning.RoundsDone, () => pruning.Tensors("pruning"), force: true);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private static Condition Of(RandomTeacherConfig config)
        => Condition.Of(config, PartNames.Images, config.Tickets.Normalization);

    private static void Record(RunContext run, IterativePruning pruning, SupervisedStarts starts)
    {
        for (var i = 0; i < starts.All.Count; i++)
        {
            var (student, kind) = starts.All[i];
            var round = pruning.Rounds(i)[^1];
            run.Record($"{Supervised}.rounds", new TicketRow(
                student.Seed, pruning.RoundsDone, kind, round.Round, round.Share, 100 * round.Last.Accuracy, 100 * round.Best.Value.Accuracy, 100 * round.Evaluations[^Math.Min(2, round.Evaluations.Count)].Value.Accuracy, round.Last.Loss));
        }
    }

    private sealed class Told(Action<PruningProgress> tell) : IProgress<PruningProgress>
    {
        public void Report(PruningProgress value) => tell(value);
    }
}
