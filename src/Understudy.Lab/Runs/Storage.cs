using System.Text;
using Understudy.Data;

namespace Understudy.Lab.Runs;

/// <summary>Writing files so that each is there whole or not at all, with the operating system's refusals as sentences.</summary>
internal static class Storage
{
    /// <summary>The ending of a file that is being written.</summary>
    internal const string Unfinished = ".part";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a file beside its place, flushes it to the disk, and renames it.</summary>
    internal static void Write(string path, Action<Stream> write) => Guarded(path, () =>
    {
        var unfinished = path + Unfinished;
        try
        {
            using (var stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.Read))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Discard(unfinished);
            throw;
        }
    });

    internal static void WriteText(string path, string text) => Write(path, stream => stream.Write(Utf8.GetBytes(text)));

    /// <summary>Makes a folder; it may exist.</summary>
    internal static void CreateFolder(string path) => Guarded(path, () => Directory.CreateDirectory(path));

    /// <summary>Does something with a file, and says in one sentence why the operating system refused.</summary>
    internal static void Guarded(string path, Action action)
    {
        try
        {
            action();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Refused(path, problem);
        }
    }

    internal static RunException Refused(string path, Exception problem) => new(
        $"{path} cannot be written: {FileProblem.Writing(problem)}\n  make room or choose another folder with --out, then run or resume again", problem);

    /// <summary>Deletes a file if it is there and may be deleted.</summary>
    internal static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // a leftover .part file is removed by the next writer of the directory
        }
    }
}
