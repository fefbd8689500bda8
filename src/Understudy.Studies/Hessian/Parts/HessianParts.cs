namespace Understudy.Studies.Hessian.Parts;

/// <summary>From the settings to the parts they ask for.</summary>
internal static class HessianParts
{
    /// <summary>The parts of a run, in its order.</summary>
    internal static IReadOnlyList<StagedPart> Of(HessianConfig config) => [.. config.Parts.Select(part => Of(config, part))];

    private static StagedPart Of(HessianConfig config, HessianPart part) => part switch
    {
        HessianPart.Widths => new WidthsPart(config),
        HessianPart.Clusters => new ClustersPart(config),
        HessianPart.Batches => new BatchesPart(config),
        HessianPart.Path => new PathPart(config),
        HessianPart.Blobs => new BlobsPart(config),
        HessianPart.Matrices => new MatricesPart(config),
        HessianPart.Lines => new LinesPart(config),
        HessianPart.Scatter => new ScatterPart(config),
        HessianPart.Sizes => new SizesPart(config),
        _ => new EdgePart(config),
    };
}
