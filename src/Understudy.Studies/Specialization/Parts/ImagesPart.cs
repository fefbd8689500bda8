using Understudy.Lab.Runs;
using Understudy.Studies.Parts;
using Understudy.Studies.Specialization.Experiments;

namespace Understudy.Studies.Specialization.Parts;

/// <summary>Convolutional teachers trained on images (P11).</summary>
internal sealed class ImagesPart(SpecializationConfig config) : IPart
{
    /// <summary>Multiplications and additions per second of a convolutional step: the preset cifar10-small on one core with 512-bit registers, from r = 1; wide students reach 60e9.</summary>
    private const double TrainingRate = 36e9;

    /// <summary>The same of an evaluation, everything but correlations included.</summary>
    private const double ForwardRate = 18e9;

    /// <summary>Values of a step that are in memory at once, over the values that its layers make.</summary>
    private const double StepFactor = 8;

    /// <inheritdoc/>
    public string Name => PartNames.Images;

    /// <inheritdoc/>
    public PartCost Cost
    {
        get
        {
            var plan = new ImagesPlan(config);
            var training = plan.Stages.Sum(stage => CostModel.Training(config.Precision, stage.Cost * CostModel.TrainingRate / TrainingRate));
            var evaluated = plan.Stages.Where(stage => stage.Kind != ImageStageKind.Students).Sum(stage => TeacherEvaluations(plan, stage)) + plan.Cells.Sum(cell => StudentEvaluations(plan, cell));
            return new PartCost(training + Targets(plan) + evaluated, ImageBytes() + plan.Cells.Sum(cell => StudentBytes(plan, cell)));
        }
    }

    /// <inheritdoc/>
    public void Run(RunContext run, SharedInputs inputs, PartProgress progress, CancellationToken cancellation)
        => new ImagesExperiment(config, run).Run(progress, cancellation);

    /// <summary>Seconds in which teachers label the images that change in every epoch.</summary>
    private double Targets(ImagesPlan plan)
    {
        var (data, adds) = (config.Images.Data, plan.Cells.Select(cell => cell.Teacher).Distinct().Sum(teacher => plan.Network(plan.Widths(teacher)).MultiplyAdds));
        return data is { Shift: 0, Mirrored: false } ? 0 : Forward(plan.Teachers * (double)data.Training * config.Images.Students.Training.Epochs, adds);
    }

    private double TeacherEvaluations(ImagesPlan plan, ImageStage stage)
    {
        var teacher = plan.Network(plan.Widths(stage.Kind == ImageStageKind.Teachers ? TeacherChannels.Unpruned : TeacherChannels.Pruned));
        return Forward(plan.Teachers * (stage.Training.Epochs + 1.0) * (ForStatistics() + config.Images.Data.Validation), teacher.MultiplyAdds);
    }

    private double StudentEvaluations(ImagesPlan plan, ImageCell cell)
    {
        var measures = config.Images.Measures;
        var (student, teacher) = (plan.Network(plan.Widths(cell)), plan.Network(plan.Widths(cell.Teacher)));
        var images = plan.Seeds * ((measures.Stages * (double)measures.During) + measures.Evaluation);
        return Forward(images, student.MultiplyAdds + teacher.MultiplyAdds) + (images * CostModel.CorrelationEntry * Positions(plan, cell).Pairs)
            + Forward(plan.Seeds * (measures.Stages + 1.0) * ForStatistics(), student.MultiplyAdds);
    }

    /// <summary>Images of a measurement of statistics: one normalization after the other, each up to its own.</summary>
    private double ForStatistics()
    {
        var part = config.Images;
        return part.Teacher.Normalization == ChannelNormalization.None ? 0 : (part.Teacher.Channels.Count + 1) / 2.0 * part.Measures.Statistics;
    }

    private static double Forward(double images, double multiplyAdds) => images * 2 * multiplyAdds / ForwardRate;

    /// <summary>The set as it is read, and the chosen images as numbers, those of the training once more in a table and where they change from epoch to epoch.</summary>
    private double ImageBytes()
    {
        var (part, pixels) = (config.Images, (double)ImagePixels.Extents(config.Images.Data).Count);
        return (pixels * ((3 * sizeof(float) * (double)part.Data.Training) + (sizeof(float) * ((double)part.Data.Validation + part.Measures.Evaluation)) + (sizeof(double) * (double)part.Measures.Statistics)))
            + (part.Data.Set == LabelledImages.Cifar10 ? ImagePixels.TrainingImages * 3.0 * 32 * 32 : 0);
    }

    private double StudentBytes(ImagesPlan plan, ImageCell cell)
        => plan.Seeds * ((StepFactor * sizeof(float) * config.Images.Students.Training.Batch * Positions(plan, cell).Values) + (8.0 * sizeof(double) * plan.Network(plan.Widths(cell)).Layout.Count));

    /// <summary>Of one image: pairs of channels at all positions, and values of the student's channels.</summary>
    private (double Pairs, double Values) Positions(ImagesPlan plan, ImageCell cell)
    {
        var (teacher, student, extent) = (plan.Widths(cell.Teacher), plan.Widths(cell), ImagePixels.Extents(config.Images.Data)[0]);
        var (pairs, values) = (0.0, 0.0);
        for (var layer = 0; layer < student.Length; layer++)
        {
            extent -= ChannelNetworks.Lost;
            pairs += (double)extent * extent * teacher[layer] * student[layer];
            values += (double)extent * extent * student[layer];
        }

        return (pairs, values);
    }
}
