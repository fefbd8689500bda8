namespace Understudy.Data.Datasets;

/// <summary>Finds the pictures of Tiny-ImageNet-200 in the folders it comes in: <c>train/CLASS/images</c>, and <c>val/images</c> with their classes in a table.</summary>
internal static class TinyImageNet
{
    /// <summary>The table of the pictures to judge by: a name and a class, then a box, with tabs between them.</summary>
    internal static readonly string Annotations = Path.Combine("val", "val_annotations.txt");

    /// <summary>All pictures with a label.</summary>
    /// <exception cref="UnreadableFileException">A class is empty, or the table names an unknown class or file.</exception>
    internal static LabelledFiles Find(string folder)
    {
        var classes = ClassFolders.Classes(Path.Combine(folder, "train"));
        var labels = classes.Index().ToDictionary(pair => pair.Item, pair => (byte)pair.Index, StringComparer.Ordinal);
        var train = new List<PictureFile>();
        foreach (var name in classes)
        {
            var (pictures, _) = ClassFolders.Pictures(folder, Path.Combine("train", name));
            if (pictures.Count == 0)
                throw new UnreadableFileException(Path.Combine(folder, "train", name), "the class has no picture; unpack the set again.");
            train.AddRange(pictures.Select(file => new PictureFile(file, labels[name])));
        }

        return new LabelledFiles(Names(folder, classes), train, Test(folder, labels), 0);
    }

    private static List<PictureFile> Test(string folder, Dictionary<string, byte> labels)
    {
        var table = Path.Combine(folder, Annotations);
        var there = ClassFolders.Pictures(folder, Path.Combine("val", "images")).Pictures.ToHashSet(StringComparer.Ordinal);
        var test = new List<PictureFile>();
        foreach (var (number, line) in ClassNames.Lines(table).Index())
        {
            if (line.Trim().Length == 0)
                continue;
            if (line.Split('\t') is not [var file, var name, ..] || !labels.TryGetValue(name.Trim(), out var label))
                throw new UnreadableFileException(table, $"line {number + 1} does not name a picture and one of the {labels.Count} classes of train; unpack the set again.");
            var picture = new PictureFile($"val/images/{file}", label);
            if (!there.Contains(picture.Name))
                throw new UnreadableFileException(table, $"line {number + 1} names {file}, which is not in val/images; unpack the set again.");
            test.Add(picture);
        }

        return [.. test.OrderBy(file => file.Name, StringComparer.Ordinal)];
    }

    /// <summary>The first word of every class in front of its number.</summary>
    private static string[] Names(string folder, string[] classes)
    {
        var path = Path.Combine(folder, "words.txt");
        if (!File.Exists(path))
            return classes;
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in ClassNames.Lines(path))
        {
            if (line.Split('\t') is [var number, var text, ..])
                words[number] = text.Split(',')[0].Trim();
        }

        return [.. classes.Select(name => words.TryGetValue(name, out var word) ? $"{word} ({name})" : name)];
    }
}
