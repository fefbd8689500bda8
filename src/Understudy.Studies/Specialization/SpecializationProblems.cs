using static System.FormattableString;

namespace Understudy.Studies.Specialization;

/// <summary>What settings of the study do not fit together, in sentences.</summary>
internal static class SpecializationProblems
{
    internal static IEnumerable<string> Of(SpecializationConfig config)
        => Shared(config)
            .Concat(Pixels(config))
            .Concat(Subspace(config))
            .Concat(TwoLayerProblems.Of(config))
            .Concat(LuckyProblems.Of(config.Lucky))
            .Concat(MultiLayerProblems.Of(config.MultiLayer))
            .Concat(OnlineProblems.Of(config.Online))
            .Concat(ImagesProblems.Of(config.Images));

    private static IEnumerable<string> Shared(SpecializationConfig config)
    {
        if (config.Parts.Count == 0)
            yield return "parts must name at least one part.";
        if (config.Parts.Distinct().Count() != config.Parts.Count)
            yield return "parts must not name a part twice.";
        if (config.Seeds is < 1)
            yield return $"seeds ({config.Seeds}) must be at least 1, or null.";
        if (!(config.Slope is >= 0 and < 1))
            yield return Invariant($"slope ({config.Slope}) must be at least 0 and below 1.");
        if (config.Data.Dimension.Count is < 1)
            yield return $"data.dimension ({config.Data.Dimension}) must be at least 1, or all.";
        if (!(config.Data.LongestInput > 0))
            yield return Invariant($"data.longestInput ({config.Data.LongestInput}) must be positive.");
        if (!(config.Data.Deviation > 0))
            yield return Invariant($"data.deviation ({config.Data.Deviation}) must be positive.");
    }

    private static IEnumerable<string> Subspace(SpecializationConfig config)
    {
        var data = config.Data;
        if (!(data.SubspaceNoise >= 0))
            yield return Invariant($"data.subspaceNoise ({data.SubspaceNoise}) must not be negative.");
        if (data.Subspace is not { } subspace)
        {
            if (data.SubspaceNoise > 0)
                yield return "data.subspaceNoise needs data.subspace.";
            yield break;
        }

        if (data.Kind != InputKind.Gaussian)
            yield return "data.subspace needs data.kind=gaussian.";
        if (subspace < 1)
            yield return $"data.subspace ({subspace}) must be at least 1, or null.";
        (SpecializationPart Part, string Path, int Dimension)[] parts =
        [
            (SpecializationPart.TwoLayer, "twoLayer", config.TwoLayer.Data.Dimension),
            (SpecializationPart.Dynamics, "dynamics", config.Dynamics.Data.Dimension),
            (SpecializationPart.Samples, "samples", config.Samples.Data.Dimension),
            (SpecializationPart.Leaky, "leaky", config.Leaky.Data.Dimension),
            (SpecializationPart.Optimizers, "optimizers", config.Optimizers.Data.Dimension),
            (SpecializationPart.Phase, "phase", config.Phase.Data.Dimension),
        ];
        foreach (var (part, path, dimension) in parts)
        {
            if (config.Parts.Contains(part) && subspace > dimension)
                yield return $"data.subspace ({subspace}) is more than {path}.data.dimension ({dimension}).";
        }
    }

    private static IEnumerable<string> Pixels(SpecializationConfig config)
    {
        if (!PixelInputs.IsPixels(config.Data.Kind))
            yield break;
        var (training, name) = (PixelInputs.TrainingImages(config.Data.Kind), PixelInputs.SetName(config.Data.Kind));
        foreach (var (part, path, samples, evaluation) in PixelInputs.Sizes(config))
        {
            if (!config.Parts.Contains(part))
                continue;
            if (samples > training)
                yield return $"{path}.data.samples ({samples}) is more than the {training} training images of {name}.";
            if (evaluation > PixelInputs.TestImages)
                yield return $"{path}.measures.evaluation ({evaluation}) is more than the {PixelInputs.TestImages} test images of {name}.";
            if (config.Data.Dimension.Count >= samples)
                yield return $"data.dimension ({config.Data.Dimension}) must be below {path}.data.samples ({samples}): that many images have fewer components.";
        }
    }
}
