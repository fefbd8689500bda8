using Understudy.Lab.Runs;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>Further controls of the main result: images without structure, weights in other places, and how far the plain probe is from convergence.</summary>
internal sealed class ControlsPart(RandomTeacherConfig config) : ConditionsPart(config, RandomTeacherPart.Controls, All(config), config.Training.Steps)
{
    /// <summary>A converged regression takes as long as the four probes some times over.</summary>
    private const double AuditProbes = 3;

    /// <summary>The table of a run.</summary>
    internal static string Audits { get; } = $"{PartNames.Of(RandomTeacherPart.Controls)}.audit";

    /// <inheritdoc/>
    protected override double FurtherSeconds
        => Config.Seeds * ProbeSeconds(Conditions[0]) * ((Config.Controls.Shuffled ? CalibratedProbes * (HasStatistics ? 2 : 1) : 0) + (Config.Controls.Audit ? 2 * (1 + AuditProbes) : 0));

    /// <inheritdoc/>
    protected override IEnumerable<MeasuringTask> FurtherTasks(Distillation training, Probing probing, Pictures pictures, RunContext run)
    {
        foreach (var student in training.Students.Where(student => student.Condition.Name == PartNames.Images))
        {
            // without batch statistics it is the teacher in every number
            if (Config.Controls.Shuffled && HasStatistics)
            {
                yield return Probe(Name, run, Config.Training.Steps, $"recalibrated teacher, seed {student.Seed}", student.Condition, (_, cancellation) => DistillationPart.Calibrated(student, student.Teacher, probing, pictures, run, cancellation).About(row => row with
                {
                    Subject = Subject.Recalibrated,
                }), CalibratedProbes);
            }

            if (Config.Controls.Shuffled)
            {
                yield return Probe(Name, run, Config.Training.Steps, $"shuffled student, seed {student.Seed}", student.Condition, (_, cancellation) =>
                {
                    var shuffled = Shuffled(student, run);
                    return DistillationPart.Calibrated(student, shuffled, probing, pictures, run, cancellation).About(row => row with { Subject = Subject.Shuffled, Distance = Distances.Between(shuffled, student.Teacher) });
                }, CalibratedProbes);
            }

            if (Config.Controls.Audit)
            {
                yield return Audit(Subject.Teacher, student, cancellation => probing.Audit(student.Teachers.Evaluated(student.Seed).Encoder, student.Network.EncoderPart(student.Teacher), cancellation), run);
                yield return Audit(Subject.Student, student, cancellation => probing.Audit(student.EvaluatedEncoder(), student.Network.EncoderPart(student.Parameters()), cancellation), run);
            }
        }
    }

    private MeasuringTask Audit(Subject subject, Student student, Func<CancellationToken, AuditRow> audit, RunContext run)
        => new(Config.Training.Steps, $"convergence of the {subject.ToString().ToLowerInvariant()}'s probe, seed {student.Seed}", (1 + AuditProbes) * ProbeSeconds(student.Condition), (step, cancellation) =>
        {
            var row = audit(cancellation) with { Seed = student.Seed, Step = step, Subject = subject };
            run.Record(Audits, row);
            return [("plain", row.Lin), ("converged", row.Converged)];
        });

    /// <summary>The student with the entries of every tensor of its encoder in another order.</summary>
    internal static double[] Shuffled(Student student, RunContext run)
    {
        var (parameters, shuffled) = (student.Parameters(), student.Parameters());
        foreach (var (i, slot) in student.Network.Layout.Slots.Take(student.Network.Encoder.Layout.Slots.Count).Index())
        {
            var from = slot.Of<double>(parameters);
            var to = slot.Of(shuffled.AsSpan());
            var order = new int[to.Length];
            run.Random($"{Purposes.Shuffle}/{i}", student.Seed).FillPermutation(0, order);
            for (var entry = 0; entry < order.Length; entry++)
                to[entry] = from[order[entry]];
        }

        return shuffled;
    }

    private static IReadOnlyList<Condition> All(RandomTeacherConfig config)
    {
        var images = Condition.Of(config, PartNames.Images);
        return [images, .. config.Controls.Permuted ? [images with { Name = PartNames.Permuted, IsPermuted = true }] : Array.Empty<Condition>()];
    }
}
