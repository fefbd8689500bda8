namespace Understudy.Data;

/// <summary>A file that a user names.</summary>
public static class InputFile
{
    /// <summary>Opens it and reads it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads what is in it; gets the path for its messages.</param>
    /// <exception cref="UnreadableFileException">It is missing, a folder, not permitted or damaged.</exception>
    public static T Read<T>(string path, Func<Stream, string, T> read)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(read);
        try
        {
            using var stream = File.OpenRead(path);
            return read(stream, path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableFileException(path, $"it cannot be read: {FileProblem.Reading(path, problem)}", problem);
        }
    }
}
