using System.Globalization;
using Understudy.Cli.Output;
using Understudy.Data.Cache;

namespace Understudy.Cli.Progress;

/// <summary>How far fetching is: one line that is written over on a terminal, a line at every tenth or half minute elsewhere.</summary>
internal sealed class DownloadLines(Invocation invocation) : IProgress<DownloadProgress>
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly bool _silent = invocation.Quiet || invocation.NoProgress;
    private readonly bool _terminal = invocation.Surroundings.ErrorIsTerminal && !invocation.Surroundings.IsOn("CI") && invocation.Surroundings.Variable("TERM") != "dumb";
    private string? _stage;
    private (long At, long Bytes) _began;
    private long _lastAt;
    private int _lastTenth;

    public void Report(DownloadProgress value)
    {
        if (_silent)
            return;
        lock (_gate)
        {
            var time = invocation.Surroundings.Time;
            var done = value.Total is { } total && value.Bytes >= total;
            if (value.Stage != _stage)
            {
                (_stage, _began, _lastAt, _lastTenth) = (value.Stage, (time.GetTimestamp(), value.Bytes), 0, 0);
                if (!_terminal)
                    invocation.Error.Line(value.Stage);
            }
            var tenth = value.Total is > 0 ? (int)(10 * value.Bytes / value.Total.Value) : 0;
            var due = _terminal
                ? time.GetElapsedTime(_lastAt) >= OnTerminal || done
                : tenth > _lastTenth || (_lastAt != 0 && time.GetElapsedTime(_lastAt) >= Elsewhere);
            if (!due)
            {
                _lastAt = _lastAt == 0 ? time.GetTimestamp() : _lastAt;
                return;
            }
            (_lastAt, _lastTenth) = (time.GetTimestamp(), tenth);
            var text = Text(value, time.GetElapsedTime(_began.At));
            if (_terminal)
                invocation.Error.Ask($"\r{text}\u001b[K{(done ? "\n" : "")}");
            else
                invocation.Error.Line($"  {text}");
        }
    }

    private string Text(DownloadProgress value, TimeSpan elapsed)
    {
        var size = value.Total is { } total
            ? string.Create(CultureInfo.InvariantCulture, $"{(total == 0 ? 100 : 100 * value.Bytes / total),3} %  {Wording.Bytes(value.Bytes)} of {Wording.Bytes(total)}")
            : Wording.Bytes(value.Bytes);
        var moved = value.Bytes - _began.Bytes;
        var rate = elapsed > TimeSpan.FromSeconds(0.5) && moved > 0 ? $"  {Wording.Bytes((long)(moved / elapsed.TotalSeconds))}/s" : "";
        return _terminal ? $"{value.Stage}  {size}{rate}" : size + rate;
    }
}
