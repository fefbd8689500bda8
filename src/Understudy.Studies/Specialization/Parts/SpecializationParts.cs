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
        SpecializationPart.Lucky => LuckyPart.Name,
        SpecializationPart.Online => OnlinePart.Name,
        _ => TwoLayerParts.Boundaries,
    };

    /// <summary>Relative cost, to share out progress.</summary>
    internal double Cost(SpecializationPart part) => part switch
    {
        SpecializationPart.Lucky => LuckyPart.Cost(config),
        SpecializationPart.Online => OnlineEstimate.Cost(config),
        _ => Plan(config, part).Cost(DrawnDimension(config, part)),
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

        if (part == SpecializationPart.Online)
        {
            new OnlinePart(config, run).Run(progress, cancellation);
            return;
        }

        new TwoLayerExperiment(Plan(config, part), Inputs(part, cancellation), config, run).Run(progress, cancellation);
    }

    /// <summary>What a part other than lucky and online does.</summary>
    internal static ExperimentPlan Plan(SpecializationConfig config, SpecializationPart part) => part switch
    {
        SpecializationPart.TwoLayer => TwoLayerParts.Recovery(config),
        SpecializationPart.Dynamics => TwoLayerParts.Individual(config),
        SpecializationPart.Samples => TwoLayerParts.SampleSizes(config),
        _ => TwoLayerParts.Plane(config),
    };

    /// <summary>The dimension of Gaussian and uniform inputs of a part other than lucky and online.</summary>
    internal static int DrawnDimension(SpecializationConfig config, SpecializationPart part) => part switch
    {
        SpecializationPart.TwoLayer => config.TwoLayer.Data.Dimension,
        SpecializationPart.Dynamics => config.Dynamics.Data.Dimension,
        SpecializationPart.Samples => config.Samples.Data.Dimension,
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
