namespace Understudy.Data.Datasets;

/// <summary>Shifts and scales each feature to mean 0 and standard deviation 1 over the pictures it was fitted to.</summary>
/// <remarks>Features without variance carry nothing and are dropped. Deviations divide by the number of pictures.</remarks>
public sealed class Standardization
{
    private readonly int[] _kept;
    private readonly float[] _means;
    private readonly float[] _factors;

    private Standardization(int inputs, int[] kept, float[] means, float[] factors)
    {
        Inputs = inputs;
        _kept = kept;
        _means = means;
        _factors = factors;
    }

    /// <summary>Features of a picture.</summary>
    public int Inputs { get; }

    /// <summary>Features that are left.</summary>
    public int Outputs => _kept.Length;

    /// <summary>Features without variance.</summary>
    public int Dropped => Inputs - Outputs;

    /// <summary>Which features are left, in their order.</summary>
    public ReadOnlySpan<int> Kept => _kept;

    /// <summary>Measures means and deviations; exact, since sums of bytes are whole numbers.</summary>
    /// <exception cref="ArgumentException">The set is empty.</exception>
    public static Standardization Fit(ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Count == 0)
            throw new ArgumentException("There is no picture to fit to.", nameof(images));
        var sums = new long[images.Features];
        var squares = new long[images.Features];
        for (int index = 0; index < images.Count; index++)
        {
            var image = images.Image(index);
            for (int feature = 0; feature < image.Length; feature++)
            {
                sums[feature] += image[feature];
                squares[feature] += image[feature] * image[feature];
            }
        }

        var kept = new List<int>();
        var means = new List<float>();
        var factors = new List<float>();
        double count = images.Count;
        for (int feature = 0; feature < sums.Length; feature++)
        {
            // n Σx² - (Σx)² is a whole number, so that no variance is exactly 0.
            var spread = ((Int128)images.Count * squares[feature]) - ((Int128)sums[feature] * sums[feature]);
            if (spread == 0)
                continue;
            kept.Add(feature);
            means.Add((float)(sums[feature] / count));
            factors.Add((float)(count / Math.Sqrt((double)spread)));
        }

        return new Standardization(images.Features, [.. kept], [.. means], [.. factors]);
    }

    /// <summary>Standardizes the pictures from <paramref name="first"/> on, as many as fit into <paramref name="result"/>.</summary>
    /// <param name="images">Pictures of the size that was fitted to.</param>
    /// <param name="first">The first picture.</param>
    /// <param name="result">[pictures, outputs].</param>
    /// <exception cref="ArgumentException">The pictures have another size, or the result is not made of whole rows.</exception>
    public void Apply(ImageSet images, int first, Span<float> result)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Features != Inputs)
            throw new ArgumentException($"The pictures have {images.Features} features, but {Inputs} were fitted.", nameof(images));
        if (Outputs == 0 ? result.Length > 0 : result.Length % Outputs != 0)
            throw new ArgumentException($"{result.Length} numbers are not whole rows of {Outputs}.", nameof(result));
        for (int row = 0; row * Outputs < result.Length; row++)
        {
            var image = images.Image(first + row);
            var target = result.Slice(row * Outputs, Outputs);
            for (int column = 0; column < target.Length; column++)
                target[column] = (image[_kept[column]] - _means[column]) * _factors[column];
        }
    }
}
