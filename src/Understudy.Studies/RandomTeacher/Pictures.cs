using Understudy.Data;
using Understudy.Data.Datasets;
using Understudy.Engine;
using Understudy.Engine.Random;
using Understudy.Lab.Runs;
using Understudy.Studies.RandomTeacher.Parts;

namespace Understudy.Studies.RandomTeacher;

/// <summary>Training and test images as networks read them: of one size, every channel with mean 0 and deviation 1 over the training images.</summary>
/// <param name="Train">Distilled from and fitted to.</param>
/// <param name="Test">Scored on.</param>
/// <param name="Means">What was taken off every channel, of numbers from 0 to 1.</param>
/// <param name="Deviations">What every channel was divided by then.</param>
internal sealed record Pictures(FloatImages Train, FloatImages Test, IReadOnlyList<double> Means, IReadOnlyList<double> Deviations)
{
    /// <summary>What a folder of one's own may hold: how many there are is known when it is read.</summary>
    private const int MostOwn = 1_000_000;

    private const ulong FolderOrder = 1;

    /// <summary>How many classes there are.</summary>
    internal int Classes => Train.Classes;

    /// <summary>The shape of one image.</summary>
    internal Shape Image => new(Train.Height, Train.Width, Train.Channels);

    /// <summary>The name of a set in the cache; null for the one that comes with the program.</summary>
    internal static string? Name(ImageSource set) => set switch
    {
        ImageSource.Mnist => Mnist.Name,
        ImageSource.FashionMnist => FashionMnist.Name,
        ImageSource.Cifar10 => Cifar10.Name,
        _ => null,
    };

    /// <summary>Images of a set: to train on, and to test.</summary>
    internal static (int Train, int Test) Available(ImageSource set) => set switch
    {
        ImageSource.Digits => (1797, 1797),
        ImageSource.Cifar10 => (50_000, 10_000),
        ImageSource.Folder => (MostOwn, MostOwn),
        _ => (60_000, 10_000),
    };

    /// <summary>Rows, and channels, of the images as they are.</summary>
    internal static (int Extent, int Channels) Size(ImageSource set) => set switch
    {
        ImageSource.Digits => (8, 1),
        ImageSource.Cifar10 or ImageSource.Folder => (32, 3),
        _ => (28, 1),
    };

    /// <summary>Bytes while images are prepared: the whole set as bytes, those that are used as bytes and as numbers, and as prepared, with one more copy.</summary>
    internal static double Bytes(ImagesConfig data)
    {
        var (extent, channels) = Size(data.Set);
        var (used, whole) = ((double)data.Train + data.Test, Available(data.Set));
        var set = data.Set == ImageSource.Folder ? used : (double)whole.Train + whole.Test;
        return ((set + (5 * used)) * extent * extent * channels) + (8 * used * Shape(data).Count);
    }

    /// <summary>How many classes a named set has.</summary>
    internal static int ClassesOf(ImageSource set) => set == ImageSource.Folder ? throw new ArgumentOutOfRangeException(nameof(set), set, "A folder says how many classes it has when it is read.") : 10;

    /// <summary>The shape of the images of a configuration.</summary>
    internal static Shape Shape(ImagesConfig data)
    {
        var (extent, channels) = Size(data.Set);
        return new Shape(data.Size ?? extent, data.Size ?? extent, data.Gray ? 1 : channels);
    }

    /// <summary>The images of a configuration.</summary>
    internal static Pictures Load(ImagesConfig data, RunContext run)
    {
        FloatImages train, test;
        if (data.Set == ImageSource.Digits)
        {
            var all = FloatImages.Of(OpticalDigits.Load(), OpticalDigits.Largest);
            (train, test) = (all.Slice(0, data.Train), all.Slice(data.Train, data.Test));
        }
        else if (data.Set == ImageSource.Folder)
        {
            var all = ImageFolder.Load(data.Folder, new ImageFolderOptions { Team = run.Team });
            Notes.Read(run.Log, data.Folder, all.Summary, all.Sha256);
            (train, test) = (Chosen(all.Train, data.Train, "data.train", data), Chosen(all.Test, data.Test, "data.test", data));
        }
        else
        {
            var folder = run.DataFolder(Name(data.Set)!);
            (train, test) = (FloatImages.Of(Load(data.Set, folder, Split.Train).First(data.Train)), FloatImages.Of(Load(data.Set, folder, Split.Test).First(data.Test)));
        }

        var shape = Shape(data);
        FloatImages Prepared(FloatImages images) => (data.Gray ? images.ToGray() : images).Resized(shape[0], shape[1]);
        (train, test) = (Prepared(train), Prepared(test));
        var (means, deviations) = train.ChannelMoments();
        return new Pictures(train.Standardized(means, deviations), test.Standardized(means, deviations), means, deviations);
    }

    /// <summary>Some images of a folder, every class as often as it occurs: the same for every seed.</summary>
    private static FloatImages Chosen(ImageSet images, int count, string setting, ImagesConfig data)
    {
        if (count > images.Count)
            throw new UnreadableFileException(data.Folder, $"there are {images.Count:N0} images for {setting}, which asks for {count:N0}: lower it");
        if (images.Channels == 1 && !data.Gray)
            throw new UnreadableFileException(data.Folder, "its images are grey: set data.gray=true");
        var random = new RandomSequence(FolderOrder, $"{Purposes.Folder}/{setting}");
        // folders are sorted by class, but a part of the images has to stand for all
        var order = new int[count];
        random.For("/order").FillPermutation(0, order);
        return FloatImages.Of(images.Stratified(count, random).Select(order));
    }

    /// <summary>Normal numbers in place of the training images, drawn once for a seed.</summary>
    internal float[] Noise(RunContext run, int seed)
    {
        var numbers = new float[Train.Values.Length];
        for (var image = 0; image < Train.Count; image++)
            run.Random(Purposes.Noise, seed).FillNormal(image, numbers.AsSpan(image * Train.Features, Train.Features));
        return numbers;
    }

    /// <summary>The training images with their pixels in another order, in every image another, drawn once for a seed; the channels of a pixel stay together.</summary>
    internal float[] Permuted(RunContext run, int seed)
    {
        var (numbers, order, random) = (new float[Train.Values.Length], new int[Train.Height * Train.Width], run.Random(Purposes.Permutation, seed));
        for (var image = 0; image < Train.Count; image++)
        {
            random.FillPermutation(image, order);
            var from = Train.Values.Slice(image * Train.Features, Train.Features);
            var to = numbers.AsSpan(image * Train.Features, Train.Features);
            for (var pixel = 0; pixel < order.Length; pixel++)
                from.Slice(order[pixel] * Train.Channels, Train.Channels).CopyTo(to[(pixel * Train.Channels)..]);
        }

        return numbers;
    }

    private static ImageSet Load(ImageSource set, string folder, Split split) => set switch
    {
        ImageSource.Mnist => Mnist.Load(folder, split),
        ImageSource.FashionMnist => FashionMnist.Load(folder, split),
        _ => Cifar10.Load(folder, split),
    };
}
