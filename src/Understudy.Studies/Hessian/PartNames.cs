namespace Understudy.Studies.Hessian;

/// <summary>The parts' words in settings, tables and checkpoints.</summary>
internal static class PartNames
{
    internal const string Widths = "widths";
    internal const string Clusters = "clusters";
    internal const string Batches = "batches";
    internal const string Path = "path";
    internal const string Blobs = "blobs";
    internal const string Matrices = "matrices";
    internal const string Lines = "lines";
    internal const string Edge = "edge";
    internal const string Scatter = "scatter";
    internal const string Sizes = "sizes";

    /// <summary>The table of a variant of part clusters.</summary>
    internal static string Variant(ClustersVariant variant) => variant switch
    {
        ClustersVariant.FullBatch => $"{Clusters}.full-batch",
        ClustersVariant.FullBatchTanh => $"{Clusters}.full-batch-tanh",
        _ => $"{Clusters}.tenfold-covariance",
    };
}
