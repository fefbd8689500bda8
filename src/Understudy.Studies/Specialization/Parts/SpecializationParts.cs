using Understudy.Lab.Runs;
using Understudy.Studies.Specialization.Experiments;

namespace Understudy.Studies.Specialization.Parts;

/// <summary>From the name of a part to what it does.</summary>
internal sealed class SpecializationParts(SpecializationConfig config, RunContext run)
{
    private InputSource? _pixels;

    /// <summary>The part's word in settings, tables and checkpoints.</summary>
    internal static string Name(SpecializationPart part) => part switch
    {
        SpecializationPart.TwoLayer => TwoLayerParts.TwoLayer,
        SpecializationPart.Dynamics => TwoLayerParts.Dynamics,
        SpecializationPart.Samples => TwoLayerParts.Samples,
        SpecializationPart.Leaky => TwoLayerParts.Leaky,
        SpecializationPart.Lucky => LuckyPart.Name,
        SpecializationPart.MultiLayer => MultiLayerPart.Name,
        SpecializationPart.Online => OnlinePart.Name,
        _ => TwoLayerParts.Boundaries,
    };

    /// <summary>Relative cost, to share out progress.</summary>
    internal double Cost(SpecializationPart part) => part switch
    {
        SpecializationPart.Lucky => LuckyPart.Cost(config),
        SpecializationPart.MultiLayer => new MultiLayerPlan(config).Cost(lanes: 1),
        SpecializationPart.Online => OnlineEstimate.Cost(config),
        _ => Plans(config, part).Sum(plan => plan.Cost(DrawnDimension(config, part))),
    };

    /// <summary>Does what is still to be done of a part.</summary>
    internal void Run(SpecializationPart part, PartProgress progress, CancellationToken cancellation)
    {
        if (part == SpecializationPart.Lucky)
        {
            using var lucky = new LuckyPart(config, run);
            lucky.Run(progress, cancellation);
            return;
        }

        if (part == SpecializationPart.MultiLayer)
        {
            using var layers = new MultiLayerPart(config, run);
            layers.Run(progress, cancellation);
            return;
        }

        if (part == SpecializationPart.Online)
        {
            new OnlinePart(config, run).Run(progress, cancellation);
            return;
        }

        var plans = Plans(config, part);
        for (var i = 0; i < plans.Count; i++)
        {
            // a part of one plan is finished by the study
            var isOne = plans.Count == 1;
            if (!isOne && run.IsFinished(plans[i].Part))
                continue;
            var done = i;
            new TwoLayerExperiment(plans[i], Inputs(part, cancellation), config, run)
                .Run((fraction, stage, values) => progress((done + fraction) / plans.Count, stage, values), cancellation);
            if (!isOne)
                run.Finish(plans[i].Part);
        }
    }

    /// <summary>What a part of two-layer students does: one experiment, or one after the other.</summary>
    internal static IReadOnlyList<ExperimentPlan> Plans(SpecializationConfig config, SpecializationPart part) => part switch
    {
        SpecializationPart.TwoLayer => [TwoLayerParts.Recovery(config)],
        SpecializationPart.Dynamics => [TwoLayerParts.Individual(config)],
        SpecializationPart.Samples => [TwoLayerParts.SampleSizes(config)],
        SpecializationPart.Leaky => TwoLayerParts.Slopes(config),
        _ => [TwoLayerParts.Plane(config)],
    };

    /// <summary>The dimension of Gaussian and uniform inputs of a part with two-layer students.</summary>
    internal static int DrawnDimension(SpecializationConfig config, SpecializationPart part) => part switch
    {
        SpecializationPart.TwoLayer => config.TwoLayer.Data.Dimension,
        SpecializationPart.Dynamics => config.Dynamics.Data.Dimension,
        SpecializationPart.Samples => config.Samples.Data.Dimension,
        SpecializationPart.Leaky => config.Leaky.Data.Dimension,
        _ => config.Boundaries.Data.Dimension,
    };

    private InputSource Inputs(SpecializationPart part, CancellationToken cancellation)
    {
        if (part == SpecializationPart.Boundaries)
            return new DrawnInputs(new InputsConfig { Deviation = config.Data.Deviation }, config.Boundaries.Data.Dimension, run);
        if (!PixelInputs.IsPixels(config.Data.Kind))
            return new DrawnInputs(config.Data, DrawnDimension(config, part), run);
        _pixels ??= PixelInputs.Open(config, run, cancellation);
        return _pixels;
    }
}
