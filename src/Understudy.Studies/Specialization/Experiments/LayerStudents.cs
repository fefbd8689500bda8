using Understudy.Data.Formats;
using Understudy.Engine.Random;
using Understudy.Lab.Runs;
using Understudy.Learning.Networks;
using Understudy.Learning.Probing;
using Understudy.Learning.Training;
using Understudy.Studies.Parts;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>What one seed of part multi-layer has in all its cells.</summary>
internal sealed class LayerSeed
{
    internal LayerSeed(MultiLayerPlan plan, MultiLayerConfig part, double[]? given, RunContext run, int seed)
    {
        var inputs = new DrawnInputs(new InputsConfig { Kind = part.Data.Kind, Deviation = part.Data.Deviation }, part.Data.Dimension, run);
        Evaluation = inputs.Evaluation(seed, part.Measures.Evaluation);
        Training = inputs.Training(seed, part.Data.Samples.Max());
        Teacher = given ?? LayeredNetworks.Teacher(
            plan.Teacher, part.Networks, Evaluation, layer => run.Random($"{Purposes.LayerTeacher}/{layer}", seed), layer => run.Random($"{Purposes.LayerTeacherBias}/{layer}", seed));
        Targets = LayeredNetworks.Outputs(plan.Teacher, Teacher, Training);
        if (part.Data.LabelNoise > 0)
            AddNoise(run.Random(Purposes.LayerLabelNoise, seed), part.Data.LabelNoise, Targets, part.Networks.Outputs);
        if (part.Networks.WeakFraction > 0)
            StrongTargets = LayeredNetworks.Outputs(plan.Teacher, LayeredNetworks.WithoutWeak(plan.Teacher, part.Networks.WeakFraction, Teacher), Evaluation);
    }

    /// <summary>[N, d], the largest training set: smaller ones are its beginnings.</summary>
    internal float[] Training { get; }

    /// <summary>f* on <see cref="Training"/>, [N, C], with the noise of the labels.</summary>
    internal float[] Targets { get; }

    /// <summary>[N, d].</summary>
    internal float[] Evaluation { get; }

    internal double[] Teacher { get; }

    /// <summary>Outputs of the teacher without its weak nodes on <see cref="Evaluation"/>, [N, C]; null where it has none.</summary>
    internal float[]? StrongTargets { get; }

    private static void AddNoise(RandomSequence random, double deviation, float[] targets, int outputs)
    {
        var noise = new double[outputs];
        for (var row = 0; row < targets.Length / outputs; row++)
        {
            random.FillNormal(row, noise);
            for (var c = 0; c < outputs; c++)
                targets[(row * outputs) + c] += (float)(deviation * noise[c]);
        }
    }
}

/// <summary>Students that are trained in one plan: every seed of the cells that share their steps.</summary>
internal sealed class LayerStudents : IDisposable
{
    private readonly MultiLayerPlan _plan;
    private readonly TrainPlan _training;
    private readonly LayerCell[] _cells;
    private readonly double[][] _optimizers;

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
            Precision = config.Precision.ToType(),
            Optimizer = new Optimizer { Rule = part.Training.Optimizer, Momentum = part.Training.Momentum, WeightDecay = part.Training.WeightDecay },
            // no row of a set that is new in every epoch is met twice: fresh batches
            Source = part.Data.Regenerate ? BatchSource.FreshNormal : BatchSource.Shuffled,
            Teacher = part.Data.Regenerate || part.Training.Adversary.Radius > 0 ? plan.Teacher : null,
            Dropout = part.Training.Dropout,
            JacobianPenalty = part.Training.JacobianPenalty,
            Adversary = part.Training.Adversary.ToAdversary(),
            InputDeviation = part.Data.Deviation,
        });
        Parameters = new double[_training.Replicas][];
        _optimizers = new double[_training.Replicas][];
        for (var replica = 0; replica < Parameters.Length; replica++)
        {
            var (cell, seed) = (CellOf(replica), SeedOf(replica));
            Parameters[replica] = LayerStarts.Student(
                part.Networks, Network, plan.Teacher, seeds[seed].Teacher,
                layer => run.Random($"{Purposes.LayerStudent}/{layer}", seed), layer => run.Random($"{Purposes.LayerNoise}/{layer}", seed));
            _training.SetParameters(replica, Parameters[replica]);
            _optimizers[replica] = new double[_training.OptimizerCount];
            _training.GetOptimizer(replica, _optimizers[replica]);
            _training.SetBatches(replica, run.Random(Purposes.Batches, seed));
            if (part.Data.Regenerate || part.Training.Adversary.Radius > 0)
                _training.SetTeacher(replica, seeds[seed].Teacher);
            if (part.Data.Regenerate)
                continue;

            var targets = seeds[seed].Targets.AsSpan(0, cell.Samples * Network.Widths[^1]);
            _training.SetSamples(
                replica,
                _training.AddTable(seeds[seed].Training.AsSpan(0, cell.Samples * Network.Widths[0]), Network.Widths[0]),
                isClass ? _training.AddTable(LayeredNetworks.Classes(targets, Network.Widths[^1]), 1) : _training.AddTable(targets, Network.Widths[^1]));
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

    internal bool Holds(LayerCell cell) => _cells.Contains(cell);

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

    /// <summary>Takes parameters and what the optimizers carry at the end of a tick.</summary>
    internal void TakeParameters()
    {
        for (var replica = 0; replica < Count; replica++)
        {
            _training.GetParameters(replica, Parameters[replica]);
            _training.GetOptimizer(replica, _optimizers[replica]);
        }
    }

    /// <summary>Divides the incoming weights and the biases of hidden nodes that are no teacher node's best match.</summary>
    internal void Suppress(int replica, double divisor, IReadOnlyList<SpecializationStatistics> layers)
    {
        for (var layer = 0; layer < layers.Count; layer++)
        {
            var weight = Network.Layout.Slots[2 * layer].Of(Parameters[replica].AsSpan());
            var bias = Network.Layout.Slots[(2 * layer) + 1].Of(Parameters[replica].AsSpan());
            var best = layers[layer].ArgBest.ToArray();
            for (var k = 0; k < bias.Length; k++)
            {
                if (best.Contains(k))
                    continue;
                bias[k] /= divisor;
                for (var at = k; at < weight.Length; at += bias.Length)
                    weight[at] /= divisor;
            }
        }

        Write(replica);
    }

    internal IEnumerable<Tensor> ToTensors(int index)
    {
        yield return Tensor.Of(Name(index), Parameters.SelectMany(parameters => parameters).ToArray(), Count, Parameters[0].Length);
        if (_training.OptimizerCount == 0)
            yield break;
        yield return Tensor.Of(OptimizerName(index), _optimizers.SelectMany(states => states).ToArray(), Count, _training.OptimizerCount);
    }

    internal void Restore(int index, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var (width, states) = (Parameters[0].Length, _training.OptimizerCount);
        for (var replica = 0; replica < Count; replica++)
        {
            tensors[Name(index)].Doubles.Slice(replica * width, width).CopyTo(Parameters[replica]);
            if (states > 0)
                tensors[OptimizerName(index)].Doubles.Slice(replica * states, states).CopyTo(_optimizers[replica]);
            Write(replica);
        }
    }

    private void Write(int replica)
    {
        _training.SetParameters(replica, Parameters[replica]);
        _training.SetOptimizer(replica, _optimizers[replica]);
    }

    private static string OptimizerName(int index) => FormattableString.Invariant($"group{index}.optimizer");

    private static string Name(int index) => FormattableString.Invariant($"group{index}.parameters");
}
