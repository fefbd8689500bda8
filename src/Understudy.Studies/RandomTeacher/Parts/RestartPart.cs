using Understudy.Lab.Runs;
using Understudy.Studies.Parts;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>Distillation, and then again with the student as the teacher.</summary>
internal sealed class RestartPart(RandomTeacherConfig config)
    : ConditionsPart(config, RandomTeacherPart.Restart, [Condition.Of(config, PartNames.Images)], config.Training.Steps)
{
    /// <inheritdoc/>
    protected override double ContinueSeconds => AgainSeconds;

    /// <summary>What the second round takes on one thread.</summary>
    internal double AgainSeconds => FirstSeconds;

    /// <inheritdoc/>
    protected override double ContinueBytes => (Config.Seeds * CostModel.Bytes(Network, Config.Training.Batch) * Doubled) + (4.0 * Network.Inputs * Config.Data.Train);

    /// <inheritdoc/>
    protected override void Continue(Distillation training, Pictures pictures, RunContext run, PartProgress progress, CancellationToken cancellation)
        => Again([.. training.Students.Select(student => student.Trained())], pictures, run, progress, cancellation);

    /// <summary>The second round: distillation from students, with all measurements.</summary>
    internal void Again(IReadOnlyList<TrainedStudent> students, Pictures pictures, RunContext run, PartProgress progress, CancellationToken cancellation)
    {
        using var again = new Distillation(
            Conditions, [.. students.Select(student => student.Seed)], Config.Training.Steps, Config.Training, pictures, network => new Teachers(network, Config, run, students), run, cancellation);
        new Round(PartNames.Again, Config.Training.Steps, TrainingSeconds, Tasks(PartNames.Again, again, new Probing(Config, Config.Data.Set, pictures, run), run))
            .Run(again, run, progress, cancellation);
    }
}
