using Understudy.Lab.Runs;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>Teachers and students probed on images that nobody was distilled on.</summary>
internal sealed class TransferPart(RandomTeacherConfig config)
    : ConditionsPart(config, RandomTeacherPart.Transfer, [Condition.Of(config, PartNames.Images)], config.Training.Steps)
{
    /// <inheritdoc/>
    protected override double FurtherSeconds => ((2.0 * Config.Seeds) + 1) * ProbeSeconds(Conditions[0]);

    /// <inheritdoc/>
    protected override double ContinueBytes => Pictures.Bytes(Other(Config));

    /// <summary>The images of the other set, of the size of those that are distilled on.</summary>
    internal static ImagesConfig Other(RandomTeacherConfig config) => config.Data with { Set = config.Transfer.Set, Size = Pictures.Shape(config.Data)[0] };

    /// <inheritdoc/>
    protected override IEnumerable<MeasuringTask> FurtherTasks(Distillation training, Probing probing, Pictures pictures, RunContext run)
    {
        var other = new Lazy<Probing>(() => new Probing(Config, Config.Transfer.Set, Pictures.Load(Other(Config), run), run));
        yield return Probe(Name, run, Config.Training.Steps, "input elsewhere", Conditions[0], (_, cancellation) => other.Value.Input(cancellation));
        foreach (var student in training.Students)
        {
            yield return Probe(Name, run, Config.Training.Steps, $"teacher elsewhere, seed {student.Seed}", student.Condition, (_, cancellation) => OfTeacher(student, other.Value, cancellation));
            yield return Probe(Name, run, Config.Training.Steps, $"student elsewhere, seed {student.Seed}", student.Condition, (_, cancellation) => OfStudent(student, other.Value, cancellation));
        }
    }
}
