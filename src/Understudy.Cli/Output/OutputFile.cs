using System.Text;
using Understudy.Data;

namespace Understudy.Cli.Output;

/// <summary>A file that a flag asks for beside what is printed.</summary>
internal static class OutputFile
{
    /// <summary>Refuses a path at which no file can be written, before anything is computed.</summary>
    /// <param name="path">The flag's value; null where it was not given.</param>
    /// <param name="flag">The flag.</param>
    /// <param name="ending">The ending that the file has to have; null for any.</param>
    /// <exception cref="UsageException">It is a folder, or in one that is not there, or has another ending.</exception>
    internal static void Check(string? path, string flag, string? ending = null)
    {
        if (path is null)
            return;
        if (Directory.Exists(path))
            throw new UsageException($"{flag} {path} is a folder\n  name a file in it");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new UsageException($"the folder of {flag} {path} is not there\n  make it, or choose another file");
        if (ending is not null && !path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"{flag} writes {ending} files, not {path}\n  as in: {flag} {Path.GetFileNameWithoutExtension(path)}{ending}");
    }

    /// <summary>Writes a file and tells its name.</summary>
    /// <exception cref="UsageException">It cannot be written.</exception>
    internal static void Save(Invocation invocation, string? path, string flag, string word, Action<TextWriter> write)
    {
        if (path is null)
            return;
        // beside its place, so that a file of that name is the old one or the whole new one whatever happens
        var unfinished = path + ".part";
        try
        {
            using (var stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.Read))
            {
                using (var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" })
                    write(writer);
                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Discard(unfinished);
            throw new UsageException($"{path} cannot be written: {FileProblem.Writing(problem)}\n  choose another file with {flag}");
        }

        invocation.Error.Line($"{word,-6}  {path}");
    }

    private static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // the reason why it could not be written is told instead
        }
    }
}
