using Understudy.Data.Formats;
using Understudy.Engine;
using Understudy.Lab.Runs;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>What one seed of part multi-layer has in all its cells.</summary>
internal sealed class LayerSeed
{
    internal LayerSeed(MultiLayerPlan plan, MultiLayerConfig part, RunContext run, int seed)
    {
        var inputs = new DrawnInputs(new InputsConfig { Deviation = part.Data.Deviation }, part.Data.Dimension, run);
        Evaluation = inputs.Evaluation(seed, part.Measures.Evaluation);
        Training = inputs.Training(seed, part.Data.Samples.Max());
        Teacher = LayeredNetworks.Teacher(
            plan.Teacher, Evaluation, layer => run.Random($"{Purposes.LayerTeacher}/{layer}", seed), layer => run.Random($"{Purposes.LayerTeacherBias}/{layer}", seed));
        Targets = LayeredNetworks.Outputs(plan.Teacher, Teacher, Training);
    }

    /// <summary>[N, d], the largest training set: smaller ones are its beginnings.</summary>
    internal float[] Training { get; }

    /// <summary>f* on <see cref="Training"/>, [N, C].</summary>
    internal float[] Targets { get; }

    /// <summary>[N, d].</summary>
    internal float[] Evaluation { get; }

    internal double[] Teacher { get; }
}

/// <summary>Students that are trained in one plan: every seed of the cells that share their steps.</summary>
internal sealed class LayerStudents : IDisposable
{
    private readonly MultiLayerPlan _plan;
    private readonly TrainPlan _training;
    private readonly LayerCell[] _cells;

    internal LayerStudents(MultiLayerPlan plan, LayerCell[] cells, LayerSeed[] seeds, SpecializationConfig config, RunContext run)
    {
        (_plan, _cells) = (plan, cells);
        var part = config.MultiLayer;
        Network = plan.Network(cells[0].OverRealization);
        var isClass = cells[0].Objective == DistillationLoss.CrossEntropy;
        _training = TrainPlan.Compile(new TrainOptions
        {
            Student = Network,
            Loss = isClass ? TrainingLoss.CrossEntropy : TrainingLoss.MeanSquared,
            Batch = part.Training.Batch,
            Replicas = cells.Length * seeds.Length,
            Precision = config.TrainingPrecision == TrainingPrecision.F64 ? DType.F64 : DType.F32,
            Source = BatchSource.Shuffled,
        });
        Parameters = new double[_training.Replicas][];
        for (var replica = 0; replica < Parameters.Length; replica++)
        {
            var (cell, seed) = (CellOf(replica), SeedOf(replica));
            Parameters[replica] = LayeredNetworks.Student(Network, part.Networks.Scale, layer => run.Random($"{Purposes.LayerStudent}/{layer}", seed));
            _training.SetParameters(replica, Parameters[replica]);
            _training.SetBatches(replica, run.Random(Purposes.Batches, seed));
            var targets = seeds[seed].Targets.AsSpan(0, cell.Samples * Network.Widths[^1]);
            _training.SetSamples(
                replica,
                _training.AddTable(seeds[seed].Training.AsSpan(0, cell.Samples * Network.Widths[0]), Network.Widths[0]),
                isClass ? _training.AddTable(Classes(targets), 1) : _training.AddTable(targets, Network.Widths[^1]));
        }
    }

    internal Mlp Network { get; }

    /// <summary>Flat parameters of each replica at the last tick.</summary>
    internal double[][] Parameters { get; }

    internal int Count => Parameters.Length;

    private int Seeds => Count / _cells.Length;

    /// <inheritdoc/>
    public void Dispose() => _training.Dispose();

    internal LayerCell CellOf(int replica) => _cells[replica / Seeds];

    internal int SeedOf(int replica) => replica % Seeds;

    internal bool IsDiverged(int replica) => _training.Status(replica).IsDiverged;

    /// <summary>What has to be trained from a tick to the next.</summary>
    internal (TrainPlan Plan, long FirstStep, int Steps) Prepare(int tick)
    {
        for (var replica = 0; replica < Count; replica++)
            _training.SetLearningRate(replica, _plan.Rate(tick));
        var first = _plan.Step(_cells[0], tick);
        return (_training, first, checked((int)(_plan.Step(_cells[0], tick + 1) - first)));
    }

    internal void TakeParameters()
    {
        for (var replica = 0; replica < Count; replica++)
            _training.GetParameters(replica, Parameters[replica]);
    }

    internal Tensor ToTensor(int index) => Tensor.Of(Name(index), Parameters.SelectMany(parameters => parameters).ToArray(), Count, Parameters[0].Length);

    internal void Restore(int index, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var width = Parameters[0].Length;
        for (var replica = 0; replica < Count; replica++)
        {
            tensors[Name(index)].Doubles.Slice(replica * width, width).CopyTo(Parameters[replica]);
            _training.SetParameters(replica, Parameters[replica]);
        }
    }

    private static string Name(int index) => FormattableString.Invariant($"group{index}.parameters");

    private float[] Classes(ReadOnlySpan<float> targets)
    {
        var outputs = Network.Widths[^1];
        var classes = new float[targets.Length / outputs];
        for (var row = 0; row < classes.Length; row++)
            classes[row] = LayeredNetworks.Largest(targets.Slice(row * outputs, outputs));
        return classes;
    }
}
