using Understudy.Data.Formats;

namespace Understudy.Data.Datasets;

/// <summary>CIFAR-100 (Krizhevsky 2009): 50,000 and 10,000 color pictures of 32 x 32 in a hundred fine classes.</summary>
public static class Cifar100
{
    private const int Classes = 100;

    /// <summary>Reads a split from a folder with <c>train.bin</c> and <c>test.bin</c>; names of classes are those of <c>fine_label_names.txt</c>, where it is there.</summary>
    /// <exception cref="UnreadableFileException">A file is missing or damaged.</exception>
    public static ImageSet Load(string folder, Split split)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var (pictures, labels) = InputFile.Read(Path.Combine(folder, split == Split.Train ? "train.bin" : "test.bin"), CifarBinary.ReadFine);
        return new ImageSet(32, 32, 3, pictures, labels, ClassNames.Of(Path.Combine(folder, "fine_label_names.txt"), Classes));
    }
}
