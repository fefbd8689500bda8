using System.Globalization;

namespace Understudy.Data.Datasets;

/// <summary>What a folder of pictures turned out to be.</summary>
public enum ImageFolderKind
{
    /// <summary>The original binary files of CIFAR-10.</summary>
    Cifar10,

    /// <summary>The original binary files of CIFAR-100, with fine labels.</summary>
    Cifar100,

    /// <summary>The original binary files of STL-10.</summary>
    Stl10,

    /// <summary>Tiny-ImageNet-200 as it is unpacked.</summary>
    TinyImageNet,

    /// <summary>One folder of pictures for each class, perhaps below <c>train</c> and <c>test</c>.</summary>
    ClassFolders,
}

/// <summary>Pictures to learn from and to judge by, read from a folder.</summary>
/// <param name="Kind">What the folder was taken for.</param>
/// <param name="Train">The pictures to learn from, by class and name.</param>
/// <param name="Test">The pictures to judge by, of the same classes, size and channels.</param>
/// <param name="Sha256">A checksum of what was read, which runs record: that of the lines <c>sha256sum</c> prints for the files, in the order of their names from the folder on. It does not depend on the split.</param>
/// <param name="Notes">What the user should know about how the folder was taken, in sentences.</param>
public sealed record LabelledImages(ImageFolderKind Kind, ImageSet Train, ImageSet Test, string Sha256, IReadOnlyList<string> Notes)
{
    /// <summary>Kind, counts, size and classes in a few words.</summary>
    public string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"{Title}: {Train.Count} pictures to learn from and {Test.Count} to judge by, {Train.Height} x {Train.Width} x {Train.Channels}, in {Train.ClassNames.Count} classes");

    private string Title => Kind switch
    {
        ImageFolderKind.Cifar10 => "CIFAR-10",
        ImageFolderKind.Cifar100 => "CIFAR-100",
        ImageFolderKind.Stl10 => "STL-10",
        ImageFolderKind.TinyImageNet => "Tiny-ImageNet",
        _ => "class folders",
    };
}
