using Understudy.Lab.Runs;
using Understudy.Studies.Parts;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>Iterative magnitude pruning of a supervised training, from a student and from a fresh start.</summary>
internal sealed class TicketsPart(RandomTeacherConfig config) : ConditionsPart(config, RandomTeacherPart.Tickets, [Of(config)], config.Tickets.Steps)
{
    private TicketsConfig Part => Config.Tickets;

    /// <inheritdoc/>
    protected override double ContinueSeconds => SupervisedPruning.Seconds(Network, Part, Config.Seeds);

    /// <inheritdoc/>
    protected override double ContinueBytes => CostModel.SupervisedBytes(Network, Part.Training, 2 * Config.Seeds, Config.Seeds);

    /// <inheritdoc/>
    protected override void Continue(Distillation training, Pictures pictures, RunContext run, PartProgress progress, CancellationToken cancellation)
        => new SupervisedPruning(Part, new SupervisedStarts(Part.Training, Config.Training.Convolution, [.. training.Students.Select(student => student.Trained(Part.Moment))], pictures, run) { Rate = $"{Name}.training.learningRate" })
            .Run(progress, cancellation);

    /// <inheritdoc/>
    protected override IEnumerable<MeasuringTask> FurtherTasks(Distillation training, Probing probing, Pictures pictures, RunContext run) => RecordedMoments(training, run);

    private static Condition Of(RandomTeacherConfig config)
        => Condition.Of(config, PartNames.Images, config.Tickets.Normalization) with { Moments = config.Tickets.Moment == StudentMoment.Last ? [] : [config.Tickets.Moment] };
}
