using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Lab.Claims;
using Understudy.Lab.Runs;
using Understudy.Learning.Probing;
using Understudy.Learning.Training;
using Understudy.Studies.Parts;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>Q7: students that start near a teacher node keep their fan-out, the others lose it (P9).</summary>
/// <remarks>Inputs are N(0, 1) and drawn anew at every step; columns are scaled back to norm 1 after each one.</remarks>
internal sealed class LuckyExperiment(SpecializationConfig config, RunContext run) : IDisposable
{
    private const string Name = PartNames.Lucky;

    private readonly List<Group> _groups = [];
    private (string Name, double Value)[] _values = [];

    private int Seeds => config.Seeds ?? config.Lucky.Seeds;

    private LuckyTrainingConfig Training => config.Lucky.Training;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var group in _groups)
            group.Plan.Dispose();
    }

    /// <summary>Does what is still to be done of the part.</summary>
    internal void Run(PartProgress progress, CancellationToken cancellation)
    {
        foreach (var overRealization in config.Lucky.OverRealization)
            _groups.Add(CreateGroup(overRealization));
        var done = Restore();
        if (done < 0)
            Evaluate(done = 0);
        TrainPlan[] training = [.. _groups.Select(group => group.Plan)];
        while (done < Training.Epochs)
        {
            progress((double)done / Training.Epochs, FormattableString.Invariant($"{Name}: epoch {done + 1} of {Training.Epochs}"), _values);
            if (TrainPlan.RunAll(training, Step(done), Training.EpochSteps, run.Team, cancellation) < Step(done + 1))
            {
                run.Checkpoint(Name, Step(done), Tensors, force: true);
                cancellation.ThrowIfCancellationRequested();
            }

            foreach (var group in _groups)
                group.TakeParameters();
            Evaluate(++done);
            run.Checkpoint(Name, Step(done), Tensors);
        }
    }

    private long Step(int epoch) => (long)epoch * Training.EpochSteps;

    private Group CreateGroup(double overRealization)
    {
        var widths = config.Lucky.Widths;
        var teacherShape = new TwoLayerNetwork(widths[0], widths[1], widths[2], config.Slope);
        var shape = new TwoLayerNetwork(widths[0], InitialStudent.Nodes(overRealization, widths[1]), widths[2], config.Slope);
        var teachers = Enumerable.Range(0, Seeds)
            .Select(seed => LuckyStudents.Teacher(teacherShape, run.Random(Purposes.LuckyTeacher, seed))).ToArray();
        var students = teachers.Select((teacher, seed) => LuckyStudents.Student(
            shape, teacher, config.Lucky.Perturbation, run.Random(Purposes.LuckyStudent, seed), run.Random(Purposes.LuckyNoise, seed)));
        var plan = TrainPlan.Compile(
            new TrainOptions
            {
                Student = shape.Shape(),
                Teacher = teacherShape.Shape(),
                Loss = TrainingLoss.HalfSquaredSum,
                Batch = Training.Batch,
                Replicas = Seeds,
                Precision = DType.F32,
                Source = BatchSource.FreshNormal,
                NormalizeColumns = true,
                Rule = config.Lucky.Rule,
                FreezeHidden = config.Lucky.FreezeFirstLayer,
            });
        return new Group(overRealization, shape, plan, teachers, [.. students], config.Lucky, run);
    }

    private void Evaluate(int epoch)
    {
        var (losses, ratios) = (new List<double>(), new List<double>());
        foreach (var group in _groups)
        {
            var measured = new (double Loss, double MeanBest)[Seeds];
            run.Team.Run(Seeds, seed => measured[seed] = group.Measure(seed, config.AsPublished));
            for (var seed = 0; seed < Seeds; seed++)
            {
                var row = Row(group, seed, epoch, measured[seed].Loss, measured[seed].MeanBest);
                run.Record($"{Name}.evaluations", row);
                if (row.Diverged)
                    continue;
                losses.Add(row.Loss);
                ratios.Add(row.Ratio);
            }
        }

        _values = losses.Count == 0 ? [] : [("loss", Statistics.Median(losses)), ("ratio", Statistics.Median(ratios))];
    }

    private LuckyRow Row(Group group, int seed, int epoch, double loss, double meanBest)
    {
        var norms = group.Shape.WithFlat(group.Parameters[seed]).FanOutNorms();
        var (lucky, other) = (Median(norms[..config.Lucky.Widths[1]]), Median(norms[config.Lucky.Widths[1]..]));
        var diverged = group.Plan.Status(seed).IsDiverged;
        return new LuckyRow(seed, Step(epoch), epoch, group.OverRealization, diverged, loss, lucky, other, other / lucky, meanBest, norms);
    }

    private static double Median(double[] values)
    {
        if (values.Length == 0)
            return double.NaN;
        Array.Sort(values);
        return Quantiles.At(values, 0.5);
    }

    private int Restore()
    {
        if (run.Restore(Name) is not { } checkpoint)
            return -1;
        foreach (var group in _groups)
            group.Restore(checkpoint.Tensors);
        return checked((int)(checkpoint.Step / Training.EpochSteps));
    }

    private IReadOnlyList<Tensor> Tensors() => [.. _groups.Select(group => group.ToTensor())];

    /// <summary>The students of one width.</summary>
    private sealed class Group
    {
        private readonly LabelledSamples[] _evaluation;

        internal Group(
            double overRealization, TwoLayerNetwork shape, TrainPlan plan, TwoLayerNetwork[] teachers, TwoLayerNetwork[] students, LuckyConfig lucky, RunContext run)
        {
            (OverRealization, Shape, Plan) = (overRealization, shape, plan);
            Parameters = [.. students.Select(student => student.ToFlat())];
            var inputs = new DrawnInputs(new InputsConfig { Deviation = 1 }, shape.Inputs, run);
            _evaluation = [.. teachers.Select((teacher, seed) => LabelledSamples.Of(teacher, inputs.Evaluation(seed, lucky.Evaluation)))];
            for (var seed = 0; seed < teachers.Length; seed++)
            {
                plan.SetTeacher(seed, teachers[seed].ToFlat());
                plan.SetParameters(seed, Parameters[seed]);
                plan.SetBatches(seed, run.Random(Purposes.Batches, seed));
                plan.SetLearningRate(seed, lucky.Training.LearningRate);
            }
        }

        internal double OverRealization { get; }

        internal TwoLayerNetwork Shape { get; }

        internal TrainPlan Plan { get; }

        /// <summary>Flat parameters of each seed at the end of the last epoch.</summary>
        internal double[][] Parameters { get; }

        private string TensorName => FormattableString.Invariant($"r{OverRealization}.parameters");

        internal void TakeParameters()
        {
            for (var seed = 0; seed < Parameters.Length; seed++)
                Plan.GetParameters(seed, Parameters[seed]);
        }

        internal (double Loss, double MeanBest) Measure(int seed, bool isPublished)
        {
            if (Plan.Status(seed).IsDiverged)
                return (double.NaN, double.NaN);
            var samples = _evaluation[seed];
            using var probe = new StudentProbe(Shape.Shape(), samples.Crossed.Length, isPublished);
            var measured = probe.Measure(Parameters[seed], samples);
            return (measured.Loss, SpecializationStatistics.Of(measured.Correlations, samples.Crossed).MeanBest);
        }

        internal Tensor ToTensor()
            => Tensor.Of(TensorName, Parameters.SelectMany(parameters => parameters).ToArray(), Parameters.Length, Parameters[0].Length);

        internal void Restore(IReadOnlyDictionary<string, Tensor> tensors)
        {
            var width = Parameters[0].Length;
            for (var seed = 0; seed < Parameters.Length; seed++)
            {
                tensors[TensorName].Doubles.Slice(seed * width, width).CopyTo(Parameters[seed]);
                Plan.SetParameters(seed, Parameters[seed]);
            }
        }
    }
}
