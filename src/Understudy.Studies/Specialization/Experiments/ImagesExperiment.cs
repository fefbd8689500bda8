using Understudy.Data.Formats;
using Understudy.Lab.Runs;
using Understudy.Learning.Networks;
using Understudy.Learning.Training;
using Understudy.Studies.Parts;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>P11: teachers on the labels of images, pruned, and students on the outputs of both.</summary>
/// <remarks>
/// The stages follow one another, and the steps of the part run through all of them. A checkpoint may be written after a few steps; the one at the end of a stage is written when
/// the next one has begun, so that everything recorded up to its step is in the tables.
/// </remarks>
internal sealed class ImagesExperiment(SpecializationConfig config, RunContext run)
{
    private const string Name = PartNames.Images;

    private readonly ImagesPlan _plan = new(config);
    private readonly SortedDictionary<TeacherChannels, ChannelTeachers> _teachers = [];
    private (string Name, double Value)[] _values = [];

    /// <summary>Does what is still to be done of the part.</summary>
    internal void Run(PartProgress progress, CancellationToken cancellation)
    {
        progress(0, $"{Name}: reading images", []);
        var pixels = ImagePixels.Load(config.Images, run);
        var checkpoint = run.Restore(Name);
        var (step, done, cost) = (checkpoint?.Step ?? -1, 0.0, _plan.Stages.Sum(stage => stage.Cost));
        foreach (var stage in _plan.Stages)
        {
            // a checkpoint at the end of a stage belongs to the next one
            if (step >= stage.End)
            {
                Recall(stage, checkpoint!, pixels);
            }
            else
            {
                Train(stage, step >= stage.Begin ? checkpoint : null, pixels, (fraction, of, values) => progress((done + (fraction * stage.Cost)) / cost, of, values), cancellation);
            }

            done += stage.Cost;
        }
    }

    /// <summary>Takes the teachers of a finished stage from a checkpoint.</summary>
    private void Recall(ImageStage stage, Checkpoint checkpoint, ImagePixels pixels)
    {
        var teachers = Add(stage.Kind);
        teachers.Restore(checkpoint.Tensors);
        teachers.Fold(pixels.ForStatistics, run.Team);
    }

    private void Train(ImageStage stage, Checkpoint? checkpoint, ImagePixels pixels, PartProgress progress, CancellationToken cancellation)
    {
        using var training = Begin(stage, pixels);
        var step = checkpoint?.Step ?? stage.Begin;
        IReadOnlyList<Tensor> Tensors() => [.. _teachers.Values.SelectMany(teachers => teachers.ToTensors()), .. training.ToTensors()];
        if (checkpoint is null)
        {
            _values = training.Evaluate(0, step);
            if (step > 0)
                run.Checkpoint(Name, step, Tensors);
        }
        else
        {
            foreach (var teachers in _teachers.Values)
                teachers.Restore(checkpoint.Tensors);
            training.Restore(checkpoint.Tensors);
        }

        while (step < stage.End)
        {
            var (at, steps) = (step - stage.Begin, stage.EpochSteps);
            var epoch = (int)(at / steps);
            progress((double)at / (stage.End - stage.Begin), Stage(stage, epoch), _values);
            foreach (var replicas in training.Trainings)
                replicas.SetRate(stage.Training.Rate(epoch));
            training.BeginEpoch(epoch);
            var asked = (int)Math.Min(stage.ChunkSteps, ((epoch + 1L) * steps) - at);
            var next = TrainPlan.RunAll([.. training.Trainings.Select(replicas => replicas.Plan)], at, asked, run.Team, cancellation);
            foreach (var replicas in training.Trainings)
                replicas.Take();
            step = stage.Begin + next;
            if (next < at + asked)
            {
                run.Checkpoint(Name, step, Tensors, force: true);
                cancellation.ThrowIfCancellationRequested();
            }

            if (next % steps == 0 && training.Evaluate((int)(next / steps), step) is { Length: > 0 } values)
                _values = values;
            if (step < stage.End)
                run.Checkpoint(Name, step, Tensors);
        }
    }

    private IImageStage Begin(ImageStage stage, ImagePixels pixels)
    {
        if (stage.Kind == ImageStageKind.Students)
            return new StudentStage(_plan, stage, _teachers, config, pixels, run);
        var teachers = Add(stage.Kind);
        double[][] initial = stage.Kind == ImageStageKind.Teachers
            ? [.. Enumerable.Range(0, _plan.Teachers).Select(teacher => FanInUniform.Of(teachers.Network, 1, layer => run.Random($"{Purposes.ChannelTeacher}/{layer}", teacher)))]
            : [.. _teachers[TeacherChannels.Unpruned].Parameters.Select(flat => Pruned(_teachers[TeacherChannels.Unpruned].Network, flat))];
        return new TeacherStage(teachers, stage, initial, config, pixels, run);
    }

    private double[] Pruned(LayeredNetwork network, double[] flat)
        => ChannelPruning.Shrunk(network, flat, ChannelPruning.Kept(ChannelPruning.Importance(network, flat), config.Images.Teacher.Pruning));

    private ChannelTeachers Add(ImageStageKind kind)
    {
        var channels = kind == ImageStageKind.Teachers ? TeacherChannels.Unpruned : TeacherChannels.Pruned;
        return _teachers[channels] = new ChannelTeachers(_plan, channels);
    }

    private static string Stage(ImageStage stage, int epoch)
    {
        var what = stage.Kind switch
        {
            ImageStageKind.Teachers => "teachers",
            ImageStageKind.FineTuning => "pruned teachers",
            _ => "students",
        };
        return FormattableString.Invariant($"{Name}: {what}, epoch {epoch + 1} of {stage.Training.Epochs}");
    }
}
