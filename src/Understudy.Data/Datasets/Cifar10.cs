using Understudy.Data.Cache;
using Understudy.Data.Formats;

namespace Understudy.Data.Datasets;

/// <summary>CIFAR-10 (Krizhevsky 2009): 50,000 and 10,000 color pictures of 32 x 32 in ten classes.</summary>
public static class Cifar10
{
    /// <summary>The name in the cache.</summary>
    public const string Name = "cifar10";

    /// <summary>Reads a split from a folder with the six binary files.</summary>
    /// <exception cref="UnreadableFileException">A file is missing or damaged.</exception>
    public static ImageSet Load(string folder, Split split)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var images = new List<byte[]>();
        var labels = new List<byte[]>();
        foreach (string name in split == Split.Test ? ["test_batch.bin"] : Enumerable.Range(1, 5).Select(batch => $"data_batch_{batch}.bin"))
        {
            string path = Path.Combine(folder, name);
            using var stream = DatasetFiles.Open(path, Name);
            var (pictures, classes) = CifarBinary.Read(stream, path);
            images.Add(pictures);
            labels.Add(classes);
        }

        return new ImageSet(32, 32, 3, DatasetFiles.Join(images), DatasetFiles.Join(labels), DatasetManifest.Default.Find(Name).Classes);
    }
}
