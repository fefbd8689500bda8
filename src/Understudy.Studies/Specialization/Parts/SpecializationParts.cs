namespace Understudy.Studies.Specialization.Parts;

/// <summary>From the settings to the parts they ask for.</summary>
internal static class SpecializationParts
{
    /// <summary>The parts of a run, in its order.</summary>
    internal static IReadOnlyList<IPart> Of(SpecializationConfig config) => [.. config.Parts.Select(part => Of(config, part))];

    private static IPart Of(SpecializationConfig config, SpecializationPart part) => part switch
    {
        SpecializationPart.TwoLayer => new TwoLayerPart(PartNames.TwoLayer, [TwoLayerPlans.Recovery(config)], config),
        SpecializationPart.Dynamics => new TwoLayerPart(PartNames.Dynamics, [TwoLayerPlans.Individual(config)], config),
        SpecializationPart.Samples => new TwoLayerPart(PartNames.Samples, [TwoLayerPlans.SampleSizes(config)], config),
        SpecializationPart.Leaky => new TwoLayerPart(PartNames.Leaky, TwoLayerPlans.Slopes(config), config),
        SpecializationPart.Optimizers => new TwoLayerPart(PartNames.Optimizers, TwoLayerPlans.Rules(config), config),
        SpecializationPart.Boundaries => new TwoLayerPart(PartNames.Boundaries, [TwoLayerPlans.Plane(config)], config),
        SpecializationPart.Lucky => new LuckyPart(config),
        SpecializationPart.Phase => new PhasePart(config),
        SpecializationPart.MultiLayer => new MultiLayerPart(config),
        SpecializationPart.Images => new ImagesPart(config),
        _ => new OnlinePart(config),
    };
}
