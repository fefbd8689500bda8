namespace Understudy.Lab.Runs;

/// <summary>Passes a request to stop on to a study at a moment when little is lost: right after its next checkpoint.</summary>
/// <remarks>
/// A study that has lately offered checkpoints is told as soon as the next one is written, or when three times the
/// usual time between two offers has passed; any other study is told at once.
/// </remarks>
internal sealed class StoppingPoint : IDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(50);

    private readonly CancellationTokenSource _study = new();
    private readonly CancellationToken _asked;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private CancellationTokenRegistration _registration;
    private ITimer? _timer;
    private long? _lastOffer;
    private TimeSpan _patience = Shortest;

    internal StoppingPoint(TimeProvider time, CancellationToken asked)
    {
        (_asked, _time) = (asked, time);
        _registration = asked.Register(Asked);
    }

    /// <summary>What the study looks at.</summary>
    internal CancellationToken Token => _study.Token;

    /// <summary>Whether a stop was asked for: the next checkpoint is to be written whatever the interval says.</summary>
    internal bool IsAsked => _asked.IsCancellationRequested;

    /// <summary>The study offers to checkpoint.</summary>
    internal void Offered()
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            if (_lastOffer is { } last)
                _patience = TimeSpan.FromTicks(Math.Clamp(3 * _time.GetElapsedTime(last, now).Ticks, Shortest.Ticks, Longest.Ticks));
            _lastOffer = now;
        }
    }

    /// <summary>The part is done: no checkpoint of it will follow.</summary>
    internal void NoMoreOffers()
    {
        lock (_gate)
            _lastOffer = null;
        if (IsAsked)
            _study.Cancel();
    }

    /// <summary>A checkpoint was written.</summary>
    internal void Written()
    {
        if (IsAsked)
            _study.Cancel();
    }

    public void Dispose()
    {
        _registration.Dispose();
        _timer?.Dispose();
        _study.Dispose();
    }

    private void Asked()
    {
        lock (_gate)
        {
            if (_lastOffer is { } last && _time.GetElapsedTime(last) < _patience)
            {
                _timer = _time.CreateTimer(_ => _study.Cancel(), null, _patience, Timeout.InfiniteTimeSpan);
                return;
            }
        }
        _study.Cancel();
    }
}
