namespace Understudy.Learning.Representations;

/// <summary>Moments of features over images, and how alike features and images are.</summary>
/// <remarks>Random-teacher specification, section 4.</remarks>
public sealed class FeatureStatistics
{
    private readonly double[] _means;
    private readonly double[] _deviations;

    private FeatureStatistics(double[] means, double[] deviations) => (_means, _deviations) = (means, deviations);

    /// <summary>The mean of every feature over the images [d].</summary>
    public ReadOnlySpan<double> Means => _means;

    /// <summary>The deviation of every feature over the images, with N − 1 below [d]; 0 of one image.</summary>
    public ReadOnlySpan<double> Deviations => _deviations;

    /// <summary>Features that are 0 on every image: dead units.</summary>
    public int Dead { get; private init; }

    /// <summary>The mean over all pairs of features that vary of Pearson's correlation over the images; NaN where fewer than two vary.</summary>
    public double MeanCorrelation { get; private init; }

    /// <summary>The mean over all pairs of images of the distance of their features; NaN of one image.</summary>
    public double MeanDistance { get; private init; }

    /// <summary>Statistics of a matrix [N, d]; costs O(N²·d), so for some hundreds of images.</summary>
    /// <param name="features">[N, d].</param>
    /// <param name="width">d.</param>
    /// <exception cref="ArgumentException">There are no rows of this width.</exception>
    public static FeatureStatistics Of(ReadOnlySpan<double> features, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (features.Length == 0 || features.Length % width != 0)
            throw new ArgumentException($"{features.Length} features are not rows of {width}.", nameof(features));
        var (rows, means, deviations, dead) = (features.Length / width, new double[width], new double[width], 0);
        for (var j = 0; j < width; j++)
        {
            var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
            for (var at = j; at < features.Length; at += width)
            {
                means[j] += features[at] / rows;
                (low, high) = (Math.Min(low, features[at]), Math.Max(high, features[at]));
            }

            dead += low == 0 && high == 0 ? 1 : 0;
            // rounding of the mean is no deviation
            if (low == high)
            {
                means[j] = low;
                continue;
            }

            for (var at = j; at < features.Length; at += width)
                deviations[j] += (features[at] - means[j]) * (features[at] - means[j]);
            deviations[j] = Math.Sqrt(deviations[j] / (rows - 1));
        }

        return new FeatureStatistics(means, deviations) { Dead = dead, MeanCorrelation = Correlation(features, means, deviations), MeanDistance = Distance(features, width) };
    }

    /// <summary>Σ over pairs of correlations is half of the variance of the sum of standardized features less their number.</summary>
    private static double Correlation(ReadOnlySpan<double> features, double[] means, double[] deviations)
    {
        var (width, rows, varying) = (means.Length, features.Length / means.Length, deviations.Count(deviation => deviation > 0));
        if (varying < 2)
            return double.NaN;
        var squares = 0.0;
        for (var row = 0; row < rows; row++)
        {
            var sum = 0.0;
            for (var j = 0; j < width; j++)
                sum += deviations[j] > 0 ? (features[(row * width) + j] - means[j]) / deviations[j] : 0;
            squares += sum * sum;
        }

        return ((squares / (rows - 1)) - varying) / ((double)varying * (varying - 1));
    }

    private static double Distance(ReadOnlySpan<double> features, int width)
    {
        var (rows, sum) = (features.Length / width, 0.0);
        for (var first = 0; first < rows; first++)
        {
            for (var second = 0; second < first; second++)
            {
                var apart = 0.0;
                for (var j = 0; j < width; j++)
                {
                    var difference = features[(first * width) + j] - features[(second * width) + j];
                    apart += difference * difference;
                }

                sum += Math.Sqrt(apart);
            }
        }

        return sum / (rows * (rows - 1.0) / 2);
    }
}
