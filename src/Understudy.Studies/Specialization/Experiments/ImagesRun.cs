namespace Understudy.Studies.Specialization.Experiments;

/// <summary>The images of a run.</summary>
/// <param name="pixels">All of them.</param>
/// <param name="measures">How many serve for statistics.</param>
internal sealed class ImagesRun(ImagePixels pixels, ImagesMeasuresConfig measures)
{
    internal ImagePixels Pixels { get; } = pixels;

    /// <summary>Training images over which batch normalizations are measured, [N, h·w·c].</summary>
    internal double[] Statistics { get; } = Array.ConvertAll(pixels.Training.Pixels[..(measures.Statistics * pixels.Image.Count)], pixel => (double)pixel);
}
