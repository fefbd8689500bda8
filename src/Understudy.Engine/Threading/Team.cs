namespace Understudy.Engine.Threading;

/// <summary>A fixed group of threads that works through the chunks of a job; the caller takes part.</summary>
public sealed class Team : IDisposable
{
    /// <summary>A team of <paramref name="threads"/> threads, the caller included.</summary>
    public Team(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
    }

    /// <summary>The number of threads, the caller included.</summary>
    public int Threads { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
