using Understudy.Lab.Runs;
using Understudy.Studies.Parts;
using Understudy.Studies.Specialization.Experiments;

namespace Understudy.Studies.Specialization.Parts;

/// <summary>Adaptive phase diagrams: the smallest sufficient number of training samples, by over-realization, fan-out decay and kind of set.</summary>
internal sealed class PhasePart(SpecializationConfig config) : IPart
{
    private readonly ExperimentPlan _plan = TwoLayerPlans.Phase(config);

    /// <inheritdoc/>
    public string Name => PartNames.Phase;

    /// <inheritdoc/>
    public PartCost Cost
    {
        get
        {
            var part = config.Phase;
            // every threshold inside the range, found by halving the widest gap
            double sizes = part.Data.Samples.Count + (part.MostHalvings * part.Measures.Levels.Count);
            var (once, all) = (TwoLayerPart.Of(_plan with { Training = AtOnce(part.Training) }, config), part.Data.Samples.Count);
            // the grids are trained all at once
            PartCost[] grids = [.. PhaseGridPlans.Of(_plan, part.Grids).Select(grid => TwoLayerPart.Of(grid.Plan with { Training = AtOnce(grid.Plan.Training) }, config))];
            return new PartCost(once.Seconds * sizes / all, once.Bytes).Then(new PartCost(grids.Sum(grid => grid.Seconds), grids.Sum(grid => grid.Bytes)));
        }
    }

    /// <summary>Students are measured at the end only.</summary>
    private static TrainingConfig AtOnce(TrainingConfig training)
        => training with { Epochs = 1, EpochSteps = (int)Math.Min(int.MaxValue, (long)training.Epochs * training.EpochSteps) };

    /// <inheritdoc/>
    public void Run(RunContext run, SharedInputs inputs, PartProgress progress, CancellationToken cancellation)
    {
        var source = inputs.Of(_plan, cancellation);
        var grids = PhaseGridPlans.Of(_plan, config.Phase.Grids);
        // an even share each: what the search will take is not known before
        var share = grids.Count == 0 ? 1 : 0.5;
        new PhaseExperiment(_plan, source, config, run).Run((done, stage, values) => progress(share * done, stage, values), cancellation);
        if (grids.Count == 0 || run.IsFinished(PartNames.PhaseGrids))
            return;
        PhaseGridExperiment.Run(grids, source, config, run, (done, stage, values) => progress(share + ((1 - share) * done), stage, values), cancellation);
        run.Finish(PartNames.PhaseGrids);
    }
}
