using System.Globalization;

namespace Understudy.Cli.Progress;

/// <summary>Every tenth of a task as a line, in whatever order threads report it.</summary>
/// <param name="invocation">Where lines go, and whether they are wanted.</param>
/// <param name="task">What is told of.</param>
/// <param name="detail">What is known so far, for the end of a line; null for nothing.</param>
internal sealed class TenthsProgress(Invocation invocation, string task, Func<string>? detail = null) : IProgress<double>
{
    private readonly Lock _gate = new();
    private int _tenths;

    public void Report(double value)
    {
        if (invocation.Quiet || invocation.NoProgress)
            return;
        // a thread that is overtaken between looking and telling would tell less after more
        lock (_gate)
        {
            if ((int)(10 * value) <= _tenths)
                return;
            _tenths = (int)(10 * value);
            invocation.Error.Line(string.Create(CultureInfo.InvariantCulture, $"{10 * _tenths,3} %  {task}{(detail?.Invoke() is { Length: > 0 } text ? "  " + text : "")}"));
        }
    }
}
