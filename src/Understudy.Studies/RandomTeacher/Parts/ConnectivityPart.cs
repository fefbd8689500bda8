using Understudy.Lab.Runs;
using Understudy.Studies.Parts;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>Supervised trainings from a student and from a fresh start in several orders of the images, their errors, and the lines between those of one start.</summary>
internal sealed class ConnectivityPart(RandomTeacherConfig config) : ConditionsPart(config, RandomTeacherPart.Connectivity, [Of(config)], config.Connectivity.Steps)
{
    private ConnectivityConfig Part => Config.Connectivity;

    /// <inheritdoc/>
    protected override double ContinueSeconds => SupervisedOrders.Seconds(Network, Part, Config.Seeds);

    /// <inheritdoc/>
    protected override double ContinueBytes => CostModel.SupervisedBytes(Network, Part.Training, 2 * Config.Seeds * Part.Orders, Config.Seeds * Part.Orders);

    /// <inheritdoc/>
    protected override void Continue(Distillation training, Pictures pictures, RunContext run, PartProgress progress, CancellationToken cancellation)
        => new SupervisedOrders(Part, new SupervisedStarts(Part.Training, Config.Training.Convolution, [.. training.Students.Select(student => student.Trained(Part.Moment))], pictures, run) { Rate = $"{Name}.training.learningRate" })
            .Run(progress, cancellation);

    /// <inheritdoc/>
    protected override IEnumerable<MeasuringTask> FurtherTasks(Distillation training, Probing probing, Pictures pictures, RunContext run) => RecordedMoments(training, run);

    private static Condition Of(RandomTeacherConfig config)
        => Condition.Of(config, PartNames.Images, config.Connectivity.Normalization) with { Moments = config.Connectivity.Moment == StudentMoment.Last ? [] : [config.Connectivity.Moment] };
}
