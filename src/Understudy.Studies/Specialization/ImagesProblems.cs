using static System.FormattableString;

namespace Understudy.Studies.Specialization;

/// <summary>What settings of part images do not fit together, in sentences.</summary>
internal static class ImagesProblems
{
    internal static IEnumerable<string> Of(ImagesConfig part)
        => Counts(part).Concat(Images(part)).Concat(Teacher(part)).Concat(Students(part))
            .Concat(Training("images.teacher.training", part.Teacher.Training, part.Data.Training)).Concat(Training("images.students.training", part.Students.Training, part.Data.Training));

    private static IEnumerable<string> Counts(ImagesConfig part)
    {
        foreach (var (path, value) in new[]
        {
            ("seeds", part.Seeds), ("data.pooling", part.Data.Pooling), ("data.training", part.Data.Training), ("data.validation", part.Data.Validation),
            ("teacher.fineTuningEpochs", part.Teacher.FineTuningEpochs), ("measures.during", part.Measures.During), ("measures.stages", part.Measures.Stages), ("measures.statistics", part.Measures.Statistics),
        })
        {
            foreach (var problem in SettingRules.AtLeastOne($"images.{path}", value))
                yield return problem;
        }

        if (part.Data.Shift < 0)
            yield return $"images.data.shift ({part.Data.Shift}) must not be negative.";
        if (part.Data is { Mirrored: true, Set: LabelledImages.Digits })
            yield return "images.data.mirrored needs images.data.set=cifar10: the mirror image of a digit is none.";
        if (part.Measures.During > part.Measures.Evaluation)
            yield return $"images.measures.during ({part.Measures.During}) must not exceed images.measures.evaluation ({part.Measures.Evaluation}).";
        if (part.Measures.Statistics > part.Data.Training)
            yield return $"images.measures.statistics ({part.Measures.Statistics}) must not exceed images.data.training ({part.Data.Training}).";
    }

    private static IEnumerable<string> Images(ImagesConfig part)
    {
        var (data, evaluation) = (part.Data, part.Measures.Evaluation);
        var extent = ImagePixels.Extent(data.Set);
        if (data.Pooling >= 1 && extent % data.Pooling != 0)
            yield return $"images.data.pooling ({data.Pooling}) must divide {extent}, the rows and columns of the images.";
        if (data.Set == LabelledImages.Digits)
        {
            if ((long)data.Training + data.Validation + evaluation > ImagePixels.Digits)
                yield return $"images.data.training, images.data.validation and images.measures.evaluation ({data.Training}, {data.Validation} and {evaluation}) are more than the {ImagePixels.Digits} digits.";
            yield break;
        }

        if ((long)data.Training + data.Validation > ImagePixels.TrainingImages)
            yield return $"images.data.training and images.data.validation ({data.Training} and {data.Validation}) are more than the {ImagePixels.TrainingImages} training images of cifar10.";
        if (evaluation > ImagePixels.TestImages)
            yield return $"images.measures.evaluation ({evaluation}) is more than the {ImagePixels.TestImages} test images of cifar10.";
    }

    private static IEnumerable<string> Teacher(ImagesConfig part)
    {
        var teacher = part.Teacher;
        if (teacher.Channels.Count == 0 || teacher.Channels.Any(count => count < 1))
        {
            yield return "images.teacher.channels must hold at least one number of channels, each at least 1.";
            yield break;
        }

        if (teacher.Pruning.Count != teacher.Channels.Count || teacher.Pruning.Any(ratio => !(ratio is >= 0 and < 1)))
            yield return $"images.teacher.pruning must hold one share for each of the {teacher.Channels.Count} convolutions, each at least 0 and below 1.";
        if (part.Data.Pooling < 1 || ImagePixels.Extent(part.Data.Set) % part.Data.Pooling != 0)
            yield break;
        var extent = ImagePixels.Extent(part.Data.Set) / part.Data.Pooling;
        if (extent <= ChannelNetworks.Lost * teacher.Channels.Count)
        {
            yield return $"images.teacher.channels asks for {teacher.Channels.Count} convolutions, which each take {ChannelNetworks.Lost} rows and columns away, of images of {extent} × {extent}.";
            yield break;
        }

        if (Parameters(part, extent) is > SettingRules.MostParameters and var count)
            yield return Invariant($"images asks for students of {count:0.##E+0} parameters, more than {SettingRules.MostParameters:N0}: lower images.teacher.channels or the over-realization.");
    }

    private static IEnumerable<string> Students(ImagesConfig part)
    {
        var students = part.Students;
        if (students.OfUnpruned.Count + students.OfPruned.Count == 0)
            yield return "images.students must have an over-realization in ofUnpruned or ofPruned.";
        foreach (var (path, values) in new[] { ("ofUnpruned", students.OfUnpruned), ("ofPruned", students.OfPruned) })
        {
            // either may be empty
            foreach (var problem in values.Count == 0 ? [] : SettingRules.Grid($"images.students.{path}", values, 1))
                yield return problem;
        }
    }

    private static double Parameters(ImagesConfig part, int extent)
    {
        var r = part.Students.OfUnpruned.Concat(part.Students.OfPruned).DefaultIfEmpty(1).Max();
        var (count, below) = (0.0, (double)ImagePixels.Extents(part.Data)[2]);
        foreach (var width in part.Teacher.Channels)
        {
            extent -= ChannelNetworks.Lost;
            count += ((9 * below) + 3) * r * width;
            below = r * width;
        }

        return count + (((below * extent * extent) + 1) * ImagePixels.Classes);
    }

    private static IEnumerable<string> Training(string path, ImagesTrainingConfig training, int images)
    {
        foreach (var problem in SettingRules.AtLeastOne($"{path}.batch", training.Batch).Concat(SettingRules.AtLeastOne($"{path}.epochs", training.Epochs)))
            yield return problem;
        if (training.Batch > images)
            yield return $"{path}.batch ({training.Batch}) must not exceed images.data.training ({images}): batches are drawn without replacement.";
        foreach (var problem in SettingRules.Rates(path, training.LearningRates, training.RateStarts))
            yield return problem;
        if (!(training.Momentum is >= 0 and < 1))
            yield return Invariant($"{path}.momentum ({training.Momentum}) must be at least 0 and below 1.");
        if (!(training.WeightDecay >= 0))
            yield return Invariant($"{path}.weightDecay ({training.WeightDecay}) must not be negative.");
    }
}
