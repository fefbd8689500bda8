using Understudy.Engine.LinearAlgebra;
using Understudy.Engine.Random;
using Understudy.Engine.Threading;

namespace Understudy.Data.Datasets;

/// <summary>Turns pictures into inputs of a network: standardized, optionally reduced to whitened principal components, and scaled.</summary>
/// <remarks>
/// Over the training set each output has mean 0 and the standard deviation asked for, and with components the outputs are
/// uncorrelated, like the Gaussian inputs of the protocols they replace. Fitting 10,000 pictures of 3,072 features to 100 components
/// takes a few seconds: the covariance costs O(count · features²).
/// </remarks>
public sealed class FeatureTransform
{
    private const int Rows = 1000;
    private const int Panel = 768;

    private readonly Standardization _standardization;
    private readonly float[]? _weights;

    private FeatureTransform(Standardization standardization, float[]? weights, int outputs, double scale, double explained, double residual)
    {
        _standardization = standardization;
        _weights = weights;
        Outputs = outputs;
        Scale = scale;
        ExplainedVariance = explained;
        Residual = residual;
    }

    /// <summary>Features of a picture.</summary>
    public int Inputs => _standardization.Inputs;

    /// <summary>Numbers per picture after the transform.</summary>
    public int Outputs { get; }

    /// <summary>Features without variance over the training set, which were dropped.</summary>
    public int Dropped => _standardization.Dropped;

    /// <summary>The standard deviation of each output over the training set.</summary>
    public double Scale { get; }

    /// <summary>The part of the variance of the standardized features that the components hold, 0 to 1.</summary>
    public double ExplainedVariance { get; }

    /// <summary>How exactly the components are those of the covariance: the largest |C v - λ v| divided by the largest λ; 1e-7 is asked for.</summary>
    public double Residual { get; }

    /// <summary>Fits to a training set.</summary>
    /// <param name="images">The training set.</param>
    /// <param name="components">How many principal components to keep; null keeps all standardized pixels without rotating them.</param>
    /// <param name="scale">The standard deviation of each output.</param>
    /// <param name="team">Threads for the products; null for the caller's alone. Does not change a bit of the result.</param>
    /// <param name="cancellation">Looked at once per block of pictures.</param>
    /// <exception cref="ArgumentException">More components are asked for than features with variance, or than pictures less one.</exception>
    public static FeatureTransform Fit(ImageSet images, int? components = 100, double scale = 1.5, Team? team = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        var standardization = Standardization.Fit(images);
        if (components is not { } count)
            return new FeatureTransform(standardization, null, standardization.Outputs, scale, 1, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(components));
        int features = standardization.Outputs;
        if (count > Math.Min(features, images.Count - 1))
            throw new ArgumentException($"{images.Count} pictures with {features} features that vary do not have {count} principal components.", nameof(components));

        var covariance = Covariance(images, standardization, team, cancellation);
        var leading = LeadingEigenvectors.Of(covariance, features, count, new RandomSequence(0, "principal-components"), 1e-7, team: team, cancellation: cancellation);
        double held = 0;
        var weights = new float[count * features];
        for (int row = 0; row < count; row++)
        {
            double value = leading.Values[row];
            if (!(value > 1e-10 * leading.Values[0]))
                throw new ArgumentException($"The pictures vary in only {row} directions, so that {count} principal components cannot be whitened.", nameof(components));
            held += value;
            double factor = scale / Math.Sqrt(value);
            for (int column = 0; column < features; column++)
                weights[(row * features) + column] = (float)(leading.Vectors[(row * features) + column] * factor);
        }

        // Standardized features have variance 1 each.
        return new FeatureTransform(standardization, weights, count, scale, held / features, leading.Residual);
    }

    /// <summary>Transforms pictures of the size that was fitted to.</summary>
    /// <returns>The inputs [count, outputs].</returns>
    /// <exception cref="ArgumentException">The pictures have another size.</exception>
    public float[] Apply(ImageSet images, Team? team = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        var result = new float[checked(images.Count * Outputs)];
        int features = _standardization.Outputs;
        if (_weights is null)
        {
            _standardization.Apply(images, 0, result);
            for (int i = 0; i < result.Length; i++)
                result[i] *= (float)Scale;
            return result;
        }

        var block = new float[Math.Min(Rows, images.Count) * features];
        for (int first = 0; first < images.Count; first += Rows)
        {
            int rows = Math.Min(Rows, images.Count - first);
            _standardization.Apply(images, first, block.AsSpan(0, rows * features));
            Products.Multiply(rows, Outputs, features, block, _weights, result.AsSpan(first * Outputs), transposeRight: true, team: team);
        }

        return result;
    }

    /// <summary>The covariance [features, features] of the standardized features: float products of blocks of pictures, summed in double precision.</summary>
    private static double[] Covariance(ImageSet images, Standardization standardization, Team? team, CancellationToken cancellation)
    {
        int features = standardization.Outputs;
        var sum = new double[checked(features * features)];
        var block = new float[Math.Min(Rows, images.Count) * features];
        int panels = (features + Panel - 1) / Panel;
        var columns = new float[panels][];
        for (int panel = 0; panel < panels; panel++)
            columns[panel] = new float[Math.Min(Rows, images.Count) * Math.Min(Panel, features - (panel * Panel))];
        var product = new float[Panel * Panel];
        for (int first = 0; first < images.Count; first += Rows)
        {
            cancellation.ThrowIfCancellationRequested();
            int rows = Math.Min(Rows, images.Count - first);
            standardization.Apply(images, first, block.AsSpan(0, rows * features));
            for (int panel = 0; panel < panels; panel++)
                CopyColumns(block, columns[panel], rows, features, panel * Panel);
            for (int left = 0; left < panels; left++)
            {
                for (int right = 0; right <= left; right++)
                {
                    int m = Math.Min(Panel, features - (left * Panel));
                    int n = Math.Min(Panel, features - (right * Panel));
                    Products.Multiply(m, n, rows, columns[left], columns[right], product, transposeLeft: true, team: team);
                    Add(product, sum, m, n, (left * Panel * features) + (right * Panel), features);
                }
            }
        }

        Complete(sum, features, images.Count);
        return sum;
    }

    private static void CopyColumns(float[] block, float[] panel, int rows, int features, int first)
    {
        int width = Math.Min(Panel, features - first);
        for (int row = 0; row < rows; row++)
            block.AsSpan((row * features) + first, width).CopyTo(panel.AsSpan(row * width));
    }

    private static void Add(float[] product, double[] sum, int m, int n, int place, int stride)
    {
        for (int row = 0; row < m; row++)
        {
            var target = sum.AsSpan(place + (row * stride), n);
            for (int column = 0; column < n; column++)
                target[column] += product[(row * n) + column];
        }
    }

    /// <summary>Divides by the number of pictures and mirrors the lower triangle.</summary>
    private static void Complete(double[] sum, int features, int count)
    {
        for (int row = 0; row < features; row++)
        {
            for (int column = 0; column <= row; column++)
            {
                double value = sum[(row * features) + column] / count;
                sum[(row * features) + column] = value;
                sum[(column * features) + row] = value;
            }
        }
    }
}
