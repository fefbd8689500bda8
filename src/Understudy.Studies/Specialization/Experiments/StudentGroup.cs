using System.Collections.Concurrent;
using Understudy.Data.Formats;
using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Plans;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Losses;
using Understudy.Learning.Training;
using Understudy.Studies.Parts;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>All students of one width: every cell of the grid and every seed is a replica of one training plan.</summary>
internal sealed class StudentGroup : IDisposable
{
    private readonly ExperimentPlan _plan;
    private readonly SeedSets _sets;
    private readonly RunContext _run;
    private readonly bool _isPublished;
    private readonly string _label;
    private readonly ConcurrentBag<StudentProbe> _probes = [];

    /// <summary>Draws and loads the students of one width.</summary>
    /// <param name="plan">What is trained.</param>
    /// <param name="overRealization">The width.</param>
    /// <param name="sets">Teachers and samples.</param>
    /// <param name="config">What all parts share.</param>
    /// <param name="run">The run.</param>
    /// <param name="label">Before the names in a checkpoint, where groups of several plans share one.</param>
    internal StudentGroup(ExperimentPlan plan, double overRealization, SeedSets sets, SpecializationConfig config, RunContext run, string label = "")
    {
        (_plan, _sets, _run, _isPublished, OverRealization, _label) = (plan, sets, run, config.AsPublished, overRealization, label);
        var teacher = sets.Teacher(0, plan.Cells(overRealization).First());
        var shape = new TwoLayerNetwork(teacher.Inputs, InitialStudent.Nodes(overRealization, teacher.Nodes), teacher.Outputs, plan.Student.ToActivation(teacher.Activation));
        Replicas =
        [
            .. from cell in plan.Cells(overRealization)
               from seed in Enumerable.Range(0, plan.Seeds)
               select new Replica(seed, cell, sets.Teacher(seed, cell), Initial(shape, sets.Teacher(seed, cell), seed)),
        ];
        Plan = TrainPlan.Compile(
            new TrainOptions
            {
                Student = shape.Shape(),
                Loss = TrainingLoss.HalfSquaredSum,
                Batch = plan.Training.FullBatch ? sets.Training(0, Replicas[0].Cell).Count : plan.Training.Batch,
                // all samples in another order are the same batch
                Source = plan.Training.FullBatch ? BatchSource.Shuffled : BatchSource.Samples,
                Optimizer = plan.Training.ToOptimizer(),
                FreezeBiases = !plan.Student.Biases,
                NormalizeHidden = plan.Student.NormalizeRows,
                FreezeHidden = plan.Student.Freeze == FrozenLayer.Features,
                FreezeLastLayer = plan.Student.Freeze == FrozenLayer.TopLayer,
                Replicas = Replicas.Count,
                Precision = config.TrainingPrecision.ToType(),
            });
        Load();
    }

    internal double OverRealization { get; }

    internal IReadOnlyList<Replica> Replicas { get; }

    /// <summary>The training of all replicas.</summary>
    internal TrainPlan Plan { get; }

    private string Name => FormattableString.Invariant($"{_label}r{OverRealization}");

    /// <inheritdoc/>
    public void Dispose()
    {
        Plan.Dispose();
        foreach (var probe in _probes)
            probe.Dispose();
    }

    /// <summary>Takes the trained parameters at the end of an epoch.</summary>
    internal void TakeParameters()
    {
        var before = new double[Plan.ParameterCount];
        for (var i = 0; i < Replicas.Count; i++)
        {
            Replicas[i].Parameters.CopyTo(before, 0);
            Plan.GetParameters(i, Replicas[i].Parameters);
            Replicas[i].Movement = Math.Sqrt(Replicas[i].Parameters.Zip(before, (now, then) => (now - then) * (now - then)).Sum());
            Plan.GetOptimizer(i, Replicas[i].Optimizer);
            Replicas[i].IsDiverged |= Plan.Status(i).IsDiverged;
        }
    }

    /// <summary>Sets the learning rate of the epoch after so many.</summary>
    internal void SetRate(int epochs)
    {
        var rate = _plan.Training.LearningRate * (_plan.Training.HalveEvery is { } every ? Math.Pow(0.5, epochs / every) : 1);
        for (var i = 0; i < Replicas.Count; i++)
            Plan.SetLearningRate(i, rate);
    }

    /// <summary>Measures all replicas, each as it stands.</summary>
    /// <param name="training">Whether to measure on the training sets too.</param>
    internal void Evaluate(bool training) => OnProbes(
        (probe, replica) =>
        {
            replica.Evaluation = probe.Measure(replica.Parameters, _sets.Evaluation(replica.Seed, replica.Cell));
            replica.Training = training ? probe.MeasureTraining(replica.Parameters, _sets.Training(replica.Seed, replica.Cell), _plan.SavesMatrices) : null;
        });

    /// <summary>Measures all replicas along boundaries; they must have been evaluated as they stand.</summary>
    internal void MeasureGeometry(GeometryConfig config) => _run.Team.Run(Replicas.Count, i =>
    {
        var replica = Replicas[i];
        if (replica is { IsDiverged: false, Evaluation: not null })
            replica.Geometry = GeometryMeasurement.Of(replica, _sets.Evaluation(replica.Seed, replica.Cell), config, _sets.Deviation, _sets.Radius);
    });

