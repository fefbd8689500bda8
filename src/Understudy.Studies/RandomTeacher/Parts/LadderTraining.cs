using Understudy.Data.Formats;
using Understudy.Lab.Runs;
using Understudy.Learning.SelfDistillation;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>The students of all rungs, each rung a training of its own; students of one seed share teacher, start, order of images and, where they have any, views.</summary>
internal sealed class LadderTraining : ITraining, IDisposable
{
    private readonly List<ViewDistillation> _rungs = [];
    private readonly ViewDistillationRound _round;
    private readonly RunContext _run;
    private readonly int _parameters;
    private readonly int _chunk;

    /// <summary>Puts every student at its start.</summary>
    /// <param name="config">The settings.</param>
    /// <param name="conditions">One per rung.</param>
    /// <param name="pictures">The images.</param>
    /// <param name="run">The run.</param>
    internal LadderTraining(RandomTeacherConfig config, IReadOnlyList<Condition> conditions, Pictures pictures, RunContext run)
    {
        _run = run;
        var teachers = new Teachers(conditions[0].Build(pictures.Image), config, run);
        var (students, images) = (new List<Student>(), pictures.Train.Values.ToArray());
        foreach (var (rung, condition) in config.Ladder.Rungs.Zip(conditions))
        {
            var options = Rungs.Options(config, rung, teachers.Network, pictures);
            var training = new ViewDistillation(options, images, [.. Enumerable.Range(0, config.Seeds).Select(seed => run.Random(Purposes.Batches, seed))]);
            _rungs.Add(training);
            for (var seed = 0; seed < config.Seeds; seed++)
            {
                var (start, place) = (teachers.Start(seed, condition.Alpha), seed);
                training.Start(seed, start, teachers.Parameters(seed));
                students.Add(new Student(condition, seed, teachers, start, training, seed)
                {
                    Moved = training.HasMovingTeacher ? () => (teachers.Network.InEvaluationMode(training.StatisticsOfTeacher(place)), TeacherOf(training, place)) : null,
                });
            }
        }

        (Students, _parameters, _round) = (students, teachers.Network.Layout.Count, new ViewDistillationRound(_rungs));
        _chunk = TrainingState.ChunkSteps(run, config.Ladder.Rungs.Sum(rung => config.Seeds * Rungs.Operations(config, rung, teachers.Network)));
    }

    /// <summary>All students: by rung, then by seed.</summary>
    internal IReadOnlyList<Student> Students { get; }

    /// <inheritdoc/>
    public int Step { get; private set; }

    /// <inheritdoc/>
    public void RunTo(int step, Action done, CancellationToken cancellation)
    {
        while (Step < step)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var end = Math.Min(step, Step + _chunk); Step < end; Step++)
                _round.DoStep(_run.Team);
            done();
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> State()
    {
        var tensors = new List<Tensor>(TrainingState.Of(Step, _rungs, _ => _parameters));
        foreach (var (i, rung) in _rungs.Index().Where(item => item.Item.HasMovingTeacher))
        {
            for (var replica = 0; replica < rung.Replicas; replica++)
                tensors.Add(StudentTensors.Tensor($"teacher{i}.{replica}", TeacherOf(rung, replica), rung.Precision));
        }

        return tensors;
    }

    /// <inheritdoc/>
    public void Restore(IReadOnlyDictionary<string, Tensor> tensors)
    {
        // a teacher that does not move stays the one of its seed
        Step = TrainingState.Restore(tensors, _rungs, (rung, replica, parameters) => _rungs[rung].Start(
            replica, parameters, _rungs[rung].HasMovingTeacher ? StudentTensors.Of(tensors[$"teacher{rung}.{replica}"]) : TeacherOf(_rungs[rung], replica)));
        _rungs.ForEach(rung => rung.GoTo(Step));
    }

    /// <inheritdoc/>
    public void Dispose() => _rungs.ForEach(rung => rung.Dispose());

    private double[] TeacherOf(ViewDistillation rung, int replica)
    {
        var teacher = new double[_parameters];
        rung.GetTeacher(replica, teacher);
        return teacher;
    }
}
