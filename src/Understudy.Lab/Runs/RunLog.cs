using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Understudy.Lab.Runs;

/// <summary>The file <c>log.txt</c>: one line per event, with UTC time; appended only.</summary>
internal sealed class RunLog : ILogger, IDisposable
{
    private readonly StreamWriter _file;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Action<string>? _also;

    internal RunLog(string path, TimeProvider time, Action<string>? also = null)
    {
        (_time, _also) = (time, also);
        StreamWriter? file = null;
        Storage.Guarded(path, () => file = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true, NewLine = "\n" });
        _file = file!;
    }

    /// <summary>A line at level information.</summary>
    internal void Line(string text) => Write(LogLevel.Information, text, null);

    /// <summary>An error with its trace.</summary>
    internal void Warning(string text) => Write(LogLevel.Warning, text, null);

    internal void Failure(Exception problem) => Write(LogLevel.Error, problem.Message, problem);

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            Write(logLevel, formatter(state, exception), exception);
    }

    public void Dispose()
    {
        try
        {
            _file.Dispose();
        }
        catch (IOException)
        {
            // the lines a full disk refused are tried once more, in vain
        }
    }

    private void Write(LogLevel level, string text, Exception? problem)
    {
        var line = $"{level switch { LogLevel.Warning => "warning", >= LogLevel.Error => "error", _ => "info" }} {text.ReplaceLineEndings(" ")}";
        _also?.Invoke(line);
        var at = _time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        lock (_gate)
        {
            try
            {
                _file.WriteLine($"{at} {line}");
                if (problem is not null)
                    _file.WriteLine(problem.ToString());
            }
            catch (IOException)
            {
                // a full disk must not keep the run from saying so in its own words
            }
        }
    }
}
