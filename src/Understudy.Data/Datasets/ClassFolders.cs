namespace Understudy.Data.Datasets;

/// <summary>Finds pictures in a folder with one folder for each class, in the order of their names.</summary>
internal static class ClassFolders
{
    private static readonly string[] TestFolders = ["test", "val", "valid", "validation"];
    private static readonly string[] Endings = [".png", ".jpg", ".jpeg"];

    /// <summary>The pictures of <c>train</c> and <c>test</c> (or <c>val</c>), or of the folder's own class folders.</summary>
    /// <exception cref="UnreadableFileException">There are no class folders, or too many, or one of them is empty or belongs to the test alone.</exception>
    internal static LabelledFiles Find(string folder)
    {
        var parts = Folders(folder);
        var train = Array.Find(parts, name => name.Equals("train", StringComparison.OrdinalIgnoreCase));
        // without folders in it, train is a class: that of the vehicle
        if (train is null || Folders(Path.Combine(folder, train)) is not [_, ..] classes)
            return Find(folder, "", null);
        // some sets have a test folder without labels
        var test = TestFolders.SelectMany(name => parts.Where(part => part.Equals(name, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(part => Folders(Path.Combine(folder, part)).Intersect(classes, StringComparer.Ordinal).Any());
        return Find(folder, train, test);
    }

    /// <summary>The pictures of a folder and of those below it, with their names in slashes from <paramref name="root"/> on, and how many other files there are; hidden ones do not count.</summary>
    internal static (List<string> Pictures, int Others) Pictures(string root, string below)
    {
        var (pictures, others) = (new List<string>(), 0);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(root, below), "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/');
            if (name.StartsWith('.') || name.Contains("/.", StringComparison.Ordinal))
                continue;
            if (Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                pictures.Add(name);
            else
                others++;
        }

        pictures.Sort(StringComparer.Ordinal);
        return (pictures, others);
    }

    /// <summary>The classes of a folder.</summary>
    internal static string[] Classes(string folder)
    {
        var classes = Folders(folder);
        if (classes.Length > ImageSet.MostClasses)
            throw new UnreadableFileException(folder, $"there are {classes.Length} class folders, but a set has at most {ImageSet.MostClasses} classes; take some out, from {classes[ImageSet.MostClasses]} on for instance.");
        return classes;
    }

    private static string[] Folders(string folder)
        => [.. Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)!).Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal)];

    private static LabelledFiles Find(string root, string train, string? test)
    {
        var classes = Classes(Path.Combine(root, train));
        if (classes.Length == 0)
            throw new UnreadableFileException(Path.Combine(root, train), $"there are no folders in it; {ImageFolder.Expected}");
        var (learned, ignored) = Labelled(root, train, classes);
        if (test is null)
            return new LabelledFiles(classes, learned, null, ignored);
        if (Folders(Path.Combine(root, test)).FirstOrDefault(name => !classes.Contains(name, StringComparer.Ordinal)) is { } stranger)
            throw new UnreadableFileException(Path.Combine(root, test, stranger), $"there is no class of this name in {train}; give both folders the same classes.");
        var (judged, more) = Labelled(root, test, classes);
        return new LabelledFiles(classes, learned, judged, ignored + more);
    }

    private static (List<PictureFile> Files, int Ignored) Labelled(string root, string part, string[] classes)
    {
        var (files, ignored) = (new List<PictureFile>(), 0);
        for (var label = 0; label < classes.Length; label++)
        {
            var below = Path.Combine(part, classes[label]);
            var (pictures, others) = Directory.Exists(Path.Combine(root, below)) ? Pictures(root, below) : ([], 0);
            if (pictures.Count == 0)
                throw new UnreadableFileException(Path.Combine(root, below), $"the class has no PNG or JPEG picture{(others > 0 ? $" (other files: {others})" : "")}; put some there, or take the folder away.");
            files.AddRange(pictures.Select(name => new PictureFile(name, (byte)label)));
            ignored += others;
        }

        return (files, ignored);
    }
}
