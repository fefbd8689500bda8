using System.Diagnostics;
using System.Text;

namespace Understudy.EndToEndTests;

/// <summary>The tool as a process of its own, in an environment that names everything it may depend on.</summary>
internal sealed class ToolProcess : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();

    private ToolProcess(string program, string folder, IReadOnlyDictionary<string, string>? variables, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("UNDERSTUDY_", StringComparison.Ordinal) || name is "NO_COLOR" or "TERM" or "CI" or "LC_ALL" or "LC_CTYPE").ToArray())
            start.Environment.Remove(name);
        start.Environment["LANG"] = "C.UTF-8";
        start.Environment["UNDERSTUDY_CACHE"] = Path.Combine(folder, "cache");
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Append(_out, line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The tool that was built with these tests.</summary>
    internal static string Program { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "understudy.exe" : "understudy");

    internal bool HasEnded => _process.HasExited;

    internal int Id => _process.Id;

    /// <summary>What it has written to standard error so far.</summary>
    internal string ErrorSoFar
    {
        get
        {
            lock (_error)
                return _error.ToString();
        }
    }

    /// <summary>Starts the tool in a folder.</summary>
    internal static ToolProcess Start(string folder, params IEnumerable<string> arguments) => new(Program, folder, null, arguments);

    /// <summary>Starts the tool in a folder with further environment variables.</summary>
    internal static ToolProcess StartWith(string folder, IReadOnlyDictionary<string, string> variables, params IEnumerable<string> arguments) => new(Program, folder, variables, arguments);

    /// <summary>Starts any program in a folder.</summary>
    internal static ToolProcess StartOther(string program, string folder, params IEnumerable<string> arguments) => new(program, folder, null, arguments);

    /// <summary>Starts the tool and waits for its end.</summary>
    internal static Ended Run(string folder, params IEnumerable<string> arguments) => RunWith(folder, null, arguments);

    /// <summary>Starts the tool with further environment variables and waits for its end.</summary>
    internal static Ended RunWith(string folder, IReadOnlyDictionary<string, string>? variables, params IEnumerable<string> arguments)
    {
        using var tool = new ToolProcess(Program, folder, variables, arguments);
        return tool.Wait();
    }

    /// <summary>Starts any program and waits for its end.</summary>
    internal static Ended RunOther(string program, string folder, params IEnumerable<string> arguments)
    {
        using var tool = new ToolProcess(program, folder, null, arguments);
        return tool.Wait();
    }

    /// <summary>Sends a signal by name, as TERM.</summary>
    internal void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    internal void Kill() => _process.Kill();

    internal Ended Wait()
    {
        Assert.True(_process.WaitForExit(Longest), "the tool did not end");
        _process.WaitForExit();
        lock (_out)
            lock (_error)
                return new Ended(_process.ExitCode, _out.ToString(), _error.ToString());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static void Append(StringBuilder builder, string? line)
    {
        lock (builder)
            builder.Append(line is null ? "" : line + "\n");
    }
}

/// <summary>How a process ended.</summary>
internal sealed record Ended(int Code, string Out, string Error);
