using Understudy.Learning.Curvature;
using Understudy.Learning.Networks;

namespace Understudy.Learning.Representations;

/// <summary>What an encoder makes of labelled examples: embeddings [N, d], row-major, and the class of each.</summary>
public sealed class EmbeddingSet
{
    private readonly double[] _features;
    private readonly int[] _labels;

    /// <summary>Takes the arrays as they are, without a copy.</summary>
    /// <param name="features">[N, d].</param>
    /// <param name="labels">[N], from 0 to K − 1.</param>
    /// <param name="classes">K, whether or not every class occurs.</param>
    /// <exception cref="ArgumentException">The features are not N rows or not finite, or a label is no class.</exception>
    public EmbeddingSet(double[] features, int[] labels, int classes)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (labels.Length == 0 || features.Length == 0 || features.Length % labels.Length != 0)
            throw new ArgumentException($"{features.Length} features are not rows for {labels.Length} labels.", nameof(features));
        (_features, _labels, Classes) = (features, labels, classes);
        CheckLabels();
        CheckFeatures();
    }

    /// <summary>N.</summary>
    public int Count => _labels.Length;

    /// <summary>d.</summary>
    public int Width => _features.Length / _labels.Length;

    /// <summary>K.</summary>
    public int Classes { get; }

    /// <summary>[N, d].</summary>
    public ReadOnlySpan<double> Features => _features;

    /// <summary>[N].</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>The embeddings of images by an encoder, batch by batch.</summary>
    /// <param name="encoder">The encoder in evaluation mode.</param>
    /// <param name="images">[N, inputs of the encoder].</param>
    /// <param name="labels">[N], from 0 to K − 1; taken without a copy.</param>
    /// <param name="classes">K.</param>
    /// <param name="parameters">[P], in the order of the encoder's layout.</param>
    /// <param name="options">Precision, batches and threads.</param>
    /// <param name="cancellation">Looked at once per batch.</param>
    /// <exception cref="ArgumentException">Images, labels or parameters do not fit, an embedding is not finite, or the encoder couples examples: measure its statistics first (<see cref="Recalibration"/>).</exception>
    public static EmbeddingSet Of(
        INetwork encoder, ReadOnlySpan<double> images, int[] labels, int classes, ReadOnlySpan<double> parameters, OutputOptions? options = null, CancellationToken cancellation = default)
    {
        ThrowIfNotRead(encoder, images.Length, labels);
        return new(NetworkOutputs.Of(encoder, images, parameters, options, cancellation), labels, classes);
    }

    /// <summary>The same of images in single precision.</summary>
    /// <inheritdoc cref="Of(INetwork, ReadOnlySpan{double}, int[], int, ReadOnlySpan{double}, OutputOptions?, CancellationToken)"/>
    public static EmbeddingSet Of(
        INetwork encoder, ReadOnlySpan<float> images, int[] labels, int classes, ReadOnlySpan<double> parameters, OutputOptions? options = null, CancellationToken cancellation = default)
    {
        ThrowIfNotRead(encoder, images.Length, labels);
        return new(NetworkOutputs.Of(encoder, images, parameters, options, cancellation), labels, classes);
    }

    /// <summary>A part of it: at most <paramref name="count"/> examples from <paramref name="first"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such example, or none is asked for.</exception>
    public EmbeddingSet Slice(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(first, Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        count = Math.Min(count, Count - first);
        return new(Features.Slice(first * Width, count * Width).ToArray(), Labels.Slice(first, count).ToArray(), Classes);
    }

    /// <exception cref="ArgumentException">A probe of these embeddings cannot be scored on <paramref name="test"/>.</exception>
    internal void ThrowIfNotLike(EmbeddingSet test)
    {
        ArgumentNullException.ThrowIfNull(test);
        if (Width != test.Width || Classes != test.Classes)
            throw new ArgumentException($"The training embeddings have {Width} features and {Classes} classes, those of the test {test.Width} and {test.Classes}.", nameof(test));
    }

    /// <exception cref="ArgumentException">The encoder couples examples, or numbers are not an image for each label.</exception>
    internal static void ThrowIfNotRead(INetwork encoder, int images, int[] labels)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(labels);
        if (encoder.CouplesExamples)
            throw new ArgumentException("The embedding of an example depends on its batch: a probe needs the encoder in evaluation mode.", nameof(encoder));
        if (images != (long)labels.Length * encoder.Inputs)
            throw new ArgumentException($"{images} numbers are not {labels.Length} images of {encoder.Inputs}.", nameof(images));
    }

    private void CheckLabels()
    {
        for (var i = 0; i < _labels.Length; i++)
        {
            if ((uint)_labels[i] >= (uint)Classes)
                throw new ArgumentException($"The label of example {i} is {_labels[i]}, but a class is from 0 to {Classes - 1}.", "labels");
        }
    }

    private void CheckFeatures()
    {
        for (var i = 0; i < _features.Length; i++)
        {
            if (!double.IsFinite(_features[i]))
                throw new ArgumentException($"Feature {i % Width} of example {i / Width} is {_features[i]}.", "features");
        }
    }
}
