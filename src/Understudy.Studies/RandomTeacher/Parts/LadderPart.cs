using Understudy.Lab.Runs;
using Understudy.Learning.SelfDistillation;
using Understudy.Studies.Parts;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>The ladder from DINO to a frozen random teacher: one student per rung and seed, and the teachers that moved.</summary>
internal sealed class LadderPart(RandomTeacherConfig config)
    : ConditionsPart(config, RandomTeacherPart.Ladder, [.. config.Ladder.Rungs.Select(rung => Condition.Of(config, Rungs.Name(rung)))], config.Training.Steps)
{
    private int Moving => Config.Ladder.Rungs.Contains(LadderRung.Dino) && Rungs.Teacher(Config.Ladder, LadderRung.Dino) is not OwnTeacher ? Config.Seeds : 0;

    /// <inheritdoc/>
    protected override double TrainingSeconds => Config.Ladder.Rungs.Sum(rung => (double)Config.Seeds * Config.Training.Steps * CostModel.Views(Config, rung, Network));

    /// <inheritdoc/>
    protected override double FurtherSeconds => (double)Moving * Config.Probes.Moments * ProbeSeconds(Conditions[0]);

    /// <inheritdoc/>
    protected override double Bytes => (Config.Ladder.Rungs.Sum(rung => CostModel.ViewBytes(Config, rung, Network)) * Doubled)
        + Pictures.Bytes(Config.Data) + (4.0 * Network.Inputs * Config.Data.Train) + (16.0 * Network.Encoder.Outputs * (Config.Data.Train + Config.Data.Test));

    /// <inheritdoc/>
    internal override void Run(RunContext run, Lazy<Probing> common, PartProgress progress, CancellationToken cancellation)
    {
        progress(0, $"{Name}: teachers", []);
        Notes.Asked(run.Log, Name);
        var probing = common.Value;
        using var training = new LadderTraining(Config, Conditions, probing.Pictures, run);
        new Round(Name, Config.Training.Steps, TrainingSeconds, Measured(Name, training.Students, probing, run).Concat(OfMoved(training, probing, run))).Run(training, run, progress, cancellation);
    }

    /// <summary>Probes of the teachers that move, whenever their students are probed.</summary>
    private IEnumerable<MeasuringTask> OfMoved(LadderTraining training, Probing probing, RunContext run)
    {
        foreach (var moment in Moments)
        {
            foreach (var student in training.Students.Where(student => student.Moved is not null))
            {
                yield return Probe(Name, run, moment, $"moved teacher of {student.Condition.Name}, seed {student.Seed}", student.Condition, (_, cancellation) =>
                {
                    var (network, parameters) = student.Moved!();
                    return probing.Of(network.Encoder, network.EncoderPart(parameters), cancellation).About(row => row with
                    {
                        Seed = student.Seed,
                        Condition = student.Condition.Name,
                        Subject = Subject.MovedTeacher,
                        Distance = Distances.Between(parameters, student.Teacher),
                        TeacherNorm = Distances.Norm(student.Teacher),
                    });
                });
            }
        }
    }
}
