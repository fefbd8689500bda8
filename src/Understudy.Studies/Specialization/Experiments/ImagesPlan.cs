using Understudy.Engine;
using Understudy.Learning.Networks;

namespace Understudy.Studies.Specialization.Experiments;

/// <summary>The stages of part images, one after the other.</summary>
internal enum ImageStageKind
{
    /// <summary>Teachers on the labels.</summary>
    Teachers,

    /// <summary>Pruned teachers on the labels.</summary>
    FineTuning,

    /// <summary>Students on the outputs of their teachers.</summary>
    Students,
}

/// <summary>A stage and its steps.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="Training">How it trains.</param>
/// <param name="EpochSteps">Steps of an epoch.</param>
/// <param name="Begin">Steps of the part before it.</param>
/// <param name="Cost">Multiplications and additions of its training, over all replicas.</param>
internal sealed record ImageStage(ImageStageKind Kind, ImagesTrainingConfig Training, int EpochSteps, long Begin, double Cost)
{
    private const int MostChunkSteps = 64;

    /// <summary>About ten seconds of two cores.</summary>
    private const double ChunkCost = 1e12;

    /// <summary>Steps of the part after it.</summary>
    internal long End => Begin + ((long)Training.Epochs * EpochSteps);

    /// <summary>Steps between two offers of a checkpoint, on which no result depends.</summary>
    internal int ChunkSteps => (int)Math.Clamp(ChunkCost * (End - Begin) / Cost, 1, MostChunkSteps);
}

/// <summary>What part images trains.</summary>
internal sealed class ImagesPlan
{
    /// <summary>A gradient costs twice the output it belongs to.</summary>
    private const double GradientPasses = 3;

    private readonly SpecializationConfig _config;
    private readonly Shape _image;

    internal ImagesPlan(SpecializationConfig config)
    {
        var part = config.Images;
        (_config, _image, Seeds) = (config, ImagePixels.Extents(part.Data), config.Seeds ?? part.Seeds);
        Teachers = part.Teacher.Shared ? 1 : Seeds;
        Cells =
        [
            .. part.Students.OfUnpruned.Select(r => new ImageCell(TeacherChannels.Unpruned, r)),
            .. part.Students.OfPruned.Select(r => new ImageCell(TeacherChannels.Pruned, r)),
        ];
        Stages = [.. StagesOf(part)];
    }

    internal int Seeds { get; }

    /// <summary>One for each seed, or one for all.</summary>
    internal int Teachers { get; }

    internal IReadOnlyList<ImageCell> Cells { get; }

    internal IReadOnlyList<ImageStage> Stages { get; }

    /// <summary>Channels of each convolution of a teacher.</summary>
    internal int[] Widths(TeacherChannels teacher)
    {
        var config = _config.Images.Teacher;
        return teacher == TeacherChannels.Unpruned
            ? [.. config.Channels] : [.. config.Channels.Zip(config.Pruning, (count, ratio) => count - ChannelPruning.Removed(count, ratio))];
    }

    /// <summary>Channels of each convolution of a student.</summary>
    internal int[] Widths(ImageCell cell) => [.. Widths(cell.Teacher).Select(width => InitialStudent.Nodes(cell.OverRealization, width))];

    /// <summary>The network with channels of a number, for the images of the configuration.</summary>
    internal LayeredNetwork Network(int[] widths)
        => ChannelNetworks.Of(_image, widths, ImagePixels.Classes, _config.Images.Teacher.Normalization, _config.Slope);

    internal int TeacherOf(int seed) => _config.Images.Teacher.Shared ? 0 : seed;

    /// <summary>Whether students are evaluated after an epoch: evenly spread, at the beginning and at the end.</summary>
    internal bool IsEvaluated(int epoch)
    {
        var (stages, epochs) = (_config.Images.Measures.Stages, _config.Images.Students.Training.Epochs);
        return Enumerable.Range(0, stages + 1).Any(i => (int)Math.Floor(((double)i * epochs / stages) + 0.5) == epoch);
    }

    private IEnumerable<ImageStage> StagesOf(ImagesConfig part)
    {
        var begin = 0L;
        ImageStage Next(ImageStageKind kind, ImagesTrainingConfig training, double adds)
        {
            var steps = part.Data.Training / training.Batch;
            var stage = new ImageStage(kind, training, steps, begin, 2 * GradientPasses * adds * training.Batch * steps * training.Epochs);
            begin = stage.End;
            return stage;
        }

        yield return Next(ImageStageKind.Teachers, part.Teacher.Training, Teachers * Network(Widths(TeacherChannels.Unpruned)).MultiplyAdds);
        if (part.Students.OfPruned.Count > 0)
            yield return Next(ImageStageKind.FineTuning, part.Teacher.Training with { Epochs = part.Teacher.FineTuningEpochs }, Teachers * Network(Widths(TeacherChannels.Pruned)).MultiplyAdds);
        yield return Next(ImageStageKind.Students, part.Students.Training, Seeds * Cells.Sum(cell => Network(Widths(cell)).MultiplyAdds));
    }
}
