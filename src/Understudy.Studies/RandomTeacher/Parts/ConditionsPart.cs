using Understudy.Data.Formats;
using Understudy.Lab.Runs;
using Understudy.Learning.Distillation;
using Understudy.Studies.Parts;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>A part that distils one student per condition and seed, all side by side, and probes teachers and students.</summary>
/// <remarks>A run that stops goes on where its training was, and repeats no finished measurement.</remarks>
internal abstract class ConditionsPart(RandomTeacherConfig config, RandomTeacherPart part, IReadOnlyList<Condition> conditions, int steps)
{
    /// <summary>What a probe takes, in probes, of a network whose batch statistics are measured first.</summary>
    protected const double CalibratedProbes = 2;

    // everything but the embeddings once more
    private const double ValidatedProbes = 2;

    private static readonly int[] GlanceSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000];

    /// <summary>The part's word.</summary>
    internal string Name => PartNames.Of(part);

    /// <summary>What it costs from its beginning.</summary>
    internal PartCost Cost => new(FirstSeconds + ContinueSeconds, Bytes + ContinueBytes);

    /// <summary>The settings of the run.</summary>
    protected RandomTeacherConfig Config { get; } = config;

    /// <summary>The ways that are compared.</summary>
    internal IReadOnlyList<Condition> Conditions { get; } = conditions;

    /// <summary>The names of what is compared.</summary>
    internal IEnumerable<string> ConditionNames => Conditions.Select(condition => condition.Name);

    /// <summary>The network of the first condition, of parts that have one.</summary>
    protected ProjectedEncoder Network => Conditions[0].Build(Pictures.Shape(Config.Data));

    /// <summary>Seconds of one probe of one encoder on one thread.</summary>
    protected double ProbeSeconds(Condition condition)
        => CostModel.Probe(condition.Build(Pictures.Shape(Config.Data)), ProbedImages);

    /// <summary>Images that are fitted to and scored on.</summary>
    protected int ProbedImages => (Config.Probes.Images ?? Config.Data.Train) + Config.Data.Test;

    /// <summary>Whether the encoder of the first condition has batch statistics.</summary>
    protected bool HasStatistics => Network.Encoder.CouplesExamples;

    /// <summary>Whether networks differ in their heads alone, so that a seed's teachers have one encoder.</summary>
    protected virtual bool HasOneTeacher => false;

    /// <summary>Whether students are compared with their teachers while they are trained.</summary>
    protected virtual bool HasGlances => true;

    /// <summary>Whether the moments of a condition's students are chosen among, by training images that were held out.</summary>
    protected virtual bool IsValidated(Condition condition) => condition.Moments.Contains(StudentMoment.Best) && HasChoice;

    /// <summary>Whether there are several moments, and images to choose by.</summary>
    protected bool HasChoice => RandomTeacherProblems.HasChoice(Config.Probes);

    /// <summary>Whether it is kept which test images a row's probes get right: where somebody reads it.</summary>
    protected virtual bool KeepsRight(ProbeRow row) => false;

    /// <summary>Seconds of measurements beside those of every part.</summary>
    protected virtual double FurtherSeconds => 0;

    /// <summary>Seconds of the training on one thread.</summary>
    protected virtual double TrainingSeconds => Conditions.Sum(condition => (double)Config.Seeds * steps * CostModel.Step(condition.Build(Pictures.Shape(Config.Data)), Config.Training.Batch));

    /// <summary>All measurements of a training: what its tasks add up to.</summary>
    internal double MeasuringSeconds
        => InputSeconds + (Config.Seeds * Conditions.Sum(condition =>
            ((Config.Probes.Moments * Probes(condition)) + (HasOwnTeacher(condition) ? 1 : 0)) * ProbeSeconds(condition))) + (Glances.Count() * GlanceSeconds) + FurtherSeconds;

    private double InputSeconds => CostModel.ProbeOf(Network.Inputs, ProbedImages);

    private double GlanceSeconds => Config.Seeds * Conditions.Sum(condition => CostModel.Pass(condition.Build(Pictures.Shape(Config.Data)), Glance.Images) + CostModel.Gradient(condition.Build(Pictures.Shape(Config.Data)), Glance.GradientImages) + Tracking.Seconds(Config.Tracking, condition.Build(Pictures.Shape(Config.Data))));

    private double FirstShare => FirstSeconds / (FirstSeconds + ContinueSeconds);

    /// <summary>What teachers answer, which is remembered for every set of images.</summary>
    private double SetupSeconds => Conditions.Where(condition => condition.Target is null)
        .DistinctBy(condition => (Distillation.Key(condition.Network), condition.Images, condition.IsNoise, condition.IsPermuted))
        .Sum(condition => Config.Seeds * CostModel.Pass(condition.Build(Pictures.Shape(Config.Data)), condition.Images));

    /// <summary>Bytes of the first round.</summary>
    protected virtual double Bytes
    {
        get
        {
            var image = Pictures.Shape(Config.Data);
            // a table for each network, and one of noise for each seed
            var tables = Conditions.Select(condition => Distillation.Key(condition.Network)).Distinct().Count() + (Config.Seeds * Conditions.Count(condition => condition.HasOwnImages));
            var images = Pictures.Bytes(Config.Data) + (4.0 * image.Count * Config.Data.Train * tables);
            var networks = Conditions.Sum(condition => CostModel.Bytes(condition.Build(image), Config.Training.Batch));
            var widest = Conditions.Max(condition => condition.Build(image).Encoder.Outputs);
            var copies = Conditions.Where(condition => condition.Moments.Count > 0).Sum(condition => 4.0 * condition.Moments.Count * condition.Build(image).Layout.Count);
            return images + (Config.Seeds * (networks + copies) * Doubled) + (16.0 * widest * (Config.Data.Train + Config.Data.Test));
        }
    }

    /// <summary>Does what is still to be done.</summary>
    /// <param name="run">The run.</param>
    /// <param name="common">The images of the run and what probes find in them, which all parts have in common.</param>
    /// <param name="progress">Told how much of the part is done.</param>
    /// <param name="cancellation">Looked at between steps.</param>
    internal virtual void Run(RunContext run, Lazy<Probing> common, PartProgress progress, CancellationToken cancellation)
    {
        progress(0, $"{Name}: teachers", []);
        var pictures = common.Value.Pictures;
        using var training = new Distillation(Conditions, [.. Enumerable.Range(0, Config.Seeds)], steps, Config.Training, pictures, network => new Teachers(network, Config, run), run, cancellation);
        var round = new Round(Name, steps, TrainingSeconds, Tasks(Name, training, common.Value, run));
        var share = FirstShare;
        round.Run(training, run, (done, stage, values) => progress(done * share, stage, values), cancellation);
        Continue(training, pictures, run, (done, stage, values) => progress(share + ((1 - share) * done), stage, values), cancellation);
    }

    /// <summary>What follows the first round, on one thread.</summary>
    protected virtual double ContinueSeconds => 0;

    /// <summary>Bytes of what follows the first round, beside it.</summary>
    protected virtual double ContinueBytes => 0;

    /// <summary>Distillation with all its measurements, on one thread.</summary>
    protected double FirstSeconds => (IsDouble ? CostModel.Double : 1) * (TrainingSeconds + MeasuringSeconds + SetupSeconds);

    /// <summary>How many times as much room numbers in training take as in single precision.</summary>
    protected int Doubled => IsDouble ? 2 : 1;

    private bool IsDouble => Config.Training.Precision == TrainingPrecision.F64;

    /// <summary>What follows the training and its measurements.</summary>
    protected virtual void Continue(Distillation training, Pictures pictures, RunContext run, PartProgress progress, CancellationToken cancellation)
    {
    }

    /// <summary>Measurements beside those of every part, in any order.</summary>
    protected virtual IEnumerable<MeasuringTask> FurtherTasks(Distillation training, Probing probing, Pictures pictures, RunContext run) => [];

    /// <summary>A task that records which moments of students there are, where somebody starts from them.</summary>
    protected IEnumerable<MeasuringTask> RecordedMoments(Distillation training, RunContext run)
    {
        if (training.Students.All(student => student.Moments is null))
            yield break;
        yield return new MeasuringTask(steps, "moments of students", 0, (step, _) =>
        {
            foreach (var student in training.Students)
                Keeping.Record(Name, student, step, run);
            return [];
        });
    }

    /// <summary>A task that probes one encoder, which takes some times what a probe takes, and completes its row.</summary>
    protected MeasuringTask Probe(
        string table, RunContext run, int trainingSteps, string words, Condition condition, Func<long, CancellationToken, EncoderProbes> measure, double probes = 1) => new(trainingSteps, words, probes * ProbeSeconds(condition), (step, cancellation) =>
    {
        var (row, right, held) = measure(step, cancellation).About(row => row with { Step = step, TrainingSteps = trainingSteps });
        run.Record(PartNames.Probes(table), row);
        if (right.Count > 0 && KeepsRight(row))
            run.Save(RightImages.Array(table), step, right);
        if (held is { } validation)
            run.Record(PartNames.Validation(table), validation with { Seed = row.Seed, Step = step, Condition = row.Condition, TrainingSteps = trainingSteps });
        return [($"{condition.Name} ridge", row.Ridge), ("knn", row.Knn)];
    });

    /// <summary>A teacher's row.</summary>
    protected static EncoderProbes OfTeacher(Student student, Probing probing, CancellationToken cancellation)
        => probing.Of(student.Teachers.Evaluated(student.Seed).Encoder, student.Network.EncoderPart(student.Teacher), cancellation).About(row => row with
        {
            Seed = student.Seed,
            Condition = student.Condition.Name,
            Subject = Subject.Teacher,
            TeacherNorm = Distances.Norm(student.Teacher),
        });

    /// <summary>A student's row.</summary>
    protected static EncoderProbes OfStudent(Student student, Probing probing, CancellationToken cancellation)
    {
        var parameters = student.Parameters();
        DivergedException.ThrowIf(parameters, student);
        return probing.Of(student.EvaluatedEncoder(), student.Network.EncoderPart(parameters), cancellation).About(row => row with
        {
            Seed = student.Seed,
            Condition = student.Condition.Name,
            Subject = Subject.Student,
            Distance = Distances.Between(parameters, student.Teacher),
            TeacherNorm = Distances.Norm(student.Teacher),
        });
    }

    /// <summary>All measurements of a training, with rows in the tables of a part.</summary>
    internal IEnumerable<MeasuringTask> Tasks(string table, Distillation training, Probing probing, RunContext run)
        => Measured(table, training.Students, probing, run).Concat(FurtherTasks(training, probing, probing.Pictures, run));

    /// <summary>The moments at which students are probed.</summary>
    protected IEnumerable<int> Moments => Enumerable.Range(1, Config.Probes.Moments).Select(i => (int)Math.Round((double)steps * i / Config.Probes.Moments));

    /// <summary>The measurements of every part.</summary>
    protected IEnumerable<MeasuringTask> Measured(string table, IReadOnlyList<Student> students, Probing probing, RunContext run)
    {
        var tracking = new Tracking(Config, probing.Pictures, run);
        var (glance, validating) = (new Glance(Config.Training, probing.Pictures, run), new Probing(Config, Config.Data.Set, probing.Pictures, run) { IsValidating = true });
        yield return Probe(table, run, 0, "input", Conditions[0], (_, cancellation) => probing.Input(cancellation)) with { Seconds = InputSeconds };
        foreach (var student in students.DistinctBy(student => (HasOneTeacher ? null : student.Teachers, student.Seed)))
            yield return Probe(table, run, 0, $"teacher of {student.Condition.Name}", student.Condition, (_, cancellation) => OfTeacher(student, probing, cancellation));
        foreach (var moment in Glances)
        {
            yield return new MeasuringTask(moment, "a glance", GlanceSeconds, (step, cancellation) =>
            {
                var kept = new List<Tensor>();
                foreach (var student in students)
                {
                    var seen = glance.Of(student, cancellation);
                    var row = seen.Row with { Step = step, TrainingSteps = moment };
                    kept.AddRange(tracking.Record(table, student, seen with { Row = row }, isFirst: moment == Glances.First(), cancellation));
                    run.Record(PartNames.Training(table), row);
                    student.Moments?.Offer(StudentMoment.LeastRank, row.EffectiveRank, moment, student);
                    student.Moments?.Offer(StudentMoment.LargestLoss, row.Divergence, moment, student);
                    if (moment == steps && glance.CollapseOf(student, row.EffectiveRank, cancellation) is { } collapse)
                        Notes.Collapsed(run.Log, table, student.Condition.Name, student.Seed, collapse.Rank, collapse.IsOfDrawn ? "that of its teacher as drawn, though not of where that moved," : "its teacher's", collapse.TeacherRank);
                }

                if (kept.Count > 0)
                    run.Save(Tracking.Seen(table), step, kept);
                return [];
            });
        }

        foreach (var moment in Moments)
        {
            foreach (var student in students)
            {
                yield return Probe(
                    table, run, moment, $"{student.Condition.Name}, seed {student.Seed}", student.Condition,
                    (_, cancellation) =>
                    {
                        var found = OfStudent(student, IsValidated(student.Condition) ? validating : probing, cancellation);
                        student.Moments?.Offer(StudentMoment.Best, found.Validation?.Ridge ?? double.NaN, moment, student);
                        return found;
                    },
                    Probes(student.Condition));
            }
        }
    }

    /// <summary>The moments at which students are compared with their teachers.</summary>
    private IEnumerable<int> Glances => HasGlances ? GlanceSteps.Where(moment => moment < steps).Append(steps) : [];

    private double Probes(Condition condition) => IsValidated(condition) ? ValidatedProbes : 1;

    /// <summary>Whether its teachers are probed: it is the first of its network, or the first of all where their encoders are one.</summary>
    private bool HasOwnTeacher(Condition condition)
        => condition == (HasOneTeacher ? Conditions[0] : Conditions.First(one => Distillation.Key(one.Network) == Distillation.Key(condition.Network)));
}
