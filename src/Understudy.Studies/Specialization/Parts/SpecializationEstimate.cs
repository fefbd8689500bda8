using Understudy.Lab;

namespace Understudy.Studies.Specialization.Parts;

/// <summary>What a run costs: its parts, its pixels, and what surrounds them.</summary>
internal static class SpecializationEstimate
{
    /// <summary>Starting, judging, drawing and writing the report.</summary>
    private const double Around = 1.6;

    private const double Efficiency = 0.95;

    private const double ProgramBytes = 90e6;

    /// <summary>Rate of the sums over pixels behind a principal component analysis.</summary>
    private const double PixelRate = 10e9;

    /// <summary>What reading and transforming images takes in memory, over the size of the images; measured with mnist and cifar10.</summary>
    private const double PixelFactor = 2;

    internal static RunEstimate Of(SpecializationConfig config, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var parts = SpecializationParts.Of(config).Select(part => part.Cost).Aggregate((first, next) => first.Then(next));
        var seconds = Around + ((PixelSeconds(config) + parts.Seconds) / (threads == 1 ? 1 : threads * Efficiency));
        return new RunEstimate(TimeSpan.FromSeconds(seconds), (long)(ProgramBytes + PixelBytes(config) + parts.Bytes));
    }

    private static double PixelSeconds(SpecializationConfig config)
    {
        if (PixelInputs.Needs(config).Count == 0)
            return 0;
        double pixels = PixelInputs.Pixels(config.Data.Kind);
        return PixelRows(config) * pixels * (config.Data.Dimension.Count is null ? 2 : pixels) / PixelRate;
    }

    /// <summary>The whole set as bytes, and the chosen images as they are read and transformed.</summary>
    private static double PixelBytes(SpecializationConfig config)
    {
        if (PixelInputs.Needs(config).Count == 0)
            return 0;
        double pixels = PixelInputs.Pixels(config.Data.Kind);
        return PixelFactor * ((pixels * PixelInputs.TrainingImages(config.Data.Kind)) + (PixelRows(config) * (pixels + (sizeof(float) * (config.Data.Dimension.Count ?? pixels)))));
    }

    private static double PixelRows(SpecializationConfig config)
        => PixelInputs.Sizes(config).Where(size => config.Parts.Contains(size.Part)).Max(size => size.Samples + (double)size.Evaluation);
}
