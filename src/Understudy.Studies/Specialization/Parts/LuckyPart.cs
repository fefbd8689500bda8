using Understudy.Lab.Runs;
using Understudy.Studies.Parts;
using Understudy.Studies.Specialization.Experiments;

namespace Understudy.Studies.Specialization.Parts;

/// <summary>Students that start near a teacher node (P9).</summary>
internal sealed class LuckyPart(SpecializationConfig config) : IPart
{
    /// <inheritdoc/>
    public string Name => PartNames.Lucky;

    /// <inheritdoc/>
    public PartCost Cost
    {
        get
        {
            var lucky = config.Lucky;
            var (widths, seeds) = (lucky.Widths, (double)(config.Seeds ?? lucky.Seeds));
            var teacher = new TeacherConfig { Nodes = widths[1], Outputs = widths[2] };
            var groups = lucky.OverRealization.Count;
            // every step draws its samples and labels them
            var fresh = seeds * groups * lucky.Training.Epochs * lucky.Training.EpochSteps * lucky.Training.Batch;
            var labels = 2.0 * widths[1] * (widths[0] + widths[2]);
            var seconds = fresh * ((CostModel.FreshNumber * widths[0]) + (labels / CostModel.TrainingRate));
            foreach (var overRealization in lucky.OverRealization)
            {
                var nodes = InitialStudent.Nodes(overRealization, widths[1]);
                // lucky nodes always use 32 bits
                seconds += fresh / groups * nodes * ((4.0 * widths[0]) + (6.0 * widths[2])) / CostModel.TrainingRate;
                seconds += seeds * lucky.Evaluation * (lucky.Training.Epochs + 1.0) * CostModel.Evaluated(widths[0], nodes, teacher);
            }

            return new PartCost(seconds, CostModel.TableFactor * sizeof(float) * seeds * groups * lucky.Evaluation * widths.Sum());
        }
    }

    /// <inheritdoc/>
    public void Run(RunContext run, SharedInputs inputs, PartProgress progress, CancellationToken cancellation)
    {
        using var experiment = new LuckyExperiment(config, run);
        experiment.Run(progress, cancellation);
    }
}
