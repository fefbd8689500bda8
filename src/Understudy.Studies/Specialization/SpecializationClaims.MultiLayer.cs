using Understudy.Lab.Claims;

namespace Understudy.Studies.Specialization;

/// <summary>The claims about several hidden layers.</summary>
internal static partial class SpecializationClaims
{
    internal const double LowestLayerLead = 0.15;
    internal const double UpperLayersSpecialized = 0.95;
    internal const int FewestSharpSamples = 20_000;
    internal const int MostSharpSamples = 50_000;
    internal const int FewestBlurredSamples = 5_000;
    internal const int MostBlurredSamples = 12_500;
    internal const double InfluenceShare = 0.5;

    internal static readonly Claim S12 = new(
        "S12", "With several hidden layers the lowest one specializes first.", "Tian 2020, multi-layer figure; author's notebooks",
        "Part multi-layer, r = 2, mse: mean best correlation of layer 1 minus the largest of the upper layers at least 0.15 at every N but those at which layer 1 and an upper layer have both reached 0.95 (published at N = 12,500: 0.969 against 0.625 0.514 0.571).")
    {
        Settings = "parts=[multi-layer]",
    };

    internal static readonly Claim S13 = new(
        "S13", "With enough samples every layer specializes, and the change is sharp.", "Tian 2020, multi-layer figure; author's notebooks",
        "Hidden 50-75-100-125, r = 2, mse, 20 million samples seen: mean best correlation of every upper layer at least 0.95 at the largest N from 20,000 to 50,000, and below it at the largest from 5,000 to 12,500 (published 0.9999 at 20,000, and 0.51-0.62 at 12,500).")
    {
        Settings = "parts=[multi-layer] multiLayer.networks.hidden=[50,75,100,125] multiLayer.data.samples=[12500,20000] multiLayer.training.samplesSeen=20000000",
    };

    internal static readonly Claim S14 = new(
        "S14", "With cross-entropy the upper layers lag behind (exploratory).", "Tian 2020, multi-layer figure; author's notebooks",
        "r = 2, the largest N with both losses at equal epochs: mean best correlation of every upper layer lower with cross-entropy than with mse; layer 1 is reported only.")
    {
        Settings = "parts=[multi-layer] multiLayer.training.losses=[mse,cross-entropy]",
    };

    internal static readonly Claim S15 = new(
        "S15", "With several hidden layers nodes that specialize to no teacher node have little influence on the outputs (L-shape; exploratory).", "Tian 2020, multi-layer L-shape figure, whose settings are not recorded",
        "r = 10, mse, largest N: share of Σ E β_kk in students of layer 1 with usefulness above 0.95 at least 0.5.")
    {
        Settings = "parts=[multi-layer] multiLayer.networks.hidden=[50,75,100,125] multiLayer.networks.overRealization=[10] multiLayer.data.samples=[200000] multiLayer.training.samplesSeen=null multiLayer.training.epochs=[100]",
    };

    internal static readonly Claim S21 = new(
        "S21", "Too much over-realization slows training with a fixed budget.", "Tian, Jiang, Gong and Morcos 2019, over-parameterization sweep",
        "Hidden 10-15-20-25, mse, largest N: mean best correlation of every upper layer lower for r = 50 than for r = 10 (published 0.78 0.80 0.87 against 0.98 0.90 0.90 at N = 100,000, 100 epochs).")
    {
        Settings = "parts=[multi-layer] multiLayer.networks.hidden=[10,15,20,25] multiLayer.networks.overRealization=[10,50] multiLayer.data.samples=[100000] multiLayer.training.samplesSeen=null multiLayer.training.epochs=[100] multiLayer.training.learningRates=[0.05] multiLayer.training.rateStarts=[0]",
    };
}
