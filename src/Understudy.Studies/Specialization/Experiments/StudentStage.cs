using Understudy.Data.Formats;
using Understudy.Engine.Plans;
using Understudy.Lab.Claims;
using Understudy.Lab.Runs;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>All students of part images in training on the outputs of their teachers: a training per cell, a replica per seed.</summary>
internal sealed class StudentStage : IImageStage
{
    private readonly ImagesPlan _plan;
    private readonly ImageStage _stage;
    private readonly IReadOnlyDictionary<TeacherChannels, ChannelTeachers> _teachers;
    private readonly SpecializationConfig _config;
    private readonly ImagePixels _pixels;
    private readonly RunContext _run;
    private readonly ChannelTraining[] _trainings;
    private readonly EpochImages _epochs;
    private readonly Dictionary<TeacherChannels, RowTable[]> _targets;

    internal StudentStage(
        ImagesPlan plan, ImageStage stage, IReadOnlyDictionary<TeacherChannels, ChannelTeachers> teachers, SpecializationConfig config, ImagePixels pixels, RunContext run)
    {
        (_plan, _stage, _teachers, _config, _pixels, _run) = (plan, stage, teachers, config, pixels, run);
        var isClass = config.Images.Students.Loss == DistillationLoss.CrossEntropy;
        _trainings = [.. plan.Cells.Select(cell =>
        {
            var network = plan.Network(plan.Widths(cell));
            double[][] initial = [.. Enumerable.Range(0, plan.Seeds).Select(seed => FanInUniform.Of(network, 1, layer => run.Random($"{Purposes.ChannelStudent}/{layer}", seed)))];
            return new ChannelTraining(network, stage.Training, isClass ? TrainingLoss.CrossEntropy : TrainingLoss.MeanSquared, config.Precision, initial);
        })];
        // students share their tables, which the first training owns
        _epochs = new EpochImages(pixels, _trainings[0], run.Random(Purposes.Batches, 0).For(Purposes.Augmentation));
        _targets = plan.Cells.Select(cell => cell.Teacher).Distinct().ToDictionary(
            channels => channels, channels => Targets(teachers[channels]).Select(rows => _trainings[0].Table(rows, rows.Length / pixels.Training.Count)).ToArray());
        for (var i = 0; i < _trainings.Length; i++)
        {
            for (var seed = 0; seed < plan.Seeds; seed++)
                _trainings[i].SetSamples(seed, _epochs.Table, _targets[plan.Cells[i].Teacher][plan.TeacherOf(seed)], run.Random(Purposes.Batches, seed));
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ChannelTraining> Trainings => _trainings;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var training in _trainings)
            training.Dispose();
    }

    /// <inheritdoc/>
    public void BeginEpoch(int epoch)
    {
        if (!_epochs.Begin(epoch, _run.Team))
            return;
        foreach (var (channels, tables) in _targets)
        {
            foreach (var (table, rows) in tables.Zip(Targets(_teachers[channels])))
                table.Write(0, rows);
        }
    }

    /// <inheritdoc/>
    public (string Name, double Value)[] Evaluate(int epoch, long step)
    {
        if (!_plan.IsEvaluated(epoch))
            return [];
        var (seeds, measured) = (_plan.Seeds, new ChannelMeasurement?[_trainings.Length * _plan.Seeds]);
        var folded = new double[measured.Length][];
        // wide students last in the grid take longest: first
        _run.Team.Run(measured.Length, i =>
        {
            var at = measured.Length - 1 - i;
            (measured[at], folded[at]) = Measure(at / seeds, at % seeds, epoch);
        });
        for (var i = 0; i < measured.Length; i++)
            Record(_plan.Cells[i / seeds], i % seeds, epoch, step, measured[i]);
        if (epoch == _stage.Training.Epochs)
            _run.Save($"{PartNames.Images}.weights", step, [.. Weights(folded)]);
        ChannelMeasurement[] found = [.. measured.OfType<ChannelMeasurement>()];
        return found.Length == 0 ? [] : [("loss", Statistics.Median([.. found.Select(student => student.Loss)])), ("accuracy", Statistics.Median([.. found.Select(student => student.Accuracy)]))];
    }

    /// <inheritdoc/>
    public IEnumerable<Tensor> ToTensors() => _trainings.SelectMany((training, i) => training.ToTensors(Name(i)));