    /// <summary>Takes all eigenvalues of the Hessian of every student's loss on the first training samples.</summary>
    /// <param name="samples">How many; all where there are fewer.</param>
    /// <param name="cancellation">Looked at many times per student, for P³ operations.</param>
    internal void MeasureCurvature(int samples, CancellationToken cancellation)
    {
        foreach (var replica in Replicas.Where(replica => !replica.IsDiverged))
        {
            var training = _sets.Training(replica.Seed, replica.Cell);
            var (network, count) = (replica.Initial.Shape(), Math.Min(samples, training.Count));
            var examples = new ExampleSet(
                [.. training.Inputs.AsSpan(0, count * network.Inputs).ToArray().Select(value => (double)value)], [.. training.Targets.AsSpan(0, count * network.Outputs).ToArray().Select(value => (double)value)], count);
            var hessian = ExactHessian.Of(new MlpPoint(network, OutputLoss.HalfSquared, examples, replica.Parameters), new ExactOptions { Team = _run.Team }, null, cancellation);
            replica.Spectrum = SymmetricEigenvalues.Overwriting(hessian, replica.Parameters.Length, _run.Team, null, cancellation).Values.ToArray();
        }
    }

    /// <summary>Keeps what was measured of the untrained students, for lottery ranks.</summary>
    internal void KeepInitialCorrelations()
    {
        foreach (var replica in Replicas)
            replica.InitialCorrelations = replica.Evaluation?.Correlations;
    }

    /// <summary>Measures the untrained students of a run that goes on from a checkpoint, for lottery ranks.</summary>
    internal void EvaluateInitial() => OnProbes(
        (probe, replica) => replica.InitialCorrelations
            = probe.Measure(replica.Initial.ToFlat(), _sets.Evaluation(replica.Seed, replica.Cell)).Correlations);

    /// <summary>What a checkpoint needs of this group.</summary>
    internal IEnumerable<Tensor> Tensors()
    {
        var (count, nodes) = (Replicas.Count, _plan.Teacher.Nodes);
        yield return Tensor.Of($"{Name}.parameters", Replicas.SelectMany(replica => replica.Parameters).ToArray(), count, Replicas[0].Parameters.Length);
        if (Plan.OptimizerCount > 0)
            yield return Tensor.Of($"{Name}.optimizer", Replicas.SelectMany(replica => replica.Optimizer).ToArray(), count, Plan.OptimizerCount);
        yield return Tensor.Of($"{Name}.specialized", Replicas.SelectMany(replica => replica.SpecializedAt).ToArray(), count, nodes);
        yield return Tensor.Of($"{Name}.first", Replicas.SelectMany(replica => replica.FirstAt).ToArray(), count, nodes);
        yield return Tensor.Of($"{Name}.diverged", Replicas.Select(replica => replica.IsDiverged ? 1 : 0).ToArray(), count);
    }

    /// <summary>Goes on from a checkpoint.</summary>
    internal void Restore(IReadOnlyDictionary<string, Tensor> tensors)
    {
        var (width, nodes) = (Replicas[0].Parameters.Length, _plan.Teacher.Nodes);
        for (var i = 0; i < Replicas.Count; i++)
        {
            tensors[$"{Name}.parameters"].Doubles.Slice(i * width, width).CopyTo(Replicas[i].Parameters);
            tensors[$"{Name}.specialized"].Integers.Slice(i * nodes, nodes).CopyTo(Replicas[i].SpecializedAt);
            tensors[$"{Name}.first"].Integers.Slice(i * nodes, nodes).CopyTo(Replicas[i].FirstAt);
            Replicas[i].IsDiverged = tensors[$"{Name}.diverged"].Integers[i] != 0;
            Plan.SetParameters(i, Replicas[i].Parameters);
            if (Plan.OptimizerCount == 0)
                continue;
            tensors[$"{Name}.optimizer"].Doubles.Slice(i * Plan.OptimizerCount, Plan.OptimizerCount).CopyTo(Replicas[i].Optimizer);
            Plan.SetOptimizer(i, Replicas[i].Optimizer);
        }
    }

    private TwoLayerNetwork Initial(TwoLayerNetwork shape, TwoLayerNetwork teacher, int seed)
        => InitialStudent.Draw(shape, _plan.Student, teacher.Weight(teacher.Nodes - 1), _run.Random(Purposes.StudentInit, seed));

    private void Load()
    {
        var inputs = new Dictionary<float[], RowTable>();
        var targets = new Dictionary<float[], RowTable>();
        for (var i = 0; i < Replicas.Count; i++)
        {
            var replica = Replicas[i];
            var samples = _sets.Training(replica.Seed, replica.Cell);
            if (!inputs.TryGetValue(samples.Inputs, out var rows))
                inputs.Add(samples.Inputs, rows = Plan.AddTable(samples.Inputs, _sets.Dimension));
            if (!targets.TryGetValue(samples.Targets, out var labels))
                targets.Add(samples.Targets, labels = Plan.AddTable(samples.Targets, _plan.Teacher.Outputs));
            Plan.SetSamples(i, rows, labels);
            Plan.SetBatches(i, _run.Random(Purposes.Batches, replica.Seed));
            Plan.SetParameters(i, replica.Parameters);
            replica.Optimizer = new double[Plan.OptimizerCount];
            Plan.GetOptimizer(i, replica.Optimizer);
        }
    }

    private void OnProbes(Action<StudentProbe, Replica> measure) => _run.Team.Run(Replicas.Count, i =>
    {
        if (Replicas[i].IsDiverged)
            return;
        if (!_probes.TryTake(out var probe))
            probe = new StudentProbe(Replicas[i].Initial.Shape(), _plan.Teacher.Nodes, _isPublished);
        measure(probe, Replicas[i]);
        _probes.Add(probe);
    });
}
