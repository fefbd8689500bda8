namespace Understudy.Data.Datasets;

/// <summary>Names of classes that stand beside the pictures.</summary>
internal static class ClassNames
{
    /// <summary>The lines of a file; numbers from 0 where the file is not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="classes">How many there must be.</param>
    /// <exception cref="UnreadableFileException">There are not as many.</exception>
    internal static IReadOnlyList<string> Of(string path, int classes)
    {
        if (!File.Exists(path))
            return [.. Enumerable.Range(0, classes).Select(c => $"class {c}")];
        string[] names = [.. Lines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
        return names.Length == classes ? names : throw new UnreadableFileException(path, $"names of classes: {names.Length}, but classes: {classes}; take the file that came with the pictures, or none.");
    }

    /// <summary>The lines of a text file.</summary>
    internal static string[] Lines(string path)
        => InputFile.Read(path, (stream, _) =>
        {
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd().Split('\n');
        });
}
