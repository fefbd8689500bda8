using Understudy.Learning.Geometry;

namespace Understudy.Learning.Representations;

/// <summary>Mean and deviation of every feature over a set of embeddings, to bring them and others to mean 0 and deviation 1.</summary>
/// <remarks>The deviation is the root of the unbiased variance. A feature whose deviation is below <see cref="SmallestDeviation"/>, such as a dead unit, is only centred.</remarks>
public sealed class FeatureStandardization
{
    /// <summary>Ten times 2⁻²³, the spacing of single-precision numbers near 1, which embeddings are usually computed in.</summary>
    public const double SmallestDeviation = 10.0 / (1 << 23);

    private readonly double[] _mean;
    private readonly double[] _deviation;

    private FeatureStandardization(double[] mean, double[] deviation) => (_mean, _deviation) = (mean, deviation);

    /// <summary>[d].</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>What each feature is divided by [d]: 1 for one that is constant.</summary>
    public ReadOnlySpan<double> Deviation => _deviation;

    /// <summary>Features that are only centred.</summary>
    public int ConstantFeatures { get; private init; }

    /// <summary>Mean and deviation over the rows of a matrix [N, d].</summary>
    /// <exception cref="ArgumentException">There are no rows of this width, or a feature is too large for its deviation.</exception>
    public static FeatureStandardization Of(ReadOnlySpan<double> features, int width)
    {
        var centering = Centering(features, width);
        var (rows, squares, row) = (features.Length / width, new double[width], new double[width]);
        for (var i = 0; i < rows; i++)
        {
            features.Slice(i * width, width).CopyTo(row);
            Dense.Add(-1, centering._mean, row);
            for (var j = 0; j < width; j++)
                squares[j] += row[j] * row[j];
        }

        var constant = 0;
        for (var j = 0; j < width; j++)
        {
            var deviation = rows > 1 ? Math.Sqrt(squares[j] / (rows - 1)) : 0;
            if (!double.IsFinite(deviation))
                throw new ArgumentException($"Feature {j} is not finite, or too large to be squared.", nameof(features));
            var isConstant = deviation < SmallestDeviation;
            squares[j] = isConstant ? 1 : deviation;
            constant += isConstant ? 1 : 0;
        }

        return new FeatureStandardization(centering._mean, squares) { ConstantFeatures = constant };
    }

    /// <summary>(features − mean) / deviation.</summary>
    /// <param name="features">[rows, d].</param>
    /// <param name="result">[rows, d]; may be the features themselves.</param>
    /// <exception cref="ArgumentException">The spans are not the same rows of d.</exception>
    public void Apply(ReadOnlySpan<double> features, Span<double> result)
    {
        var width = _mean.Length;
        if (features.Length % width != 0 || result.Length != features.Length)
            throw new ArgumentException($"{features.Length} features with room for {result.Length} are not rows of {width}.", nameof(features));
        for (var at = 0; at < features.Length; at += width)
        {
            for (var j = 0; j < width; j++)
                result[at + j] = (features[at + j] - _mean[j]) / _deviation[j];
        }
    }

    /// <summary>Subtracts the mean alone.</summary>
    internal static FeatureStandardization Centering(ReadOnlySpan<double> features, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (features.IsEmpty || features.Length % width != 0)
            throw new ArgumentException($"{features.Length} features are not rows of {width}.", nameof(features));
        var (mean, ones) = (new double[width], new double[width]);
        AddMean(features, mean);
        // the mean of what is left corrects its rounding: constant features come out as 0
        AddMean(features, mean);
        ones.AsSpan().Fill(1);
        return new FeatureStandardization(mean, ones);
    }

    /// <summary>Adds the mean of features − mean.</summary>
    private static void AddMean(ReadOnlySpan<double> features, double[] mean)
    {
        var (width, sum) = (mean.Length, new double[mean.Length]);
        for (var at = 0; at < features.Length; at += width)
        {
            for (var j = 0; j < width; j++)
                sum[j] += features[at + j] - mean[j];
        }

        var rows = features.Length / width;
        for (var j = 0; j < width; j++)
            mean[j] += sum[j] / rows;
    }
}
