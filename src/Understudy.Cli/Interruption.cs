namespace Understudy.Cli;

/// <summary>Requests to stop, by Ctrl-C or SIGTERM: the first asks, the second ends the process.</summary>
/// <param name="endAtOnce">Ends the process with an exit code.</param>
/// <param name="time">The clock of the time limit.</param>
internal sealed class Interruption(Action<int> endAtOnce, TimeProvider time) : IDisposable
{
    /// <summary>How long a run may take to write its last checkpoint.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _source = new();
    private readonly Lock _gate = new();
    private Action? _stopping;
    private Action? _tooLate;
    private Action? _ending;
    private ITimer? _limit;
    private bool _asked;

    /// <summary>Cancelled by the first request while something is held.</summary>
    internal CancellationToken Token => _source.Token;

    /// <summary>From now on the first request cancels <see cref="Token"/> and not the process.</summary>
    /// <param name="stopping">Says what will happen.</param>
    /// <param name="tooLate">Says that the time limit has passed.</param>
    /// <param name="ending">Ends what would outlive this process.</param>
    internal void Hold(Action stopping, Action? tooLate = null, Action? ending = null)
    {
        lock (_gate)
            (_stopping, _tooLate, _ending) = (stopping, tooLate, ending);
    }

    /// <summary>A signal arrived.</summary>
    internal void Request()
    {
        Action? stopping;
        lock (_gate)
        {
            stopping = _stopping;
            if (_asked || stopping is null)
            {
                _ending?.Invoke();
                endAtOnce(ExitCode.Interrupted);
                return;
            }
            _asked = true;
            _limit = time.CreateTimer(_ => Late(), null, Patience, Timeout.InfiniteTimeSpan);
        }
        stopping();
        _source.Cancel();
    }

    /// <summary>The parent process asks, by closing standard input; there is no second request.</summary>
    internal void RequestOnce()
    {
        lock (_gate)
        {
            if (_asked)
                return;
        }
        Request();
    }

    public void Dispose()
    {
        _limit?.Dispose();
        _source.Dispose();
    }

    private void Late()
    {
        _tooLate?.Invoke();
        _ending?.Invoke();
        endAtOnce(ExitCode.Cancelled);
    }
}
