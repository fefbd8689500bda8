using Understudy.Data.Datasets;
using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Lab.Runs;
using Understudy.Learning.Curvature;
using Understudy.Learning.Networks;

namespace Understudy.Studies.Hessian;

/// <summary>The examples of the parts: inputs with the class of each.</summary>
internal static class Examples
{
    internal const int Classes = 10;

    // of the training split, channel by channel, over pixels and images
    private static readonly double[] PhotographMeans = [0.4914, 0.4822, 0.4465];
    private static readonly double[] PhotographDeviations = [0.2470, 0.2435, 0.2616];

    /// <summary>The data sets that have to be fetched.</summary>
    internal static IReadOnlyList<string> Needs(HessianConfig config) =>
    [
        .. Sets(config).Where(set => set is PictureSet.Mnist or PictureSet.FashionMnist or PictureSet.Cifar10).Distinct().Select(Name),
    ];

    /// <summary>The first images of a set: grey values in [0, 1], standardized colors.</summary>
    internal static ExampleSet Load(PicturesConfig data, RunContext run, int seed) => Load(data, run, seed, 0, data.Samples);

    /// <summary>The same for every seed: one set for all of them, unless it is drawn.</summary>
    internal static ExampleSet[] Load(PicturesConfig data, RunContext run, Range seeds)
    {
        int[] all = [.. Enumerable.Range(seeds.Start.Value, seeds.End.Value - seeds.Start.Value)];
        if (IsDrawn(data.Set))
            return [.. all.Select(seed => Load(data, run, seed))];
        var shared = Load(data, run, 0);
        return [.. all.Select(_ => shared)];
    }

    /// <summary>The images behind those that are trained on, at most as many.</summary>
    internal static ExampleSet Test(PicturesConfig data, RunContext run, int seed)
    {
        var all = IsDrawn(data.Set) ? int.MaxValue : Pictures(data.Set, run).Count;
        return Load(data, run, seed, data.Samples, Math.Min(data.Samples, all - data.Samples));
    }

    /// <summary>How many images a set has; no end of random ones.</summary>
    internal static int Available(PictureSet set) => set switch
    {
        PictureSet.Digits => 1797,
        PictureSet.Random or PictureSet.RandomPictures => int.MaxValue,
        _ => 60_000,
    };

    /// <summary>Whether every seed draws examples of its own.</summary>
    internal static bool IsDrawn(PictureSet set) => set is PictureSet.Random or PictureSet.RandomPictures;

    /// <summary>Pixels of an image.</summary>
    internal static int Inputs(PictureSet set) => set switch
    {
        PictureSet.Digits or PictureSet.Random => 64,
        PictureSet.Cifar10 => 32 * 32 * 3,
        _ => 784,
    };

    /// <summary>The network for pictures: blocks of convolutions, then fully connected layers.</summary>
    internal static INetwork Network(PictureSet set, IReadOnlyList<int> filters, IReadOnlyList<int> hidden, int kernel = 3)
        => filters.Count == 0
            ? Mlp.Relu([Inputs(set), .. hidden, Classes])
            : LayeredNetwork.Convolutional(new Shape(Side(set), Side(set), Channels(set)), filters, [.. hidden, Classes], kernel);

    /// <summary>Bytes of the images of all seeds, as they are loaded and as they are trained on.</summary>
    internal static double Bytes(PicturesConfig data, int seeds)
        => (sizeof(double) + sizeof(float)) * (double)data.Samples * Inputs(data.Set) * (IsDrawn(data.Set) ? seeds : 1);

    /// <summary>Bytes of the values between convolutions, forward and backward, for so many images in single precision.</summary>
    internal static double TrainingBytes(PictureSet set, IReadOnlyList<int> filters, int images)
    {
        // measured with 8 and 16 filters on 28 x 28: 2.6 values for each number of a map while training, 3.6 of twice the size in products with the Hessian
        const double PerNumber = 3 * sizeof(float);
        var (pixels, bytes) = (Math.Pow(Side(set), 2), 0.0);
        foreach (var count in filters)
        {
            bytes += pixels * count * PerNumber;
            pixels /= 4;
        }

        return bytes * images;
    }

    /// <summary>Rows and columns of an image.</summary>
    internal static int Side(PictureSet set) => (int)Math.Sqrt(Inputs(set) / Channels(set));

    private static int Channels(PictureSet set) => set == PictureSet.Cifar10 ? 3 : 1;

