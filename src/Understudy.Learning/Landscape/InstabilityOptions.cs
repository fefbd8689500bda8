using Understudy.Data.Datasets;

namespace Understudy.Learning.Landscape;

/// <summary>How lines between trained networks are looked at.</summary>
public sealed record InstabilityOptions
{
    /// <summary>Evenly spaced points of a line, its ends among them.</summary>
    public int Positions { get; init; } = 30;

    /// <summary>Training images, in an order that does not go by classes, that statistics of batch normalizations are estimated on anew at every point; null for none.</summary>
    public FloatImages? Calibration { get; init; }

    /// <summary>Images of a batch of the estimation: as many as in training, because every batch is normalized with its own statistics.</summary>
    public int CalibrationBatch { get; init; } = 128;

    /// <summary>Batches of the estimation, the first of the images; fewer where there are not so many.</summary>
    public int CalibrationBatches { get; init; } = 50;
}
