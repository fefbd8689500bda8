using Understudy.Lab.Runs;
using Understudy.Studies.Parts;
using Understudy.Studies.Specialization.Experiments;

namespace Understudy.Studies.Specialization.Parts;

/// <summary>A part that trains two-layer students on a fixed set of samples: one experiment, or one after the other.</summary>
internal sealed class TwoLayerPart(string name, IReadOnlyList<ExperimentPlan> plans, SpecializationConfig config) : IPart
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public PartCost Cost => plans.Select(plan => Of(plan, config)).Aggregate((first, next) => first.Then(next));

    /// <inheritdoc/>
    public void Run(RunContext run, SharedInputs inputs, PartProgress progress, CancellationToken cancellation)
    {
        for (var i = 0; i < plans.Count; i++)
        {
            // a part of one plan is finished by the study
            var isOne = plans.Count == 1;
            if (!isOne && run.IsFinished(plans[i].Part))
                continue;
            var done = i;
            new TwoLayerExperiment(plans[i], inputs.Of(plans[i], cancellation), config, run)
                .Run((fraction, stage, values) => progress((done + fraction) / plans.Count, stage, values), cancellation);
            if (!isOne)
                run.Finish(plans[i].Part);
        }
    }

    /// <summary>What one experiment costs that trains its whole grid.</summary>
    internal static PartCost Of(ExperimentPlan plan, SpecializationConfig config)
    {
        // pixels may be fewer where some have no variance
        var dimension = !plan.IsPlane && PixelInputs.IsPixels(config.Data.Kind) ? config.Data.Dimension.Count ?? PixelInputs.Pixels(config.Data.Kind) : plan.Dimension;
        double cells = (double)plan.Seeds * plan.Teacher.FanOutDecay.Count;
        double samples = plan.Sets.Sum(set => (double)set.Samples);
        var curvature = CurvatureCost.Of(plan, dimension);
        var seconds = CostModel.Training(config.TrainingPrecision, plan.Cost(dimension)) + GeometryCost.Seconds(plan, dimension) + curvature.Seconds;
        var parameters = 0.0;
        foreach (var overRealization in plan.Student.OverRealization)
        {
            var nodes = InitialStudent.Nodes(overRealization, plan.Teacher.Nodes);
            // after every epoch and before the first; training samples at the early epoch and the end
            var evaluated = (plan.Evaluation * (plan.Training.Epochs + 1.0) * plan.Sets.Count) + (2 * samples);
            seconds += cells * evaluated * CostModel.Evaluated(dimension, nodes, plan.Teacher);
            parameters += cells * plan.Sets.Count * nodes * (dimension + plan.Teacher.Outputs + 1.0);
        }

        // inputs are shared by the cells of a seed, labels by those of a teacher
        var perSample = (plan.Seeds * (double)dimension) + (cells * (plan.Teacher.Outputs + plan.Teacher.Nodes));
        // a full batch passes through every layer of every replica at once
        var batches = plan.Training.FullBatch ? 4.0 * sizeof(float) * samples * cells * plan.Student.OverRealization.Sum(r => dimension + plan.Teacher.Outputs + (double)InitialStudent.Nodes(r, plan.Teacher.Nodes)) : 0;
        var tables = CostModel.TableFactor * sizeof(float) * (samples + plan.Evaluation) * perSample;
        return new PartCost(seconds, batches + tables + (4 * sizeof(double) * parameters) + curvature.Bytes);
    }
}
