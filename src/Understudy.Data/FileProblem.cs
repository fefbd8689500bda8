namespace Understudy.Data;

/// <summary>Why a file could not be written or read, in words that say nothing twice.</summary>
public static class FileProblem
{
    /// <summary>The end of the sentence "… cannot be written: …".</summary>
    /// <param name="problem">What the system threw.</param>
    public static string Writing(Exception problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return problem switch
        {
            UnauthorizedAccessException => "there is no permission to write there",
            _ when problem.Message.Contains("No space left", StringComparison.Ordinal) || (problem.HResult & 0xffff) is 0x70 or 0x27 => "the disk is full",
            _ when problem.Message.Contains("Read-only file system", StringComparison.Ordinal) => "the file system is read-only",
            _ when problem.Message.Contains("Not a directory", StringComparison.Ordinal) || problem.Message.Contains("already exists", StringComparison.Ordinal)
                => "a file stands where a folder should be",
            DirectoryNotFoundException => "there is no such folder",
            _ => FirstLine(problem),
        };
    }

    /// <summary>The end of the sentence "… cannot be read: …".</summary>
    /// <param name="path">What was to be read.</param>
    /// <param name="problem">What the system threw.</param>
    public static string Reading(string path, Exception problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return problem switch
        {
            FileNotFoundException or DirectoryNotFoundException => "there is no such file",
            _ when Directory.Exists(path) => "it is a folder",
            UnauthorizedAccessException => "there is no permission to read it",
            _ => FirstLine(problem),
        };
    }

    /// <summary>Whether the place is to blame and not the program or the network: no room, no permission, or a file system that is read-only.</summary>
    /// <param name="problem">What the system threw.</param>
    public static bool IsOfThePlace(Exception problem)
        => problem is UnauthorizedAccessException || problem is IOException && Writing(problem) is "the disk is full" or "the file system is read-only";

    private static string FirstLine(Exception problem) => problem.Message.Split('\n')[0].TrimEnd('.');
}