    /// <summary>k clusters around normal centres, brought to mean 0 and deviation 1 as a whole (E2).</summary>
    internal static ExampleSet Clusters(ClustersConfig part, int classes, RandomSequence centres, RandomSequence samples)
    {
        var (d, inputs, targets) = (part.Dimension, new double[part.Samples * part.Dimension], new double[part.Samples]);
        var centre = new double[classes][];
        for (var k = 0; k < classes; k++)
            centres.FillNormal(k, centre[k] = new double[d]);
        for (var i = 0; i < part.Samples; i++)
        {
            var row = inputs.AsSpan(i * d, d);
            samples.FillNormal(i, row);
            targets[i] = i % classes;
            for (var u = 0; u < d; u++)
                row[u] = centre[i % classes][u] + (Math.Sqrt(part.Covariance) * row[u]);
        }

        var mean = inputs.Sum() / inputs.Length;
        var deviation = Math.Sqrt(inputs.Sum(value => (value - mean) * (value - mean)) / inputs.Length);
        return new ExampleSet([.. inputs.Select(value => (value - mean) / deviation)], targets, part.Samples);
    }

    /// <summary>Two blobs around (1, 1) and (−1, −1).</summary>
    internal static ExampleSet Blobs(int count, double deviation, RandomSequence samples)
    {
        var (inputs, targets) = (new double[2 * count], new double[count]);
        samples.FillNormal(0, inputs);
        for (var i = 0; i < count; i++)
        {
            targets[i] = i % 2;
            for (var u = 0; u < 2; u++)
                inputs[(2 * i) + u] = (deviation * inputs[(2 * i) + u]) + (i % 2 == 0 ? 1 : -1);
        }

        return new ExampleSet(inputs, targets, count);
    }

    /// <summary>Targets of a squared error: 1 for the class and 0 for the others.</summary>
    internal static ExampleSet WithIndicators(ExampleSet examples)
    {
        var targets = new double[examples.Count * Classes];
        for (var i = 0; i < examples.Count; i++)
            targets[(i * Classes) + (int)examples.Targets[i]] = 1;
        return examples.WithTargets(targets);
    }

    private static ExampleSet Load(PicturesConfig data, RunContext run, int seed, int first, int count)
    {
        var width = Inputs(data.Set);
        var (inputs, targets) = (new double[count * width], new double[count]);
        if (IsDrawn(data.Set))
        {
            for (var i = 0; i < count; i++)
                run.Random(Purposes.Samples, seed).FillNormal(first + i, inputs.AsSpan(i * width, width));
            var labels = new int[first + count];
            run.Random(Purposes.Labels, seed).FillIndices(0, Classes, labels);
            for (var i = 0; i < count; i++)
                targets[i] = labels[first + i];
            return new ExampleSet(inputs, targets, count);
        }

        var pictures = Pictures(data.Set, run);
        var largest = data.Set == PictureSet.Digits ? OpticalDigits.Largest : byte.MaxValue;
        for (var i = 0; i < count; i++)
        {
            var image = pictures.Image(first + i);
            for (var u = 0; u < image.Length; u++)
            {
                var value = image[u] / (double)largest;
                inputs[(i * image.Length) + u] = data.Set == PictureSet.Cifar10 ? (value - PhotographMeans[u % 3]) / PhotographDeviations[u % 3] : value;
            }

            targets[i] = pictures.Labels.Span[first + i];
        }

        return new ExampleSet(inputs, targets, count);
    }

    private static ImageSet Pictures(PictureSet set, RunContext run) => set switch
    {
        PictureSet.Digits => OpticalDigits.Load(),
        PictureSet.Mnist => Mnist.Load(run.DataFolder(Name(set)), Split.Train),
        PictureSet.Cifar10 => Photographs(run.DataFolder(Name(set))),
        _ => FashionMnist.Load(run.DataFolder(Name(set)), Split.Train),
    };

    /// <summary>Both splits, that to train on first.</summary>
    private static ImageSet Photographs(string folder)
    {
        var (training, test) = (Cifar10.Load(folder, Split.Train), Cifar10.Load(folder, Split.Test));
        return new ImageSet(
            training.Height, training.Width, training.Channels, [.. training.Images.Span, .. test.Images.Span], [.. training.Labels.Span, .. test.Labels.Span], training.ClassNames);
    }

    private static string Name(PictureSet set) => set switch
    {
        PictureSet.Mnist => Mnist.Name,
        PictureSet.Cifar10 => Cifar10.Name,
        _ => FashionMnist.Name,
    };

    private static IEnumerable<PictureSet> Sets(HessianConfig config) => config.Parts.Select(part => part switch
    {
        HessianPart.Widths => config.Widths.Data.Set,
        HessianPart.Batches => config.Batches.Data.Set,
        HessianPart.Path => config.Path.Data.Set,
        HessianPart.Lines => config.Lines.Data.Set,
        HessianPart.Edge => config.Edge.Data.Set,
        _ => PictureSet.Digits,
    });
}
