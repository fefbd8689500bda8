using Understudy.Data.Formats;
using Understudy.Lab.Claims;
using Understudy.Lab.Runs;
using Understudy.Learning.Training;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>Teachers in training on the labels: after every epoch validation images tell whether a teacher is better than it was.</summary>
internal sealed class TeacherStage : IImageStage
{
    private const string Prefix = "teachers";

    private readonly ChannelTeachers _teachers;
    private readonly ImageStage _stage;
    private readonly ImagePixels _pixels;
    private readonly RunContext _run;
    private readonly ChannelTraining _training;
    private readonly EpochImages _epochs;

    /// <summary>Begins with given parameters of each teacher.</summary>
    internal TeacherStage(ChannelTeachers teachers, ImageStage stage, double[][] initial, SpecializationConfig config, ImagePixels pixels, RunContext run)
    {
        (_teachers, _stage, _pixels, _run) = (teachers, stage, pixels, run);
        _training = new ChannelTraining(teachers.Network, stage.Training, TrainingLoss.CrossEntropy, config.Precision, initial);
        var batches = stage.Kind == ImageStageKind.Teachers ? Purposes.TeacherBatches : Purposes.FineTuningBatches;
        _epochs = new EpochImages(pixels, _training, run.Random(batches, 0).For(Purposes.Augmentation));
        var labels = _training.Table(Array.ConvertAll(pixels.Training.Labels, label => (float)label), 1);
        for (var teacher = 0; teacher < teachers.Count; teacher++)
            _training.SetSamples(teacher, _epochs.Table, labels, run.Random(batches, teacher));
    }

    /// <inheritdoc/>
    public IReadOnlyList<ChannelTraining> Trainings => [_training];

    /// <inheritdoc/>
    public void Dispose() => _training.Dispose();

    /// <inheritdoc/>
    public void BeginEpoch(int epoch) => _epochs.Begin(epoch, _run.Team);

    /// <inheritdoc/>
    public (string Name, double Value)[] Evaluate(int epoch, long step)
    {
        var accuracies = new double[_teachers.Count];
        _run.Team.Run(_teachers.Count, teacher => accuracies[teacher] = Accuracy(teacher));
        for (var teacher = 0; teacher < _teachers.Count; teacher++)
        {
            _teachers.Offer(teacher, epoch, accuracies[teacher], _training.Parameters[teacher]);
            _run.Record($"{PartNames.Images}.training", new TeacherTrainingRow(
                teacher, step, _teachers.Channels, epoch, double.IsNaN(accuracies[teacher]), accuracies[teacher]));
        }

        if (epoch == _stage.Training.Epochs)
            Finish(step);
        return [("validation accuracy", Statistics.Median([.. _teachers.Accuracy]))];
    }

    /// <inheritdoc/>
    public IEnumerable<Tensor> ToTensors() => _training.ToTensors(Prefix);

    /// <inheritdoc/>
    public void Restore(IReadOnlyDictionary<string, Tensor> tensors) => _training.Restore(Prefix, tensors);

    private double Accuracy(int teacher)
    {
        if (_training.IsDiverged(teacher))
            return double.NaN;
        using var pass = new ChannelPass(_teachers.Network, keepsChannels: false);
        pass.SetParameters(_training.Folded(teacher, _pixels.ForStatistics));
        return pass.Accuracy(_pixels.Validation);
    }

    private void Finish(long step)
    {
        _teachers.Fold(_pixels.ForStatistics, _run.Team);
        var accuracies = new double[_teachers.Count];
        _run.Team.Run(_teachers.Count, teacher =>
        {
            using var pass = new ChannelPass(_teachers.Network, keepsChannels: false);
            pass.SetParameters(_teachers.Folded[teacher]);
            accuracies[teacher] = pass.Accuracy(_pixels.Test);
        });
        for (var teacher = 0; teacher < _teachers.Count; teacher++)
        {
            _run.Record($"{PartNames.Images}.teachers", new ChannelTeacherRow(
                teacher, step, _teachers.Channels, _teachers.Widths, _teachers.Epoch(teacher), _teachers.Accuracy[teacher], accuracies[teacher]));
        }
    }
}
