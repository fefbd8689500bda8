namespace Understudy.Studies.Specialization.Judging;

/// <summary>What of a configuration has to agree before runs are pooled.</summary>
internal static class Protocols
{
    /// <summary>What all parts share, with the sections of the parts at their defaults.</summary>
    internal static SpecializationConfig Shared(SpecializationConfig config) => config with
    {
        Seed = 0,
        Seeds = null,
        Parts = [],
        TwoLayer = RecoveryConfig.Quick,
        Dynamics = RecoveryConfig.Individual,
        Samples = new SamplesConfig(),
        Leaky = new LeakyConfig(),
        Optimizers = new OptimizersConfig(),
        Lucky = new LuckyConfig(),
        Boundaries = new BoundariesConfig(),
        MultiLayer = new MultiLayerConfig(),
        Online = new OnlineConfig(),
        Phase = new PhaseConfig(),
        Images = new ImagesConfig(),
    };

    /// <summary>The same for a part with inputs of its own.</summary>
    internal static SpecializationConfig WithoutData(SpecializationConfig config) => Shared(config) with { Data = new InputsConfig() };
}
