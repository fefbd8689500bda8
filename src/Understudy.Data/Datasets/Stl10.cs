using Understudy.Data.Formats;

namespace Understudy.Data.Datasets;

/// <summary>STL-10 (Coates, Ng and Lee 2011): 5,000 and 8,000 labelled color pictures of 96 x 96 in ten classes; the unlabelled ones are not read.</summary>
public static class Stl10
{
    private const int Size = 96, Plane = Size * Size, Classes = 10;

    /// <summary>Reads a split from a folder with <c>train_X.bin</c>, <c>train_y.bin</c>, <c>test_X.bin</c> and <c>test_y.bin</c>; names of classes are those of <c>class_names.txt</c>, where it is there.</summary>
    /// <remarks>In the files a picture is a red, a green and a blue plane, each column by column, and labels count from 1.</remarks>
    /// <exception cref="UnreadableFileException">A file is missing or damaged, or there are not as many labels as pictures.</exception>
    public static ImageSet Load(string folder, Split split)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var part = split == Split.Train ? "train" : "test";
        var labels = InputFile.Read(Path.Combine(folder, $"{part}_y.bin"), Labels);
        var pictures = InputFile.Read(Path.Combine(folder, $"{part}_X.bin"), (stream, path) => Pictures(stream, path, labels.Length));
        return new ImageSet(Size, Size, 3, pictures, labels, ClassNames.Of(Path.Combine(folder, "class_names.txt"), Classes));
    }

    private static byte[] Labels(Stream stream, string path)
    {
        var labels = ExactReading.ToEnd(stream, path);
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] is < 1 or > Classes)
                throw new UnreadableFileException(path, $"picture {i} has the label {labels[i]}, but the labels go from 1 to {Classes}.");
            labels[i]--;
        }

        return labels;
    }

    private static byte[] Pictures(Stream stream, string path, int count)
    {
        if (stream.Length != (long)count * 3 * Plane)
            throw new UnreadableFileException(path, $"{count} labels ask for {count} pictures of {3 * Plane} bytes, but the file has {stream.Length}; it was cut off or is not one of STL-10.");
        if (stream.Length > Array.MaxLength)
            throw new UnreadableFileException(path, $"{count} pictures are more than one set can hold; the labelled parts of STL-10 have 5000 and 8000.");
        var pictures = new byte[stream.Length];
        var planes = new byte[3 * Plane];
        for (var index = 0; index < count; index++)
        {
            ExactReading.Fill(stream, planes, path, $"picture {index}");
            var picture = pictures.AsSpan(index * 3 * Plane, 3 * Plane);
            for (var at = 0; at < planes.Length; at++)
            {
                var (channel, x, y) = (at / Plane, at % Plane / Size, at % Size);
                picture[(((y * Size) + x) * 3) + channel] = planes[at];
            }
        }

        return pictures;
    }
}
