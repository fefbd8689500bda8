namespace Understudy.UnitTests.Studies;

/// <summary>A clock that moves on by a fixed time whenever it is read: what a run does by time, it then does by its own progress.</summary>
/// <remarks>Every progress report gets through, and something can be done at the n-th reading, in the middle of the run.</remarks>
internal sealed class SteppingTime(Action<int>? onReading = null) : TimeProvider
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(150);

    private int _readings;

    /// <summary>How often the clock was read.</summary>
    internal int Readings => Volatile.Read(ref _readings);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        var reading = Interlocked.Increment(ref _readings);
        onReading?.Invoke(reading);
        return reading * Step.Ticks;
    }
}
