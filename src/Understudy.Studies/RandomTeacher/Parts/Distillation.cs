using Understudy.Data.Formats;
using Understudy.Engine.Plans;
using Understudy.Lab.Runs;
using Understudy.Learning.Distillation;
using Understudy.Learning.Training;
using Understudy.Studies.Parts;

namespace Understudy.Studies.RandomTeacher.Parts;

/// <summary>The training of all students of a part: those of one network are replicas of one plan, and all plans share the threads.</summary>
internal sealed class Distillation : ITraining, IDisposable
{
    private readonly List<DistillationPlan> _plans = [];
    private readonly RunContext _run;
    private readonly ScheduleCourse _rates;
    private readonly int _chunk;

    /// <summary>Puts every student at its start.</summary>
    /// <param name="conditions">The ways that are compared.</param>
    /// <param name="seeds">The seeds of the students of each.</param>
    /// <param name="steps">Steps of the whole training, along which the learning rate goes.</param>
    /// <param name="training">How they are trained.</param>
    /// <param name="pictures">On what.</param>
    /// <param name="teachers">The teachers of a network.</param>
    /// <param name="run">The run.</param>
    /// <param name="cancellation">Looked at between batches of the teachers' answers.</param>
    internal Distillation(
        IReadOnlyList<Condition> conditions, IReadOnlyList<int> seeds, int steps, DistilledConfig training, Pictures pictures, Func<ProjectedEncoder, Teachers> teachers, RunContext run, CancellationToken cancellation)
    {
        _run = run;
        _rates = Schedule.Parse(training.LearningRate).Over(steps, pictures.Train.Count / training.Batch);
        var students = new List<Student>();
        foreach (var shape in conditions.GroupBy(condition => (Key(condition.Network), condition.Target?.Objective)))
            students.AddRange(Plan([.. shape], seeds, training, pictures, teachers(shape.First().Build(pictures.Image)), cancellation));
        // conditions in their order, as they are measured
        Students = [.. conditions.SelectMany(condition => students.Where(student => student.Condition == condition))];
        _chunk = TrainingState.ChunkSteps(run, Students.Sum(student => Operations(student.Network, training.Batch)));
    }

    /// <summary>All students: by condition, then by seed.</summary>
    internal IReadOnlyList<Student> Students { get; }

    /// <inheritdoc/>
    public int Step { get; private set; }

    /// <summary>How a gradient becomes a step.</summary>
    internal static Optimizer Optimizer(DistilledConfig training) => new()
    {
        Rule = training.Rule,
        Beta1 = training.Beta1,
        Beta2 = training.Beta2,
        Momentum = training.Momentum,
        WeightDecay = training.WeightDecay,
        DecayForm = DecayForm.Decoupled,
        Decayed = training.Decayed,
        ClipNorm = training.ClipNorm,
    };

    /// <summary>Multiplications and additions of one step of one student.</summary>
    internal static double Operations(ProjectedEncoder network, int batch) => 2.0 * batch * ((3 * network.MultiplyAdds) + network.TailMultiplyAdds);

    /// <inheritdoc/>
    public void RunTo(int step, Action done, CancellationToken cancellation)
    {
        while (Step < step)
        {
            cancellation.ThrowIfCancellationRequested();
            // steps of one learning rate at a time
            var (rate, count) = _rates.From(Step, Math.Min(step, Step + _chunk));
            var next = Step + count;
            foreach (var plan in _plans)
                plan.SetLearningRates(rate);
            if (!DistillationPlan.RunAll([.. _plans.Select(plan => (plan, (long)Step, next - Step))], _run.Team, CancellationToken.None))
                throw new InvalidOperationException("A plan that nobody stops stopped.");
            Step = next;
            done();
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> State() => [.. TrainingState.Of(Step, _plans, Size), .. Moments.SelectMany(moments => moments.State())];

    /// <inheritdoc/>
    public void Restore(IReadOnlyDictionary<string, Tensor> tensors)
    {
        Step = TrainingState.Restore(tensors, _plans, (plan, replica, parameters) => _plans[plan].SetStudent(replica, parameters));
        foreach (var moments in Moments)
            moments.Restore(tensors);
    }

    /// <inheritdoc/>
    public void Dispose() => _plans.ForEach(plan => plan.Dispose());

    private IEnumerable<KeptMoments> Moments => Students.Select(student => student.Moments).OfType<KeptMoments>();

    private int Size(DistillationPlan plan) => Students.First(student => student.Plan == plan).Network.Layout.Count;

    private IEnumerable<Student> Plan(Condition[] conditions, IReadOnlyList<int> seeds, DistilledConfig training, Pictures pictures, Teachers teachers, CancellationToken cancellation)
    {
        var network = teachers.Network;
        var plan = DistillationPlan.Compile(new DistillationOptions
        {
            Student = network,
            Objective = conditions[0].Target?.Objective ?? training.Objective,
            Batch = training.Batch,
            Replicas = conditions.Length * seeds.Count,
            Precision = training.Precision.ToType(),
            Convolution = training.Convolution,
            Optimizer = Optimizer(training),
            TeacherTemperature = training.TeacherTemperature,
            StudentTemperature = training.StudentTemperature,
        });
        var place = _plans.Count;
        _plans.Add(plan);
        var tables = new Dictionary<(int Images, bool IsPermuted, int? Own), RowTable>();
        var answers = new Dictionary<(int Images, bool IsPermuted, int? Own, Target? Target, int Seed), RowTable>();
        for (var i = 0; i < conditions.Length * seeds.Count; i++)
        {
            var (condition, seed) = (conditions[i / seeds.Count], seeds[i % seeds.Count]);
            int? own = condition.HasOwnImages ? seed : null;
            var (inputs, remembered) = ((condition.Images, condition.IsPermuted, own), (condition.Images, condition.IsPermuted, own, condition.Target, condition.Target is { HasOwnRows: false } ? 0 : seed));
            // images that several students share are held once
            if (!answers.TryGetValue(remembered, out var answer))
            {
                var rows = condition.Inputs(pictures, _run, seed)[..(condition.Images * pictures.Train.Features)];
                if (!tables.ContainsKey(inputs))
                    tables.Add(inputs, plan.AddTable(rows, network.Inputs));
                answer = condition.Target is { } target
                    ? plan.AddTable(target.Rows(pictures, condition.Images, network.Outputs, training.TeacherTemperature, _run, seed), network.Outputs)
                    : plan.AddTable(teachers.Bottlenecks(seed, rows, cancellation), network.Bottleneck);
                answers.Add(remembered, answer);
            }

            var start = teachers.Start(seed, condition.Alpha);
            plan.SetStudent(i, start);
            plan.SetTeacher(i, teachers.Parameters(seed));
            plan.SetBatches(i, _run.Random(Purposes.Batches, seed));
            plan.SetImages(i, tables[inputs], answer);
            yield return new Student(condition, seed, teachers, start, plan, i) { Moments = condition.Moments.Count == 0 ? null : new KeptMoments(condition.Moments, $"kept{place}.{i}") };
        }
    }

    /// <summary>Equal for networks of one shape.</summary>
    internal static string Key(NetworkConfig network) => string.Join('|', network.Encoder, network.Normalization, string.Join(',', network.Head), network.HeadActivation, network.NormalizedHead, network.Bottleneck, network.Shape, network.Outputs);
}
