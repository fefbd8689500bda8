using Understudy.Lab.Runs;
using Understudy.Learning.Networks;
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
            var (plan, part) = (new ImagesPlan(config), config.Images);
            var seconds = plan.Stages.Sum(stage => CostModel.Training(config.Precision, stage.Cost * CostModel.TrainingRate / TrainingRate));
            if (part.Data.Shift > 0 || part.Data.Mirrored)
                seconds += plan.Teachers * (double)part.Data.Training * part.Students.Training.Epochs * 2 * plan.Cells.Select(cell => cell.Teacher).Distinct().Sum(teacher => plan.Network(plan.Widths(teacher)).MultiplyAdds) / ForwardRate;
            foreach (var stage in plan.Stages.Where(stage => stage.Kind != ImageStageKind.Students))
                seconds += plan.Teachers * (stage.Training.Epochs + 1.0) * ((StatisticsPasses(part) * part.Measures.Statistics) + part.Data.Validation) * 2 * Teacher(plan, stage).MultiplyAdds / ForwardRate;
            var pixels = plan.Network(plan.Widths(TeacherChannels.Unpruned)).Inputs;
            var bytes = (double)pixels * ((3 * sizeof(float) * (double)part.Data.Training) + (sizeof(float) * ((double)part.Data.Validation + part.Measures.Evaluation)) + (sizeof(double) * (double)part.Measures.Statistics));
            bytes += part.Data.Set == LabelledImages.Cifar10 ? ImagePixels.TrainingImages * 3072.0 : 0;
            foreach (var cell in plan.Cells)
            {
                var (student, teacher) = (plan.Network(plan.Widths(cell)), plan.Network(plan.Widths(cell.Teacher)));
                var (pairs, values) = Positions(plan, cell);
                var evaluated = (part.Measures.Stages * (double)part.Measures.During) + part.Measures.Evaluation;
                seconds += plan.Seeds * evaluated * ((2 * (student.MultiplyAdds + teacher.MultiplyAdds) / ForwardRate) + (CostModel.CorrelationEntry * pairs));
                seconds += plan.Seeds * (part.Measures.Stages + 1.0) * StatisticsPasses(part) * part.Measures.Statistics * 2 * student.MultiplyAdds / ForwardRate;
                bytes += plan.Seeds * ((StepFactor * sizeof(float) * part.Students.Training.Batch * values) + (8.0 * sizeof(double) * student.Layout.Count));
            }

            return new PartCost(seconds, bytes);
        }
    }

    /// <inheritdoc/>
    public void Run(RunContext run, SharedInputs inputs, PartProgress progress, CancellationToken cancellation)
        => new ImagesExperiment(config, run).Run(progress, cancellation);

    /// <summary>Statistics are measured one normalization after the other, each pass up to its own.</summary>
    private static double StatisticsPasses(ImagesConfig part)
        => part.Teacher.Normalization == ChannelNormalization.None ? 0 : (part.Teacher.Channels.Count + 1) / 2.0;

    private static LayeredNetwork Teacher(ImagesPlan plan, ImageStage stage)
        => plan.Network(plan.Widths(stage.Kind == ImageStageKind.Teachers ? TeacherChannels.Unpruned : TeacherChannels.Pruned));

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
