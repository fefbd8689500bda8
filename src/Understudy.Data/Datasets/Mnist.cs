namespace Understudy.Data.Datasets;

/// <summary>MNIST (LeCun, Bottou, Bengio, Haffner 1998): 60,000 and 10,000 handwritten digits of 28 x 28.</summary>
public static class Mnist
{
    /// <summary>The name in the cache.</summary>
    public const string Name = "mnist";

    /// <summary>Reads a split from a folder with the four IDX files, packed with gzip or not.</summary>
    /// <exception cref="UnreadableFileException">A file is missing or damaged.</exception>
    public static ImageSet Load(string folder, Split split)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return DatasetFiles.LoadIdx(folder, split, Name);
    }
}