    /// <inheritdoc/>
    public void Restore(IReadOnlyDictionary<string, Tensor> tensors)
    {
        for (var i = 0; i < _trainings.Length; i++)
            _trainings[i].Restore(Name(i), tensors);
    }

    /// <summary>What each of the teachers says of the images of the epoch: outputs [N, C], or the largest [N, 1].</summary>
    private IEnumerable<float[]> Targets(ChannelTeachers teachers) => teachers.Outputs(_epochs.Pixels, _run.Team)
        .Select(rows => _config.Images.Students.Loss == DistillationLoss.CrossEntropy ? LayeredNetworks.Classes(rows, teachers.Network.Outputs) : rows);

    private static string Name(int cell) => FormattableString.Invariant($"students{cell}");

    private (ChannelMeasurement? Measured, double[] Folded) Measure(int cell, int seed, int epoch)
    {
        var (training, teachers) = (_trainings[cell], _teachers[_plan.Cells[cell].Teacher]);
        if (training.IsDiverged(seed))
            return (null, training.Parameters[seed]);
        var folded = training.Folded(seed, _pixels.ForStatistics);
        using var probe = new ChannelProbe(teachers.Network, training.Network, teachers.Widths, _plan.Widths(_plan.Cells[cell]), _config.Images.Students.Loss, _config.AsPublished);
        var (test, count) = (_pixels.Test, epoch < _stage.Training.Epochs ? _config.Images.Measures.During : _config.Images.Measures.Evaluation);
        return (probe.Measure(teachers.Folded[_plan.TeacherOf(seed)], folded, test.Pixels.AsSpan(0, count * training.Network.Inputs), test.Labels.AsSpan(0, count)), folded);
    }

    private void Record(ImageCell cell, int seed, int epoch, long step, ChannelMeasurement? measured)
    {
        for (var layer = 0; layer < _config.Images.Teacher.Channels.Count; layer++)
        {
            var row = new ChannelLayerRow(
                seed, step, epoch, cell.Teacher, cell.OverRealization, layer + 1, measured is null, double.NaN, double.NaN, double.NaN,
                double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, [], [], 0, 0);
            if (measured is not null)
            {
                var channels = measured.Layers[layer];
                row = row with
                {
                    Loss = measured.Loss,
                    Agreement = measured.Agreement,
                    Accuracy = measured.Accuracy,
                    MeanBest = channels.Signed.MeanBest,
                    MeanBestSize = channels.MeanBestSize(),
                    MedianBest = channels.MedianBest(),
                    SmallestBest = channels.Signed.SmallestBest,
                    Recovered = channels.Signed.RecoveredFraction,
                    Covered = channels.Signed.Covered(),
                    Best = channels.Best(),
                    Constant = channels.Constant,
                    Unobserved = channels.Signed.Unobserved,
                };
            }

            _run.Record(PartNames.Evaluations(PartNames.Images), row);
        }
    }

    /// <summary>Teachers, and the students of every cell by seed, with folded statistics.</summary>
    private IEnumerable<Tensor> Weights(double[][] folded)
    {
        foreach (var teachers in _teachers.Values)
        {
            foreach (var tensor in Stack($"teacher.{ChannelTeachers.Word(teachers.Channels)}", teachers.Network, teachers.Folded))
                yield return tensor;
        }

        for (var i = 0; i < _trainings.Length; i++)
        {
            var cell = _plan.Cells[i];
            foreach (var tensor in Stack(Tensors(cell), _trainings[i].Network, folded.AsSpan(i * _plan.Seeds, _plan.Seeds).ToArray()))
                yield return tensor;
        }
    }

    /// <summary>The words before the tensors of a cell's students.</summary>
    internal static string Tensors(ImageCell cell) => FormattableString.Invariant($"student.{ChannelTeachers.Word(cell.Teacher)}.r{cell.OverRealization}");

    private static IEnumerable<Tensor> Stack(string name, LayeredNetwork network, double[][] networks) => network.Layout.Slots.Select(slot => Tensor.Of(
        $"{name}.{slot.Name}", networks.SelectMany(flat => slot.Of<double>(flat).ToArray()).Select(value => (float)value).ToArray(), [networks.Length, .. slot.Shape.Extents.ToArray()]));
}
