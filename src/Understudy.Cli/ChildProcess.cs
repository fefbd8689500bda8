using System.Diagnostics;
using System.Text;

namespace Understudy.Cli;

/// <summary>This tool as a child process of itself.</summary>
/// <remarks>
/// A child is asked to stop by the end of its standard input: that works on every system, reaches it once and not twice
/// when a terminal sends Ctrl-C to the whole group, and also when the parent is killed.
/// </remarks>
internal static class ChildProcess
{
    /// <summary>What starts this tool: itself, or the host and its library.</summary>
    internal static IReadOnlyList<string> Command
    {
        get
        {
            var self = Environment.ProcessPath!;
            return Path.GetFileNameWithoutExtension(self).Equals("dotnet", StringComparison.OrdinalIgnoreCase) ? [self, Path.Combine(AppContext.BaseDirectory, "understudy.dll")] : [self];
        }
    }

    internal static ChildEnd Start(IReadOnlyList<string> arguments, CancellationToken stop, CancellationToken end)
    {
        var command = Command;
        var start = new ProcessStartInfo(command[0], [.. command.Skip(1), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var error = new StringBuilder();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} could not be started.");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => error.Append(line.Data is null ? "" : line.Data + "\n");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using (stop.Register(process.StandardInput.Close))
        using (end.Register(() => process.Kill(entireProcessTree: true)))
            process.WaitForExit();
        return new ChildEnd(process.ExitCode, error.ToString());
    }
}
