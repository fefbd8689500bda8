using Understudy.Data.Datasets;
using Understudy.Engine;
using Understudy.Lab.Runs;
using Understudy.Learning.Training;

namespace Understudy.Studies.Specialization;

/// <summary>Some labelled images as a network reads them.</summary>
/// <param name="Pixels">[N, h·w·c], channels last.</param>
/// <param name="Labels">[N].</param>
internal sealed record ImageRows(float[] Pixels, byte[] Labels)
{
    internal int Count => Labels.Length;
}

/// <summary>The images of part images: one fixed choice that all seeds share, pooled, and standardised with constants.</summary>
internal sealed class ImagePixels
{
    /// <summary>Images of the training and of the test split of cifar10.</summary>
    internal const int TrainingImages = 50_000;

    internal const int TestImages = 10_000;

    /// <summary>Of every set.</summary>
    internal const int Classes = 10;

    /// <summary>All images of the digits.</summary>
    internal const int Digits = 1797;

    // means and deviations of the published transform; the deviations are means over images of those within an image
    private static readonly double[] PhotographMeans = [0.4914, 0.4822, 0.4465];
    private static readonly double[] PhotographDeviations = [0.2023, 0.1994, 0.2010];

    // over all pixels of all digits, whose largest grey value is 1
    private static readonly double[] DigitMeans = [0.3053];
    private static readonly double[] DigitDeviations = [0.376];

    private readonly ImagesDataConfig _data;

    private ImagePixels(ImagesConfig part, ImageSet first, int[] order, ImageSet last, int[] test)
    {
        var data = _data = part.Data;
        Image = Extents(data);
        Training = Rows(first, order.AsSpan(0, data.Training));
        Validation = Rows(first, order.AsSpan(data.Training, data.Validation));
        Test = Rows(last, test);
        ForStatistics = Array.ConvertAll(Training.Pixels[..(part.Measures.Statistics * Image.Count)], pixel => (double)pixel);
    }

    /// <summary>[h, w, c] after pooling.</summary>
    internal Shape Image { get; }

    internal ImageRows Training { get; }

    internal ImageRows Validation { get; }

    internal ImageRows Test { get; }

    /// <summary>Training images over which batch normalizations are measured, [N, h·w·c].</summary>
    internal double[] ForStatistics { get; }

    /// <summary>[h, w, c] of the images of a configuration, after pooling.</summary>
    internal static Shape Extents(ImagesDataConfig data)
    {
        var (extent, channels) = (Extent(data.Set), data.Set == LabelledImages.Cifar10 ? 3 : 1);
        return new Shape(extent / data.Pooling, extent / data.Pooling, channels);
    }

    /// <summary>Rows and columns of the images of a set.</summary>
    internal static int Extent(LabelledImages set) => set == LabelledImages.Cifar10 ? 32 : 8;

    /// <summary>The sets a configuration reads.</summary>
    internal static IReadOnlyList<string> Needs(SpecializationConfig config)
        => config.Parts.Contains(SpecializationPart.Images) && config.Images.Data.Set == LabelledImages.Cifar10 ? [Cifar10.Name] : [];

    internal static ImagePixels Load(ImagesConfig part, RunContext run)
    {
        var (data, evaluation) = (part.Data, part.Measures.Evaluation);
        if (data.Set == LabelledImages.Digits)
        {
            var digits = OpticalDigits.Load();
            var order = Order(digits.Count, 0, run);
            return new ImagePixels(part, digits, order, digits, order[(data.Training + data.Validation)..(data.Training + data.Validation + evaluation)]);
        }

        var folder = run.DataFolder(Cifar10.Name);
        var (training, test) = (Cifar10.Load(folder, Split.Train), Cifar10.Load(folder, Split.Test));
        return new ImagePixels(part, training, Order(training.Count, 0, run), test, Order(test.Count, 1, run)[..evaluation]);
    }

    /// <summary>How training images change from epoch to epoch; null where they do not.</summary>
    internal ImageAugmentation? Augmentation()
    {
        if (_data is { Shift: 0, Mirrored: false })
            return null;
        var (means, deviations, _) = Constants();
        return new ImageAugmentation { Image = Image, IsFlipped = _data.Mirrored, Padding = _data.Shift, Border = [.. means.Zip(deviations, (mean, deviation) => (float)(-mean / deviation))] };
    }

    private static int[] Order(int count, int choice, RunContext run)
    {
        var order = new int[count];
        run.Random(Purposes.ImageChoice, 0).FillPermutation(choice, order);
        return order;
    }

    private ImageRows Rows(ImageSet images, ReadOnlySpan<int> chosen)
    {
        var (means, deviations, white) = Constants();
        var (pixels, labels) = (new float[checked(chosen.Length * Image.Count)], new byte[chosen.Length]);
        for (var i = 0; i < chosen.Length; i++)
        {
            labels[i] = images.Labels.Span[chosen[i]];
            Pool(images, chosen[i], pixels.AsSpan(i * Image.Count, Image.Count));
        }

        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (float)(((pixels[i] / (_data.Pooling * _data.Pooling * white)) - means[i % means.Length]) / deviations[i % means.Length]);
        return new ImageRows(pixels, labels);
    }

    private (double[] Means, double[] Deviations, double White) Constants() => _data.Set == LabelledImages.Cifar10
        ? (PhotographMeans, PhotographDeviations, byte.MaxValue) : (DigitMeans, DigitDeviations, OpticalDigits.Largest);

    /// <summary>Sums over squares of pixels, channel by channel.</summary>
    private void Pool(ImageSet images, int index, Span<float> sums)
    {
        var image = images.Image(index);
        var (width, channels, side) = (Image[1], Image[2], _data.Pooling);
        for (var at = 0; at < image.Length; at++)
        {
            var (row, column) = (at / channels / images.Width / side, at / channels % images.Width / side);
            sums[(((row * width) + column) * channels) + (at % channels)] += image[at];
        }
    }
}
