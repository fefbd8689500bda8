using Understudy.Data.Formats;
using Understudy.Lab.Claims;
using Understudy.Lab.Runs;
using Understudy.Learning.Networks;
using Understudy.Learning.Probing;
using Understudy.Learning.Training;
using Understudy.Studies.Parts;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>Q4: specialization layer by layer (P7, P7b, P8, P10).</summary>
/// <remarks>All seeds of cells with the same steps are trained together; the learning rate changes, and checkpoints are written, at ends of epochs.</remarks>
internal sealed class MultiLayerExperiment(SpecializationConfig config, RunContext run) : IDisposable
{
    private const string Name = PartNames.MultiLayer;

    private readonly MultiLayerPlan _plan = new(config);
    private readonly List<LayerStudents> _groups = [];
    private LayerSeed[] _seeds = [];
    private GivenTeacher? _given;
    private Dictionary<double, double[][]> _chance = [];
    private (string Name, double Value)[] _values = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var group in _groups)
            group.Dispose();
    }

    /// <summary>Does what is still to be done of the part.</summary>
    internal void Run(PartProgress progress, CancellationToken cancellation)
    {
        progress(0, $"{Name}: teachers and data", []);
        _given = config.MultiLayer.Networks.TeacherFile.Length == 0 ? null
            : new GivenTeacher(config.MultiLayer.Networks.TeacherFile, TeacherFile.Load(config.MultiLayer.Networks, _plan.Teacher));
        _seeds = new LayerSeed[_plan.Seeds];
        run.Team.Run(_plan.Seeds, seed => _seeds[seed] = new LayerSeed(_plan, config.MultiLayer, _given?.Flat, run, seed));
        _chance = config.MultiLayer.Networks.OverRealization.ToDictionary(r => r, Chance);
        foreach (var cells in _plan.Groups())
            _groups.Add(new LayerStudents(_plan, cells, _seeds, config, run));
        var tick = Restore();
        if (tick < 0)
        {
            foreach (var row in _seeds.SelectMany((of, seed) => LayerChance.Classes(_plan.Teacher, of, seed)))
                run.Record($"{Name}.classes", row);
            Evaluate(tick = 0);
            SaveWeights(tick);
        }

        while (tick < _plan.Ticks)
        {
            progress((double)tick / _plan.Ticks, Stage(tick), _values);
            var training = _groups.Select(group => group.Prepare(tick)).ToArray();
            if (!TrainPlan.RunAll(training, run.Team, cancellation))
            {
                run.Checkpoint(Name, tick, Tensors, force: true);
                cancellation.ThrowIfCancellationRequested();
            }

            foreach (var group in _groups)
                group.TakeParameters();
            tick++;
            if (_plan.IsEvaluated(tick))
                Evaluate(tick);
            if (tick == _plan.Ticks)
                SaveWeights(tick);
            Suppress(tick);
            run.Checkpoint(Name, tick, Tensors);
        }
    }

    /// <summary>Winners are told by the evaluation samples that serve before the end.</summary>
    private void Suppress(int tick)
    {
        (LayerStudents Group, int Replica)[] students =
        [
            .. from grouped in _groups
               from replica in Enumerable.Range(0, grouped.Count)
               where _plan.IsSuppressed(grouped.CellOf(replica), tick) && !grouped.IsDiverged(replica)
               select (grouped, replica),
        ];
        run.Team.Run(students.Length, i =>
        {
            var (group, replica) = students[i];
            var seed = _seeds[group.SeedOf(replica)];
            using var probe = new LayerProbe(_plan.Teacher, group.Network, group.CellOf(replica).Objective);
            var measured = probe.Measure(seed.Teacher, group.Parameters[replica], seed.Evaluation.AsSpan(0, config.MultiLayer.Measures.During * group.Network.Widths[0]));
            group.Suppress(replica, config.MultiLayer.Training.Suppression, [.. measured.Correlations.Select(rho => SpecializationStatistics.Of(rho))]);
        });
    }

    private double[][] Chance(double overRealization)
    {
        var (network, chance) = (_plan.Network(overRealization), new double[_plan.Seeds][]);
        run.Team.Run(_plan.Seeds, seed => chance[seed] = LayerChance.Best(config, _plan.Teacher, network, _seeds[seed], run, seed));
        return chance;
    }

    /// <summary>Teachers by seed, and the students of every cell by seed.</summary>
    private void SaveWeights(int tick)
    {
        var tensors = Stack("teacher", _plan.Teacher, [.. _seeds.Select(seed => seed.Teacher)]).ToList();
        foreach (var (group, cell) in from grouped in _groups from cell in _plan.Cells where grouped.Holds(cell) select (grouped, cell))
        {
            tensors.AddRange(Stack(Named(cell), group.Network, [.. Enumerable.Range(0, group.Count).Where(replica => group.CellOf(replica) == cell).OrderBy(group.SeedOf).Select(replica => group.Parameters[replica])]));
        }

        // by tick, as checkpoints are
        run.Save($"{Name}.weights", tick, tensors);
    }

    /// <summary>The words before the tensors of a cell's students.</summary>
    internal static string Named(LayerCell cell) => FormattableString.Invariant($"r{cell.OverRealization}.{(cell.Objective == DistillationLoss.Mse ? "mse" : "cross-entropy")}.n{cell.Samples}");

    private static IEnumerable<Tensor> Stack(string name, Mlp network, double[][] networks) => network.Layout.Slots.Select(slot => Tensor.Of(
        $"{name}.{slot.Name}", networks.SelectMany(flat => slot.Of<double>(flat).ToArray()).Select(value => (float)value).ToArray(), [networks.Length, .. slot.Shape.Extents.ToArray()]));

    private string Stage(int tick)
    {
        var cell = _plan.Cells[^1];
        return FormattableString.Invariant($"{Name}: epoch {Math.Min(_plan.Epoch(cell, tick) + 1, cell.Epochs)} of {cell.Epochs} at N = {cell.Samples}");
    }

    private void Evaluate(int tick)
    {
        (LayerStudents Group, int Replica)[] students =
        [
            .. from grouped in _groups
               from replica in Enumerable.Range(0, grouped.Count)
               let cell = grouped.CellOf(replica)
               where _plan.IsEvaluated(cell, tick)
               // cell by cell in the order of the grid, whatever shares a register
               orderby Place(cell), grouped.SeedOf(replica)
               select (grouped, replica),
        ];
        var results = new Result?[students.Length];
        run.Team.Run(students.Length, i => results[i] = Measure(students[i].Group, students[i].Replica, tick));
        var (losses, lowest) = (new List<double>(), new List<double>());
        for (var i = 0; i < students.Length; i++)
        {
            var (group, replica) = students[i];
            var rows = Rows(group, replica, tick, results[i]);
            foreach (var row in rows)
                run.Record($"{Name}.evaluations", row);
            if (results[i] is not { } result)
                continue;
            RecordGradients(rows[0], result);
            losses.Add(result.Measured.Loss);
            lowest.Add(rows[0].MeanBest);
            if (tick == _plan.Ticks)
                RecordNodes(rows[0], result);
        }

        _values = losses.Count == 0 ? [] : [("loss", Statistics.Median(losses)), ("lowest layer", Statistics.Median(lowest))];
    }

    private int Place(LayerCell cell) => _plan.Cells.Index().First(item => item.Item == cell).Index;

    private Result? Measure(LayerStudents group, int replica, int tick)
    {
        if (group.IsDiverged(replica))
            return null;
        var (cell, seed, flat) = (group.CellOf(replica), _seeds[group.SeedOf(replica)], group.Parameters[replica]);
        using var probe = new LayerProbe(_plan.Teacher, group.Network, cell.Objective, config.AsPublished);
        var (d, outputs) = (group.Network.Widths[0], group.Network.Widths[^1]);
        var count = tick < _plan.Ticks ? config.MultiLayer.Measures.During : config.MultiLayer.Measures.Evaluation;
        var measured = probe.Measure(seed.Teacher, flat, seed.Evaluation.AsSpan(0, count * d));
        var statistics = measured.Correlations.Select(rho => SpecializationStatistics.Of(rho)).ToArray();
        var result = new Result(measured, statistics, Gradients(group, cell, seed, flat))
        {
            StrongLoss = seed.StrongTargets is { } strong ? probe.LossOn(flat, seed.Evaluation.AsSpan(0, count * d), strong.AsSpan(0, count * outputs)) : null,
        };
        if (tick < _plan.Ticks)
            return result;
        var trainLoss = probe.LossOn(flat, seed.Training.AsSpan(0, cell.Samples * d), seed.Targets.AsSpan(0, cell.Samples * outputs));
        var squares = OutputJacobian.MeanSquares(group.Network, flat, seed.Evaluation.AsSpan(0, config.MultiLayer.Measures.Jacobians * d));
        return result with { TrainLoss = trainLoss, Influence = [.. squares.Select(layer => layer.Select(Math.Sqrt).ToArray())] };
    }

    /// <summary>Over the first batches of the training set, as many samples as evaluations before the end have.</summary>
    private GradientNorms[] Gradients(LayerStudents group, LayerCell cell, LayerSeed seed, double[] flat)
    {
        var (part, d, outputs) = (config.MultiLayer, group.Network.Widths[0], group.Network.Widths[^1]);
        var isClass = cell.Objective == DistillationLoss.CrossEntropy;
        using var gradients = BatchGradients.Compile(group.Network, isClass ? TrainingLoss.CrossEntropy : TrainingLoss.MeanSquared, part.Training.Batch);
        var count = Math.Max(part.Training.Batch, Math.Min(cell.Samples, part.Measures.During));
        var targets = seed.Targets.AsSpan(0, count * outputs);
        return gradients.Measure(flat, seed.Training.AsSpan(0, count * d), isClass ? LayeredNetworks.Classes(targets, outputs) : targets);
    }

    private LayerRow[] Rows(LayerStudents group, int replica, int tick, Result? result)
    {
        var cell = group.CellOf(replica);
        return
        [
            .. Enumerable.Range(0, group.Network.Layers - 1).Select(layer =>
            {
                var row = new LayerRow(
                    group.SeedOf(replica), _plan.Step(cell, tick), _plan.Epoch(cell, tick), cell.OverRealization, cell.Objective, cell.Samples, cell.Epochs,
                    layer + 1, result is null, double.NaN, null, double.NaN, double.NaN, double.NaN, double.NaN, [], null, 0, 0, [], _chance[cell.OverRealization][group.SeedOf(replica)][layer]);
                if (result is null)
                    return row;
                var statistics = result.Statistics[layer];
                return row with
                {
                    Loss = result.Measured.Loss,
                    TrainLoss = result.TrainLoss,
                    Agreement = result.Measured.Agreement,
                    MeanBest = statistics.MeanBest,
                    SmallestBest = statistics.SmallestBest,
                    Recovered = statistics.RecoveredFraction,
                    Covered = statistics.Covered(),
                    EnergyShare = result.Influence is { } influence ? statistics.EnergyShare(influence[layer]) : null,
                    Dead = result.Measured.ActiveStudents[layer].Count(active => active == 0),
                    Unobserved = statistics.Unobserved,
                    AgreementWithin = result.Measured.AgreementWithin,
                    StrongLoss = result.StrongLoss,
                    WeakBest = WeakBest(statistics),
                };
            }),
        ];
    }

    /// <summary>Mean best correlation of the weak nodes that vary, which are a layer's last ones.</summary>
    private double? WeakBest(SpecializationStatistics statistics)
    {
        var (nodes, weak) = (statistics.Best.Length, LayeredNetworks.Weak(config.MultiLayer.Networks.WeakFraction, statistics.Best.Length));
        var best = statistics.Best.ToArray();
        double[] observed = [.. Enumerable.Range(nodes - weak, weak).Where(statistics.IsObserved).Select(j => best[j])];
        return observed.Length == 0 ? null : Statistics.Mean(observed);
    }

    private void RecordGradients(LayerRow of, Result result)
    {
        for (var layer = 0; 2 * layer < result.Gradients.Length; layer++)
        {
            var (weights, biases) = (result.Gradients[2 * layer], result.Gradients[(2 * layer) + 1]);
            run.Record($"{Name}.gradients", new LayerGradientRow(
                of.Seed, of.Step, of.Epoch, of.OverRealization, of.Objective, of.Samples, of.Epochs, layer + 1,
                weights.Mean, weights.RootMeanSquare, weights.Largest, biases.Mean, biases.RootMeanSquare, biases.Largest));
        }
    }

    private void RecordNodes(LayerRow of, Result result)
    {
        for (var layer = 0; layer < result.Statistics.Length; layer++)
        {
            var statistics = result.Statistics[layer];
            for (var j = 0; j < statistics.Best.Length; j++)
            {
                run.Record($"{Name}.nodes", new LayerNodeRow(
                    of.Seed, of.Step, of.OverRealization, of.Objective, of.Samples, of.Epochs, layer + 1, j, statistics.Best[j], statistics.ArgBest[j]));
            }

            for (var k = 0; k < statistics.Usefulness.Length; k++)
            {
                run.Record($"{Name}.students", new LayerStudentRow(
                    of.Seed, of.Step, of.OverRealization, of.Objective, of.Samples, of.Epochs, layer + 1, k,
                    statistics.Usefulness[k], statistics.BestTeacher[k], result.Influence![layer][k], result.Measured.ActiveStudents[layer][k] == 0));
            }
        }
    }

    private int Restore()
    {
        if (run.Restore(Name) is not { } checkpoint)
            return -1;
        _given?.Check(checkpoint);
        for (var i = 0; i < _groups.Count; i++)
            _groups[i].Restore(i, checkpoint.Tensors);
        return checked((int)checkpoint.Step);
    }

    private IReadOnlyList<Tensor> Tensors()
        => [.. _groups.SelectMany((group, i) => group.ToTensors(i)), .. _given is null ? Array.Empty<Tensor>() : [_given.ToTensor()]];

    /// <summary>One student at an evaluation.</summary>
    private sealed record Result(LayerMeasurement Measured, SpecializationStatistics[] Statistics, GradientNorms[] Gradients)
    {
        internal double? TrainLoss { get; init; }

        internal double? StrongLoss { get; init; }

        /// <summary>By hidden layer and student node.</summary>
        internal double[][]? Influence { get; init; }
    }
}
