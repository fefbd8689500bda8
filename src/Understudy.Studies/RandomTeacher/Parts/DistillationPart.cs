using Understudy.Lab.Runs;
using Understudy.Learning.Networks;
using Understudy.Learning.Networks.Exporting;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>The main result: students of images, of noise and from far starts beside their teachers, and two controls.</summary>
internal sealed class DistillationPart(RandomTeacherConfig config) : ConditionsPart(config, RandomTeacherPart.Distillation, All(config), config.Training.Steps)
{
    /// <summary>Images that batch statistics of a changed teacher are measured on.</summary>
    private const int Calibration = 4000;

    private const double KeepSeconds = 0.1;

    private int Controls => !Config.Distillation.Controls ? 0 : HasStatistics ? 2 : 1;

    /// <inheritdoc/>
    protected override bool IsValidated(Condition condition) => condition.Name == PartNames.Images && HasChoice;

    /// <inheritdoc/>
    protected override double FurtherSeconds => (CalibratedProbes * Config.Seeds * Controls * ProbeSeconds(Conditions[0])) + (Config.Distillation.Keep ? KeepSeconds * Config.Seeds * Conditions.Count : 0);

    /// <summary>Intervals over test images are about students of images at their end and their teachers.</summary>
    protected override bool KeepsRight(ProbeRow row)
        => row.Subject == Subject.Teacher || (row.Subject == Subject.Student && row.Condition == PartNames.Images && row.TrainingSteps == Config.Training.Steps);

    /// <inheritdoc/>
    protected override IEnumerable<MeasuringTask> FurtherTasks(Distillation training, Probing probing, Pictures pictures, RunContext run)
    {
        if (Config.Distillation.Keep)
        {
            foreach (var student in training.Students)
                yield return new MeasuringTask(Config.Training.Steps, $"keeping {student.Condition.Name}, seed {student.Seed}", KeepSeconds, (step, _) => Keep(student, step, run));
            yield return new MeasuringTask(Config.Training.Steps, "keeping the moments of the images", 0, (step, _) =>
            {
                Keeping.SaveImages(Name, pictures, step, run);
                return [];
            });
        }

        if (Controls == 0)
            yield break;
        foreach (var student in training.Students.Where(student => student.Condition.Name == PartNames.Images))
        {
            if (HasStatistics)
            {
                yield return Probe(Name, run, Config.Training.Steps, $"recalibrated teacher, seed {student.Seed}", student.Condition, (_, cancellation) => Calibrated(student, student.Teacher, probing, pictures, run, cancellation).About(row => row with
                {
                    Subject = Subject.Recalibrated,
                }), CalibratedProbes);
            }

            yield return Probe(Name, run, Config.Training.Steps, $"kicked teacher, seed {student.Seed}", student.Condition, (_, cancellation) =>
            {
                var kicked = Kicked(student, run);
                return Calibrated(student, kicked, probing, pictures, run, cancellation).About(row => row with { Subject = Subject.Kicked, Distance = Distances.Between(kicked, student.Teacher) });
            }, CalibratedProbes);
        }
    }

    /// <summary>Writes a student and the encoder of its teacher.</summary>
    private IReadOnlyList<(string, double)> Keep(Student student, long step, RunContext run)
    {
        var (encoder, name) = (student.Network.Encoder, $"{student.Condition.Name}-{student.Seed}");
        var (parameters, statistics) = (student.Parameters(), student.Network.EncoderPart(student.Statistics()));
        Keeping.Save(Name, student, step, run);
        // conditions share the teacher of a seed
        if (student.Condition == Conditions[0])
            Keeping.SaveTeacher(Name, student, step, run);
        using var content = new MemoryStream();
        try
        {
            OnnxExport.Write(encoder, student.Network.EncoderPart(parameters), statistics, content);
        }
        catch (NotExportableException problem)
        {
            Notes.NotExported(run.Log, name, problem.Message);
            return [];
        }

        using var file = run.Artifact($"student-{name}.onnx");
        content.WriteTo(file);
        return [];
    }

    private static IReadOnlyList<Condition> All(RandomTeacherConfig config)
    {
        var images = Condition.Of(config, PartNames.Images);
        return
        [
            images with { Moments = config.Distillation.Keep ? config.Distillation.KeptMoments : [] },
            .. config.Distillation.Noise ? [images with { Name = PartNames.Noise, IsNoise = true }] : Array.Empty<Condition>(),
            .. config.Distillation.Far ? [images with { Name = PartNames.Far, Alpha = 1 }] : Array.Empty<Condition>(),
        ];
    }

    /// <summary>A teacher, or what became of it, with the batch statistics of the images.</summary>
    internal static EncoderProbes Calibrated(Student student, double[] parameters, Probing probing, Pictures pictures, RunContext run, CancellationToken cancellation)
    {
        var encoder = student.Network.Encoder;
        var own = student.Network.EncoderPart(parameters);
        var images = pictures.Train.Slice(0, Math.Min(Calibration, pictures.Train.Count));
        var statistics = Recalibration.Measure(encoder, images.Values, own, new RecalibrationOptions { Precision = student.Plan.Precision, Team = run.Team });
        return probing.Of(encoder.InEvaluationMode(statistics), own, cancellation).About(row => row with { Seed = student.Seed, Condition = student.Condition.Name, TeacherNorm = Distances.Norm(student.Teacher) });
    }

    /// <summary>The teacher, every tensor moved along a normal direction as far as its student moved.</summary>
    private static double[] Kicked(Student student, RunContext run)
    {
        var (teacher, moved) = (student.Teacher, student.Parameters());
        var kicked = RandomMove.Of(student.Network.Layout, teacher, moved, slot => run.Random($"{Purposes.Kick}/{slot}", student.Seed));
        for (var i = 0; i < kicked.Length; i++)
            kicked[i] += teacher[i];
        return kicked;
    }
}
