namespace Understudy.Data;

/// <summary>A file is damaged, truncated, or not of the kind it should be.</summary>
public sealed class UnreadableFileException : UserException
{
    /// <summary>An exception about a file.</summary>
    /// <param name="path">The file, as the user knows it.</param>
    /// <param name="problem">What is wrong and where, and what to do; a sentence without the file's name.</param>
    /// <param name="inner">What led to it.</param>
    public UnreadableFileException(string path, string problem, Exception? inner = null)
        : base($"{path}: {problem}", inner!)
    {
        Path = path;
    }

    /// <summary>The file, as the user knows it.</summary>
    public string Path { get; }
}
