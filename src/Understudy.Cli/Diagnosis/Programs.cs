using System.ComponentModel;
using System.Diagnostics;

namespace Understudy.Cli.Diagnosis;

/// <summary>Other programs that may be installed.</summary>
internal sealed class Programs(Surroundings surroundings)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The first line a program prints about its version, and where it is; null where none of the names is found.</summary>
    /// <param name="path">The program itself, where the user named it.</param>
    /// <param name="names">Its names on the path, the usual one first.</param>
    internal string? Version(string? path, params IEnumerable<string> names)
    {
        if (string.IsNullOrEmpty(path))
            path = names.Select(Find).FirstOrDefault(found => found is not null);
        else if (!File.Exists(path))
            return $"{path} does not exist";
        return path is null ? null : $"{FirstLine(path) ?? "does not answer"} ({path})";
    }

    private string? Find(string name)
    {
        var endings = OperatingSystem.IsWindows() ? new[] { ".exe", ".cmd" } : [""];
        return (surroundings.Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => endings.Select(ending => Path.Combine(folder, name + ending)))
            .FirstOrDefault(File.Exists);
    }

    private static string? FirstLine(string path)
    {
        // ffmpeg knows no --version, and answers it with an error after the line that is wanted
        var start = new ProcessStartInfo(path, Path.GetFileNameWithoutExtension(path) == "ffmpeg" ? "-version" : "--version")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var line = process.StandardOutput.ReadLineAsync();
            if (!line.Wait(Patience) || !process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                return null;
            }
            return line.GetAwaiter().GetResult()?.Trim();
        }
        catch (Exception problem) when (problem is Win32Exception or IOException or InvalidOperationException)
        {
            return null;
        }
    }
}
