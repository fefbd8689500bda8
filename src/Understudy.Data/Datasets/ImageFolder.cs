using Understudy.Engine.Random;
using Understudy.Engine.Threading;

namespace Understudy.Data.Datasets;

/// <summary>Pictures of one's own: a folder in any of the layouts in which labelled pictures usually come.</summary>
/// <remarks>
/// Recognized are the original binary files of CIFAR-10, CIFAR-100 and STL-10, Tiny-ImageNet-200 as it is unpacked, each also one folder further down under its own name, and otherwise one folder of PNG or JPEG files for each
/// class: below <c>train</c> and <c>test</c> (or <c>val</c>, <c>valid</c>, <c>validation</c>), or in the folder itself, and then a share of every class is set apart for judging. Pictures have one size; where all are grey
/// there is one channel, otherwise three, and transparency is left out. Classes and pictures are in the order of their names, byte by byte; the order does not depend on the file system.
/// </remarks>
public static class ImageFolder
{
    internal const string Expected = "expected is one folder of PNG or JPEG pictures for each class, or train and test with such folders, or the files of CIFAR-10, CIFAR-100 (binary versions), STL-10 or Tiny-ImageNet-200.";

    private static readonly string[] UsualNames = ["", "cifar-10-batches-bin", "cifar-100-binary", "stl10_binary", "tiny-imagenet-200"];

    /// <summary>Reads a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="options">How it is split; null for the defaults.</param>
    /// <exception cref="UnreadableFileException">The folder is none of these, has too many classes or an empty one, or a file is damaged or of another size; it is named with what to do.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A share that is not between 0 and 1.</exception>
    public static LabelledImages Load(string path, ImageFolderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new ImageFolderOptions();
        if (!(options.TestShare is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(options), options.TestShare, "The share for judging lies between 0 and 1.");
        if (!Directory.Exists(path))
            throw new UnreadableFileException(path, $"there is no such folder; {Expected}");
        try
        {
            foreach (var name in UsualNames)
            {
                if (Known(Path.Combine(path, name), options) is { } images)
                    return images;
            }

            return Read(path, ImageFolderKind.ClassFolders, ClassFolders.Find(path), options);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableFileException(path, $"it cannot be read: {FileProblem.Reading(path, problem)}.", problem);
        }
    }

    /// <summary>The set of a folder in one of the layouts of published sets; null for any other.</summary>
    private static LabelledImages? Known(string folder, ImageFolderOptions options)
    {
        bool Has(string name) => File.Exists(Path.Combine(folder, name));
        if (Has("data_batch_1.bin") || Has("test_batch.bin"))
            return Binary(folder, ImageFolderKind.Cifar10, Cifar10.Load, [.. Enumerable.Range(1, 5).Select(batch => $"data_batch_{batch}.bin"), "test_batch.bin"]);
        if (Has("train.bin") && Has("test.bin"))
            return Binary(folder, ImageFolderKind.Cifar100, Cifar100.Load, ["train.bin", "test.bin"]);
        if (Has("train_X.bin") || Has("test_X.bin"))
            return Binary(folder, ImageFolderKind.Stl10, Stl10.Load, ["train_X.bin", "train_y.bin", "test_X.bin", "test_y.bin"]);
        return Has(TinyImageNet.Annotations) ? Read(folder, ImageFolderKind.TinyImageNet, TinyImageNet.Find(folder), options, TinyImageNet.Annotations) : null;
    }

    private static LabelledImages Binary(string folder, ImageFolderKind kind, Func<string, Split, ImageSet> load, string[] files)
    {
        var (train, test) = (load(folder, Split.Train), load(folder, Split.Test));
        var digest = new ContentDigest();
        foreach (var file in files)
            digest.AddFile(folder, file);
        return new LabelledImages(kind, train, test, digest.Sha256(), []);
    }

    private static LabelledImages Read(string folder, ImageFolderKind kind, LabelledFiles found, ImageFolderOptions options, string? labels = null)
    {
        var notes = new List<string>();
        var (train, test) = found.Test is { } given ? (found.Train, given) : Parted(folder, found, options, notes);
        if (found.Ignored > 0)
            notes.Add($"Passed over because they are neither PNG nor JPEG, files: {found.Ignored}.");
        var digest = new ContentDigest();
        if (labels is not null)
            digest.AddFile(folder, labels);
        var files = new PictureFiles(folder, digest, options.Team);
        var (learned, judged) = (files.Read(train), files.Read(test));
        return new LabelledImages(kind, files.Set(learned, train, found.ClassNames), files.Set(judged, test, found.ClassNames), digest.Sha256(), notes);
    }

    /// <summary>Sets a share of every class apart: rounded, and at least one picture for either side.</summary>
    private static (IReadOnlyList<PictureFile> Train, IReadOnlyList<PictureFile> Test) Parted(string folder, LabelledFiles found, ImageFolderOptions options, List<string> notes)
    {
        var places = found.Train.Index().GroupBy(pair => pair.Item.Label).OrderBy(group => group.Key).Select(group => group.Select(pair => pair.Index).ToArray()).ToArray();
        var quotas = new int[places.Length];
        for (var label = 0; label < places.Length; label++)
        {
            if (places[label].Length < 2)
                throw new UnreadableFileException(Path.Combine(folder, found.Train[places[label][0]].Name), "its class has no other picture, but a share of every class is set apart for judging; add pictures, or part them into train and test yourself.");
            quotas[label] = Math.Clamp((int)Math.Round(options.TestShare * places[label].Length), 1, places[label].Length - 1);
        }

        var apart = StratifiedChoice.Of(places, quotas, new RandomSequence(options.Seed, "data/split")).ToHashSet();
        notes.Add($"The folder does not say which pictures are for judging: {apart.Count} of {found.Train.Count} were drawn, by class.");
        return ([.. found.Train.Where((_, place) => !apart.Contains(place))], [.. found.Train.Where((_, place) => apart.Contains(place))]);
    }
}

/// <summary>How a folder of pictures is read.</summary>
public sealed record ImageFolderOptions
{
    /// <summary>The share of every class that is set apart for judging, where the folder does not say which pictures are.</summary>
    public double TestShare { get; init; } = 0.2;

    /// <summary>Decides which pictures these are.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads for decoding; null for the caller's alone. Results do not depend on it.</summary>
    public Team? Team { get; init; }
}
