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

    private const int RandomInputs = 64;

    /// <summary>The data sets that have to be fetched.</summary>
    internal static IReadOnlyList<string> Needs(HessianConfig config) =>
    [
        .. Sets(config).Where(set => set is PictureSet.Mnist or PictureSet.FashionMnist).Distinct().Select(Name),
    ];

    /// <summary>The first images of a set, grey values in [0, 1].</summary>
    internal static ExampleSet Load(PicturesConfig data, RunContext run, int seed) => Load(data, run, seed, 0, data.Samples);

    /// <summary>The images behind those that are trained on, at most as many.</summary>
    internal static ExampleSet Test(PicturesConfig data, RunContext run, int seed)
    {
        var all = data.Set == PictureSet.Random ? int.MaxValue : Pictures(data.Set, run).Count;
        return Load(data, run, seed, data.Samples, Math.Min(data.Samples, all - data.Samples));
    }

    /// <summary>How many images a set has; no end of random ones.</summary>
    internal static int Available(PictureSet set) => set switch
    {
        PictureSet.Digits => 1797,
        PictureSet.Random => int.MaxValue,
        _ => 60_000,
    };

    /// <summary>Pixels of an image.</summary>
    internal static int Inputs(PictureSet set) => set switch
    {
        PictureSet.Digits or PictureSet.Random => RandomInputs,
        _ => 784,
    };

    /// <summary>The network for pictures: blocks of convolutions, then fully connected layers.</summary>
    internal static INetwork Network(PictureSet set, IReadOnlyList<int> filters, IReadOnlyList<int> hidden)
        => filters.Count == 0
            ? Mlp.Relu([Inputs(set), .. hidden, Classes])
            : LayeredNetwork.Convolutional(new Shape(Side(set), Side(set), 1), filters, [.. hidden, Classes]);

    /// <summary>Bytes of the values between convolutions, forward and backward, for so many images in single precision.</summary>
    internal static double TrainingBytes(PictureSet set, IReadOnlyList<int> filters, int images)
    {
        // measured with 8 and 16 filters on 28 x 28: 2.6 values for each number of a map while training, 3.6 of twice the size in products with the Hessian
        const double PerNumber = 3 * sizeof(float);
        var (pixels, bytes) = ((double)Inputs(set), 0.0);
        foreach (var count in filters)
        {
            bytes += pixels * count * PerNumber;
            pixels /= 4;
        }

        return bytes * images;
    }

    /// <summary>Rows and columns of an image.</summary>
    internal static int Side(PictureSet set) => (int)Math.Sqrt(Inputs(set));

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
        var (inputs, targets) = (new double[count * Inputs(data.Set)], new double[count]);
        if (data.Set == PictureSet.Random)
        {
            for (var i = 0; i < count; i++)
                run.Random(Purposes.Samples, seed).FillNormal(first + i, inputs.AsSpan(i * RandomInputs, RandomInputs));
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
                inputs[(i * image.Length) + u] = image[u] / (double)largest;
            targets[i] = pictures.Labels.Span[first + i];
        }

        return new ExampleSet(inputs, targets, count);
    }

    private static ImageSet Pictures(PictureSet set, RunContext run) => set switch
    {
        PictureSet.Digits => OpticalDigits.Load(),
        PictureSet.Mnist => Mnist.Load(run.DataFolder(Name(set)), Split.Train),
        _ => FashionMnist.Load(run.DataFolder(Name(set)), Split.Train),
    };

    private static string Name(PictureSet set) => set == PictureSet.Mnist ? Mnist.Name : FashionMnist.Name;

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
