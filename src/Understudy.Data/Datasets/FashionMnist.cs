namespace Understudy.Data.Datasets;

/// <summary>Fashion-MNIST (Xiao, Rasul, Vollgraf 2017): 60,000 and 10,000 grey pictures of clothing of 28 x 28 in ten classes.</summary>
public static class FashionMnist
{
    /// <summary>The name in the cache.</summary>
    public const string Name = "fashion-mnist";

    /// <summary>Reads a split from a folder with the four IDX files, packed with gzip or not.</summary>
    /// <exception cref="UnreadableFileException">A file is missing or damaged.</exception>
    public static ImageSet Load(string folder, Split split)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return DatasetFiles.LoadIdx(folder, split, Name);
    }
}
